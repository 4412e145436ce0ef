"""`JobQueue`: who is painted next, fairly, and how long people have to wait."""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections.abc import Callable

from ..storage.database import Database, Transaction
from . import store
from .errors import QueueFull, TooManyWaiting
from .job import Job, NewJob

CLIP_OWED_S = 24 * 3600.0
"""A clip that is missing so long after its picture is not made any more."""


class JobQueue:
    """People take turns: nobody's second job is begun before everybody's first.

    Args:
        db: Where the jobs are.
        max_waiting: How many jobs may wait in all.
        max_waiting_per_user: How many jobs of one person may wait.
    """

    def __init__(
        self, db: Database, *, max_waiting: int = 100, max_waiting_per_user: int = 3
    ) -> None:
        self.db = db
        self._max_waiting = max_waiting
        self._max_waiting_per_user = max_waiting_per_user
        self._watchers: list[Callable[[Job], None]] = []
        self._removal_watchers: list[Callable[[str], None]] = []
        self._bells: list[asyncio.Event] = []

    async def submit(self, tx: Transaction, new: NewJob, key: str) -> Job:
        """Queues a job in the caller's transaction; call `wake` after the commit.

        The same key gives the same job, whatever has become of it. Raises
        `QueueFull`, `TooManyWaiting`.
        """
        known = await store.find(tx, key)
        if known is not None:
            return known
        if await store.count_waiting_of(tx, new.user_id) >= self._max_waiting_per_user:
            raise TooManyWaiting(self._max_waiting_per_user)
        if await store.count_waiting(tx) >= self._max_waiting:
            raise QueueFull
        return await store.insert(tx, _new_id(), new, key, time.time())

    async def cancel(self, job_id: str) -> bool:
        """Cancels a job that waits or is at work; False if it is neither."""
        async with self.db.transaction() as tx:
            job = await store.cancel(tx, job_id, time.time())
        if job is None:
            return False
        for watcher in self._watchers:
            watcher(job)
        self.wake()
        return True

    async def want_clip(self, tx: Transaction, job_id: str) -> Job | None:
        """Has the clip of a painted job sent too; call `wake` after the commit.

        If `clip_file` of the job returned is there, sending it is the caller's; else
        the observer hears of it. None: there will never be one.
        """
        return await store.want_clip(tx, job_id, time.time() - CLIP_OWED_S)

    async def remove(self, tx: Transaction, job_id: str) -> None:
        """Deletes a job; call `removed` after the commit."""
        await store.remove(tx, job_id)

    def removed(self, job_id: str) -> None:
        """Ends whatever is still being done for a job that is deleted."""
        for watcher in self._removal_watchers:
            watcher(job_id)

    async def sweep(self, older_than_s: float) -> int:
        """Deletes jobs that ended so long ago; returns how many."""
        async with self.db.transaction() as tx:
            return await store.forget_ended(tx, time.time() - older_than_s)

    async def delivered(self, tx: Transaction, job_id: str) -> None:
        """The picture has reached its chat."""
        await store.deliver(tx, job_id)

    async def get(self, job_id: str) -> Job | None:
        return await store.load(self.db, job_id)

    async def place(self, job_id: str) -> int | None:
        """1: begun next, 2: one is begun before; None if the job does not wait."""
        ahead = await store.count_ahead(self.db, job_id)
        return None if ahead is None else ahead + 1

    async def waiting(self, user_id: int) -> int:
        """How many jobs of this person wait."""
        return await store.count_waiting_of(self.db, user_id)

    def on_cancelled(self, watcher: Callable[[Job], None]) -> None:
        """Has every cancelled job told to `watcher`, after the commit."""
        self._watchers.append(watcher)

    def on_removed(self, watcher: Callable[[str], None]) -> None:
        """Has the id of every deleted job told to `watcher`, after the commit."""
        self._removal_watchers.append(watcher)

    def wake(self) -> None:
        """Says that the line has changed; call it after the commit."""
        for bell in self._bells:
            bell.set()

    def bell(self) -> asyncio.Event:
        """An event that every `wake` sets; whoever waits for it clears it."""
        bell = asyncio.Event()
        self._bells.append(bell)
        return bell


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(8)).decode()[:12].lower()
