"""Who one is in the chat page: further people, their languages, their commands."""

import pytest
from playwright.async_api import expect
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
)

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001


def offered(chat):
    return chat.page.locator(".command-option b")


async def test_commands_are_offered_after_a_slash(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.field.press_sequentially("/he")
    await expect(chat.page.locator(".command-option")).to_have_text("/helpHow")
    await chat.page.keyboard.press("Enter")

    await expect(chat.bubble("heard help")).to_be_visible()


async def test_commands_are_those_of_the_language_that_somebody_speaks(
    open_chat, playground, bot
):
    await bot.set_my_commands([("start", "Los geht’s")], language_code="de")
    chat = await open_chat(playground.url)
    await chat.field.fill("/")
    await expect(offered(chat)).to_have_text(["/start", "/help"])
    await chat.field.fill("")

    await chat.page.get_by_label("Telegram in").select_option("Deutsch")
    await expect(chat.page.get_by_label("Telegram in")).to_have_value("de")
    await chat.page.get_by_role("button", name="Commands").click()

    await expect(chat.page.locator(".command-option")).to_have_text("/startLos geht’s")


async def test_commands_in_a_group_are_for_this_bot_and_for_whom_they_concern(
    open_chat, playground, bot
):
    everybody, administrators = (
        BotCommandScopeAllGroupChats(),
        BotCommandScopeAllChatAdministrators(),
    )
    await bot.set_my_commands([("style", "Paint")], scope=everybody)
    both = [("style", "Paint"), ("limits", "Change")]
    await bot.set_my_commands(both, scope=administrators)
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)

    await ada.field.fill("/")
    await expect(offered(ada)).to_have_text(["/style", "/limits"])
    await ben.field.fill("/")
    await expect(offered(ben)).to_have_text(["/style"])
    await ben.page.keyboard.press("Tab")
    await expect(ben.field).to_have_value("/style@playground_stylebot ")
    await ben.page.keyboard.press("Enter")

    await expect(ben.bubble("/style@playground_stylebot").first).to_be_visible()
    await expect(ada.bubbles.first).to_contain_text("Ben")


async def test_further_person_joins_the_groups_and_meets_the_bot(
    open_chat, playground, bot
):
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    chat = await open_chat(playground.url)

    await chat.page.get_by_role("button", name="Add a person").click()
    dialog = chat.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Zoë")
    await dialog.get_by_label("Telegram in").select_option("Français")
    await dialog.get_by_role("button", name="Add").click()

    await expect(chat.page.locator(".you")).to_contain_text("You are Zoë")
    language = chat.page.get_by_label("Telegram in")
    await expect(language).to_have_value("fr")
    await chat.say("bonjour")
    await expect(chat.bubble("heard bonjour")).to_be_visible()
    await expect(ben.page.locator(".day").last).to_contain_text("Zoë joined")
    await expect(ben.page.locator(".person")).to_have_text(["AAda", "BBen", "ZZoë"])
