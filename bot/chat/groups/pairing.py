"""How a request in a group changes the draft of the one who asks.

Pure values, as in `drafts`. The photo that was replied to is always the content; a
picture of one's own is the painting then, and else whatever is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..drafts import ALBUM_PAUSE_S, Draft, Sent, Taken, blend, take
from ..texts import Stage


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was fetched and found good, and whose it is."""

    sent: Sent
    by: str
    """A name, as plain text."""


@dataclass(frozen=True, slots=True)
class NamedStyle:
    """A style of the gallery, or one that was saved."""

    picture: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one message brings: any of the three, or none."""

    message_id: int
    replied: Shown | None = None
    """The photo of the message that was replied to."""
    own: Shown | None = None
    lacks_replied: bool = False
    """There was a photo that was replied to, but it cannot be used."""
    style: NamedStyle | None = None
    """A style chosen by its name; it comes before a painting."""
    wants_style: bool = False
    """A style was named that there is not: an own picture is no painting then."""


def begin(draft: Draft, request: Request, now: float) -> Draft:
    """The draft after /style: a new pair, or the one that was begun if it still
    lacks something that the request brings.

    A message that was taken before changes nothing.
    """
    if draft.request_message_id == request.message_id:
        return draft
    asked = replace(_begun(draft, request, now), request_message_id=request.message_id)
    if asked.stage is Stage.STRENGTH and asked.card_due_at is None:
        return replace(asked, card_due_at=now)
    return asked


def _begun(draft: Draft, request: Request, now: float) -> Draft:
    if request.replied is not None:
        return _of_replied(draft, request, request.replied)
    if request.own is not None and request.lacks_replied:
        return _with_painting(draft.cleared(), request.own)
    if request.own is not None:
        return _of_own(draft, request, request.own, now)
    if request.style is not None and draft.stage is Stage.SECOND:
        second = Sent(request.style.picture, 0)
        return blend(draft, second, now, name=request.style.name)[0]
    if request.style is not None:
        kept = draft if draft.stage is Stage.PAINTING else draft.cleared()
        return _with_style(kept, request.style)
    return draft.cleared() if draft.stage is Stage.STRENGTH else draft


def _of_replied(draft: Draft, request: Request, photo: Shown) -> Draft:
    if _completes_album(draft, photo.sent):
        return _with_painting(draft, photo)
    begun = _with_photo(_waiting_style(draft), photo)
    if request.style is not None:
        return _with_style(begun, request.style)
    return _with_painting(begun, request.own) if request.own else begun


def _of_own(draft: Draft, request: Request, own: Shown, now: float) -> Draft:
    if request.style is not None:
        return _with_style(_with_photo(draft.cleared(), own), request.style)
    is_painting = not request.wants_style and not _is_new_album(draft, own.sent)
    if draft.stage is Stage.PAINTING and is_painting:
        return _with_painting(draft, own)
    begun = _with_photo(_waiting_style(draft), own)
    if own.sent.album_id is None or begun.style is not None:
        return begun
    return replace(begun, album_id=own.sent.album_id, card_due_at=now + ALBUM_PAUSE_S)


def fill(draft: Draft, shown: Shown, now: float) -> tuple[Draft, Taken]:
    """The draft after a picture that answers a question of the bot, as in private."""
    filled, taken = take(draft, shown.sent, now)
    signed = _signed(filled, shown)
    if draft.album_id is not None and draft.album_id == shown.sent.album_id:
        return replace(signed, request_message_id=draft.request_message_id), taken
    return replace(signed, request_message_id=shown.sent.message_id), taken


def _signed(draft: Draft, shown: Shown) -> Draft:
    """With the name of the one who sent whichever picture this is."""
    if draft.album_id is not None:
        both = draft.style is not None
        return replace(draft, content_by=shown.by, style_by=shown.by if both else None)
    if draft.content_message_id == shown.sent.message_id:
        return replace(draft, content_by=shown.by)
    if draft.style_message_id == shown.sent.message_id:
        return replace(draft, style_by=shown.by, style_name=None)
    return draft


def _completes_album(draft: Draft, sent: Sent) -> bool:
    """The other picture of the album from which only one has come."""
    return (
        draft.stage is Stage.PAINTING
        and sent.album_id is not None
        and sent.album_id == draft.album_id
        and sent.message_id != draft.content_message_id
    )


def _is_new_album(draft: Draft, sent: Sent) -> bool:
    return sent.album_id is not None and sent.album_id != draft.album_id


def _waiting_style(draft: Draft) -> Draft:
    """Nothing but the style, if that is all there was."""
    return draft if draft.stage is Stage.PHOTO else draft.cleared()


def _with_photo(draft: Draft, shown: Shown) -> Draft:
    return replace(
        draft,
        content=shown.sent.picture,
        content_message_id=shown.sent.message_id,
        content_by=shown.by,
        note=None,
    )


def _with_painting(draft: Draft, shown: Shown) -> Draft:
    return replace(
        draft,
        style=shown.sent.picture,
        style_message_id=shown.sent.message_id,
        style_by=shown.by,
        style_name=None,
    )


def _with_style(draft: Draft, style: NamedStyle) -> Draft:
    return replace(
        draft,
        style=style.picture,
        style_message_id=0,
        style_by=None,
        style_name=style.name,
    )
