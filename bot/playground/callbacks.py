"""`CallbackDesk`: a button is pressed here, and the bot's answer comes back here."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable

from . import wire
from .errors import bad_request
from .updates import LIFETIMES_S, UpdateQueue
from .world import CallbackQuery, Json, Message, World

ANSWER_LIFETIME_S = LIFETIMES_S["callback_query"]
MAX_ANSWER = 200


class CallbackDesk:
    """Joins presses with answers; the queries themselves are in the world."""

    def __init__(
        self, *, world: World, updates: UpdateQueue, clock: Callable[[], float]
    ) -> None:
        self._world = world
        self._updates = updates
        self._clock = clock
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    async def press(
        self, message: Message, user_id: int, data: str, timeout_s: float
    ) -> Json:
        """Sends the query to the bot and waits for its answer."""
        query = self._new_query(user_id)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[query.id] = answer
        started = time.perf_counter()
        self._updates.add("callback_query", self._payload(query, message, data))
        try:
            shown = await asyncio.wait_for(answer, timeout_s)
        except TimeoutError:
            shown = {"answered": False, "text": None, "show_alert": False}
        finally:
            del self._waiting[query.id]
        return {**shown, "seconds": round(time.perf_counter() - started, 4)}

    def _new_query(self, user_id: int) -> CallbackQuery:
        self._world.query_count += 1
        number = (user_id << 32) + self._world.query_count
        query = CallbackQuery(id=str(number), user_id=user_id, created_at=self._clock())
        self._world.queries[query.id] = query
        return query

    def _payload(self, query: CallbackQuery, message: Message, data: str) -> Json:
        chat = str(message.chat_id).encode()
        return {
            "id": query.id,
            "from": wire.user_json(self._world.users[query.user_id]),
            **self._place(message),
            "chat_instance": str(
                int.from_bytes(hashlib.blake2b(chat, digest_size=7).digest())
            ),
            "data": data,
        }

    def _place(self, message: Message) -> Json:
        """Where it was pressed; of inline mode's messages only the id is known."""
        if message.inline_message_id:
            return {"inline_message_id": message.inline_message_id}
        shape = wire.inaccessible_json if message.deleted else wire.message_json
        return {"message": shape(self._world, message)}

    def answer(self, query_id: str, shown: Json) -> None:
        """Hands the bot's answer to whoever pressed.

        Raises:
            ApiError: 400 for a query that is unknown, answered already or too old.
        """
        query = self._world.queries.get(query_id)
        if (
            query is None
            or query.answer is not None
            or self._clock() - query.created_at > ANSWER_LIFETIME_S
        ):
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        query.answer = shown
        waiting = self._waiting.get(query_id)
        if waiting is not None and not waiting.done():
            waiting.set_result({"answered": True, **shown})

    def close(self) -> None:
        """Ends every wait without an answer."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(TimeoutError())
