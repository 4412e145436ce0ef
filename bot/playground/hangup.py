"""Closing a connection without an answer, which ASGI has no word for."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

EXTENSION = "playground.hang_up"
NO_ANSWER = 499
"""What the log shows in place of a status."""


class HangUpProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, which also offers `hang_up` to the application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain_app: Any = self.app
        self.app = self._with_hang_up

    async def _with_hang_up(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[EXTENSION] = self.transport.abort
        try:
            await self._plain_app(scope, receive, send)
        except asyncio.CancelledError:
            # The server stops: nobody waits for an answer, nor for a traceback.
            self.transport.abort()
            await _disconnected(receive)


class _NoAnswer(Response):
    """Sends nothing: the connection is gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(request: Request) -> Response:
    """Closes the connection; the response to return afterwards."""
    request.scope["extensions"][EXTENSION]()
    return _NoAnswer(status_code=NO_ANSWER)
