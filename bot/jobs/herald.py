"""`Herald`: tells people in line their places when these change."""

from __future__ import annotations

import asyncio
import logging

from ..storage.errors import StorageError
from . import store
from .observer import JobObserver
from .queue import JobQueue

log = logging.getLogger(__name__)

_ANNOUNCED = frozenset({1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 23, 29, 36})
"""Far from the head only some places are told: each one costs an edit."""
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
            await self._moved.wait()
            await asyncio.sleep(_CALM_S)
            self._moved.clear()
            try:
                await self._announce()
            except StorageError as error:
                log.error("the line cannot be read: %s", error)

    async def _announce(self) -> None:
        told: dict[str, int] = {}
        line = await store.first_in_line(self._queue.db, max(_ANNOUNCED))
        for place, job in enumerate(line, start=1):
            before = self._told.get(job.id)
            if place in _ANNOUNCED and place != before:
                await self._observer.queued(job, place)
                told[job.id] = place
            elif before is not None:
                told[job.id] = before
        self._told = told
