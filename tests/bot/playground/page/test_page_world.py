"""The page and its world: people, the stream of news, restarts, the notice."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from bot.playground.server import Playground

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001


async def test_two_people_and_the_bot_meet_in_the_group(open_chat, playground, bot):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=BEN)

    await ada.say("Hello Ben")
    row = ben.page.locator(f".chat-row[data-chat-id='{GROUP}']")
    await expect(row.locator(".count")).to_have_text("1")
    await row.click()
    await expect(ben.bubble("Hello Ben")).to_contain_text("Ada")
    await ben.say("/hi@playground_stylebot")

    said = ada.bubbles.filter(has_text="/hi").first
    await expect(said.locator(".name")).to_have_text("Ben")
    await expect(ada.bubble("heard hi").locator(".name")).to_have_text("Stylebot")
    await expect(row.locator(".count")).to_be_hidden()


async def test_one_page_can_be_either_person(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("from Ada")

    await chat.page.get_by_role("button", name="Ben").click()
    await expect(chat.page.locator(".welcome")).to_be_visible()
    await chat.say("from Ben")
    await expect(chat.bubble("heard from Ben")).to_be_visible()
    await chat.page.reload()

    await expect(chat.bubble("heard from Ben")).to_be_visible()
    await expect(chat.bubbles.filter(has_text="from Ada")).to_have_count(0)


async def test_closed_stream_is_resumed_without_loss(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("one")
    await expect(chat.bubble("heard one")).to_be_visible()

    events = playground.backend.events
    events.close()
    await expect(chat.page.locator(".state")).to_have_text("reconnecting…")
    await bot.send_message(ADA, "meanwhile")
    events.closed = False

    await expect(chat.bubble("meanwhile")).to_be_visible()
    await expect(chat.page.locator(".state")).not_to_have_text("reconnecting…")
    await expect(chat.bubbles).to_have_count(3)


async def test_page_starts_anew_when_the_playground_was_restarted(open_chat, samples):
    async with Playground() as first:
        first.backend.samples = samples
        chat = await open_chat(first.url)
        await chat.say("of the old world")
        await expect(chat.bubble("of the old world")).to_be_visible()
    await expect(chat.page.locator(".state")).to_have_text("reconnecting…")

    async with Playground(port=first.port) as second:
        second.backend.samples = samples
        await expect(chat.page.locator(".welcome")).to_be_visible()
        await chat.say("of the new world")

        await expect(chat.bubble("of the new world")).to_be_visible()
        await expect(chat.bubbles).to_have_count(1)


async def test_notice_stands_above_everything_until_it_is_hidden(open_chat, playground):
    chat = await open_chat(playground.url)
    async with httpx.AsyncClient(base_url=playground.url) as http:
        await http.post("/api/notice", json={"text": "Mend it with `a command`."})
    banner = chat.page.locator("#banner")
    await expect(banner.locator("code")).to_have_text("a command")

    await banner.get_by_role("button", name="Hide this notice").click()

    await expect(banner).to_be_hidden()
    await asyncio.wait_for(chat.page.reload(), 10)
    await expect(banner).to_be_visible()
