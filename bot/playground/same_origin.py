"""`SameOrigin`: pages of other sites must not act in the playground."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .config import HOST

LOOPBACK = (HOST, "localhost")
_HARMLESS = ("GET", "HEAD", "OPTIONS")


class SameOrigin:
    """Refuses whatever a browser sends from an address that is not loopback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "http" and scope["method"] not in _HARMLESS:
            origin = Headers(scope=scope).get("origin")
            if origin is not None and urlsplit(origin).hostname not in LOOPBACK:
                sentence = "Only the playground's own page may do this."
                await JSONResponse({"error": sentence}, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)
