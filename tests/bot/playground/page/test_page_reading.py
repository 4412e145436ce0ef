"""Reading in the chat page: buttons, edits, clips, quotes, news."""

import pytest
from playwright.async_api import expect
from telegram import InputMediaPhoto

pytestmark = pytest.mark.browser

ADA = 1001


async def test_button_spins_until_its_answer_is_shown(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("keys")

    await chat.key("Never").click()
    await expect(chat.key("Never")).to_have_attribute("aria-busy", "true")
    await chat.key("Toast").click()
    await expect(chat.page.locator(".toast")).to_have_text("A short note")
    await expect(chat.key("Toast")).not_to_have_attribute("aria-busy", "true")
    await chat.key("Alert").click()
    alert = chat.page.get_by_role("dialog")
    await expect(alert).to_contain_text("A long word")
    await alert.get_by_role("button", name="OK").click()

    await expect(alert).to_have_count(0)


COLOUR = """(image) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0, 1, 1);
  return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


async def colour_of(image):
    red, _, blue = await image.evaluate(COLOUR)
    return "red" if red > blue else "blue"


async def test_edited_message_changes_in_place(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("picture")
    await chat.shows(".row:not(.own) .photo img")
    node = await chat.bubble("first").element_handle()
    picture = chat.page.locator(".row:not(.own) .photo")
    before = await picture.get_attribute("data-file-id")
    assert await colour_of(picture.locator("img").last) == "red"

    await chat.key("Repaint").click()
    await expect(chat.bubble("second")).to_contain_text("edited")
    await expect(picture).not_to_have_attribute("data-file-id", before)
    after = await picture.get_attribute("data-file-id")
    repainted = picture.locator(f"img:only-child[src='/api/files/{after}']")

    assert await node.evaluate("node => node.isConnected")
    assert await node.evaluate("node => node.querySelector('.text').textContent") == (
        "second"
    )
    assert await colour_of(repainted) == "blue"
    await expect(chat.page.locator(".key")).to_have_count(0)


async def test_animation_plays_by_itself_and_without_sound(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("clip")
    video = chat.page.locator("video")

    await chat.until("() => document.querySelector('video')?.currentTime > 0.2")

    assert await video.evaluate("node => node.muted && node.loop && !node.paused")
    await expect(chat.page.locator(".animation .badge")).to_have_text("GIF")


async def test_animation_waits_for_a_click_where_motion_is_unwanted(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url, reduced_motion="reduce")
    await chat.say("clip")
    video = chat.page.locator("video")
    await chat.until("() => document.querySelector('video')?.readyState > 2")
    assert await video.evaluate("node => node.paused")

    await chat.page.locator(".animation").click()

    await chat.until("() => document.querySelector('video').currentTime > 0.1")


async def test_picture_opens_large_and_closes_by_keyboard(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("picture")
    await chat.say("picture")
    await expect(chat.page.locator(".row:not(.own) .photo")).to_have_count(2)

    await chat.page.locator(".photo").last.click()
    await expect(chat.page.locator(".lightbox-place")).to_have_text("2 of 2")
    await chat.page.keyboard.press("ArrowLeft")
    await expect(chat.page.locator(".lightbox-place")).to_have_text("1 of 2")
    await chat.shows(".lightbox img")
    await chat.page.keyboard.press("Escape")

    await expect(chat.page.locator("dialog.lightbox")).to_be_hidden()


async def test_quote_leads_back_to_the_message_it_answers(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("question")
    await chat.say("lines")
    await chat.say("recall")
    await expect(chat.bubble("answer")).to_be_in_viewport()
    question = chat.page.locator(".row.own").first
    await expect(question).not_to_be_in_viewport()

    await chat.page.locator("button.quoted").click()

    await expect(question).to_be_in_viewport()


async def test_what_the_bot_does_is_seen(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.say("work")
    await expect(chat.page.locator(".state")).to_have_text("sending a photo…")
    await expect(chat.page.locator(".acting")).to_be_visible()
    await expect(chat.bubble("work").locator(".reaction")).to_have_text("👍")
    await bot.send_message(ADA, "done")

    await expect(chat.bubble("done")).to_be_visible()
    await expect(chat.page.locator(".acting")).to_be_hidden()


async def test_reader_above_is_left_in_peace_and_told_of_news(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)
    await chat.say("lines")
    await expect(chat.bubble("line 29")).to_be_in_viewport()
    scroller = chat.page.locator("#scroller")
    await scroller.evaluate("node => { node.scrollTop = 0; }")
    button = chat.page.get_by_role("button", name="Scroll to the newest message")
    await expect(button).to_be_visible()

    await bot.send_message(ADA, "news")
    await expect(button).to_have_text("1")
    assert await scroller.evaluate("node => node.scrollTop") == 0
    await button.click()

    await expect(chat.bubble("news")).to_be_in_viewport()
    await expect(button).to_be_hidden()


async def test_album_of_the_bot_is_one_bubble_below_the_quote(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)
    await chat.say("before and after")
    await expect(chat.bubble("heard before")).to_be_visible()

    before, after, _ = [path.read_bytes() for path in pictures]
    album = [InputMediaPhoto(before, caption="Before, after"), InputMediaPhoto(after)]
    await bot.send_media_group(ADA, album, reply_to_message_id=1)

    bubble = chat.bubble("Before, after")
    await expect(bubble.locator(".album .photo")).to_have_count(2)
    await expect(bubble.locator(".quoted")).to_contain_text("before and after")
    await expect(chat.bubbles).to_have_count(3)
    await bubble.locator(".photo").last.click()
    await expect(chat.page.locator(".lightbox-place")).to_have_text("2 of 2")


async def test_message_that_the_bot_deletes_vanishes(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    kept = await bot.send_message(ADA, "kept")
    gone = await bot.send_message(ADA, "gone")
    await expect(chat.bubbles).to_have_count(2)

    await bot.delete_message(ADA, gone.message_id)

    await expect(chat.bubbles).to_have_count(1)
    await expect(chat.bubble(kept.text)).to_be_visible()


async def test_reaction_of_the_bot_comes_and_goes(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("mark")
    said = chat.bubble("mark").first
    sign = chat.page.locator(".row.own .reaction span")
    await expect(sign).to_have_text("👍")

    await bot.set_message_reaction(ADA, 1, "👀")
    await expect(sign).to_have_text("👀")
    await bot.set_message_reaction(ADA, 1, [])

    await expect(sign).to_have_count(0)
    await expect(said).not_to_contain_text("edited")
