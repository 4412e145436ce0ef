"""`Reception`: from a message to a stored picture that is known to be good."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Protocol

from telegram import Bot, Document, Message
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from stylecore.errors import PictureError

from ..storage.pictures import Measured, PictureStore
from .texts import Refusal

log = logging.getLogger(__name__)

MAX_DOWNLOAD_BYTES = 20_000_000
"""What Telegram lets a bot fetch."""

PICTURE_SUFFIXES = frozenset(
    [
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp"),
        *(".heic", ".heif", ".avif", ".tif", ".tiff"),
    ]
)
_NO_PICTURES: tuple[tuple[str, Refusal], ...] = (
    ("sticker", Refusal.STICKER),
    ("animation", Refusal.VIDEO),
    ("video", Refusal.VIDEO),
    ("video_note", Refusal.VIDEO),
    ("voice", Refusal.VOICE),
    ("audio", Refusal.VOICE),
    ("document", Refusal.FILE),
)
_TRIES = 4
_READ_TIMEOUT_S = 60.0


class Refused(Exception):
    """What was sent cannot be used; `why` is for the one who sent it."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


class Inspector(Protocol):
    """`executors.darkroom.Darkroom`, as far as the reception needs it."""

    async def inspect(self, path: Path) -> Measured: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on Telegram's side."""

    file_id: str
    size: int | None
    is_photo: bool = False
    """Not a file: Telegram can show it wherever photos are shown, by its id."""


def attachment_of(message: Message) -> Attachment | None:
    """The picture of a message, the largest size of it; None if it has none.

    A file counts by its MIME type or by its name, because clients get either wrong;
    without both, looking at it will tell.
    """
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return Attachment(largest.file_id, largest.file_size, is_photo=True)
    document = message.document
    if document is not None and message.animation is None and _may_be_picture(document):
        return Attachment(document.file_id, document.file_size)
    return None


def refusal_of(message: Message) -> Refusal | None:
    """Why what a message carries is no picture; None if it carries nothing known."""
    kinds = (why for attribute, why in _NO_PICTURES if getattr(message, attribute))
    return next(kinds, None)


def _may_be_picture(document: Document) -> bool:
    if (document.mime_type or "").startswith("image/"):
        return True
    if suffix := PurePath(document.file_name or "").suffix:
        return suffix.lower() in PICTURE_SUFFIXES
    return document.mime_type in (None, "", "application/octet-stream")


class Reception:
    """Fetches, inspects and stores pictures, one at a time per caller."""

    def __init__(
        self,
        bot: Bot,
        darkroom: Inspector,
        pictures: PictureStore,
        *,
        retry_pause_s: float = 0.5,
    ) -> None:
        self._bot = bot
        self._darkroom = darkroom
        self._pictures = pictures
        self._retry_pause_s = retry_pause_s

    async def take_in(
        self, attachment: Attachment, *, sender: int | None = None
    ) -> str:
        """Returns the id of the stored picture.

        `sender`: whom it is stored for. Raises `Refused`; `StorageFull` and
        `StorageError` if it cannot be kept.
        """
        if attachment.size is not None and attachment.size > MAX_DOWNLOAD_BYTES:
            raise Refused(Refusal.TOO_MANY_BYTES)
        data = await self._fetch(attachment)
        if not data:
            raise Refused(Refusal.EMPTY)
        async with self._pictures.incoming(data) as path:
            try:
                info = await self._darkroom.inspect(path)
            except PictureError as exc:
                raise Refused(Refusal(exc.code)) from exc
        photo_id = attachment.file_id if attachment.is_photo else None
        return await self._pictures.put(data, info, sender=sender, photo_id=photo_id)

    async def _fetch(self, attachment: Attachment) -> bytes:
        """A download of another size than announced is tried again, then believed."""
        data: bytes | None = None
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(self._retry_pause_s * 2 ** (attempt - 1))
            try:
                data = await self._fetch_once(attachment)
            except BadRequest as exc:
                too_big = "too big" in exc.message.lower()
                why = Refusal.TOO_MANY_BYTES if too_big else Refusal.DOWNLOAD
                raise Refused(why) from exc
            except (NetworkError, RetryAfter) as exc:
                log.info("download failed: %s", type(exc).__name__)
            except TelegramError as exc:
                raise Refused(Refusal.DOWNLOAD) from exc
            if data is not None and attachment.size in (None, len(data)):
                break
        if data is None:
            raise Refused(Refusal.DOWNLOAD)
        return data

    async def _fetch_once(self, attachment: Attachment) -> bytes:
        """Raises `TelegramError`; the size is checked again, now that it is known."""
        file = await self._bot.get_file(attachment.file_id)
        if file.file_size is not None and file.file_size > MAX_DOWNLOAD_BYTES:
            raise Refused(Refusal.TOO_MANY_BYTES)
        data = await file.download_as_bytearray(read_timeout=_READ_TIMEOUT_S)
        return bytes(data)
