"""`Crew`: tasks that run as long as the service does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Crew:
    """Owns named tasks. One that fails ends the service; one that returns does not."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Begins a task."""
        self._tasks.append(asyncio.create_task(work, name=name))

    async def until(self, stopping: asyncio.Event) -> None:
        """Waits for the event; raises what a task of the crew raises before."""
        stop = asyncio.create_task(stopping.wait(), name="stop signal")
        try:
            while not stop.done():
                pending = [task for task in self._tasks if not task.done()]
                await asyncio.wait(
                    [stop, *pending], return_when=asyncio.FIRST_COMPLETED
                )
                self._raise_failure()
        finally:
            stop.cancel()

    def _raise_failure(self) -> None:
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    async def dismiss(self, *names: str) -> None:
        """Cancels these tasks, or all, and waits until they have tidied up."""
        tasks = [t for t in self._tasks if not names or t.get_name() in names]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
