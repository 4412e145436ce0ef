"""`Attempt`: one job from the moment it is claimed until a worker is done with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from ..executors.base import (
    ClipReady,
    Event,
    Executor,
    Finished,
    PaintTask,
    Preview,
    Started,
    TaskFailed,
    WorkerDied,
)
from ..storage.database import Database, Transaction
from ..storage.errors import StorageError, StorageFull, from_os_error
from . import store
from .job import Job, JobState
from .observer import JobObserver

log = logging.getLogger(__name__)

_T = TypeVar("_T")

_FOLDER = "jobs"
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0


class PictureFolder(Protocol):
    """`storage.pictures.PictureStore`, as far as jobs need it."""

    def path(self, picture_id: str) -> Path: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What every attempt works with."""

    db: Database
    executor: Executor
    observer: JobObserver
    pictures: PictureFolder
    data_dir: Path
    preview_interval_s: float

    async def write(self, change: Callable[[Transaction], Awaitable[_T]]) -> _T:
        """Makes a change in a transaction of its own, however long the disk is full."""
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                async with self.db.transaction() as tx:
                    return await change(tx)
            except StorageError as error:
                log.error("a job cannot be written down: %s", error)
            await asyncio.sleep(pause_s)
            pause_s = min(_LONGEST_PAUSE_S, 2 * pause_s)


class Attempt:
    """Has one job painted and writes down what became of it.

    Every job is filmed; whether its clip is sent may be decided later. A job that is
    painted already is painted again for a clip that a crash has swallowed.
    """

    def __init__(self, workshop: Workshop, job: Job) -> None:
        self._shop = workshop
        self._job = job
        self._folder = workshop.data_dir / _FOLDER / job.id
        self.painted = False
        """Whether this attempt has brought the picture."""

    async def run(self) -> None:
        try:
            await self._paint()
        except WorkerDied:
            log.warning("the worker of job %s died", self._job.id)
            await self._try_again()
        except TaskFailed as error:
            await self._give_up(error.code)
        except (StorageError, OSError) as error:
            named = from_os_error(error) if isinstance(error, OSError) else error
            log.error("job %s failed: %s", self._job.id, named)
            full = isinstance(named, StorageFull)
            await self._give_up("disk_full" if full else "storage")
        except Exception as error:  # noqa: BLE001 - one job must not end the service
            log.error("job %s failed: %s", self._job.id, type(error).__name__)
            await self._give_up("engine")

    async def _paint(self) -> None:
        job = await store.load(self._shop.db, self._job.id)
        if job is None or job.state is not self._job.state:
            return  # cancelled between its claim and now
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        task = self._task(await self._start())
        async with contextlib.aclosing(self._shop.executor.run(task)) as events:
            async for event in events:
                await self._take(event)
        await self._tell(self._without_clip)

    async def _start(self) -> Path | None:
        """The finished picture to start from, if it shows the same and is kept."""
        job = self._job
        parent = await store.load(self._shop.db, job.parent) if job.parent else None
        if parent is None or parent.full is None:
            return None
        # Traces of a style that is not asked for would stay.
        if parent.content != job.content or not {*parent.styles} <= {*job.styles}:
            return None
        full = self._shop.data_dir / parent.full
        return full if await asyncio.to_thread(full.exists) else None

    def _task(self, start: Path | None) -> PaintTask:
        job, path = self._job, self._shop.pictures.path
        return PaintTask(
            job_id=job.id,
            content=path(job.content),
            style=path(job.style),
            second_style=path(job.second_style) if job.second_style else None,
            strength=job.strength,
            colors=job.colors,
            edge_px=job.edge_px,
            clip=True,
            seed=0,
            output=self._folder,
            preview_interval_s=self._shop.preview_interval_s,
            start=start,
        )

    async def _take(self, event: Event) -> None:
        match event:
            case Finished():
                painted = await self._tell(lambda tx: self._painted(tx, event))
                self.painted = painted is not None
            case ClipReady():
                await self._tell(lambda tx: self._clip_ready(tx, event))
            case Started() if self._job.state is JobState.RUNNING:
                self._shop.observer.started(self._job, event)
            case Preview() if self._job.state is JobState.RUNNING:
                self._shop.observer.progress(self._job, event)

    async def _painted(self, tx: Transaction, event: Finished) -> Job | None:
        job = await store.paint(
            tx,
            self._job.id,
            width=event.width,
            height=event.height,
            seconds=event.seconds,
            photo=self._relative(event.photo),
            full=self._relative(event.full),
            now=time.time(),
        )
        if job:
            await self._shop.observer.painted(tx, job)
        return job

    async def _clip_ready(self, tx: Transaction, event: ClipReady) -> Job | None:
        job = await store.add_clip(tx, self._job.id, self._relative(event.clip))
        if job is None or not job.clip:
            return None
        await self._shop.observer.clip_ready(tx, job)
        return job

    async def _without_clip(self, tx: Transaction) -> Job | None:
        job = await store.give_up_clip(tx, self._job.id)
        if job:
            await self._shop.observer.clip_failed(tx, job)
        return job

    async def _try_again(self) -> None:
        """Back into the line, at the place it had, unless there were enough attempts;
        then, or if only the clip is missing, it is given up."""
        again = await self._shop.write(lambda tx: store.requeue(tx, self._job.id))
        if again is None:
            await self._give_up("worker_died")

    async def _give_up(self, code: str) -> None:
        failed = await self._tell(lambda tx: self._failed(tx, code))
        if failed:
            await self.clear()
        else:
            await self._tell(self._without_clip)

    async def _failed(self, tx: Transaction, code: str) -> Job | None:
        job = await store.fail(tx, self._job.id, code, time.time())
        if job:
            await self._shop.observer.failed(tx, job)
        return job

    async def clear(self) -> None:
        """Removes what a job without a result has left behind."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _tell(
        self, change: Callable[[Transaction], Awaitable[Job | None]]
    ) -> Job | None:
        job = await self._shop.write(change)
        if job:
            self._shop.observer.committed(job)
        return job

    def _relative(self, file: Path) -> str:
        return file.relative_to(self._shop.data_dir).as_posix()
