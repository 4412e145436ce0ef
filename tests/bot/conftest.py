"""A playground, and the bot as a process of its own that can be killed."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.executors import darkroom
from bot.executors.darkroom import Darkroom
from bot.playground.server import Playground
from bot.playground.visitor import Visitor, button, knock
from bot.settings import child_environment

ADA, BEN = 1001, 1002


def from_bot(message):
    return message["from"]["is_bot"]


def is_card(message):
    return from_bot(message) and button(message, "Swap") is not None


def is_result(message):
    return from_bot(message) and button(message, "Full quality") is not None


async def reply_to(visitor, message):
    """The bot's first message after this one."""
    return await visitor.until(from_bot, after=message["message_id"])


async def becomes(visitor, message, wanted, timeout_s=30):
    """Waits until this very message is as wanted."""
    number = message["message_id"]
    return await visitor.until(
        lambda m: m["message_id"] == number and wanted(m), timeout_s=timeout_s
    )


async def now(visitor, message):
    """The message as it is now."""
    every = await visitor.messages()
    return next(m for m in every if m["message_id"] == message["message_id"])


class NearDarkroom(Darkroom):
    """Does its work in a thread, to spare each test a process."""

    async def start(self):
        """There is nothing to start."""

    async def _ask(self, request):
        return await asyncio.to_thread(darkroom._answer, request)


class BotProcess:
    """`stylebot run` in a process of its own, against a playground."""

    def __init__(self, playground: Playground, data_dir: Path, **settings: str) -> None:
        self._settings = {
            "token": playground.bot_token,
            "base_url": playground.api_base,
            "base_file_url": playground.file_base,
            "data_dir": str(data_dir),
            "log_level": "warning",
            "poll_timeout_s": "2",
            **settings,
        }
        self._cwd = data_dir.parent
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            env=child_environment(**self._settings),
            cwd=self._cwd,
        )

    async def kill(self) -> None:
        """Ends it without a chance to tidy up."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Asks it to end, as an operator does; returns its exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        return await asyncio.wait_for(self._process.wait(), 15)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def children(self) -> list[int]:
        """The processes that it has started: the painter, the darkroom."""
        found: list[int] = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
        return found


@contextlib.asynccontextmanager
async def a_bot(folder: Path, **settings: str):
    """A playground, a way to it, and a bot that is up; for modules that share one.

    In the end the bot must stop in peace: it has borne all that came.
    """
    async with (
        Playground() as playground,
        httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
    ):
        bot = BotProcess(playground, folder / "data", **settings)
        await bot.start()
        try:
            await knock(http, 30)
            yield playground, http, bot
            assert await bot.stop() == 0
        finally:
            if bot.running:
                await bot.kill()


async def gone(pids: list[int], timeout_s: float = 5) -> bool:
    """Whether processes end within a time."""
    deadline = time.monotonic() + timeout_s
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


def is_alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
async def playground():
    async with Playground() as running:
        yield running


@pytest.fixture
async def http(playground):
    async with httpx.AsyncClient(base_url=playground.url, timeout=30) as client:
        yield client


@pytest.fixture
def ada(http):
    return Visitor(http, ADA, ADA)


@pytest.fixture
def ben(http):
    return Visitor(http, BEN, BEN)


@pytest.fixture(scope="session")
def new_bot_process():
    """The class, for modules that keep one bot for all their tests."""
    return BotProcess


@pytest.fixture
async def bot_process(playground, tmp_path):
    """Starts bots; whatever still runs at the end of the test is killed."""
    started = []

    async def start(**settings: str) -> BotProcess:
        bot = BotProcess(playground, tmp_path / "data", **settings)
        await bot.start()
        started.append(bot)
        return bot

    yield start
    for bot in started:
        if bot.running:
            os.kill(bot.pid, signal.SIGKILL)
            await bot.kill()


@pytest.fixture
def processes_end():
    """Awaits the end of processes by their ids; says whether it came in time."""
    return gone


@pytest.fixture
async def samples(http):
    """The playground's sample photo and sample painting."""
    content = (await http.get("/samples/content.jpg")).content
    style = (await http.get("/samples/style.jpg")).content
    return content, style
