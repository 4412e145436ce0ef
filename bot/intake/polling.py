"""`Polling`: fetches updates by long polling.

`Updater` of python-telegram-bot acknowledges an update when its handler starts,
and one malformed update blocks its whole batch; so the loop is our own and raw.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.warnings import PTBUserWarning

from ..storage.errors import StorageError
from .ledger import Ledger
from .source import ALLOWED_UPDATES, Source

log = logging.getLogger(__name__)

_MARGIN_S = 10.0
_LONGEST_PAUSE_S = 30.0


class Polling(Source):
    """Asks for updates, commits them, and acknowledges with the next question."""

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        *,
        poll_s: int = 30,
        allowed_updates: Sequence[str] = ALLOWED_UPDATES,
        first_pause_s: float = 1.0,
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._poll_s = poll_s
        self._allowed_updates = list(allowed_updates)
        self._first_pause_s = first_pause_s
        self._offset: int | None = None
        self._failures = 0

    async def run(self, stored: Callable[[], None]) -> None:
        """Polls until cancelled; every mishap is waited out, none is fatal."""
        # It recommends `get_updates`, which cannot return raw updates.
        warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)
        while True:
            try:
                updates = await self._ask()
                if updates:
                    await self._ledger.store(updates)
                    stored()
                self._offset = _next_offset(updates)
                self._failures = 0
            except (TelegramError, StorageError) as error:
                await self._recover(error)

    async def _ask(self) -> list[dict[str, Any]]:
        """One long poll; it acknowledges everything below the offset."""
        answer = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={
                "offset": self._offset,
                "timeout": self._poll_s,
                "allowed_updates": self._allowed_updates,
            },
            read_timeout=self._poll_s + _MARGIN_S,
        )
        updates = answer if isinstance(answer, list) else []
        return [u for u in updates if isinstance(u.get("update_id"), int)]

    async def _recover(self, error: Exception) -> None:
        """Pauses for longer and longer; the same updates are then asked for again."""
        pause_s = min(self._first_pause_s * 2.0**self._failures, _LONGEST_PAUSE_S)
        self._failures = min(self._failures + 1, 10)
        match error:
            case RetryAfter():
                pause_s = max(pause_s, _LONGEST_PAUSE_S)
                log.warning("polling: asked to slow down")
            case Conflict() if "webhook" in error.message.lower():
                log.warning("polling: removing the webhook that is in the way")
                await self._remove_webhook()
            case Conflict():
                log.error("polling: another process uses the same token")
            case StorageError():
                log.error("polling: updates stay with Telegram: %s", error)
            case _:
                log.warning("polling: %s", type(error).__name__)
        await asyncio.sleep(pause_s)

    async def _remove_webhook(self) -> None:
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            log.warning("polling: webhook not removed: %s", type(error).__name__)


def _next_offset(updates: Sequence[dict[str, Any]]) -> int | None:
    """What acknowledges a batch; None once an empty answer shows that it worked.

    Ids start anew at random after a quiet week, so an old offset must not be kept.
    """
    return max(u["update_id"] for u in updates) + 1 if updates else None
