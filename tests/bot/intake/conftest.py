"""A server that hands out updates as Telegram does, and an application to feed."""

import asyncio
import contextlib
import json
import socket
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ExtBot, TypeHandler

from bot.intake.ledger import Ledger
from bot.storage.database import Database

TOKEN = "123456:" + "A" * 35


def message(update_id: int, text: str = "hi", user: int = 7, chat: int | None = None):
    """A raw update with a text message."""
    chat_id = user if chat is None else chat
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1_700_000_000,
            "chat": {"id": chat_id, "type": "private" if chat_id > 0 else "group"},
            "from": {"id": user, "is_bot": False, "first_name": "A"},
            "text": text,
        },
    }


def refusal(status: int, description: str, **parameters: int) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": status,
        "description": description,
    }
    if parameters:
        body["parameters"] = parameters
    return JSONResponse(body, status)


class Telegram:
    """Keeps updates until they are acknowledged by a higher offset."""

    def __init__(self) -> None:
        self.pending: list[dict[str, Any]] = []
        self.acknowledged: list[int] = []
        self.polls: list[dict[str, Any]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.mishaps: deque[Response] = deque()
        self.changed = asyncio.Event()

    def push(self, *updates: dict[str, Any]) -> None:
        self.pending.extend(updates)
        self.changed.set()

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/bot{token}/{method}", self._serve, methods=["POST"])]
        )

    async def until(self, condition: Any, timeout_s: float = 10) -> None:
        """Waits for something that is true of this server."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    async def _serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        async with request.form() as form:
            data = {name: str(value) for name, value in form.items()}
        if method == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "B", "username": "b"})
        if method != "getUpdates":
            self.calls.append((method, data))
            self.changed.set()
            return self.mishaps.popleft() if self.mishaps else _ok(True)
        self.polls.append(data)
        self.changed.set()
        if self.mishaps:
            return self.mishaps.popleft()
        return _ok(await self._updates(data))

    async def _updates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(data.get("offset", 0))
        gone = [u for u in self.pending if u["update_id"] < offset]
        self.acknowledged += [u["update_id"] for u in gone]
        self.pending = [u for u in self.pending if u not in gone]
        self.changed.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(data.get("timeout", 0))):
                while not self.pending:
                    self.changed.clear()
                    await self.changed.wait()
        return self.pending[:100]


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


class Handled:
    """What reached the handlers, in order; `gate` holds them back."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.running = 0
        self.most_running = 0
        self.changed = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, update: Update, _: Any) -> None:
        self.updates.append(update)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.changed.set()
        try:
            await self.gate.wait()
            if self.texts[-1] == "fail":
                raise RuntimeError("a handler with a bug")
        finally:
            self.running -= 1

    @property
    def ids(self) -> list[int]:
        return [update.update_id for update in self.updates]

    @property
    def texts(self) -> list[str | None]:
        return [u.message.text if u.message else None for u in self.updates]

    async def until(self, count: int, timeout_s: float = 10) -> None:
        async with asyncio.timeout(timeout_s):
            while len(self.updates) < count:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture(autouse=True)
def _no_warning_per_flood(monkeypatch):
    """The library warns of a coming change in every `RetryAfter` that it makes."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def make_message():
    return message


@pytest.fixture
def refuse():
    return refusal


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


@pytest.fixture
async def bot(telegram, telegram_url):
    async with ExtBot(TOKEN, base_url=f"{telegram_url[0]}/bot") as running:
        yield running


@pytest.fixture
async def handled():
    return Handled()


@pytest.fixture
async def application(bot, handled):
    """A real application; its handlers only note what reaches them."""
    app: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder().bot(bot).updater(None).build()
    )

    async def ignore(*_: Any) -> None:
        """Handlers' errors are looked at by their updates here."""

    app.add_handler(TypeHandler(Update, handled))
    app.add_error_handler(ignore)
    async with app:
        yield app


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as database:
        yield database


@pytest.fixture
async def ledger(db):
    return Ledger(db)


@pytest.fixture
def states(db):
    """Reads the state of every update, by id."""

    async def read() -> dict[int, str]:
        rows = await db.fetch_all("SELECT update_id, state FROM updates")
        return {row["update_id"]: row["state"] for row in rows}

    return read


@pytest.fixture
def until_states(states):
    """Waits until the updates have the states."""

    async def wait(expected: dict[int, str], timeout_s: float = 10) -> None:
        last: Any = None
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    last = await states()
                    if last == expected:
                        return
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(json.dumps(last)) from None

    return wait
