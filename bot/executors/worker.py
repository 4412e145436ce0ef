"""`Worker`: the bot's end of a process that paints one task at a time."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator
from typing import Any, Self

from .base import Event, PaintTask, WorkerDied
from .process import ChildProcess, ProcessEnded
from .studio import Cancel, Config, Ended, Order, Ready

log = logging.getLogger(__name__)

_STUDIO = "bot.executors.studio"
_CANCEL_PATIENCE_S = 30.0


class Worker:
    """Hands tasks to its process and events back.

    A process that keeps silent for `silence_s` in the middle of a task has hung; it
    is killed.
    """

    def __init__(self, process: ChildProcess, silence_s: float) -> None:
        self.pid = process.pid
        self._process = process
        self._silence_s = silence_s
        self._numbers = itertools.count(1)
        self._warm = False
        self._unfinished: int | None = None

    @classmethod
    async def spawn(cls, config: Config, silence_s: float) -> Self:
        """Starts the process; `warm_up` says when it is ready."""
        return cls(await ChildProcess.spawn(_STUDIO, config), silence_s)

    @property
    def alive(self) -> bool:
        return self._process.alive

    @property
    def ready(self) -> bool:
        return self._warm and self.alive

    async def ended(self) -> None:
        """Waits until the process is gone."""
        await self._process.ended()

    async def close(self) -> None:
        """Ends the process; safe to call twice."""
        await self._process.end()

    async def warm_up(self, patience_s: float) -> Ready:
        """Waits for the first message.

        Raises `TaskFailed` if the engine cannot start, `WorkerDied` if the process
        ends without a word or keeps silent for too long.
        """
        message: Ready | Ended = await self._next(patience_s)
        if isinstance(message, Ready):
            self._warm = True
            return message
        log.error("the engine cannot start: %s", message.cause)
        raise message.failure or WorkerDied

    async def paint(self, task: PaintTask) -> AsyncGenerator[Event, None]:
        """Streams the events of one task; `settle` before the next one."""
        number = self._unfinished = next(self._numbers)
        self._process.send(Order(number=number, task=task))
        try:
            while not isinstance(message := await self._next(self._silence_s), Ended):
                yield message
            self._unfinished = None
        finally:
            if self._unfinished is not None:
                self._process.send(Cancel(number=number))
        if message.failure is not None:
            log.warning("the engine gave a task up: %s", message.cause)
            raise message.failure

    async def settle(self) -> None:
        """Waits until a cancelled task has really stopped; raises `WorkerDied`."""
        while self._unfinished is not None:
            message = await self._next(_CANCEL_PATIENCE_S)
            if isinstance(message, Ended) and message.number == self._unfinished:
                self._unfinished = None

    async def _next(self, patience_s: float) -> Any:
        try:
            async with asyncio.timeout(patience_s):
                return await self._process.receive()
        except ProcessEnded:
            raise WorkerDied from None
        except TimeoutError:
            log.warning("worker %s has hung and is killed", self.pid)
            self._process.kill()
            raise WorkerDied from None
