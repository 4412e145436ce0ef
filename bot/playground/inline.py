"""`InlineDesk`: somebody types the bot's name in any chat, and picks a result."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from . import wire
from .asking import check_permitted
from .config import Config
from .errors import Refusal, bad_request
from .inline_results import InlineResult
from .posting import Poster
from .updates import LIFETIMES_S, UpdateQueue
from .world import Chat, InlineQuery, Json, Message, User, World

ANSWER_LIFETIME_S = LIFETIMES_S["inline_query"]
MAX_QUERY = 256
DEFAULT_CACHE_S = 300
CacheKey = tuple[str, str, int]
"""Words, offset, and the person (0: for everybody)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineAnswer:
    """What the bot offers."""

    results: tuple[InlineResult, ...]
    next_offset: str
    button: Json | None
    is_personal: bool
    cache_s: int

    def result(self, result_id: str) -> InlineResult | None:
        """The result with that id."""
        return next((one for one in self.results if one.id == result_id), None)


class InlineDesk:
    """Joins inline queries with answers, and sends what is chosen."""

    def __init__(
        self, *, world: World, updates: UpdateQueue, poster: Poster, config: Config
    ) -> None:
        self._world = world
        self._updates = updates
        self._poster = poster
        self._config = config
        self._waiting: dict[str, asyncio.Future[InlineAnswer]] = {}
        self._answers: dict[str, InlineAnswer] = {}
        self._cached: dict[CacheKey, tuple[float, InlineAnswer]] = {}
        self._count = 0

    async def ask(
        self, person: User, chat: Chat, text: str, offset: str
    ) -> tuple[InlineQuery, InlineAnswer | None]:
        """Asks the bot, or its answer of a while ago; None: it has not answered.

        Raises:
            Refusal: 400 where the bot has no inline mode, or too much is asked.
        """
        if not self._config.inline_mode:
            raise Refusal(400, "This bot has no inline mode.")
        if len(text) > MAX_QUERY:
            raise Refusal(400, f"A query has at most {MAX_QUERY} characters.")
        query = self._new_query(person, text, offset)
        answer = self._from_cache(query)
        if answer is None:
            answer = await self._from_bot(query, person, chat)
        if answer is not None:
            self._answers[query.id] = answer
        return query, answer

    def _new_query(self, person: User, text: str, offset: str) -> InlineQuery:
        self._count += 1
        query = InlineQuery(
            id=str((person.id << 32) + self._count),
            user_id=person.id,
            text=text,
            offset=offset,
            created_at=self._config.clock(),
        )
        self._world.inline_queries[query.id] = query
        return query

    def _from_cache(self, query: InlineQuery) -> InlineAnswer | None:
        for owner in (query.user_id, 0):
            until, answer = self._cached.get(
                (query.text, query.offset, owner), (0.0, None)
            )
            if answer is not None and self._config.clock() < until:
                return answer
        return None

    async def _from_bot(
        self, query: InlineQuery, person: User, chat: Chat
    ) -> InlineAnswer | None:
        answer: asyncio.Future[InlineAnswer] = (
            asyncio.get_running_loop().create_future()
        )
        self._waiting[query.id] = answer
        update: Json = {
            "id": query.id,
            "from": wire.user_json(person),
            "query": query.text,
            "offset": query.offset,
            "chat_type": "sender" if chat.is_private else chat.type,
        }
        self._updates.add("inline_query", update)
        try:
            return await asyncio.wait_for(answer, self._config.press_timeout_s)
        except TimeoutError:
            return None
        finally:
            del self._waiting[query.id]

    def answer(self, query_id: str, answer: InlineAnswer) -> None:
        """Hands the bot's answer to whoever asked, and keeps it for a while.

        Raises:
            ApiError: 400 for a query that is unknown, answered already or too old.
        """
        query = self._world.inline_queries.get(query_id)
        if (
            query is None
            or query.is_answered
            or self._config.clock() - query.created_at > ANSWER_LIFETIME_S
        ):
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        query.is_answered = True
        owner = query.user_id if answer.is_personal else 0
        until = self._config.clock() + answer.cache_s
        self._cached[query.text, query.offset, owner] = until, answer
        waiting = self._waiting.get(query_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def choose(
        self,
        query_id: str,
        result_id: str,
        *,
        user_id: int,
        chat: Chat,
        thread_id: int | None,
    ) -> Message:
        """Sends a result into a chat, in the person's name.

        Raises:
            Refusal: 404 for what was never offered to that person.
        """
        query = self._world.inline_queries.get(query_id)
        answer = self._answers.get(query_id)
        result = answer.result(result_id) if answer else None
        if query is None or result is None or query.user_id != user_id:
            raise Refusal(404, "There is no such result.")
        if result.is_out_of_reach:
            raise Refusal(400, "The picture of this result cannot be fetched here.")
        message = self._message(result, user_id, chat, thread_id)
        check_permitted(chat, user_id, message.kind)
        message = self._send(message)
        if self._config.inline_feedback:
            self._tell_choice(query, result, message)
        return message

    def _message(
        self, result: InlineResult, user_id: int, chat: Chat, thread_id: int | None
    ) -> Message:
        return Message(
            message_id=0,
            chat_id=chat.id,
            sender=user_id,
            date=0,
            text=result.text,
            entities=result.entities,
            media=result.media,
            keyboard=result.keyboard,
            thread_id=thread_id,
            via_bot=True,
        )

    def _send(self, message: Message) -> Message:
        """Posts it; with a keyboard it gets an id by which it can be edited."""
        if message.keyboard:
            number = len(self._world.inline_messages) + 1
            message.inline_message_id = f"AgAAAPlayground{message.sender}_{number}"
            self._world.inline_messages[message.inline_message_id] = message
        return self._poster.post(message)

    def _tell_choice(
        self, query: InlineQuery, result: InlineResult, message: Message
    ) -> None:
        update: Json = {
            "from": wire.user_json(self._world.user(query.user_id)),
            "query": query.text,
            "result_id": result.id,
        }
        if message.inline_message_id:
            update["inline_message_id"] = message.inline_message_id
        self._updates.add("chosen_inline_result", update)

    def close(self) -> None:
        """Ends every wait without an answer."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(TimeoutError())
