"""`Eraser`: takes messages of ours back, as far as Telegram lets us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from .errors import retry_after_s
from .store import Place

log = logging.getLogger(__name__)

_TRIES = 3
_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0


class Eraser:
    """Deletes messages for everybody in their chats."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def erase(self, places: Iterable[Place]) -> list[Place]:
        """Returns those that stay: Telegram keeps what is older than two days.

        A message that is gone already counts as erased.
        """
        return [place for place in places if not await self._is_erased(place)]

    async def _is_erased(self, place: Place) -> bool:
        for left in range(_TRIES - 1, -1, -1):
            try:
                await self._bot.delete_message(place.chat_id, place.message_id)
            except BadRequest as error:
                return "not found" in error.message.lower()
            except TelegramError as error:
                log.info("a message was not deleted: %s", type(error).__name__)
                if left:
                    await asyncio.sleep(_pause_s(error))
            else:
                return True
        return False


def _pause_s(error: TelegramError) -> float:
    if isinstance(error, RetryAfter):
        return min(retry_after_s(error), _LONGEST_PAUSE_S)
    return _PAUSE_S
