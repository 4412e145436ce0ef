"""What one can do with a message, with mouse and finger."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001


async def test_reply_by_the_menu_quotes_the_message_and_reaches_the_bot(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)
    await chat.say("first")
    await expect(chat.bubble("heard first")).to_be_visible()

    await chat.act(chat.bubble("heard first"), "Reply")
    await expect(chat.page.locator(".replying")).to_contain_text("heard first")
    await chat.say("second")

    own = chat.page.locator(".row.own").filter(has_text="second")
    await expect(own.locator(".quoted")).to_contain_text("heard first")
    await expect(chat.page.locator(".replying")).to_be_hidden()


async def test_escape_gives_up_a_reply(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("first")
    await expect(chat.bubble("heard first")).to_be_visible()
    await chat.act(chat.bubble("heard first"), "Reply")

    await chat.page.keyboard.press("Escape")
    await chat.say("second")

    await expect(chat.bubble("heard second")).to_be_visible()
    await expect(chat.page.locator(".row.own .quoted")).to_have_count(0)


async def test_own_message_is_changed_in_place_and_marked(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("wrng")
    await expect(chat.bubble("heard wrng")).to_be_visible()

    await chat.act(chat.bubbles.first, "Edit")
    await expect(chat.field).to_have_value("wrng")
    await chat.say("wrong")

    await expect(chat.bubbles.first).to_contain_text("wrong")
    await expect(chat.bubbles.first).to_contain_text("edited")
    await expect(chat.bubble("heard wrong")).to_be_visible()  # the bot is told
    await expect(chat.field).to_have_value("")
    await expect(chat.page.locator(".row.own")).to_have_count(1)


async def test_arrow_up_edits_the_last_own_message_and_escape_leaves_it(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)
    await chat.say("kept")
    await expect(chat.bubble("heard kept")).to_be_visible()

    await chat.page.keyboard.press("ArrowUp")
    await expect(chat.field).to_have_value("kept")
    await chat.page.keyboard.press("Escape")

    await expect(chat.field).to_have_value("")
    await expect(chat.bubbles.first).not_to_contain_text("edited")


async def test_only_own_messages_can_be_edited_or_deleted_in_a_group(
    open_chat, playground, bot
):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await ada.say("of Ada")

    await ben.bubble("of Ada").locator(".bubble").click(button="right")

    items = ben.page.get_by_role("menuitem")
    await expect(items).to_have_text(["Reply", "Copy text", "Forward"])


async def test_deleted_message_vanishes_for_everybody(open_chat, playground, bot):
    ada = await open_chat(playground.url, chat=GROUP)
    ben = await open_chat(playground.url, user=BEN, chat=GROUP)
    await ada.say("one")
    await ada.say("two")
    await expect(ben.bubbles).to_have_count(2)

    await ada.act(ada.bubble("one"), "Delete")

    await expect(ben.bubbles).to_have_count(1)
    await expect(ben.bubbles).to_contain_text("two")
    await expect(ada.bubbles).to_have_count(1)


async def test_forwarded_message_says_where_it_is_from(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)
    await chat.choose(pictures[0])
    await chat.say("my photo")
    await expect(chat.bubble("photo 320 × 240")).to_be_visible()

    await chat.act(chat.bubbles.first, "Forward")
    picker = chat.page.get_by_role("dialog", name="Forward to")
    await picker.get_by_role("button", name="Painters").click()

    await expect(chat.page.locator("#chat-header")).to_contain_text("Painters")
    forwarded = chat.bubble("my photo")
    await expect(forwarded.locator(".origin")).to_have_text("Forwarded from Ada")
    await chat.shows(".row.own .photo img")
    await expect(chat.bubbles).to_have_count(1)


class Finger:
    """A finger on a touch screen."""

    def __init__(self, session):
        self._session = session

    async def put_on(self, x, y):
        await self._tell("touchStart", x, y)

    async def move_to(self, x, y):
        await self._tell("touchMove", x, y)

    async def lift(self):
        await self._tell("touchEnd")

    async def _tell(self, kind, *place):
        points = [dict(zip("xy", place, strict=True))] if place else []
        order = {"type": kind, "touchPoints": points}
        await self._session.send("Input.dispatchTouchEvent", order)


async def finger_of(chat):
    return Finger(await chat.page.context.new_cdp_session(chat.page))


async def middle_of(locator):
    box = await locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_swipe_to_the_left_answers_a_picture(open_chat, playground, bot):
    chat = await open_chat(playground.url, phone=True)
    await chat.say("picture")
    await chat.shows(".row:not(.own) .photo img")
    x, y = await middle_of(chat.page.locator(".row:not(.own) .photo"))

    finger = await finger_of(chat)
    await finger.put_on(x, y)
    for step in range(1, 9):
        await finger.move_to(x - 10 * step, y)
    await finger.lift()

    await expect(chat.page.locator(".replying")).to_contain_text("Stylebot")
    await expect(chat.page.locator("dialog.lightbox")).to_be_hidden()


async def test_resting_finger_opens_the_menu_and_nothing_below_it(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url, phone=True)
    await chat.say("picture")
    await chat.shows(".row:not(.own) .photo img")
    box = await chat.page.locator(".row:not(.own) .photo").bounding_box()
    finger = await finger_of(chat)
    menu = chat.page.get_by_role("menu", name="Message")

    await finger.put_on(box["x"] + 60, box["y"] + box["height"] - 20)
    await expect(menu).to_be_visible()
    await finger.lift()  # while the menu lies below it
    await expect(menu).to_be_visible()
    await expect(chat.page.locator("dialog[open]")).to_have_count(0)
    await chat.page.get_by_role("menuitem", name="Reply").tap()

    await expect(chat.page.locator(".replying")).to_be_visible()
    await expect(menu).to_have_count(0)
