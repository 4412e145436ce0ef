"""Mishaps on order, as the bot's library experiences them."""

from datetime import timedelta

import httpx
import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut


async def test_flood_is_429_with_the_seconds_to_wait(bot, page, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    await page.fault("429", method="sendMessage", count=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(1001, "x")
        assert caught.value.retry_after == timedelta(seconds=7)
    assert await bot.send_chat_action(1001, "typing")
    assert (await bot.send_message(1001, "x")).message_id == 1


async def test_fault_meets_only_its_chat(bot, page):
    await page.fault("500", chat_id=1001)
    assert await bot.send_message(1002, "x")
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(1001, "x")
    assert await bot.send_message(1001, "x")


@pytest.mark.parametrize(
    ("kind", "error", "applied"),
    [
        ("500", NetworkError, 0),
        ("502", NetworkError, 0),
        ("invalid_json", TelegramError, 0),
        ("close_before", NetworkError, 0),
        ("close_after", NetworkError, 1),
    ],
)
async def test_broken_answer_says_nothing_about_the_effect(
    bot, page, kind, error, applied
):
    await page.fault(kind, method="sendmessage")
    with pytest.raises(error) as caught:
        await bot.send_message(1001, "x")
    assert not isinstance(caught.value, BadRequest)
    assert len(await page.views()) == applied
    await bot.send_message(1001, "x")
    assert len(await page.views()) == applied + 1


async def test_hanging_call_times_out_and_is_not_carried_out(bot, page):
    await page.fault("hang", seconds=30)
    with pytest.raises(TimedOut):
        await bot.send_message(1001, "x", read_timeout=0.2)
    assert await page.views() == []


async def test_polls_are_spared_unless_they_are_named(bot, page):
    await page.fault("500")
    assert await bot.get_updates() == ()
    await page.fault("500", method="getUpdates")
    with pytest.raises(NetworkError):
        await bot.get_updates()


async def test_download_can_break_off_or_crawl(bot, page, picture):
    sent = await bot.send_photo(1001, picture())
    file = await sent.photo[-1].get_file()
    whole = await file.download_as_bytearray()
    await page.fault("truncated", method="download")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    await page.fault("slow", method="download", seconds=0.1)
    assert await file.download_as_bytearray() == whole
    await page.fault("slow", method="download", seconds=30)
    with pytest.raises(TimedOut):
        await file.download_as_bytearray(read_timeout=0.2)
    await page.fault("500", method="download")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()


async def test_orders_can_be_taken_back(bot, http, page):
    await page.fault("500", count=100)
    await http.delete("/api/faults")
    assert await bot.send_message(1001, "x")


@pytest.mark.parametrize(
    "order", [{}, {"kind": "earthquake"}, {"kind": "500", "count": "many"}, [1]]
)
async def test_order_that_makes_no_sense_is_refused(http, order):
    response: httpx.Response = await http.post("/api/faults", json=order)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
