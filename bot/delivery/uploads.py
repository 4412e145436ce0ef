"""`uploading`: shows a chat that something large is on its way to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from .owed import Kind, Owed

log = logging.getLogger(__name__)

_LARGE_BYTES = 500_000
"""Less is there before anybody wonders."""
_REPEAT_S = 4.5
"""Telegram shows an action for five seconds."""

_ACTIONS = {
    Kind.PHOTO: ChatAction.UPLOAD_PHOTO,
    Kind.ALBUM: ChatAction.UPLOAD_PHOTO,
    Kind.ANIMATION: ChatAction.UPLOAD_VIDEO,
    Kind.DOCUMENT: ChatAction.UPLOAD_DOCUMENT,
}


@contextlib.asynccontextmanager
async def uploading(bot: Bot, owed: Owed, folder: Path) -> AsyncIterator[None]:
    """While the block sends `owed`, the chat sees that it is coming, if it is large."""
    size = await asyncio.to_thread(_bytes_to_send, owed, folder)
    if size < _LARGE_BYTES:
        yield
        return
    showing = asyncio.create_task(_show(bot, owed), name=f"upload {owed.chat_id}")
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(bot: Bot, owed: Owed) -> None:
    while True:
        try:
            await bot.send_chat_action(
                owed.chat_id,
                _ACTIONS[owed.kind],
                message_thread_id=owed.thread_id,
            )
        except TelegramError as error:
            log.info("no chat action: %s", type(error).__name__)
        await asyncio.sleep(_REPEAT_S)


def _bytes_to_send(owed: Owed, folder: Path) -> int:
    """What has to be uploaded; what Telegram knows by its id has not."""
    parts = [(part.file, part.file_id) for part in owed.parts]
    parts.append((owed.file, owed.file_id))
    files = [folder / file for file, known in parts if file and not known]
    return sum(file.stat().st_size for file in files if file.exists())
