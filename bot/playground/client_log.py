"""The chat page's API for what happens: events, calls of the bot, ordered mishaps."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from .asking import json_of, number, seconds
from .backend import Backend
from .errors import Refusal
from .faults import read_fault
from .world import Json

MAX_WAIT_S = 60.0
PING_S = 15.0


class LogRoutes:
    """To be watched, and to be disturbed."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/api/events", self._events),
            Route("/api/wait", self._wait),
            Route("/api/calls", self._calls),
            Route("/api/faults", self._order_fault, methods=["POST"]),
            Route("/api/faults", self._clear_faults, methods=["DELETE"]),
            Route("/api/limits", self._limits, methods=["POST"]),
            Route("/api/updates", self._update, methods=["POST"]),
        ]

    async def _events(self, request: Request) -> Response:
        user = number(request.query_params.get("user"), "user")
        last = request.headers.get("last-event-id")
        after = number(last or request.query_params.get("after", "0"), "after")
        return StreamingResponse(
            self._stream(user, after),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _stream(self, user: int, seq: int) -> AsyncIterator[str]:
        log = self._backend.events
        yield ": hello\n\n"
        while not log.closed:
            found = await log.wait(seq, lambda event: self._sees(user, event), PING_S)
            if not found:
                yield ": still here\n\n"
            for event in found:
                seq = event["seq"]
                yield f"id: {seq}\ndata: {json.dumps(event)}\n\n"

    def _sees(self, user: int, event: Json) -> bool:
        chat = self._backend.world.chats.get(event["chat_id"])
        return chat is None or user in chat.members

    async def _wait(self, request: Request) -> Response:
        query = request.query_params
        wanted = query.get("chat_id")
        chat_id = None if wanted is None else number(wanted, "chat_id")
        after = number(query.get("after", "0"), "after")
        found = await self._backend.events.wait(
            after,
            lambda event: chat_id is None or event["chat_id"] == chat_id,
            min(seconds(query.get("timeout", "20")), MAX_WAIT_S),
        )
        seq = found[-1]["seq"] if found else max(after, 0)
        return JSONResponse({"seq": seq, "events": found})

    async def _calls(self, request: Request) -> Response:
        calls = self._backend.calls
        after = number(request.query_params.get("after", "0"), "after")
        return JSONResponse({"seq": calls.seq, "calls": list(calls.after(after))})

    async def _order_fault(self, request: Request) -> Response:
        self._backend.faults.order(read_fault(await json_of(request)))
        return JSONResponse({"ordered": True})

    async def _clear_faults(self, request: Request) -> Response:
        self._backend.faults.clear()
        return JSONResponse({"ordered": False})

    async def _limits(self, request: Request) -> Response:
        """Lets Telegram's limits hold from now on, or no longer."""
        flood = self._backend.flood
        flood.closes = bool((await json_of(request)).get("on"))
        return JSONResponse({"on": flood.closes})

    async def _update(self, request: Request) -> Response:
        """Queues an update of any kind, also of one that nobody knows."""
        body = await json_of(request)
        kind, payload = body.get("kind"), body.get("payload")
        if not isinstance(kind, str) or not isinstance(payload, dict):
            raise Refusal(400, "An update needs a kind and an object as payload.")
        number = self._backend.updates.add(kind, payload)
        return JSONResponse({"update_id": number})
