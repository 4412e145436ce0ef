"""`Herald`: tells people in line their places when these change."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from ..storage.errors import StorageError
from . import store
from .observer import JobObserver
from .queue import JobQueue

log = logging.getLogger(__name__)

_ANNOUNCED = frozenset({1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 23, 29, 36})
"""Far from the head only some places are told: each one costs an edit."""
_NEAR = 7
_AGAIN_S = 20.0
"""The first hear their place again after so long: how long it takes has changed."""
_CALM_S = 0.3
"""Changes within so short a time are told together; a job that is begun at once
is never told that it waits."""


class Herald:
    """Looks at the head of the line whenever it has moved."""

    def __init__(self, queue: JobQueue, observer: JobObserver) -> None:
        self._queue = queue
        self._observer = observer
        self._moved = queue.bell()
        self._told: dict[str, int] = {}

    def line_moved(self) -> None:
        """The head of the line has been claimed."""
        self._moved.set()

    async def run(self) -> None:
        """Announces until it is cancelled."""
        self._moved.set()
        while True:
            moved = await self._has_moved()
            if moved:
                await asyncio.sleep(_CALM_S)
                self._moved.clear()
            try:
                await self._announce(_NEAR if not moved else 0)
            except StorageError as error:
                log.error("the line cannot be read: %s", error)

    async def _has_moved(self) -> bool:
        """False if somebody waits and the line has not moved for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_S if self._told else None):
                return await self._moved.wait()
        return False

    async def _announce(self, again: int) -> None:
        """Tells places that have changed, and the first `again` in any case."""
        told: dict[str, int] = {}
        line = await store.first_in_line(self._queue.db, max(_ANNOUNCED))
        for place, job in enumerate(line, start=1):
            before = self._told.get(job.id)
            if place in _ANNOUNCED and (place != before or place <= again):
                await self._observer.queued(job, place)
                told[job.id] = place
            elif before is not None:
                told[job.id] = before
        self._told = told
