"""`EventLog` for the chat page and `CallLog` of what the bot asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterable

from .world import Json

KEPT_EVENTS = 20_000
KEPT_CALLS = 50_000


class EventLog:
    """Numbered events that can be waited for; the oldest are forgotten in the end."""

    def __init__(self, kept: int = KEPT_EVENTS) -> None:
        self._events: deque[Json] = deque(maxlen=kept)
        self._changed = asyncio.Event()
        self.seq = 0
        self.closed = False

    def add(self, event: Json) -> Json:
        """Numbers the event and wakes whoever waits."""
        self.seq += 1
        numbered = {"seq": self.seq, **event}
        self._events.append(numbered)
        self._wake()
        return numbered

    def close(self) -> None:
        """Ends every wait, now and later."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def after(self, seq: int) -> list[Json]:
        """What came later than number `seq`, oldest first."""
        newer: list[Json] = []
        for event in reversed(self._events):
            if event["seq"] <= seq:
                break
            newer.append(event)
        return newer[::-1]

    async def wait(
        self, seq: int, wanted: Callable[[Json], bool], timeout_s: float
    ) -> list[Json]:
        """Wanted events after `seq`, as soon as there is one; else none in the end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self.closed:
                    found = [event for event in self.after(seq) if wanted(event)]
                    if found:
                        return found
                    seq = self.seq
                    await self._changed.wait()
        return []


class CallLog:
    """Every Bot API call, without its token and its contents."""

    def __init__(self, kept: int = KEPT_CALLS) -> None:
        self._calls: deque[Json] = deque(maxlen=kept)
        self.seq = 0

    def add(self, call: Json) -> Json:
        """Numbers a call that has come; how it ended is written into the result."""
        self.seq += 1
        entry = {"seq": self.seq, **call, "ok": None, "error": None}
        self._calls.append(entry)
        return entry

    def after(self, seq: int) -> Iterable[Json]:
        """Calls later than number `seq`, oldest first."""
        return [call for call in self._calls if call["seq"] > seq]
