"""`send`: one owed message becomes one call of the Bot API."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any, TypedDict

import aiofiles
from telegram import Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from .limiter import Terms
from .owed import Kind, Owed
from .wording import markup


class _Common(TypedDict):
    chat_id: int
    message_thread_id: int | None
    reply_parameters: ReplyParameters | None
    reply_markup: Any
    parse_mode: str
    rate_limit_args: Terms
    read_timeout: float
    write_timeout: float
    pool_timeout: float


async def send(bot: ExtBot[Any], owed: Owed, folder: Path, terms: Terms) -> Message:
    """Sends the message; files are read from `folder`.

    Raises `OSError` if the file is gone, and what the library raises.
    """
    common: _Common = {
        "chat_id": owed.chat_id,
        "message_thread_id": owed.thread_id,
        "reply_parameters": _reply(owed.reply_to),
        "reply_markup": markup(owed.keyboard),
        "parse_mode": ParseMode.HTML,
        "rate_limit_args": terms,
        # Telegram answers an upload only after it has processed it.
        "read_timeout": 60.0,
        "write_timeout": 120.0,
        "pool_timeout": 30.0,
    }
    if owed.file is None:
        return await bot.send_message(text=owed.text, **common)
    async with aiofiles.open(folder / owed.file, "rb") as file:
        data = await file.read()
    name = owed.file_name or PurePath(owed.file).name
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
