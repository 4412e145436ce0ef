"""Inline mode in the text field, and the buttons that lead there."""

import pytest
from playwright.async_api import expect
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SwitchInlineQueryChosenChat,
)

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001
NAME = "@playground_stylebot"


async def test_chosen_result_is_sent_via_the_bot_into_the_open_chat(
    open_chat, playground, results
):
    await results(3)
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)

    await ada.field.fill(f"{NAME} picture")
    tiles = ada.page.locator(".result")
    await expect(tiles).to_have_count(3)
    await tiles.nth(1).click()

    for chat in (ada, ben):
        await expect(chat.page.locator(".via")).to_have_text(f"via {NAME}")
    shared = ben.bubbles.filter(has=ben.page.locator(".via"))
    await expect(shared).to_contain_text("painted 2")
    await expect(shared.locator(".name")).to_contain_text("Ada")
    await expect(ada.field).to_have_value("")
    await expect(ada.page.locator(".inline")).to_be_hidden()


async def test_result_chosen_in_a_topic_is_sent_to_that_topic_alone(
    open_chat, playground, ada, results
):
    await results(1)
    topic = await ada.within(GROUP).open_topic("Holidays")
    place = f"{GROUP}/{topic.thread_id}"
    chat = await open_chat(playground.url, chat=place)

    await chat.field.fill(f"{NAME} ")
    await chat.page.locator(".result").click()

    await expect(chat.page.locator(".via")).to_have_count(1)
    await chat.page.get_by_role("tab", name="General").click()
    await expect(chat.page.locator(".via")).to_have_count(0)


async def test_results_follow_the_words(open_chat, playground, results):
    await results(3)
    chat = await open_chat(playground.url)
    await chat.field.fill(f"{NAME} ")
    await expect(chat.page.locator(".result")).to_have_count(3)

    await chat.field.fill(f"{NAME} picture 3")
    await expect(chat.page.locator(".result")).to_have_count(1)
    await chat.field.fill(f"{NAME} nothing like it")
    await expect(chat.page.locator(".inline-note")).to_have_text("Nothing found.")
    await chat.field.fill("other words")

    await expect(chat.page.locator(".inline")).to_be_hidden()


async def test_next_page_comes_while_scrolling_and_only_then(
    open_chat, playground, results
):
    await results(60)
    chat = await open_chat(playground.url)
    asked = []

    def hear(request):
        if request.url.endswith("/api/inline"):
            asked.append(request.post_data_json["offset"])

    chat.page.on("request", hear)
    await chat.field.fill(f"{NAME} ")
    tiles = chat.page.locator(".result")
    await expect(tiles).to_have_count(42)
    assert asked == [""]

    await tiles.last.scroll_into_view_if_needed()

    await expect(tiles).to_have_count(60)
    assert asked == ["", "42"]
    labels = await tiles.evaluate_all("nodes => nodes.map((one) => one.ariaLabel)")
    assert labels == [f"picture {number}" for number in range(1, 61)]


async def test_bots_name_is_completed_and_results_are_chosen_by_keys(
    open_chat, playground, results
):
    await results(3)
    chat = await open_chat(playground.url)

    await chat.field.press_sequentially("@play")
    await expect(chat.page.locator(".command-option")).to_have_count(1)
    await chat.page.keyboard.press("Enter")
    await expect(chat.field).to_have_value(f"{NAME} ")
    await expect(chat.page.locator(".result")).to_have_count(3)
    for key in ("ArrowUp", "ArrowRight", "Enter"):  # past the button above
        await chat.page.keyboard.press(key)

    await expect(chat.bubble("painted 1").locator(".via")).to_be_visible()


async def test_button_above_the_results_starts_the_bot_in_private(
    open_chat, playground, results
):
    await results(1)
    chat = await open_chat(playground.url, chat=GROUP)
    await chat.field.fill(f"{NAME} ")

    await chat.page.get_by_role("button", name="Make your own").click()

    await expect(chat.bubble("/start own")).to_be_visible()
    await expect(chat.page.locator("#chat-header")).to_contain_text("Stylebot")
    await expect(chat.page.locator(".inline")).to_be_hidden()


async def test_link_below_a_shared_picture_starts_the_bot_for_whoever_taps(
    open_chat, playground, results
):
    await results(1)
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await ada.field.fill(f"{NAME} ")
    await ada.page.locator(".result").click()
    await ben.key("Try this style").click()

    await expect(ben.bubble("/start g_waves")).to_be_visible()
    assert f"/{BEN}/{BEN}" in ben.page.url
    assert len(ben.page.context.pages) == 1  # nothing was opened elsewhere
    await expect(ada.bubbles.filter(has_text="/start")).to_have_count(0)


def share_button(**allowed):
    chosen = SwitchInlineQueryChosenChat(query="picture 2", **allowed)
    button = InlineKeyboardButton("Share", switch_inline_query_chosen_chat=chosen)
    return InlineKeyboardMarkup([[button]])


async def test_share_asks_for_a_chat_and_searches_there(
    open_chat, playground, bot, results
):
    await results(3)
    chat = await open_chat(playground.url)
    markup = share_button(allow_group_chats=True)
    await bot.send_message(ADA, "Here it is", reply_markup=markup)

    await chat.key("Share").click()
    picker = chat.page.get_by_role("dialog", name="Share with")
    await expect(picker.locator(".pick b")).to_have_text(["Painters", "Old friends"])
    await picker.get_by_role("button", name="Painters").click()
    await expect(chat.field).to_have_value(f"{NAME} picture 2")
    await chat.page.locator(".result").click()

    await expect(chat.bubble("painted 2")).to_be_visible()
    await expect(chat.page.locator("#chat-header")).to_contain_text("Painters")
    await expect(chat.page.locator(".via")).to_have_count(1)


async def test_share_offers_only_the_kinds_of_chats_that_are_allowed(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)
    markup = share_button(allow_bot_chats=True)
    await bot.send_message(ADA, "Here it is", reply_markup=markup)

    await chat.key("Share").click()

    picker = chat.page.get_by_role("dialog", name="Share with")
    await expect(picker.locator(".pick b")).to_have_text(["Stylebot"])
