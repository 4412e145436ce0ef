"""python-telegram-bot as we use it: no updater, no job queue, our own limiter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from ..delivery.limiter import Limiter

log = logging.getLogger(__name__)

App = Application[Any, Any, Any, Any, Any, Any]

_HELLO_PAUSES_S = (1.0, 2.0, 4.0, 8.0)


def build_application(token: str, base_url: str, base_file_url: str) -> App:
    """An application that is yet to be introduced; `shut_down` in the end."""
    return (
        Application.builder()
        .token(token)
        .base_url(base_url)
        .base_file_url(base_file_url)
        .rate_limiter(Limiter())
        .updater(None)
        .job_queue(None)
        .connect_timeout(10.0)
        .read_timeout(20.0)
        .write_timeout(20.0)
        .media_write_timeout(120.0)
        .pool_timeout(10.0)
        .build()
    )


async def introduce(
    application: App, pauses_s: Sequence[float] = _HELLO_PAUSES_S
) -> None:
    """Learns from Telegram who the bot is; bears a short absence of the network.

    Raises `InvalidToken` at once, and `TelegramError` after as many tries as there
    are pauses, and one.
    """
    for pause_s in pauses_s:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except TelegramError as exc:
            log.warning("Telegram does not answer (%s)", type(exc).__name__)
            await asyncio.sleep(pause_s)
        else:
            return
    await application.initialize()


async def shut_down(application: App) -> None:
    """Closes every connection, even of an application that was never introduced."""
    await application.shutdown()
    await application.bot.shutdown()
