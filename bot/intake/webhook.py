"""`Webhook`: Telegram delivers updates to a small HTTP server of ours."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from ..storage.errors import StorageError
from .ledger import Ledger
from .source import ALLOWED_UPDATES, IntakeError, Source

log = logging.getLogger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
_MOST_BYTES = 1_000_000
_LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """Where Telegram reaches us, and where we listen."""

    public_url: str
    """What Telegram calls: https, with the path that `path` names behind a proxy."""
    secret: str
    """1 to 256 of `A-Za-z0-9_-`; a request without it is refused."""
    host: str
    port: int
    """0 takes any free one."""
    path: str = "/telegram"


class Webhook(Source):
    """Commits each update, and only then answers 200.

    Anything else makes Telegram deliver the update again later.
    """

    def __init__(
        self,
        bot: Bot,
        ledger: Ledger,
        config: WebhookConfig,
        *,
        allowed_updates: Sequence[str] = ALLOWED_UPDATES,
        first_pause_s: float = 1.0,
    ) -> None:
        self._bot = bot
        self._ledger = ledger
        self._config = config
        self._allowed_updates = list(allowed_updates)
        self._first_pause_s = first_pause_s
        self._port: int | None = None

    @property
    def port(self) -> int | None:
        """The port it listens on; None before it does."""
        return self._port

    async def run(self, stored: Callable[[], None]) -> None:
        """Serves until cancelled.

        Raises `IntakeError` if the port is taken or the token is not known.
        """
        listener = _listen(self._config.host, self._config.port)
        self._port = listener.getsockname()[1]
        server = _Server(
            uvicorn.Config(
                self._app(stored),
                lifespan="off",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=2,
            )
        )
        serving = asyncio.create_task(server.serve([listener]), name="webhook server")
        try:
            await self._register()
            await asyncio.wait([serving])  # a cancellation lets it end in peace
        finally:
            server.should_exit = True
            await asyncio.wait([serving], timeout=3.0)
            serving.cancel()
            listener.close()

    def _app(self, stored: Callable[[], None]) -> Starlette:
        async def receive(request: Request) -> Response:
            return Response(status_code=await self._receive(request, stored))

        return Starlette(routes=[Route(self._config.path, receive, methods=["POST"])])

    async def _receive(self, request: Request, stored: Callable[[], None]) -> int:
        """Takes one update; returns the HTTP status that says what became of it."""
        given = request.headers.get(_SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._config.secret.encode()):
            return 403
        body = await _read(request)
        if body is None:
            return 413
        update = _parse(body)
        if update is None:
            return 400
        try:
            await self._ledger.store([update])
        except StorageError as error:
            log.error("webhook: the update stays with Telegram: %s", error)
            return 503
        stored()
        return 200

    async def _register(self) -> None:
        """Tells Telegram the address, for as long as it takes."""
        pause_s = self._first_pause_s
        while True:
            try:
                await self._bot.set_webhook(
                    self._config.public_url,
                    secret_token=self._config.secret,
                    allowed_updates=self._allowed_updates,
                )
            except InvalidToken:
                raise IntakeError("Telegram does not know the token") from None
            except TelegramError as error:
                log.warning("webhook: not registered: %s", error.message)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                return


class _Server(uvicorn.Server):
    """uvicorn without its hands on the signals, which belong to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    # uvicorn would end the process if the port were taken.
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise IntakeError(
            f"port {port} cannot be listened on; another program may have it"
        ) from error


async def _read(request: Request) -> bytes | None:
    """The body; None if it is longer than any update."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _parse(body: bytes) -> dict[str, Any] | None:
    """The update, if that is what it is."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(update, dict) and isinstance(update.get("update_id"), int):
        return update
    return None
