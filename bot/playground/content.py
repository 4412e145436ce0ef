"""What a message is made of: words, media, keyboard, and how it came about.

Ids are numbers as Telegram gives them; times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
Entity = dict[str, Any]
Keyboard = list[list[Json]]


class Kind(StrEnum):
    """What a message shows."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    ANIMATION = "animation"
    VIDEO = "video"
    STICKER = "sticker"
    VOICE = "voice"
    LOCATION = "location"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file that can be downloaded."""

    file_id: str
    unique_id: str
    path: str
    """As `getFile` says it, relative to the folder of files."""
    size: int
    mime: str
    name: str | None = None
    width: int = 0
    height: int = 0
    duration_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What a message carries besides words."""

    kind: Kind
    files: tuple[StoredFile, ...] = ()
    """A photo has one file per size, smallest first; anything else has one or none."""
    thumbnail: StoredFile | None = None
    details: tuple[tuple[str, Any], ...] = ()
    """Further fields of the kind, such as a place's latitude."""

    @property
    def main(self) -> StoredFile:
        """The file itself; of a photo its largest size."""
        return self.files[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceReply:
    """The bot asks for an answer; clients of the addressed people open a reply."""

    placeholder: str = ""
    users: tuple[int, ...] | None = None
    """To whom it is shown; None: to everybody."""


@dataclass(slots=True, kw_only=True)
class Message:
    """One bubble."""

    message_id: int
    chat_id: int
    sender: int
    date: int
    edit_date: int | None = None
    text: str = ""
    """The text, or the caption of the media."""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    keyboard: Keyboard | None = None
    caption_above: bool = False
    reaction: str | None = None
    deleted: bool = False
    thread_id: int | None = None
    """The topic it is in; None outside of forums and in General."""
    author: int | None = None
    """Who wrote it, where `sender` does not say so (anonymous administrators)."""
    service: Json | None = None
    """What happened, in the fields of a service message."""
    forward_origin: Json | None = None
    via_bot: bool = False
    """Whether a person sent it by inline mode."""
    inline_message_id: str | None = None
    force_reply: ForceReply | None = None
    had_markup: bool = False
    """Sent with markup that is no inline keyboard: then it cannot be edited."""
    pressable: set[str] = field(default_factory=set)
    """Every callback data it ever showed: a press may cross an edit."""

    @property
    def kind(self) -> Kind:
        """What it shows."""
        if self.service is not None:
            return Kind.SERVICE
        return self.media.kind if self.media else Kind.TEXT
