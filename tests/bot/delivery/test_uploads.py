"""What a chat sees while something large is on its way to it."""

import asyncio
import contextlib

import pytest

from bot.delivery import uploads
from bot.delivery.limiter import Terms
from bot.delivery.owed import Kind, Owed, Part
from bot.delivery.sender import send

LARGE, SMALL = 600_000, 400_000


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "large").write_bytes(bytes(LARGE))
    (tmp_path / "small").write_bytes(bytes(SMALL))
    return tmp_path


def owed(kind, file="large", **changes):
    return Owed(key="k", chat_id=7, kind=kind, text="words", file=file, **changes)


@contextlib.asynccontextmanager
async def sending(bot, telegram, what, folder):
    """Telegram answers nothing within the block."""
    telegram.gate.clear()
    task = asyncio.create_task(send(bot, what, folder, Terms(retries=0)))
    yield
    telegram.gate.set()
    await task


def methods(telegram):
    return sorted(call.method for call in telegram.calls)


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (Kind.PHOTO, "upload_photo"),
        (Kind.DOCUMENT, "upload_document"),
        (Kind.ANIMATION, "upload_video"),
    ],
)
async def test_a_large_file_is_announced_in_its_topic(
    bot, telegram, folder, kind, action
):
    async with sending(bot, telegram, owed(kind, thread_id=5), folder):
        await telegram.until(2)

    shown = next(c for c in telegram.calls if c.method == "sendChatAction")
    assert shown.data == {
        "chat_id": "7",
        "action": action,
        "message_thread_id": "5",
    }


async def test_two_small_pictures_make_a_large_album(bot, telegram, folder):
    parts = (Part(file="small"), Part(file="small"))
    album = Owed(key="k", chat_id=7, kind=Kind.ALBUM, parts=parts)
    async with sending(bot, telegram, album, folder):
        await telegram.until(2)

    assert methods(telegram) == ["sendChatAction", "sendMediaGroup"]


@pytest.mark.parametrize(
    "what",
    [
        owed(Kind.PHOTO, "small"),
        owed(Kind.PHOTO, file_id="known"),
        Owed(key="k", chat_id=7, kind=Kind.TEXT, text="words"),
    ],
)
async def test_what_is_there_at_once_is_not_announced(bot, telegram, folder, what):
    await send(bot, what, folder, Terms(retries=0))

    assert "sendChatAction" not in methods(telegram)


async def test_it_is_shown_until_the_file_is_through_and_no_longer(
    bot, telegram, folder, monkeypatch
):
    monkeypatch.setattr(uploads, "_REPEAT_S", 0.05)
    what = owed(Kind.DOCUMENT)
    telegram.gate.clear()
    task = asyncio.create_task(send(bot, what, folder, Terms(retries=0)))
    await telegram.until(2)
    telegram.gate.set()
    await task
    shown = methods(telegram).count("sendChatAction")
    await asyncio.sleep(0.2)

    assert methods(telegram).count("sendChatAction") == shown
    assert not [t for t in asyncio.all_tasks() if t.get_name().startswith("upload ")]


async def test_a_refused_action_does_not_cost_the_file(bot, telegram, folder, answers):
    telegram.script("sendChatAction", answers.bad("chat not found"))

    sent = await send(bot, owed(Kind.DOCUMENT), folder, Terms(retries=0))

    assert len(sent) == 1
