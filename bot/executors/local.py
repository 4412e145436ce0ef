"""`LocalExecutor`: one spawned process for each GPU, or one for the CPU."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
from collections import deque
from collections.abc import AsyncGenerator, Coroutine
from pathlib import Path
from typing import Any

from .base import (
    EngineProfile,
    Event,
    Executor,
    PaintTask,
    TaskFailed,
    WorkerDied,
)
from .studio import Config, Ready
from .worker import Worker

log = logging.getLogger(__name__)

_HOPELESS_DEATHS = 3
_LONGEST_PAUSE_S = 60.0


class LocalExecutor(Executor):
    """Paints in processes of this machine, each with a model of its own.

    Args:
        weights: `auto`, `untrained` or a file, as for `StyleTransfer`.
        device: `auto`, `cpu`, `cuda` or one such as `cuda:1`; `auto` is every GPU,
            or the CPU if there is none.
        edge_px: The longer side of results; None: what the measured rate allows.
        silence_s: A worker without a message for so long has hung and is replaced.
        warm_up_s: The same for the time until it is ready.
    """

    def __init__(
        self,
        *,
        weights: str | Path = "auto",
        device: str = "auto",
        edge_px: int | None = None,
        silence_s: float = 300.0,
        warm_up_s: float = 600.0,
    ) -> None:
        self._config = Config(weights=weights, device=device, edge_px=edge_px)
        self._silence_s = silence_s
        self._warm_up_s = warm_up_s
        self._workers: list[Worker] = []
        self._idle: deque[Worker] = deque()
        self._profile: EngineProfile | None = None
        self._failure: TaskFailed | None = None
        self._closed = False
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._devices: set[str] = set()

    @property
    def pids(self) -> list[int]:
        """The processes there are at the moment, warming up or ready."""
        return [worker.pid for worker in self._workers if worker.alive]

    async def start(self) -> None:
        self._keep(self._config.device)

    async def profile(self) -> EngineProfile:
        async with self._changed:
            await self._changed.wait_for(lambda: self._profile or self._stuck())
        if self._profile is None:
            raise self._stuck() or WorkerDied
        return self._profile

    async def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
        worker = await self._take()
        try:
            async with contextlib.aclosing(worker.paint(task)) as events:
                async for event in events:
                    yield event
        finally:
            self._start(self._give_back(worker), "settle a worker")

    async def close(self) -> None:
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with self._changed:
            self._changed.notify_all()

    def _stuck(self) -> TaskFailed | WorkerDied | None:
        """Why nobody should wait for a worker, if so."""
        if self._closed:
            return WorkerDied()
        if self._failure is None or any(worker.ready for worker in self._workers):
            return None
        return TaskFailed(*self._failure.args)

    def _keep(self, device: str) -> None:
        if device not in self._devices:
            self._devices.add(device)
            self._start(self._keep_alive(device), f"keep a worker on {device}")

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        if self._closed:
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_alive(self, device: str) -> None:
        """Puts a new worker in the place of each that ends."""
        deaths = 0
        while True:
            try:
                async with self._worker(device) as worker:
                    await self._welcome(worker, await worker.warm_up(self._warm_up_s))
                    deaths = 0
                    await worker.ended()
                    log.warning("worker %s is gone; it is replaced", worker.pid)
            except TaskFailed as error:
                deaths += 1
                await self._set_failure(error)
            except (WorkerDied, OSError):
                deaths += 1
                log.warning("a worker ended before it was ready (%s in a row)", deaths)
                if deaths >= _HOPELESS_DEATHS:
                    await self._set_failure(TaskFailed("engine", False))
            await asyncio.sleep(min(_LONGEST_PAUSE_S, deaths and 0.5 * 2**deaths))

    @contextlib.asynccontextmanager
    async def _worker(self, device: str) -> AsyncGenerator[Worker, None]:
        config = dataclasses.replace(self._config, device=device)
        worker = await Worker.spawn(config, self._silence_s)
        self._workers.append(worker)
        try:
            yield worker
        finally:
            self._workers.remove(worker)
            await worker.close()

    async def _welcome(self, worker: Worker, ready: Ready) -> None:
        for device in ready.other_devices:
            self._keep(device)
        async with self._changed:
            slots = len(self._devices)
            self._profile = dataclasses.replace(ready.profile, slots=slots)
            self._failure = None
            self._idle.append(worker)
            self._changed.notify_all()

    async def _set_failure(self, failure: TaskFailed) -> None:
        async with self._changed:
            self._failure = failure
            self._changed.notify_all()

    async def _take(self) -> Worker:
        async with self._changed:
            while True:
                await self._changed.wait_for(lambda: self._idle or self._stuck())
                if not self._idle:
                    raise self._stuck() or WorkerDied
                if (worker := self._idle.popleft()).ready:
                    return worker

    async def _give_back(self, worker: Worker) -> None:
        with contextlib.suppress(WorkerDied):
            await worker.settle()
            async with self._changed:
                self._idle.append(worker)
                self._changed.notify_all()
