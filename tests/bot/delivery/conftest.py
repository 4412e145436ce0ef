"""A little HTTP server that stands for Telegram, and a real bot that talks to it."""

import asyncio
import contextlib
import json
import socket
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram.ext import ExtBot

from bot.delivery.limiter import Limiter, Pace
from bot.storage.database import Database

TOKEN = "123456:" + "A" * 35


@dataclass
class Call:
    """One request as it arrived."""

    method: str
    data: dict[str, Any]
    files: dict[str, tuple[str, bytes]]
    at: float = field(default_factory=time.monotonic)

    @property
    def chat_id(self) -> int:
        return int(self.data.get("chat_id", 0))

    @property
    def words(self) -> str:
        media = json.loads(self.data.get("media", "{}"))
        if isinstance(media, list):
            return " + ".join(item["caption"] for item in media)
        return str(
            self.data.get("text") or self.data.get("caption") or media.get("caption")
        )


def refusal(status: int, description: str, **parameters: int) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": status,
        "description": description,
    }
    if parameters:
        body["parameters"] = parameters
    return JSONResponse(body, status)


def flood(seconds: int) -> Response:
    words = f"Too Many Requests: retry after {seconds}"
    return refusal(429, words, retry_after=seconds)


class CutOff(Response):
    """An answer that breaks off: the client cannot know what happened."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionAbortedError("on purpose")


class Telegram:
    """Answers like Telegram where nothing else was scripted, and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self._scripts: dict[tuple[str, int | None], deque[Response]] = {}
        self._message_id = 100

    def script(self, method: str, *answers: Response, chat_id: int | None = None):
        """The next answers to a method, in one chat or in any."""
        self._scripts.setdefault((method, chat_id), deque()).extend(answers)

    def sent(self, chat_id: int | None = None) -> list[tuple[str, str]]:
        return [
            (call.method, call.words)
            for call in self.calls
            if chat_id is None or call.chat_id == chat_id
        ]

    async def until(self, count: int, timeout_s: float = 10) -> None:
        """Waits for that many calls in all."""
        async with asyncio.timeout(timeout_s):
            while len(self.calls) < count:
                self.arrived.clear()
                await self.arrived.wait()

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/bot{token}/{method}", self._serve, methods=["POST"])]
        )

    async def _serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        data: dict[str, Any] = {}
        files: dict[str, tuple[str, bytes]] = {}
        async with request.form() as form:
            for name, value in form.items():
                if isinstance(value, str):
                    data[name] = value
                else:
                    files[name] = (value.filename or "", await value.read())
        if method == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "B", "username": "b"})
        call = Call(method, data, files)
        self.calls.append(call)
        self.arrived.set()
        await self.gate.wait()
        for key in ((method, call.chat_id), (method, None)):
            if answers := self._scripts.get(key):
                return answers.popleft()
        return _ok(self._message(call))

    def _message(self, call: Call) -> Any:
        if not call.method.startswith(("send", "edit")) or "Action" in call.method:
            return True
        if call.method == "sendMediaGroup":
            return [self._part(call, item) for item in json.loads(call.data["media"])]
        return self._single(call)

    def _part(self, call: Call, item: dict[str, Any]) -> Any:
        """One message of an album."""
        method = {"photo": "sendPhoto", "document": "sendDocument"}[item["type"]]
        return self._single(Call(method, call.data, {}))

    def _single(self, call: Call) -> Any:
        self._message_id += 1
        file = {"file_id": f"file-{self._message_id}", "file_unique_id": "u"}
        sized = {**file, "width": 4, "height": 3}
        kinds: dict[str, dict[str, Any]] = {
            "sendPhoto": {"photo": [{**sized, "file_id": "small"}, sized]},
            "sendDocument": {"document": file},
            "sendAnimation": {"animation": {**sized, "duration": 1}},
        }
        chat_type = "private" if call.chat_id > 0 else "supergroup"
        return {
            "message_id": self._message_id,
            "date": 1_700_000_000,
            "chat": {"id": call.chat_id, "type": chat_type},
            **kinds.get(call.method, {"text": call.words}),
        }


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def served(app: Any):
    """Serves an ASGI application on loopback; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, lifespan="off", timeout_graceful_shutdown=0
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait([task], timeout=5)
        listener.close()


@pytest.fixture(autouse=True)
def _no_warning_per_flood(monkeypatch):
    """The library warns of a coming change in every `RetryAfter` that it makes."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def answers():
    """Constructors of scripted answers."""

    class Answers:
        refusal = staticmethod(refusal)
        flood = staticmethod(flood)
        cut_off = staticmethod(CutOff)
        forbidden = staticmethod(
            lambda: refusal(403, "Forbidden: bot was blocked by the user")
        )
        bad = staticmethod(lambda words: refusal(400, f"Bad Request: {words}"))
        nonsense = staticmethod(lambda: _ok({"message_id": 1}))
        html_502 = staticmethod(lambda: Response("<html>502</html>", 502))

    return Answers


@pytest.fixture
async def telegram_url():
    """Set by `telegram`."""
    return []


@pytest.fixture
async def telegram(telegram_url):
    double = Telegram()
    async with served(double.app()) as url:
        telegram_url.append(url)
        yield double
        double.gate.set()


@pytest.fixture
def pace():
    """As generous as it gets: tests of the pace itself bring their own."""
    return Pace(overall_per_s=10_000, chat_interval_s=0.0001, group_sends=10_000)


@pytest.fixture
async def bot(telegram, telegram_url, pace):
    async with ExtBot(
        TOKEN, base_url=f"{telegram_url[0]}/bot", rate_limiter=Limiter(pace)
    ) as running:
        yield running


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as database:
        yield database
