"""`Nods`: shows at once that a picture has been seen, by a reaction on its message.

That is the first acknowledgement and costs nobody a message; the answer follows when
the picture is fetched and known to be good.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from telegram import Bot, Message
from telegram.constants import ReactionEmoji
from telegram.error import TelegramError

log = logging.getLogger(__name__)

_MOST_WAITING = 64
_MOST_ALBUMS = 256
_TIMEOUT_S = 3.0

Nod = tuple[int, int, bool]
"""Chat, message, and whether it is seen (or seen no more)."""


class Nods:
    """Keep `run` running. A reaction is a courtesy: late ones are dropped, and chats
    that allow none go without."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._waiting: asyncio.Queue[Nod] = asyncio.Queue(_MOST_WAITING)
        self._albums: OrderedDict[str, int] = OrderedDict()

    def see(self, message: Message) -> None:
        """Remembers to react and returns at once.

        An album has one reaction, on its first message.
        """
        album = message.media_group_id
        if album is None:
            self._put(message, True)
        elif album not in self._albums:
            self._albums[album] = message.message_id
            if len(self._albums) > _MOST_ALBUMS:
                self._albums.popitem(last=False)
            self._put(message, True)

    def turn_away(self, message: Message) -> None:
        """Takes the reaction back from a picture that cannot be used after all.

        That of an album stays: its other pictures may be good.
        """
        if message.media_group_id is None:
            self._put(message, False)

    async def run(self) -> None:
        """Reacts until it is cancelled."""
        while True:
            await self._react(*await self._waiting.get())

    def _put(self, message: Message, seen: bool) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait((message.chat_id, message.message_id, seen))

    async def _react(self, chat_id: int, message_id: int, seen: bool) -> None:
        try:
            await self._bot.set_message_reaction(
                chat_id,
                message_id,
                ReactionEmoji.EYES if seen else None,
                connect_timeout=_TIMEOUT_S,
                read_timeout=_TIMEOUT_S,
                write_timeout=_TIMEOUT_S,
            )
        except TelegramError as error:
            log.info("no reaction: %s", type(error).__name__)
