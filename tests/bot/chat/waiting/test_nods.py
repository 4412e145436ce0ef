"""Reactions as the first acknowledgement, against Telegram's double."""

import asyncio
import contextlib
import datetime

import pytest
from telegram import Chat, Message
from telegram.error import BadRequest, NetworkError

from bot.chat.waiting.nods import Nods


class Phone:
    """Takes reactions; fails where it was told to."""

    def __init__(self):
        self.shown = []
        self.arrived = asyncio.Event()
        self.failures = []

    async def set_message_reaction(self, chat_id, message_id, reaction, **_):
        self.shown.append((chat_id, message_id, reaction))
        self.arrived.set()
        if self.failures:
            raise self.failures.pop()

    async def until(self, count):
        async with asyncio.timeout(5):
            while len(self.shown) < count:
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
async def nods(phone):
    nods = Nods(phone)
    task = asyncio.create_task(nods.run())
    yield nods
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def message(number, album=None, chat_id=1):
    return Message(
        message_id=number,
        date=datetime.datetime.now(datetime.UTC),
        chat=Chat(chat_id, "private"),
        media_group_id=album,
    )


async def test_a_picture_is_seen(nods, phone):
    nods.see(message(5, chat_id=-7))
    await phone.until(1)

    assert phone.shown == [(-7, 5, "👀")]


async def test_an_album_is_seen_once_at_its_first_message(nods, phone):
    for number, album in ((5, "a"), (6, "a"), (7, "b"), (8, None)):
        nods.see(message(number, album))
    await phone.until(3)

    assert [number for _, number, _ in phone.shown] == [5, 7, 8]


async def test_a_picture_that_cannot_be_used_is_seen_no_more(nods, phone):
    nods.see(message(5))
    nods.turn_away(message(5))
    nods.turn_away(message(6, "a"))
    await phone.until(2)

    assert phone.shown == [(1, 5, "👀"), (1, 5, None)]


@pytest.mark.parametrize(
    "error", [BadRequest("REACTION_INVALID"), NetworkError("gone")]
)
async def test_a_chat_without_reactions_goes_without(nods, phone, error):
    phone.failures.append(error)

    nods.see(message(5))
    nods.see(message(6))
    await phone.until(2)

    assert len(phone.shown) == 2


async def test_when_there_are_too_many_the_oldest_are_dropped(phone):
    nods = Nods(phone)
    for number in range(100):
        nods.see(message(number))
    task = asyncio.create_task(nods.run())
    await phone.until(64)
    task.cancel()

    assert [number for _, number, _ in phone.shown] == list(range(36, 100))
