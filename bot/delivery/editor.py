"""`edit_message`: makes one message of ours look as it should."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

import aiofiles
from telegram import Bot, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from .errors import lacks_right
from .owed import Keyboard
from .wording import markup

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEdit:
    """How one message should look from now on."""

    chat_id: int
    message_id: int
    text: str | None
    """HTML; the caption if the message is, or becomes, a photo (at most 1024). None:
    only the buttons change."""
    photo: bytes | Path | None = None
    """JPEG that the message turns into; None leaves the photo it may have."""
    keyboard: Keyboard = ()
    """All buttons of the message; `()` takes them away."""


async def edit_message(bot: Bot, edit: StatusEdit, *, is_photo: bool) -> bool:
    """Makes the edit; returns whether the message is a photo now.

    `is_photo` is what it is believed to be; a wrong belief costs a second call.
    Raises what the library raises.
    """
    if edit.text is None:
        await _succeeds(_edit_buttons(bot, edit))
        return is_photo
    jpeg = await _read(edit.photo)
    if jpeg is not None and await _is_allowed(_edit_media(bot, edit, jpeg)):
        return True
    first, second = _edit_text, _edit_caption
    if is_photo:
        first, second = second, first
    if await _succeeds(first(bot, edit, edit.text)):
        return is_photo
    await _succeeds(second(bot, edit, edit.text))
    return not is_photo


async def _edit_media(bot: Bot, edit: StatusEdit, jpeg: bytes) -> None:
    media = InputMediaPhoto(
        jpeg, caption=edit.text, parse_mode=ParseMode.HTML, filename="preview.jpg"
    )
    await bot.edit_message_media(
        media,
        chat_id=edit.chat_id,
        message_id=edit.message_id,
        reply_markup=markup(edit.keyboard),
    )


async def _edit_buttons(bot: Bot, edit: StatusEdit) -> None:
    await bot.edit_message_reply_markup(
        chat_id=edit.chat_id,
        message_id=edit.message_id,
        reply_markup=markup(edit.keyboard),
    )


async def _edit_text(bot: Bot, edit: StatusEdit, text: str) -> None:
    await bot.edit_message_text(
        text,
        chat_id=edit.chat_id,
        message_id=edit.message_id,
        parse_mode=ParseMode.HTML,
        reply_markup=markup(edit.keyboard),
    )


async def _edit_caption(bot: Bot, edit: StatusEdit, text: str) -> None:
    await bot.edit_message_caption(
        caption=text,
        chat_id=edit.chat_id,
        message_id=edit.message_id,
        parse_mode=ParseMode.HTML,
        reply_markup=markup(edit.keyboard),
    )


async def _is_allowed(call: Awaitable[None]) -> bool:
    """Awaits the call; False if the group lets the bot show no pictures."""
    try:
        await _succeeds(call)
    except BadRequest as error:
        if not lacks_right(error):
            raise
        return False
    return True


async def _succeeds(call: Awaitable[None]) -> bool:
    """Awaits the call; False if the message is of the other kind.

    "message is not modified" is what success looks like when an edit is repeated.
    """
    try:
        await call
    except BadRequest as error:
        reason = error.message.lower()
        if "no text in the message" in reason or "no caption in the message" in reason:
            return False
        if "message is not modified" not in reason:
            raise
    return True


async def _read(photo: bytes | Path | None) -> bytes | None:
    """The picture itself: given a path, the library would send a file: URI.

    A file that is gone, as after the end of its job, leaves the words to be shown.
    """
    if not isinstance(photo, Path):
        return photo
    try:
        async with aiofiles.open(photo, "rb") as file:
            return await file.read()
    except OSError as error:
        log.info("status picture not read (errno %s)", error.errno)
        return None
