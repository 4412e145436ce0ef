"""`Limiter`: how fast we may talk, per chat and overall.

A replacement for the library's own limiter, in which one chat's 429 silences all
chats and edits wait in the same line as results.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from .errors import retry_after_s

Answer = bool | dict[str, Any] | list[dict[str, Any]]

_MOST_CHATS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How one call wants to be treated; pass it as `rate_limit_args`."""

    retries: int
    """How many 429s to sit out. With 0, a chat that is being held raises
    `RetryAfter` at once, without a call."""
    before: Callable[[], Awaitable[None]] | None = None
    """Awaited when it is the call's turn, just before the request leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What Telegram is believed to allow."""

    overall_per_s: float = 30.0
    chat_interval_s: float = 1.0
    chat_burst: int = 3
    group_sends: int = 20
    group_window_s: float = 60.0
    group_edit_interval_s: float = 3.0


class _Work(Enum):
    SEND = auto()
    EDIT = auto()
    ACTION = auto()
    FREE = auto()


class _Bucket:
    """One slot every `interval_s`, and up to `burst` at once after a rest."""

    def __init__(self, interval_s: float, burst: int) -> None:
        self._interval_s = interval_s
        self._slack_s = interval_s * (burst - 1)
        self._next = -math.inf

    def reserve(self, now: float) -> float:
        """Takes the next slot; returns the seconds until it comes."""
        wait_s = max(0.0, self._next - self._slack_s - now)
        self._next = max(self._next, now) + self._interval_s
        return wait_s

    def crowded_for(self, now: float) -> float:
        """Seconds until half of the burst is free; 0 if it is."""
        return max(0.0, self._next - self._slack_s / 2 - now)

    def idle(self, now: float) -> bool:
        return self._next <= now


class _Window:
    """At most `most` slots in any `window_s`."""

    def __init__(self, most: int, window_s: float) -> None:
        self._taken: deque[float] = deque(maxlen=most)
        self._window_s = window_s

    def reserve(self, now: float) -> float:
        at = now
        if len(self._taken) == self._taken.maxlen:
            at = max(now, self._taken[0] + self._window_s)
        self._taken.append(at)
        return at - now

    def idle(self, now: float) -> bool:
        return not self._taken or self._taken[-1] + self._window_s <= now


@dataclass(slots=True)
class _Chat:
    sends: list[_Bucket | _Window]
    edits: list[_Bucket | _Window]
    held_until: float = field(default=-math.inf)

    def idle(self, now: float) -> bool:
        lines = [*self.sends, *self.edits]
        return self.held_until <= now and all(line.idle(now) for line in lines)


class Limiter(BaseRateLimiter[Terms]):
    """Sends go first, edits take what is left, answers to taps never wait.

    A 429 holds its own chat only. Chat actions are dropped in a chat that is held;
    sends sit out `send_retries` 429s and edits none, unless `Terms` say otherwise.
    """

    def __init__(self, pace: Pace | None = None, *, send_retries: int = 3) -> None:
        self._pace = pace or Pace()
        self._send_retries = send_retries
        rate = self._pace.overall_per_s
        self._overall = _Bucket(1 / rate, max(2, round(rate / 2)))
        self._chats: dict[int | str, _Chat] = {}

    async def initialize(self) -> None:
        """Nothing to acquire."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Terms | None,
    ) -> Answer:
        """Makes the call when it may be made."""
        work = _work(endpoint)
        if work is _Work.FREE:
            return await callback(*args, **kwargs)
        chat = self._chat(data.get("chat_id", ""))
        if work is _Work.ACTION:
            held = chat.held_until > _now()
            return True if held else await callback(*args, **kwargs)
        default = self._send_retries if work is _Work.SEND else 0
        terms = rate_limit_args or Terms(retries=default)
        # An album is one short burst, but its pictures count as messages of a group.
        slots = len(data["media"]) if endpoint == "sendMediaGroup" else 1
        for left in range(terms.retries, -1, -1):
            await self._turn(chat, work, slots, patient=terms.retries > 0)
            if terms.before is not None:
                await terms.before()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                chat.held_until = _now() + retry_after_s(error)
                if left == 0:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _turn(
        self, chat: _Chat, work: _Work, slots: int, *, patient: bool
    ) -> None:
        """Waits for slots in the chat, then for one overall."""
        while True:
            await _sit_out(chat, patient)
            lines = chat.sends if work is _Work.SEND else chat.edits
            now = _now()
            await asyncio.sleep(max(_reserve(line, slots, now) for line in lines))
            if work is _Work.EDIT:
                await self._let_sends_pass()
            await asyncio.sleep(self._overall.reserve(_now()))
            if chat.held_until <= _now():
                return

    async def _let_sends_pass(self) -> None:
        # A slot is a time and not an event, so there is nothing else to wait for.
        while (crowded_s := self._overall.crowded_for(_now())) > 0:  # noqa: ASYNC110
            await asyncio.sleep(crowded_s)

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            self._forget_idle()
            chat = self._chats[chat_id] = self._new_chat(chat_id)
        return chat

    def _new_chat(self, chat_id: int | str) -> _Chat:
        pace = self._pace
        sends: list[_Bucket | _Window] = [
            _Bucket(pace.chat_interval_s, pace.chat_burst)
        ]
        interval_s = pace.chat_interval_s
        if isinstance(chat_id, str) or chat_id < 0:
            sends.append(_Window(pace.group_sends, pace.group_window_s))
            interval_s = pace.group_edit_interval_s
        return _Chat(sends=sends, edits=[_Bucket(interval_s, pace.chat_burst)])

    def _forget_idle(self) -> None:
        if len(self._chats) < _MOST_CHATS:
            return
        now = _now()
        self._chats = {k: c for k, c in self._chats.items() if not c.idle(now)}


def _reserve(line: _Bucket | _Window, slots: int, now: float) -> float:
    """Takes what a call needs of a line; returns the seconds until it may leave."""
    if isinstance(line, _Bucket):
        return line.reserve(now)
    return max(line.reserve(now) for _ in range(slots))


def _work(endpoint: str) -> _Work:
    """What kind of work a Bot API method is."""
    if endpoint == "sendChatAction":
        return _Work.ACTION
    if endpoint.startswith(("send", "copy", "forward")):
        return _Work.SEND
    if endpoint.startswith("edit"):
        return _Work.EDIT
    return _Work.FREE


async def _sit_out(chat: _Chat, patient: bool) -> None:
    """Waits until the chat is no longer held, or says at once how long it will be."""
    while (left_s := chat.held_until - _now()) > 0:
        if not patient:
            raise RetryAfter(math.ceil(left_s))
        await asyncio.sleep(left_s)


def _now() -> float:
    return asyncio.get_running_loop().time()
