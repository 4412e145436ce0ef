"""`Playground`: the Bot API and the chat page on one loopback port."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .asking import refused
from .backend import Backend
from .bot_api import BotApi
from .client_api import ClientApi
from .config import HOST, Config
from .errors import PlaygroundError, PortTaken, Refusal
from .hangup import HangUpProtocol
from .same_origin import LOOPBACK, SameOrigin

PAGE = Path(__file__).with_name("static")
STOP_S = 1.0
"""How long open connections may take to end."""
TICK_S = 0.1
"""How often uvicorn looks after itself."""


def create_app(config: Config, backend: Backend | None = None) -> Starlette:
    """The application; `backend` is its state, otherwise a new world.

    Raises:
        PlaygroundError: neither a backend nor a folder for its files is given.
    """
    if backend is None:
        if config.folder is None:
            raise PlaygroundError("The playground's files need a folder.")
        backend = Backend(config, config.folder)
    app = Starlette(
        routes=[
            Route("/", _page),
            *BotApi(backend).routes(),
            *ClientApi(backend).routes(),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
        ],
        exception_handlers={Refusal: refused, HTTPException: refused},
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK)),
            Middleware(SameOrigin),
        ],
    )
    app.state.backend = backend
    return app


async def _page(request: Any) -> Response:
    return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})


class Playground:
    """Serves in the running loop while it is entered.

    Example:
        `async with Playground() as playground: print(playground.url)`

    Raises (on entering):
        PortTaken: somebody else listens on the port.
    """

    def __init__(self, config: Config | None = None, *, port: int | None = None):
        chosen = config or Config()
        self.config = chosen if port is None else replace(chosen, port=port)
        self.port = self.config.port
        self._stack = contextlib.ExitStack()
        self._server: _Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._backend: Backend | None = None

    @property
    def backend(self) -> Backend:
        """The state behind it.

        Raises:
            PlaygroundError: before it was started.
        """
        if self._backend is None:
            raise PlaygroundError("The playground has not been started.")
        return self._backend

    @property
    def url(self) -> str:
        """The chat page."""
        return f"http://{HOST}:{self.port}"

    @property
    def bot_token(self) -> str:
        """The token of the only bot."""
        return self.config.bot_token

    @property
    def api_base(self) -> str:
        """The `base_url` for python-telegram-bot."""
        return f"{self.url}/bot"

    @property
    def file_base(self) -> str:
        """The `base_file_url` for python-telegram-bot."""
        return f"{self.url}/file/bot"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens; returns when requests are answered."""
        listener = _listen(self.config.port)
        self.port = listener.getsockname()[1]
        folder = self.config.folder or Path(
            self._stack.enter_context(
                tempfile.TemporaryDirectory(
                    prefix="playground-", ignore_cleanup_errors=True
                )
            )
        )
        self._backend = Backend(self.config, folder)
        app = create_app(self.config, self._backend)
        self._server = _Server(_uvicorn_config(app))
        self._tasks = [
            asyncio.create_task(
                self._server.serve([listener]), name="playground-server"
            ),
            asyncio.create_task(self._backend.webhook.run(), name="playground-webhook"),
        ]
        while not self._server.started:
            if self._tasks[0].done():
                await self._tasks[0]
                raise PlaygroundError("The playground's server did not start.")
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Closes every connection and forgets the world; may be called twice."""
        if self._server is None:
            return
        server, self._server = self._server, None
        self.backend.close()
        server.stop()
        serving, pushing = self._tasks
        pushing.cancel()
        await asyncio.wait({serving}, timeout=1.5 * STOP_S)
        serving.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._stack.close)


class _Server(uvicorn.Server):
    """Leaves the signals to whoever owns the loop, and ends as soon as it is told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begins the end."""
        self.should_exit = True
        self._stopping.set()

    async def main_loop(self) -> None:
        """uvicorn's own, without its sleep between being told and noticing."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), TICK_S)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _uvicorn_config(app: Starlette) -> uvicorn.Config:
    # The access log would show the token, which is part of every address.
    return uvicorn.Config(
        app,
        http=HangUpProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOP_S,  # type: ignore[arg-type]  # typed as int, used as seconds
    )


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError as exc:
        listener.close()
        if exc.errno == errno.EADDRINUSE:
            raise PortTaken(port) from exc
        raise
    return listener
