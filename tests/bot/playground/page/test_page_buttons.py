"""Buttons that are no taps (links, copies), and questions that want an answer."""

import pytest
from playwright.async_api import expect
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001


def markup(**action):
    return InlineKeyboardMarkup([[InlineKeyboardButton("Do it", **action)]])


async def test_link_to_the_bot_starts_it_here(open_chat, playground, bot):
    chat = await open_chat(playground.url, chat=GROUP)
    link = "https://t.me/playground_stylebot?start=s_abc"
    await bot.send_message(GROUP, "Look", reply_markup=markup(url=link))

    await chat.key("Do it").click()

    await expect(chat.bubble("/start s_abc")).to_be_visible()
    assert chat.page.url.endswith(f"/{ADA}/{ADA}")
    assert len(chat.page.context.pages) == 1


async def test_link_to_the_bot_in_words_starts_it_as_well(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    link = '<a href="https://t.me/Playground_Stylebot?start=word">here</a>'
    await bot.send_message(ADA, f"Tap {link}", parse_mode="HTML")

    await chat.page.get_by_role("link", name="here").click()

    await expect(chat.bubble("/start word")).to_be_visible()


async def test_link_into_a_group_asks_for_one_that_somebody_runs(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url)
    ben = await open_chat(playground.url, user=BEN, chat=BEN)
    link = "https://t.me/playground_stylebot?startgroup=s_abc"
    for person in (ADA, BEN):
        await bot.send_message(person, "Add me", reply_markup=markup(url=link))
    picker = ada.page.get_by_role("dialog", name="Add the bot to")

    await ada.key("Do it").click()
    await expect(picker.locator(".pick b")).to_have_text(["Painters", "Old friends"])
    await picker.get_by_role("button", name="Painters").click()
    await expect(ada.bubble("/start@playground_stylebot s_abc")).to_be_visible()
    await ben.key("Do it").click()

    await expect(ben.page.locator(".sheet-note")).to_have_text("No chat fits here.")


@pytest.mark.parametrize(
    "href",
    [
        "https://t.me/another_bot?start=x",
        "https://t.me.example.org/playground_stylebot?start=x",
        "https://example.org/playground_stylebot?start=x",
        "tg://resolve?domain=playground_stylebot",
        "no address",
    ],
)
async def test_other_links_are_not_taken_for_links_to_the_bot(
    open_chat, playground, href
):
    chat = await open_chat(playground.url)

    asked = await chat.page.evaluate(
        """async (href) => {
          const { startOf } = await import("/static/deeplinks.js");
          return startOf(href, "playground_stylebot");
        }""",
        href,
    )

    assert asked is None


@pytest.mark.parametrize("clipboard", [True, False])
async def test_words_of_a_button_are_copied(open_chat, playground, bot, clipboard):
    permissions = ["clipboard-read", "clipboard-write"]
    chat = await open_chat(playground.url, permissions=permissions)
    if not clipboard:  # as on a page over plain HTTP from another machine
        await chat.page.evaluate("navigator.clipboard.writeText = undefined")
    copied = CopyTextButton(text="seed 42")
    await bot.send_message(ADA, "Recipe", reply_markup=markup(copy_text=copied))

    await chat.key("Do it").click()

    await expect(chat.page.locator(".toast")).to_have_text("Copied.")
    assert await chat.page.evaluate("navigator.clipboard.readText()") == "seed 42"


async def test_question_waits_in_the_field_of_the_addressed_person_alone(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await ada.say("/style@playground_stylebot")
    await expect(ben.bubble("/style")).to_be_visible()
    asked = ForceReply(selective=True, input_field_placeholder="Send the photo")

    await bot.send_message(
        GROUP, "Which photo?", reply_to_message_id=1, reply_markup=asked
    )

    await expect(ada.field).to_have_attribute("placeholder", "Send the photo")
    await expect(ada.page.locator(".replying")).to_contain_text("Which photo?")
    await expect(ben.bubble("Which photo?")).to_be_visible()
    await expect(ben.field).to_have_attribute("placeholder", "Message")
    await expect(ben.page.locator(".replying")).to_be_hidden()
    await ada.say("this one")
    said = ada.page.locator(".row.own").filter(has_text="this one")
    await expect(said.locator(".quoted")).to_contain_text("Which photo?")
    await expect(ada.field).to_have_attribute("placeholder", "Message")


async def test_question_that_is_taken_back_leaves_the_field(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    asked = ForceReply(input_field_placeholder="A name, please")
    question = await bot.send_message(ADA, "What is it called?", reply_markup=asked)
    await expect(chat.page.locator(".replying")).to_be_visible()

    await bot.delete_message(ADA, question.message_id)

    await expect(chat.page.locator(".replying")).to_be_hidden()
    await chat.say("waves")
    await expect(chat.bubble("heard waves")).to_be_visible()


async def test_question_still_waits_after_a_reload_until_it_is_answered(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)
    asked = ForceReply(input_field_placeholder="A name, please")
    await bot.send_message(ADA, "What is it called?", reply_markup=asked)
    await expect(chat.page.locator(".replying")).to_be_visible()

    await chat.page.reload()
    await expect(chat.field).to_have_attribute("placeholder", "A name, please")
    await chat.say("waves")
    await expect(chat.bubble("heard waves")).to_be_visible()
    await chat.page.reload()

    await expect(chat.bubble("heard waves")).to_be_visible()
    await expect(chat.page.locator(".replying")).to_be_hidden()
