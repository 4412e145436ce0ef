"""`Draft`: what a person has sent so far in a chat, and how a picture changes it.

Pure values. Taking the same message twice changes nothing, so that an update replayed
after a crash is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from stylecore.recipes import DEFAULT_STRENGTH

from ..executors.base import Palette
from .texts import Stage

ALBUM_PAUSE_S = 1.2
"""Nothing marks the end of an album: it is complete when it has been quiet so long."""

ALBUM_HOLD_S = 45.0
"""While a picture of the album is being fetched, it is not quiet."""


class Taken(StrEnum):
    """What became of a picture."""

    PHOTO = "photo"
    PAINTING = "painting"
    NEW_PAINTING = "new_painting"
    SECOND = "second"
    """A second painting, to be blended with the first."""
    SAME_PICTURE = "same_picture"
    """As the other one; it was not taken."""
    ALBUM = "album"
    """Part of an album; the answer comes when the album is complete."""
    KNOWN = "known"
    """This very message was taken before."""


class Note(StrEnum):
    """What the next card says before anything else."""

    REPLACED = "replaced"
    ALBUM_CUT = "album_cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose draft: one per person, chat and topic (0: none)."""

    chat_id: int
    user_id: int
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture that was fetched and found good."""

    picture: str
    message_id: int
    album_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row of the table `drafts`."""

    owner: Owner
    content: str | None = None
    content_message_id: int | None = None
    style: str | None = None
    style_message_id: int | None = None
    blending: bool = False
    """The next picture is blended in with the painting instead of replacing it."""
    second_style: str | None = None
    """The painting that is blended in."""
    second_message_id: int | None = None
    style_name: str | None = None
    """What the style is called, if it has a name."""
    colors: str = Palette.STYLE.value
    """A value of `executors.base.Palette`."""
    album_id: str | None = None
    album_extra: int = 0
    clip: bool = False
    strength: str = DEFAULT_STRENGTH.value
    note: str | None = None
    card_due_at: float | None = None
    """When an answer is owed that nothing else will trigger; Unix seconds."""
    language: str = "en"
    request_message_id: int | None = None
    """In a group: the message of the owner that is to be answered."""
    content_by: str | None = None
    """In a group: the name of the one whose photo it is; plain text."""
    style_by: str | None = None
    """As `content_by`, of the painting."""

    @property
    def stage(self) -> Stage:
        """What it is waiting for."""
        match self.content, self.style:
            case None, None:
                return Stage.PHOTO_FIRST
            case None, _:
                return Stage.PHOTO
            case _, None:
                return Stage.PAINTING
            case _ if self.blending:
                return Stage.SECOND
            case _:
                return Stage.STRENGTH

    @property
    def message_ids(self) -> tuple[int | None, ...]:
        """The messages that brought its pictures."""
        return (
            self.content_message_id,
            self.style_message_id,
            self.second_message_id,
        )

    @property
    def same_pictures(self) -> bool:
        """Photo and painting are one picture, as an album may bring it."""
        return self.content is not None and self.content == self.style

    def cleared(self) -> Draft:
        """Without pictures; clip, strength and colours stay as last chosen."""
        return Draft(
            owner=self.owner,
            clip=self.clip,
            strength=self.strength,
            colors=self.colors,
            language=self.language,
        )

    def swapped(self) -> Draft:
        """Photo and painting exchanged."""
        return replace(
            self,
            content=self.style,
            content_message_id=self.style_message_id,
            style=self.content,
            style_message_id=self.content_message_id,
            style_name=None,
            content_by=self.style_by,
            style_by=self.content_by,
        )

    def holding(self, album_id: str, now: float) -> Draft:
        """No answer yet: a picture of this album is on its way."""
        if self.album_id != album_id or self.card_due_at is None:
            return self
        return replace(self, card_due_at=now + ALBUM_HOLD_S)

    def released(self, album_id: str, now: float) -> Draft:
        """The picture that was on its way did not come after all."""
        if self.album_id != album_id or self.card_due_at is None:
            return self
        return replace(self, card_due_at=now + ALBUM_PAUSE_S)


def take(draft: Draft, sent: Sent, now: float) -> tuple[Draft, Taken]:
    """Puts a picture where it belongs.

    The first is the photo, the second the painting, every further one a new painting
    unless it is to be blended with the one there is. An album begins a new pair, of its
    two earliest messages whatever their order of arrival.
    """
    if sent.message_id in draft.message_ids:
        due = now + ALBUM_PAUSE_S if sent.album_id and draft.card_due_at else None
        return replace(draft, card_due_at=due or draft.card_due_at), Taken.KNOWN
    if sent.album_id is not None:
        return _take_from_album(draft, sent, now), Taken.ALBUM
    return _take_single(replace(draft, album_id=None, album_extra=0), sent, now)


def _take_single(draft: Draft, sent: Sent, now: float) -> tuple[Draft, Taken]:
    if draft.content is None:
        if draft.style == sent.picture:
            return draft, Taken.SAME_PICTURE
        taken = replace(
            draft, content=sent.picture, content_message_id=sent.message_id, note=None
        )
        if draft.style is None:
            return taken, Taken.PHOTO
        return replace(taken, card_due_at=now), Taken.PHOTO
    if draft.stage is Stage.SECOND:
        return blend(draft, sent, now)
    if draft.content == sent.picture:
        return draft, Taken.SAME_PICTURE
    replaced = draft.style is not None
    taken = replace(
        draft,
        style=sent.picture,
        style_message_id=sent.message_id,
        second_style=None,
        second_message_id=None,
        style_name=None,
        note=Note.REPLACED.value if replaced else None,
        card_due_at=now,
    )
    return taken, Taken.NEW_PAINTING if replaced else Taken.PAINTING


def blend(
    draft: Draft, sent: Sent, now: float, *, name: str | None = None
) -> tuple[Draft, Taken]:
    """Makes a picture the second painting; `name`: what its style is called."""
    if sent.picture in (draft.content, draft.style):
        return draft, Taken.SAME_PICTURE
    taken = replace(
        draft,
        blending=False,
        second_style=sent.picture,
        second_message_id=sent.message_id,
        style_name=f"{draft.style_name} + {name}"
        if draft.style_name and name
        else None,
        note=None,
        card_due_at=now,
    )
    return taken, Taken.SECOND


def _take_from_album(draft: Draft, sent: Sent, now: float) -> Draft:
    if draft.album_id != sent.album_id:
        draft = replace(draft.cleared(), album_id=sent.album_id)
    pair = [
        (draft.content_message_id, draft.content),
        (draft.style_message_id, draft.style),
        (sent.message_id, sent.picture),
    ]
    found = sorted((number, p) for number, p in pair if number is not None)
    two = [*found[:2], (None, None)][:2]
    extra = draft.album_extra + (len(found) > 2)
    return replace(
        draft,
        content_message_id=two[0][0],
        content=two[0][1],
        style_message_id=two[1][0],
        style=two[1][1],
        album_extra=extra,
        note=Note.ALBUM_CUT.value if extra else None,
        card_due_at=now + ALBUM_PAUSE_S,
    )
