"""The Bot API over HTTP: token, faults, parameters, method, envelope, log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from .backend import Backend
from .errors import ApiError, too_many_requests
from .faults import DOWNLOAD, Fault, FaultKind
from .hangup import hang_up
from .methods import Call, Method, all_methods
from .parameters import Parameters, chat_id_of, read_parameters

PIECE_BYTES = 16 * 1024
ANY_VERB = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]


class BotApi:
    """The routes below `/bot<token>` and `/file/bot<token>`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._methods: Mapping[str, Method] = all_methods()

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/bot{token}/{method}", self._call, methods=ANY_VERB),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    async def _call(self, request: Request) -> Response:
        """One call: in the log as soon as it comes, and however it ends."""
        method = request.path_params["method"]
        entry = self._backend.calls.add(
            {"time": self._backend.config.clock(), "method": method, "chat_id": None}
        )
        started = time.perf_counter()
        try:
            self._check_token(request)
            parameters = await read_parameters(request)
            chat_id = entry["chat_id"] = chat_id_of(parameters.values)
            fault = self._backend.faults.take(method, chat_id)
            response = await self._carry_out(request, method, parameters, fault)
            entry["ok"] = response.status_code == 200
        except ApiError as exc:
            entry |= {"ok": False, "error": exc.description}
            response = _rejection(exc)
        entry["seconds"] = round(time.perf_counter() - started, 4)
        return response

    def _check_token(self, request: Request) -> None:
        if request.path_params["token"] != self._backend.config.bot_token:
            raise ApiError(401, "Unauthorized")

    async def _carry_out(
        self,
        request: Request,
        method: str,
        parameters: Parameters,
        fault: Fault | None,
    ) -> Response:
        if fault is not None:
            mishap = await self._before(request, fault)
            if mishap is not None:
                return mishap
        result = await self._result(method, parameters)
        if fault is not None and fault.kind is FaultKind.CLOSE_AFTER:
            return await hang_up(request)
        return JSONResponse({"ok": True, "result": result})

    async def _result(self, method: str, parameters: Parameters) -> Any:
        handler = self._methods.get(method.lower())
        if handler is None:
            raise ApiError(404, "Not Found: method not found")
        return await handler(Call(self._backend, parameters))

    async def _before(self, request: Request, fault: Fault) -> Response | None:
        """What goes wrong before the call is carried out; None: it is to be."""
        match fault.kind:
            case FaultKind.TOO_MANY_REQUESTS:
                raise too_many_requests(fault.retry_after)
            case FaultKind.INTERNAL:
                raise ApiError(500, "Internal Server Error")
            case FaultKind.BAD_GATEWAY:
                return HTMLResponse("<html><h1>502 Bad Gateway</h1></html>", 502)
            case FaultKind.INVALID_JSON:
                return Response('{"ok": tru', media_type="application/json")
            case FaultKind.CLOSE_BEFORE:
                return await hang_up(request)
            case FaultKind.HANG:
                await self._pause(fault.seconds)
                return await hang_up(request)
            case FaultKind.SLOW:
                await self._pause(fault.seconds)
        return None

    async def _pause(self, seconds: float) -> None:
        """Waits, but not longer than the server lives."""
        waiting = asyncio.ensure_future(self._backend.closing.wait())
        try:
            await asyncio.wait({waiting}, timeout=seconds)
        finally:
            waiting.cancel()

    async def _download(self, request: Request) -> Response:
        try:
            self._check_token(request)
        except ApiError as exc:
            return _rejection(exc)
        file = self._backend.files.at(request.path_params["path"])
        if file is None:
            return _rejection(ApiError(404, "Not Found"))
        path = self._backend.files.location(file)
        fault = self._backend.faults.take(DOWNLOAD, None)
        if fault is None:
            return FileResponse(path, media_type="application/octet-stream")
        return await self._spoilt_download(request, path, fault)

    async def _spoilt_download(
        self, request: Request, path: Path, fault: Fault
    ) -> Response:
        if fault.kind not in (FaultKind.SLOW, FaultKind.TRUNCATED):
            try:
                return await self._before(request, fault) or await hang_up(request)
            except ApiError as exc:
                return _rejection(exc)
        data = await asyncio.to_thread(path.read_bytes)
        pieces = self._pieces(request, data, fault)
        return StreamingResponse(pieces, headers={"content-length": str(len(data))})

    async def _pieces(
        self, request: Request, data: bytes, fault: Fault
    ) -> AsyncIterator[bytes]:
        slow = fault.kind is FaultKind.SLOW
        sent = data if slow else data[: len(data) // 2]
        for start in range(0, len(sent), PIECE_BYTES):
            if slow:
                await self._pause(fault.seconds)
            yield sent[start : start + PIECE_BYTES]
        if not slow:
            await hang_up(request)
            await self._pause(fault.seconds)  # the disconnect ends it at once


def _rejection(error: ApiError) -> JSONResponse:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.status,
        "description": error.description,
    }
    if error.parameters:
        body["parameters"] = dict(error.parameters)
    return JSONResponse(body, error.status)
