"""Groups in the chat page: topics, rights, anonymity, and a group that moves."""

import asyncio

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

ADA, BEN = 1001, 1002
GROUP, OLD_FRIENDS = -1000000000001, -5001


async def panel(chat):
    """Opens what one can change about the chat."""
    await chat.page.get_by_role("button", name="About this chat").click()
    return chat.page.locator(".sheet")


async def switch(chat, name, role="switch"):
    """Turns a switch of the panel and closes it."""
    sheet = await panel(chat)
    await sheet.get_by_role(role, name=name).click()
    await sheet.get_by_role("button", name="Close").click()


async def open_topic(chat, name):
    sheet = await panel(chat)
    await sheet.get_by_role("button", name="New topic").click()
    await chat.page.get_by_label("Name").fill(name)
    await chat.page.get_by_role("button", name="Create").click()
    await expect(tab(chat, name)).to_have_attribute("aria-selected", "true")


def tab(chat, name):
    return chat.page.get_by_role("tab", name=name)


async def test_topics_keep_messages_apart_and_count_what_is_new(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await expect(ada.page.locator("#topics")).to_be_hidden()

    await open_topic(ada, "Holidays")
    await ada.say("in the topic")
    await tab(ada, "General").click()
    await expect(ada.bubble("in the topic")).to_have_count(0)
    await ada.say("in general")

    await expect(ben.bubbles).to_have_count(1)
    await expect(ben.bubbles).to_contain_text("in general")
    await expect(tab(ben, "Holidays").locator(".count")).to_have_text("1")
    await tab(ben, "Holidays").click()
    await expect(ben.bubbles).to_have_count(1)
    await expect(ben.bubbles).to_contain_text("in the topic")
    await expect(ben.page.locator(".topic .count")).to_have_count(0)


async def test_bot_is_seen_at_work_in_the_topic_alone(open_chat, playground, bot):
    chat = await open_chat(playground.url, chat=GROUP)
    await open_topic(chat, "Holidays")
    thread = int(chat.page.url.rpartition("/")[2])

    await bot.send_chat_action(GROUP, "upload_photo", message_thread_id=thread)
    await expect(chat.page.locator(".state")).to_have_text("sending a photo…")
    await tab(chat, "General").click()

    # At once: in the end what the bot does is forgotten everywhere.
    assert await chat.page.locator(".state").text_content() == "3 members"
    assert await chat.page.locator(".acting").is_hidden()
    await tab(chat, "Holidays").click()
    assert await chat.page.locator(".acting").is_visible()


async def test_reload_comes_back_to_the_topic(open_chat, playground):
    chat = await open_chat(playground.url, chat=GROUP)
    await open_topic(chat, "Holidays")
    await chat.say("still here")

    await chat.page.reload()

    await expect(chat.bubble("still here")).to_be_visible()
    await expect(tab(chat, "Holidays")).to_have_attribute("aria-selected", "true")


async def test_anonymous_administrator_writes_as_the_group(open_chat, playground, bot):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await switch(ada, "Remain anonymous")
    await expect(ada.page.locator(".you")).to_have_text("PYou are Painters")

    await ada.say("who am I?")
    await expect(ben.bubble("who am I?").locator(".name")).to_have_text("Painters")
    face = ben.bubble("who am I?").locator(".face .avatar")
    group = ben.page.locator(".header-face .avatar")
    assert await face.get_attribute("class") == await group.get_attribute("class")
    await switch(ada, "Remain anonymous")
    await ada.say("I am Ada")

    await expect(ben.bubble("I am Ada").locator(".name")).to_have_text("Ada")


async def test_member_sees_the_rights_but_does_not_change_them(open_chat, playground):
    chat = await open_chat(playground.url, user=BEN, chat=GROUP)

    sheet = await panel(chat)

    await expect(sheet).to_contain_text("Only administrators")
    for control in await sheet.locator("input, fieldset .menu-item").all():
        await expect(control).to_be_disabled()


async def test_member_who_leaves_sees_the_group_no_more(open_chat, playground):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)

    sheet = await panel(ben)
    await sheet.get_by_role("button", name="Leave the group").click()
    await expect(ada.page.locator(".state")).to_have_text("2 members")
    await ada.say("among ourselves")

    titles = ben.page.locator(".chat-title")
    await expect(titles).to_have_text(["Stylebot", "Old friends"])
    await expect(ben.page.locator("#chat-header h2")).to_have_text("Stylebot")
    await expect(ben.bubbles).to_have_count(0)


async def test_removed_bot_is_gone_for_everybody_until_it_is_readmitted(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)

    await switch(ada, "Removed", role="radio")
    await expect(ben.page.locator(".state")).to_have_text(
        "2 members · the bot was removed"
    )
    await ben.say("/hi@playground_stylebot")
    await switch(ada, "Member", role="radio")
    await expect(ben.page.locator(".state")).to_have_text("3 members")
    await ben.say("/there@playground_stylebot")

    await expect(ben.bubble("heard there")).to_be_visible()
    await expect(ben.bubbles.filter(has_text="heard hi")).to_have_count(0)


async def test_right_to_send_photos_is_taken_and_given_back(open_chat, playground, bot):
    chat = await open_chat(playground.url, chat=GROUP)

    await switch(chat, "May send photos")
    rights = await bot.get_chat(GROUP)
    assert rights.permissions.can_send_photos is False
    await switch(chat, "May send photos")

    rights = await bot.get_chat(GROUP)
    assert rights.permissions.can_send_photos is True


async def test_group_that_becomes_a_supergroup_is_followed_by_everybody(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url, chat=OLD_FRIENDS)
    ben = await open_chat(playground.url, user=BEN, chat=OLD_FRIENDS)
    await ada.say("before")
    await expect(ben.bubble("before")).to_be_visible()

    sheet = await panel(ada)
    await sheet.get_by_role("button", name="Make it a supergroup").click()

    for chat in (ada, ben):
        await expect(chat.page.locator(".chat-title")).to_have_text(
            ["Stylebot", "Painters", "Old friends"]
        )
        await expect(chat.page.locator("#chat-header h2")).to_have_text("Old friends")
        await expect(chat.bubbles).to_have_count(0)
    await ada.say("/after@playground_stylebot")
    await expect(ben.bubble("heard after")).to_be_visible()


async def told(chat, words):
    """An event that is set when the server has told the page these words."""
    heard = asyncio.Event()
    session = await chat.page.context.new_cdp_session(chat.page)

    def hear(event):
        if words in event["data"]:
            heard.set()

    session.on("Network.eventSourceMessageReceived", hear)
    await session.send("Network.enable")
    return heard


async def test_message_in_a_group_that_is_still_being_followed_is_not_lost(
    open_chat, playground, ada
):
    chat = await open_chat(playground.url, user=BEN, chat=OLD_FRIENDS)
    heard, fetched = await told(chat, "already here"), asyncio.Event()

    async def answer_late(route):
        answer = await route.fetch()
        fetched.set()
        await heard.wait()
        await route.fulfill(response=answer)

    await chat.page.route("**/messages?*", answer_late)
    moved = await ada.within(OLD_FRIENDS).migrate()
    await asyncio.wait_for(fetched.wait(), 20)
    await moved.say("already here")

    await expect(chat.bubble("already here")).to_be_visible()
    await expect(chat.bubbles).to_have_count(1)
