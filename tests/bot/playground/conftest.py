"""A playground per test, a real bot and the chat page's HTTP, and pictures to send."""

from __future__ import annotations

import asyncio
import contextlib
import io
import ssl
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import Bot
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.world import ADA_ID

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Everything here is plain HTTP: reading the system's certificates only takes time."""


@dataclass(slots=True)
class Clock:
    """Unix seconds that only pass when told to."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Page:
    """What a person does with the chat page, over HTTP."""

    def __init__(self, http: httpx.AsyncClient, user: int = ADA_ID) -> None:
        self.http = http
        self.user = user

    async def post(self, *files, chat=None, **fields) -> httpx.Response:
        """Sends a form; `files` are (name, bytes)."""
        return await self.http.post(
            f"/api/chats/{chat or self.user}/messages",
            data={"user": self.user, **fields},
            files=[("photo", file) for file in files],
        )

    async def send(self, *files, chat=None, **fields) -> list[Any]:
        """The same; the views of the new messages."""
        response = await self.post(*files, chat=chat, **fields)
        assert response.status_code == 200, response.text
        return list(response.json()["messages"])

    async def views(self, chat=None) -> list[Any]:
        """The whole chat, oldest first."""
        url = f"/api/chats/{chat or self.user}/messages"
        response = await self.http.get(url, params={"user": self.user})
        return list(response.json()["messages"])

    async def press(self, message_id: int, data: str, chat=None) -> httpx.Response:
        """Taps a button."""
        return await self.http.post(
            f"/api/chats/{chat or self.user}/messages/{message_id}/press",
            json={"user": self.user, "data": data},
        )

    async def fault(self, kind: str, **order) -> None:
        """Orders a mishap."""
        response = await self.http.post("/api/faults", json={"kind": kind, **order})
        assert response.status_code == 200, response.text


@pytest.fixture
def until():
    """Waits until something is true, at most five seconds."""

    async def until(condition) -> None:
        async with asyncio.timeout(5):
            while not condition():  # noqa: ASYNC110 - what is watched has no event
                await asyncio.sleep(0.01)

    return until


@pytest.fixture
def stays_awake():
    """Knocks until the work is done: no answer may take half as long as the work."""

    async def stays_awake(http, work) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        slowest = 0.0
        while not work.done():
            started = loop.time()
            await http.get("/api/calls")
            slowest = max(slowest, loop.time() - started)
        assert slowest < 0.5 * (loop.time() - begun)

    return stays_awake


@pytest.fixture
def heard(bot):
    """What the bot has not heard yet, confirmed; with `timeout=` it waits for it."""

    async def heard(timeout=0):  # noqa: ASYNC109 - named as the library names it
        updates = await bot.get_updates(timeout=timeout)
        if updates:
            await bot.get_updates(offset=updates[-1].update_id + 1)
        return updates

    return heard


@pytest.fixture
def refuses():
    """Expects the client API to refuse, with a status and words of its sentence."""

    @contextlib.contextmanager
    def refuses(status: int, words: str):
        with pytest.raises(httpx.HTTPStatusError) as caught:
            yield
        assert caught.value.response.status_code == status
        assert words in caught.value.response.json()["error"]

    return refuses


@pytest.fixture
def rejects():
    """Expects a call to be rejected with exactly these words of Telegram."""

    @contextlib.contextmanager
    def rejects(words: str):
        with pytest.raises(BadRequest) as caught:
            yield
        assert str(caught.value) == words.capitalize()  # which the library does

    return rejects


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def playground(clock):
    config = Config(clock=clock, webhook_retry_s=0.02, press_timeout_s=2.0)
    async with Playground(config) as running:
        yield running


@pytest.fixture
async def http(playground):
    async with httpx.AsyncClient(
        base_url=playground.url, timeout=60, verify=NO_AUTHORITIES
    ) as client:
        yield client


@pytest.fixture
def page(http):
    return Page(http)


@pytest.fixture
async def bot(playground):
    async with Bot(
        playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        request=_request(),
        get_updates_request=_request(),
    ) as bot:
        yield bot


def _request() -> HTTPXRequest:
    slow_machine_s = 60
    return HTTPXRequest(
        read_timeout=slow_machine_s,
        write_timeout=slow_machine_s,
        httpx_kwargs={"verify": NO_AUTHORITIES},
    )


@pytest.fixture
def call(playground, http):
    """Calls a method with JSON; the status and the description or result."""

    async def call(method: str, **parameters) -> tuple[int, object]:
        url = f"/bot{playground.bot_token}/{method}"
        response = await http.post(url, json=parameters)
        body = response.json()
        assert body["ok"] == (response.status_code == 200)
        if body["ok"]:
            return 200, body["result"]
        assert body["error_code"] == response.status_code
        return response.status_code, body["description"]

    return call


@pytest.fixture
def picture():
    """Makes an encoded picture full of detail."""

    def picture(width=400, height=300, fmt="JPEG", mode="RGB", **options) -> bytes:
        gradient = Image.linear_gradient("L").resize((width, height))
        image = Image.merge("RGB", (gradient, gradient.rotate(180), gradient))
        buffer = io.BytesIO()
        image.convert(mode).save(buffer, fmt, **options)
        return buffer.getvalue()

    return picture


@pytest.fixture
def gif():
    """Makes a GIF of four odd-sized frames."""

    def gif() -> bytes:
        frames = [Image.new("RGB", (81, 61), (60 * step, 40, 90)) for step in range(4)]
        buffer = io.BytesIO()
        frames[0].save(
            buffer, "GIF", save_all=True, append_images=frames[1:], duration=250
        )
        return buffer.getvalue()

    return gif
