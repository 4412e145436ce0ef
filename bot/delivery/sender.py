"""`send`: one owed message becomes one call of the Bot API."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any, TypedDict

import aiofiles
from telegram import InputMediaDocument, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from .limiter import Terms
from .owed import Kind, Owed, Part
from .uploads import uploading
from .wording import markup_of


class _Terms(TypedDict):
    chat_id: int
    message_thread_id: int | None
    reply_parameters: ReplyParameters | None
    rate_limit_args: Terms
    read_timeout: float
    write_timeout: float
    pool_timeout: float


class _Common(_Terms):
    reply_markup: Any
    parse_mode: str


async def send(
    bot: ExtBot[Any], owed: Owed, folder: Path, terms: Terms
) -> tuple[Message, ...]:
    """Sends the message, of which an album makes several; reads files from `folder`.

    Raises `OSError` if a file is gone, and what the library raises.
    """
    how: _Terms = {
        "chat_id": owed.chat_id,
        "message_thread_id": owed.thread_id,
        "reply_parameters": _reply(owed.reply_to),
        "rate_limit_args": terms,
        # Telegram answers an upload only after it has processed it.
        "read_timeout": 60.0,
        "write_timeout": 120.0,
        "pool_timeout": 30.0,
    }
    async with uploading(bot, owed, folder):
        if owed.kind is Kind.ALBUM:
            media = [await _album_part(part, folder) for part in owed.parts]
            return await bot.send_media_group(media=media, **how)
        common: _Common = {
            **how,
            "reply_markup": markup_of(owed),
            "parse_mode": ParseMode.HTML,
        }
        return (await _send_one(bot, owed, folder, common),)


async def _send_one(
    bot: ExtBot[Any], owed: Owed, folder: Path, common: _Common
) -> Message:
    if owed.kind is Kind.TEXT:
        return await bot.send_message(text=owed.text, **common)
    data = owed.file_id or await _read(folder, owed.file)
    name = owed.file_name or PurePath(owed.file or "").name or None
    match owed.kind:
        case Kind.PHOTO:
            return await bot.send_photo(
                photo=data, filename=name, caption=owed.text, **common
            )
        case Kind.ANIMATION:
            return await bot.send_animation(
                animation=data,
                filename=name,
                caption=owed.text,
                width=owed.width,
                height=owed.height,
                duration=owed.duration,
                **common,
            )
        case _:
            return await bot.send_document(
                document=data,
                filename=name,
                caption=owed.text,
                disable_content_type_detection=True,
                **common,
            )


async def _album_part(part: Part, folder: Path) -> InputMediaPhoto | InputMediaDocument:
    data = part.file_id or await _read(folder, part.file)
    name = PurePath(part.file or "").name or None
    if part.kind is Kind.PHOTO:
        return InputMediaPhoto(
            data, caption=part.text, parse_mode=ParseMode.HTML, filename=name
        )
    return InputMediaDocument(
        data,
        caption=part.text,
        parse_mode=ParseMode.HTML,
        disable_content_type_detection=True,
        filename=name,
    )


async def _read(folder: Path, file: str | None) -> bytes:
    if file is None:
        raise FileNotFoundError("neither a file nor an id of one")
    async with aiofiles.open(folder / file, "rb") as opened:
        return await opened.read()


def file_id_of(message: Message) -> str | None:
    """The id under which Telegram keeps the file of a sent message."""
    if message.photo:
        return message.photo[-1].file_id
    file = message.animation or message.document
    return file.file_id if file else None


def _reply(message_id: int | None) -> ReplyParameters | None:
    """A deleted original must not cost the receiver the answer."""
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
