"""`Owed`: one message that somebody must get, come what may."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

MAX_ALBUM = 10
MAX_PLACEHOLDER = 64


class Kind(StrEnum):
    """How the message goes out."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    ANIMATION = "animation"
    ALBUM = "album"


class OwedState(StrEnum):
    """`pending -> sending -> sent`, or back to pending, or `undeliverable`."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: exactly one of the fields besides `text` is given."""

    text: str
    data: str = ""
    """What the bot hears when it is pressed; at most 64 bytes."""
    url: str = ""
    """What it opens."""
    share: str | None = None
    """The inline query it begins in a chat that the presser picks; may be empty."""
    copy: str = ""
    """What it puts onto the clipboard, at most 256 characters."""

    def __post_init__(self) -> None:
        given = [self.data, self.url, self.share is not None, self.copy]
        if sum(map(bool, given)) != 1:
            raise ValueError("a button does exactly one thing")


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons; `()` is no keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One picture of an album."""

    file: str | None = None
    """Path relative to the data folder; may be None where `file_id` is given."""
    file_id: str | None = None
    """As in `Owed`."""
    text: str = ""
    """HTML caption, at most 1024."""
    kind: Kind = Kind.PHOTO
    """Photo or document; an album is all of one kind."""
    message_id: int | None = None
    """None until Telegram has taken it. Read only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What `Outbox.put` writes down. Values only: it survives a restart."""

    key: str
    """Names the debt; a key that is already in the outbox is not owed twice."""
    chat_id: int
    kind: Kind
    text: str = ""
    """HTML: the message, or the caption of a file. At most 4096, or 1024. An album's
    parts have their own."""
    job_id: str | None = None
    user_id: int | None = None
    """Whom it is for, so that it goes with everything else that is kept of them; a
    private chat and a job say so by themselves."""
    thread_id: int | None = None
    """Only of a real topic; never the thread of an ordinary reply."""
    reply_to: int | None = None
    """The message answered; if it is gone, the answer comes all the same."""
    file: str | None = None
    """Path relative to the data folder; may be None where `file_id` is given."""
    file_id: str | None = None
    """What Telegram keeps the file under, if it has it: nothing is uploaded then.
    If Telegram refuses the id, `file` is sent after all."""
    file_name: str | None = None
    """What the receiver sees; None: the name of `file`."""
    parts: tuple[Part, ...] = ()
    """2 to 10, of an album."""
    keyboard: Keyboard = ()
    """Not below an album."""
    reply_placeholder: str | None = None
    """Makes the receiver's client open a reply to this message, with this in its
    field (at most 64 characters, may be empty). In a group only the sender of
    `reply_to` is asked. Not together with a keyboard."""
    after: str | None = None
    """The key of a message that must be settled (sent or given up) before."""
    width: int | None = None
    height: int | None = None
    """Pixels, of an animation."""
    duration: int | None = None
    """Seconds, of an animation."""

    def __post_init__(self) -> None:
        has_file = self.file is not None or self.file_id is not None
        if has_file == (self.kind in (Kind.TEXT, Kind.ALBUM)):
            raise ValueError(
                f"a {self.kind} message needs {'no' * has_file or 'a'} file"
            )
        if self.kind is Kind.ALBUM and not 2 <= len(self.parts) <= MAX_ALBUM:
            raise ValueError(f"an album has 2 to {MAX_ALBUM} parts")
        if self.reply_placeholder is not None or self.kind is Kind.ALBUM:
            self._check_markup()

    def _check_markup(self) -> None:
        if self.keyboard:
            raise ValueError("neither an album nor a forced reply has a keyboard")
        if len(self.reply_placeholder or "") > MAX_PLACEHOLDER:
            raise ValueError(f"a placeholder has at most {MAX_PLACEHOLDER} characters")

    def by_upload(self) -> Owed | None:
        """The same without any `file_id`; None if it has none, or needs one."""
        carriers = self.parts or (self,)
        known = any(each.file_id is not None for each in carriers)
        if not known or any(each.file is None for each in carriers):
            return None
        parts = tuple(replace(part, file_id=None) for part in self.parts)
        return replace(self, file_id=None, parts=parts)
