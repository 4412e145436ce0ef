"""What happens when a handler fails: a number for the log and for the person."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Bot, ReplyParameters, Update
from telegram.error import TelegramError

from ..storage.errors import StorageError, StorageFull
from .desk import Context, owner_of
from .groups.addressing import speaks_to
from .texts import Languages, Refusal

log = logging.getLogger(__name__)

_NO_ROOM_AGAIN_S = 3600.0


class Apology:
    """What is said when a handler fails."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def make(self, update: object, context: Context) -> None:
        """Apologises without a word of what went wrong; the log has that.

        Sent directly: the outbox may be what has failed.
        """
        number = secrets.token_hex(3)
        log.error("mishap %s in a handler", number, exc_info=context.error)
        if not isinstance(update, Update) or update.effective_user is None:
            return
        if not speaks_to(update, context.bot):
            return
        texts = self._languages.texts_of(update)
        full = isinstance(context.error, StorageFull)
        words = texts.refused(Refusal.DISK_FULL) if full else texts.apology(number)
        try:
            if update.callback_query is not None:
                await update.callback_query.answer()
            owner = owner_of(update)
            await context.bot.send_message(
                owner.chat_id,
                words,
                parse_mode="HTML",
                message_thread_id=owner.thread_id or None,
                reply_parameters=_reply(update),
            )
        except (TelegramError, StorageError, ValueError) as exc:
            log.error("mishap %s: no apology: %s", number, type(exc).__name__)


def _reply(update: Update) -> ReplyParameters | None:
    """In a group, an apology is made to the one it is owed to."""
    message = update.message
    if message is None or message.chat.type == message.chat.PRIVATE:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


class NoRoom:
    """Tells people that what they sent waits with Telegram while the disk is full.

    A chat is told once an hour, however often the same update comes again.
    """

    def __init__(self, bot: Bot, languages: Languages) -> None:
        self._bot = bot
        self._languages = languages
        self._told: dict[int, float] = {}

    async def say(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Answers raw updates that could not be written down; never raises."""
        for raw in updates:
            try:
                await self._say(Update.de_json(dict(raw), self._bot))
            except Exception as exc:  # noqa: BLE001 - a courtesy must not stop the intake
                log.error("nobody was told of the full disk: %s", type(exc).__name__)

    async def _say(self, update: Update) -> None:
        if update.callback_query is not None:
            words = self._languages.texts_of(update).refused(Refusal.DISK_FULL)
            await update.callback_query.answer(words, show_alert=True)
        chat, now = update.effective_chat, time.monotonic()
        if update.message is None or chat is None or chat.type != chat.PRIVATE:
            return
        if now - self._told.get(chat.id, -_NO_ROOM_AGAIN_S) >= _NO_ROOM_AGAIN_S:
            self._told[chat.id] = now
            words = self._languages.texts_of(update).answered_later()
            await self._bot.send_message(chat.id, words)
