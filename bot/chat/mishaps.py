"""What happens when a handler fails: a number for the log and for the person."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.error import TelegramError

from ..storage.errors import StorageError, StorageFull
from .desk import Context, owner_of, texts_of
from .texts import Refusal

log = logging.getLogger(__name__)


async def on_error(update: object, context: Context) -> None:
    """Apologises without a word of what went wrong; the log has that, and the number.

    Sent directly: the outbox may be what has failed.
    """
    number = secrets.token_hex(3)
    log.error("mishap %s in a handler", number, exc_info=context.error)
    if not isinstance(update, Update) or update.effective_user is None:
        return
    texts = texts_of(update)
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
        )
    except (TelegramError, StorageError, ValueError) as exc:
        log.error("mishap %s: no apology: %s", number, type(exc).__name__)
