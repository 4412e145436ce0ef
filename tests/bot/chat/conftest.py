"""The whole bot in the test's own loop, against a playground, with quick pictures."""

import asyncio
import contextlib
import functools
import io
from pathlib import Path

import pytest
from PIL import Image

from bot import building
from bot.app import running
from bot.chat import application, drafts
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.status import StatusBoard
from bot.executors.inline import InlineExecutor
from bot.settings import ExecutorKind, Settings

from ..conftest import NearDarkroom as NearDarkroom
from ..conftest import becomes as becomes
from ..conftest import from_bot as from_bot
from ..conftest import is_card as is_card
from ..conftest import is_result as is_result
from ..conftest import now as now
from ..conftest import reply_to as reply_to


def jpeg(colour, size=(320, 240), file_format="JPEG"):
    """A picture of one colour with a darker corner, so that it has content."""
    image = Image.new("RGB", size, colour)
    image.paste((20, 20, 20), (0, 0, size[0] // 3, size[1] // 3))
    out = io.BytesIO()
    image.save(out, file_format)
    return out.getvalue()


PHOTO = jpeg("teal")
PAINTING = jpeg("orange", (240, 240))
OTHER_PAINTING = jpeg("purple", (240, 320))


async def a_card(visitor, *, after=0):
    return await visitor.until(is_card, after=after)


async def offer(visitor, photo=PHOTO, painting=PAINTING):
    """Sends a pair as an album; returns the card."""
    album = await visitor.send(photo, painting)
    return await a_card(visitor, after=album[-1]["message_id"])


async def painted(visitor, card):
    """The result that comes after the card."""
    return await visitor.until(is_result, after=card["message_id"])


@pytest.fixture
def settings(playground, tmp_path):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=Path(tmp_path) / "data",
        executor=ExecutorKind.INLINE,
        edge_px=128,
        weights="untrained",
        poll_timeout_s=2,
        preview_interval_s=0.2,
    )


@pytest.fixture
def quick(monkeypatch):
    """Shorter pauses than people need; `test_app.py` has the real ones."""
    monkeypatch.setattr(drafts, "ALBUM_PAUSE_S", 0.3)
    monkeypatch.setattr(building, "Darkroom", NearDarkroom)
    pace = Pace(chat_interval_s=0.05, overall_per_s=300)
    monkeypatch.setattr(application, "Limiter", functools.partial(Limiter, pace))
    board = functools.partial(StatusBoard, interval_s=0.3)
    monkeypatch.setattr(building, "StatusBoard", board)


@pytest.fixture
async def start(settings, monkeypatch, quick):
    """Starts the bot, painting each picture in `seconds`; stops it after the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def start_one(*, seconds=0.2, **changes):
            painter = functools.partial(InlineExecutor, seconds=seconds)
            monkeypatch.setattr(building, "InlineExecutor", painter)
            chosen = settings.model_copy(update=changes)
            service = await stack.enter_async_context(running(chosen))
            await stack.enter_async_context(watched(service))
            return service

        yield start_one


@contextlib.asynccontextmanager
async def watched(service):
    """Raises at the end what made a part of the service fail meanwhile."""
    watch = asyncio.create_task(service.until(asyncio.Event()))
    yield
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch
