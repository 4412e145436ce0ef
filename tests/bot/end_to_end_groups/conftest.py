"""Groups through the front door: privacy mode on, one bot, a fresh group per test.

The bot sees what Telegram shows it: the playground keeps everything else to itself.
"""

import asyncio
import contextlib
import functools
import io
import itertools
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image
from pillow_heif import from_pillow

from bot import building
from bot.app import running
from bot.chat import application
from bot.chat.texts import texts_for
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.status import StatusBoard
from bot.executors.inline import InlineExecutor
from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.visitor import new_person, words
from bot.playground.world import Chat
from bot.settings import ExecutorKind, Settings

from ..conftest import from_bot as from_bot
from ..conftest import is_card as is_card
from ..conftest import is_result as is_result

TEXTS = texts_for("en")
BOT = Config().bot_username
STYLE = f"/style@{BOT}"
NUMBERS = itertools.count(1)
QUICK = {"chat_interval_s": 0.01, "overall_per_s": 500.0}


@dataclass(slots=True, kw_only=True)
class Town:
    """A playground with a bot, where groups are founded."""

    playground: Playground
    http: httpx.AsyncClient
    desk: object = None

    def found(self, *people, kind="supergroup", bot_status="member"):
        """A group of these people; the first is its owner. They, in that group."""
        number = next(NUMBERS)
        group = Chat(
            id=-5_000 - number if kind == "group" else -1_002_000_000_000 - number,
            type=kind,
            title=f"Group {number}",
            members=[person.user_id for person in people],
            owner=people[0].user_id,
            bot_status=bot_status,
        )
        self.playground.backend.world.chats[group.id] = group
        return [person.within(group.id) for person in people]

    async def calls(self, chat_id):
        """What the bot asked Telegram to do in a chat."""
        calls = (await self.http.get("/api/calls")).json()["calls"]
        return [call for call in calls if call["chat_id"] == chat_id]


def settings_for(playground, folder):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=folder / "data",
        executor=ExecutorKind.INLINE,
        edge_px=96,
        weights="untrained",
        poll_timeout_s=2,
        preview_interval_s=0.2,
        max_waiting_per_user=5,
    )


@contextlib.asynccontextmanager
async def a_town(folder, *, seconds=0.2, **pace):
    """A playground and a bot in this very loop; a picture takes `seconds`."""
    limiter = functools.partial(Limiter, Pace(**{**QUICK, **pace}))
    board = functools.partial(
        StatusBoard, interval_s=0.1, group_interval_s=0.4, group_picture_interval_s=1.2
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "Limiter", limiter)
        patch.setattr(building, "StatusBoard", board)
        patch.setattr(
            building,
            "InlineExecutor",
            functools.partial(InlineExecutor, seconds=seconds),
        )
        async with (
            Playground() as playground,
            httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
            running(settings_for(playground, folder)) as service,
        ):
            watch = asyncio.create_task(service.until(asyncio.Event()))
            yield Town(playground=playground, http=http, desk=service.parts.desk)
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory):
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(town):
    found = [await new_person(town.http, name) for name in ("Ada", "Ben", "Cleo")]
    for person in found:
        await start(person)
    return found


async def start(person):
    """Allows the bot to write to somebody in private."""
    said = await person.start()
    return await person.until(from_bot, after=said["message_id"])


@pytest.fixture
def group(town, people):
    """Ada, Ben and Cleo in a group of their own."""
    return town.found(*people)


def a_picture(*, heic=False):
    """A picture unlike every other."""
    number = next(NUMBERS)
    image = Image.new("RGB", (160, 120), (number * 37 % 256, number * 91 % 256, 120))
    image.paste((250, 200, 30), (8, 8, 60, 50))
    file = io.BytesIO()
    if heic:
        from_pillow(image).save(file, quality=90)
    else:
        image.save(file, "JPEG")
    return file.getvalue()


async def photo(visitor, **fields):
    return (await visitor.send(a_picture(), **fields))[0]


async def answer_to(visitor, message, timeout_s=15):
    """The bot's reply to a message."""
    number = message["message_id"]
    return await visitor.until(
        lambda m: from_bot(m) and m["reply_to"] == number, timeout_s=timeout_s
    )


async def card_for(visitor, message):
    card = await answer_to(visitor, message)
    assert is_card(card), words(card)
    return card


async def result_for(visitor, message):
    number = message["message_id"]
    return await visitor.until(
        lambda m: is_result(m) and m["reply_to"] == number, timeout_s=20
    )


async def said_by_bot(visitor):
    return [m for m in await visitor.messages() if from_bot(m)]


async def silence(town, visitor, *, but=0):
    """Everything that was written has been read, and the bot has said nothing more.

    What is written to the bot in private after it has been answered by then.
    """
    cleo = await new_person(town.http, "Listener")
    mark = await cleo.say("/help")
    await cleo.until(from_bot, after=mark["message_id"])
    told = await said_by_bot(visitor)
    assert len(told) == but, [words(m) for m in told]


async def a_pair(asker, other):
    """`asker` replies to `other`'s photo with a painting of theirs; the card."""
    theirs = await photo(other)
    request = await photo(asker, text=STYLE, reply_to=str(theirs["message_id"]))
    return request, await card_for(asker, request)


async def said_nothing_new_in_private(*people):
    """Nothing but the welcome."""
    for person in people:
        told = await said_by_bot(person.within(person.user_id))
        assert [m for m in told if m["reply_to"] or is_result(m)] == []
        assert [m for m in told if "group" in words(m)] == []


async def newcomer(town, name):
    """Somebody to whom the bot has said nothing but its welcome."""
    person = await new_person(town.http, name)
    await start(person)
    return person


async def eventually(condition, timeout_s=15):
    async with asyncio.timeout(timeout_s):
        while not await condition():  # noqa: ASYNC110 - a row is no event
            await asyncio.sleep(0.05)
