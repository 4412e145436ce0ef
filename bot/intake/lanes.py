"""`Lanes`: one thing at a time per lane, many lanes at once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """Hands items to `handle`: in order within a lane, concurrently across lanes.

    `handle` must deal with its own errors. At most `most_at_once` lanes move at a
    time; a lane that waits for its turn costs no task switch.
    """

    def __init__(
        self, handle: Callable[[Item], Awaitable[None]], most_at_once: int
    ) -> None:
        self._handle = handle
        self._slots = asyncio.Semaphore(most_at_once)
        self._waiting: dict[Hashable, deque[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, lane: Hashable, item: Item) -> None:
        """Adds an item to the end of its lane; never blocks."""
        if lane in self._waiting:
            self._waiting[lane].append(item)
            return
        self._waiting[lane] = deque([item])
        task = asyncio.create_task(self._serve(lane), name=f"lane {lane}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, timeout_s: float) -> None:
        """Drops what has not begun, and cancels what has not ended in time."""
        for items in self._waiting.values():
            items.clear()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)

    async def _serve(self, lane: Hashable) -> None:
        items = self._waiting[lane]
        try:
            while items:
                async with self._slots:
                    if items:
                        await self._handle(items.popleft())
        finally:
            del self._waiting[lane]
