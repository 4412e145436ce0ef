"""`ChildProcess`: a Python process of the bot's own, spoken to without blocking."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any, Self, cast

from .child import HEADER, frame, unpickle

_BOOT = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"
_END_GRACE_S = 1.0


class ProcessEnded(Exception):
    """The process is gone; there will be no further message."""


class ChildProcess(asyncio.SubprocessProtocol):
    """Runs `main()` of a module that talks through `child.Parent`.

    Spawned, not forked: nothing of the bot is in it but the import path. Made by
    `spawn`.
    """

    def __init__(self) -> None:
        self._transport: asyncio.SubprocessTransport | None = None
        self._buffer = bytearray()
        self._messages: asyncio.Queue[Any] = asyncio.Queue()
        self._silent = asyncio.Event()
        self._exited = asyncio.Event()

    @classmethod
    async def spawn(cls, module: str, *messages: object) -> Self:
        """Starts the process and sends it its first messages."""
        _, child = await asyncio.get_running_loop().subprocess_exec(
            cls,
            sys.executable,
            "-c",
            _BOOT.format(path=sys.path, module=module),
            stderr=None,
            start_new_session=True,
        )
        for message in messages:
            child.send(message)
        return child

    @property
    def pid(self) -> int:
        return 0 if self._transport is None else self._transport.get_pid() or 0

    @property
    def alive(self) -> bool:
        return not self._silent.is_set()

    async def ended(self) -> None:
        """Waits until the process is gone."""
        await self._silent.wait()

    def send(self, message: object) -> None:
        """Queues a message; one for a process that is gone is dropped."""
        stdin = self._transport and self._transport.get_pipe_transport(0)
        if isinstance(stdin, asyncio.WriteTransport) and not stdin.is_closing():
            stdin.write(frame(message))

    async def receive(self) -> Any:
        """Waits for the next message; raises `ProcessEnded` after the last."""
        message = await self._messages.get()
        if message is None:
            self._messages.put_nowait(None)
            raise ProcessEnded
        return message

    def kill(self) -> None:
        if self._transport is not None:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    async def end(self) -> None:
        """Lets the process end itself, or kills it; safe to call twice."""
        if self._transport is None:
            return
        if stdin := self._transport.get_pipe_transport(0):
            stdin.close()
        try:
            async with asyncio.timeout(_END_GRACE_S):
                await self._exited.wait()
        except TimeoutError:
            self.kill()
        finally:
            self._transport.close()
        await self._exited.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._buffer)
            end = HEADER.size + length
            if len(self._buffer) < end:
                break
            self._messages.put_nowait(unpickle(bytes(self._buffer[HEADER.size : end])))
            del self._buffer[:end]

    def pipe_connection_lost(self, fd: int, error: Exception | None) -> None:
        if fd == 1:
            self._messages.put_nowait(None)
            self._silent.set()

    def process_exited(self) -> None:
        self._exited.set()
