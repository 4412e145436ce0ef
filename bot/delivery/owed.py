"""`Owed`: one message that somebody must get, come what may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the message goes out."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    ANIMATION = "animation"


class OwedState(StrEnum):
    """`pending -> sending -> sent`, or back to pending, or `undeliverable`."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button; `data` is at most 64 bytes."""

    text: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons; `()` is no keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What `Outbox.put` writes down. Values only: it survives a restart."""

    key: str
    """Names the debt; a key that is already in the outbox is not owed twice."""
    chat_id: int
    kind: Kind
    text: str
    """HTML: the message, or the caption of a file. At most 4096, or 1024."""
    job_id: str | None = None
    thread_id: int | None = None
    """Only of a real topic; never the thread of an ordinary reply."""
    reply_to: int | None = None
    """The message answered; if it is gone, the answer comes all the same."""
    file: str | None = None
    """Path relative to the data folder; required unless `kind` is text."""
    file_name: str | None = None
    """What the receiver sees; None: the name of `file`."""
    keyboard: Keyboard = ()
    after: str | None = None
    """The key of a message that must be settled (sent or given up) before."""
    width: int | None = None
    height: int | None = None
    """Pixels, of an animation."""
    duration: int | None = None
    """Seconds, of an animation."""

    def __post_init__(self) -> None:
        if (self.file is None) != (self.kind is Kind.TEXT):
            raise ValueError(
                f"a {self.kind} message needs {'no' if self.file else 'a'} file"
            )
