"""The way of an update to the bot: polling, confirming, expiring, conflicts."""

import asyncio

import pytest
from telegram.error import Conflict

from bot.playground.config import Config
from bot.playground.updates import UpdateQueue
from bot.playground.world import FIRST_UPDATE_ID, new_world


async def test_message_arrives_as_soon_as_it_is_sent(bot, page):
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await page.send(text="/start")
    async with asyncio.timeout(2):
        (update,) = await poll
    assert update.update_id == FIRST_UPDATE_ID
    assert update.message.text == "/start"
    assert update.message.from_user.full_name == "Ada"
    assert update.message.chat.id == 1001
    assert update.message.entities[0].type == "bot_command"


async def test_update_comes_again_until_its_successor_is_asked_for(bot, page):
    await page.send(text="one")
    await page.send(text="two")
    first = [u.update_id for u in await bot.get_updates()]
    assert first == [FIRST_UPDATE_ID, FIRST_UPDATE_ID + 1]
    assert [u.update_id for u in await bot.get_updates(offset=0)] == first
    rest = await bot.get_updates(offset=first[0] + 1)
    assert [u.message.text for u in rest] == ["two"]
    assert await bot.get_updates(offset=first[1] + 1) == ()
    assert await bot.get_updates() == ()


async def test_limit_cuts_the_batch(bot, page):
    for text in "abc":
        await page.send(text=text)
    assert [u.message.text for u in await bot.get_updates(limit=2)] == ["a", "b"]


async def test_negative_offset_keeps_only_the_last_ones(bot, page):
    for text in "abc":
        await page.send(text=text)
    assert [u.message.text for u in await bot.get_updates(offset=-1)] == ["c"]
    assert [u.message.text for u in await bot.get_updates()] == ["c"]


async def test_second_poller_ends_the_first_with_a_conflict(
    bot, page, call, playground, until
):
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: playground.backend.updates.is_polled)
    second = asyncio.create_task(call("getUpdates", timeout=20))
    with pytest.raises(
        Conflict,
        match="terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    ):
        async with asyncio.timeout(5):
            await first
    await page.send(text="for the second")
    async with asyncio.timeout(5):
        status, (update,) = await second
    assert (status, update["message"]["text"]) == (200, "for the second")


async def test_kinds_that_are_not_allowed_are_not_queued(bot, page):
    assert await bot.get_updates(allowed_updates=["callback_query"]) == ()
    await page.send(text="unheard")
    assert await bot.get_updates() == ()
    assert await bot.get_updates(allowed_updates=[]) == ()
    await page.send(text="heard")
    assert [u.message.text for u in await bot.get_updates()] == ["heard"]


@pytest.mark.parametrize(
    ("kind", "lifetime_s"),
    [("message", 24 * 3600), ("callback_query", 150), ("inline_query", 30)],
)
def test_update_expires_after_its_lifetime(clock, kind, lifetime_s):
    queue = UpdateQueue(new_world(Config()), clock)
    queue.add(kind, {})
    clock.now += lifetime_s - 1
    assert len(queue.pending()) == 1
    clock.now += 2
    assert queue.pending() == []


async def test_reply_carries_the_original_but_not_what_that_replied_to(bot, page):
    (first,) = await page.send(text="first")
    (second,) = await page.send(text="second", reply_to=first["message_id"])
    await page.send(text="third", reply_to=second["message_id"])
    third = (await bot.get_updates())[-1].message
    assert third.reply_to_message.text == "second"
    assert third.reply_to_message.reply_to_message is None


async def test_deleted_original_is_missing_from_the_reply(bot, page):
    (first,) = await page.send(text="first")
    reply = await bot.send_message(1001, "re", reply_to_message_id=first["message_id"])
    assert reply.reply_to_message.text == "first"
    await page.http.post("/api/chats/1001/messages/1/delete", json={"user": 1001})
    assert (await page.views())[0]["text"] == "re"


async def test_blocked_bot_hears_nothing_and_is_told_once(bot, page):
    for _ in range(2):
        await page.http.post(
            "/api/chats/1001/bot", json={"user": 1001, "status": "kicked"}
        )
    await page.send(text="into the void")
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_update_of_an_unknown_kind_can_be_queued(http, bot):
    order = {"kind": "rainbow", "payload": {"colours": 7}}
    answer = await http.post("/api/updates", json=order)
    assert answer.json() == {"update_id": FIRST_UPDATE_ID}
    (update,) = await bot.get_updates()
    assert update.api_kwargs == {"rainbow": {"colours": 7}}
    assert (await http.post("/api/updates", json={"kind": 7})).status_code == 400
