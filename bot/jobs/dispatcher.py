"""`Dispatcher`: gives the jobs in line to the executor, slot by slot."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path

from ..executors.base import Executor, TaskFailed
from ..storage.database import Transaction
from ..storage.errors import StorageError
from . import store
from .attempt import Attempt, PictureFolder, Workshop
from .herald import Herald
from .job import Job, JobState
from .observer import JobObserver
from .queue import CLIP_OWED_S, JobQueue

log = logging.getLogger(__name__)

_STOP_S = 4.0


class Dispatcher:
    """One task for each slot of the executor: claim, paint, write down, tell.

    Args:
        queue: The line of jobs.
        executor: Who paints; started and closed by somebody else.
        observer: Who has to hear of it.
        pictures: Where the pictures of jobs are.
        data_dir: Results go to `jobs/<job id>/` below it.
        preview_interval_s: Seconds between two pictures of the work in progress.
    """

    def __init__(
        self,
        queue: JobQueue,
        executor: Executor,
        observer: JobObserver,
        *,
        pictures: PictureFolder,
        data_dir: Path,
        preview_interval_s: float = 3.0,
    ) -> None:
        self._queue = queue
        self._shop = Workshop(
            db=queue.db,
            executor=executor,
            observer=observer,
            pictures=pictures,
            data_dir=data_dir,
            preview_interval_s=preview_interval_s,
        )
        self._herald = Herald(queue, observer)
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        queue.on_cancelled(self._cancelled)
        queue.on_removed(self._removed)

    async def start(self) -> None:
        """Takes up what a killed process left behind, and begins."""
        if self._tasks:
            return
        for job in await self._shop.write(self._recover):
            self._shop.observer.committed(job)
        self._tasks = [
            asyncio.create_task(self._run(), name="dispatcher"),
            asyncio.create_task(self._herald.run(), name="herald"),
        ]

    async def stop(self) -> None:
        """Hands the jobs at work back to the line; safe to call twice."""
        tasks, self._tasks = self._tasks, []
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_STOP_S)
        try:
            async with self._queue.db.transaction() as tx:
                await store.hand_back(tx)
        except StorageError as error:
            log.error("jobs at work will be counted as tried: %s", error)

    async def wait(self) -> None:
        """Waits while it runs; raises what has made it fail."""
        await asyncio.gather(*self._tasks)

    async def _recover(self, tx: Transaction) -> list[Job]:
        failed = await store.recover(tx, time.time())
        for job in failed:
            await self._shop.observer.failed(tx, job)
        return failed

    async def _run(self) -> None:
        try:
            slots = (await self._shop.executor.profile()).slots
        except TaskFailed:
            # Each job will find that out for itself, until somebody mends it.
            slots = 1
        async with asyncio.TaskGroup() as group:
            for slot in range(slots):
                group.create_task(self._serve(), name=f"slot {slot}")

    async def _serve(self) -> None:
        bell = self._queue.bell()
        while True:
            bell.clear()
            job = await self._shop.write(self._next)
            if job is None:
                await bell.wait()
                continue
            if job.state is JobState.RUNNING:
                self._herald.line_moved()
            await self._attempt(job)

    async def _next(self, tx: Transaction) -> Job | None:
        """The next in line; if nobody waits, a picture whose clip is missing."""
        now = time.time()
        return await store.claim(tx, now) or await store.clip_owed(
            tx, now - CLIP_OWED_S, self._at_work
        )

    async def _attempt(self, job: Job) -> None:
        """Runs one attempt to its end, or cancels it with whoever awaits this."""
        attempt = Attempt(self._shop, job)
        work = asyncio.create_task(attempt.run(), name=f"job {job.id}")
        self._at_work[job.id] = work
        try:
            await asyncio.wait([work])
        finally:
            del self._at_work[job.id]
            work.cancel()
            await asyncio.wait([work])
        if work.cancelled():
            await attempt.clear()
        elif error := work.exception():
            log.error("job %s was left: %s", job.id, type(error).__name__)
        elif attempt.painted:
            self._shop.observer.freed(job)

    def _cancelled(self, job: Job) -> None:
        if work := self._at_work.get(job.id):
            work.cancel()
        self._shop.observer.cancelled(job)

    def _removed(self, job_id: str) -> None:
        if work := self._at_work.get(job_id):
            work.cancel()
