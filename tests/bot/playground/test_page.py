"""The chat page in Chromium, against the real playground and a real bot."""

import asyncio
import html
import io
import ssl
from pathlib import Path

import av
import httpx
import pytest
from PIL import Image
from playwright.async_api import expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters
from telegram.request import HTTPXRequest

from bot.playground.samples import SAMPLES, Samples
from bot.playground.server import Playground

pytestmark = pytest.mark.browser

ADA, BEN, GROUP = 1001, 1002, -1000000000001
# Reading the system's certificates takes longer than most tests here.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"
RED, BLUE = (200, 30, 30), (30, 30, 200)


def jpeg(colour=RED, size=(320, 240)):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    return stream.getvalue()


def clip():
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        for level in range(0, 250, 10):
            picture = Image.new("RGB", (96, 64), (level, 80, 80))
            container.mux(video.encode(av.VideoFrame.from_image(picture)))
        container.mux(video.encode(None))
    return stream.getvalue()


def keys(*labels):
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(x, callback_data=x)] for x in labels]
    )


async def answer_text(update, context):
    message = update.effective_message
    if message.text == "picture":
        await message.reply_photo(
            jpeg(RED, (1000, 750)), caption="first", reply_markup=keys("Repaint")
        )
    elif message.text == "clip":
        await message.reply_animation(clip(), width=96, height=64, duration=2)
    elif message.text == "keys":
        await message.reply_text("Choose", reply_markup=keys("Toast", "Alert", "Never"))
    elif message.text == "lines":
        for number in range(30):
            await message.reply_text(f"line {number}")
    elif message.text == "hostile":
        await message.reply_text(HOSTILE)
    elif message.text == "recall":
        await message.reply_text("answer", reply_to_message_id=1)
    elif message.text == "work":
        await message.reply_chat_action("upload_photo")
        await message.set_reaction("👍")
    elif message.text == "mark":
        await message.set_reaction("👍")
        await message.reply_text("marked")
    else:
        words = html.escape(message.text.removeprefix("/"))
        await message.reply_html(f"<b>heard</b> {words}")


async def answer_media(update, context):
    message = update.effective_message
    if message.photo:
        largest = message.photo[-1]
        words = f"photo {largest.width} × {largest.height}"
    else:
        words = f"file {message.document.file_name}"
    caption = f" “{message.caption}”" if message.caption else ""
    album = " in an album" if message.media_group_id else ""
    await message.reply_text(f"{words}{album}{caption}")


async def answer_tap(update, context):
    query = update.callback_query
    if query.data == "Toast":
        await query.answer("A short note")
    elif query.data == "Alert":
        await query.answer("A long word", show_alert=True)
    elif query.data == "Repaint":
        await query.answer()
        media = InputMediaPhoto(jpeg(BLUE), caption="second")
        await query.edit_message_media(media)


@pytest.fixture(scope="session")
def samples():
    """The sample pictures, drawn once for all tests."""
    samples = Samples()
    for name in SAMPLES:
        asyncio.run(samples.jpeg(name))
    return samples


@pytest.fixture
async def playground(samples):
    async with Playground() as playground:
        playground.backend.samples = samples
        yield playground


@pytest.fixture
async def bot(playground):
    """A bot of a few words, polling as every bot does."""
    application = (
        Application.builder()
        .token(playground.bot_token)
        .request(HTTPXRequest(httpx_kwargs={"verify": NO_AUTHORITIES}))
        .get_updates_request(HTTPXRequest(httpx_kwargs={"verify": NO_AUTHORITIES}))
        .base_url(playground.api_base)
        .base_file_url(playground.file_base)
        .build()
    )
    application.add_handlers(
        [
            MessageHandler(filters.TEXT, answer_text),
            MessageHandler(filters.PHOTO | filters.Document.ALL, answer_media),
            CallbackQueryHandler(answer_tap),
        ]
    )
    assert application.updater is not None
    async with application:
        await application.bot.set_my_commands([("start", "Begin"), ("help", "How")])
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        yield application.bot
        await application.updater.stop()
        await application.stop()


@pytest.fixture
def pictures(tmp_path):
    """Three pictures on disk."""
    paths = []
    for name, colour in {"one": RED, "two": BLUE, "three": (20, 140, 60)}.items():
        path: Path = tmp_path / f"{name}.jpg"
        path.write_bytes(jpeg(colour))
        paths.append(path)
    return paths


async def until(page, expression, argument=None):
    """Waits until a JavaScript expression is true."""
    return await page.wait_for_function(expression, arg=argument)


SHOWN = """(selector) => {
  const image = document.querySelector(selector);
  return image !== null && image.complete && image.naturalWidth > 0;
}"""

COLOUR = """(image) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0, 1, 1);
  return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


async def colour_of(image):
    red, _, blue = await image.evaluate(COLOUR)
    return "red" if red > blue else "blue"


async def test_start_button_of_an_empty_chat_says_start(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.page.get_by_role("button", name="Start").click()

    await expect(chat.bubble("heard start").locator("strong")).to_have_text("heard")
    await expect(chat.page.locator(".welcome")).to_have_count(0)


async def test_picture_chosen_with_the_button_is_sent_as_photo(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)

    await chat.choose(pictures[0])
    await chat.send()

    await expect(chat.bubble("photo 320 × 240")).to_be_visible()
    await until(chat.page, SHOWN, ".row.own:not(.pending) .photo img")
    await expect(chat.page.locator(".row.own")).to_have_count(1)


async def test_several_pictures_are_one_album_with_the_caption(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)

    await chat.choose(*pictures)
    await chat.say("three of them")

    await expect(chat.bubble("in an album “three of them”")).to_be_visible()
    album = chat.page.locator(".row.own:not(.pending)")
    await expect(album).to_have_count(1)
    await expect(album.locator(".photo")).to_have_count(3)
    await expect(album).to_contain_text("three of them")


async def test_picture_can_be_sent_as_file(open_chat, playground, bot, pictures):
    chat = await open_chat(playground.url)

    await chat.choose(pictures[0], as_file=True)
    await chat.send()

    await expect(chat.bubble("file one.jpg")).to_be_visible()
    document = chat.page.locator(".row.own:not(.pending) .document")
    await expect(document).to_contain_text("one.jpg")
    link = document.get_by_role("link", name="Download one.jpg")
    async with chat.page.expect_download() as download:
        await link.click()
    path = await (await download.value).path()
    assert path.read_bytes() == pictures[0].read_bytes()


DRAG = """async ([over, types]) => {
  const data = new DataTransfer();
  for (const name of ["content.jpg", "style.jpg"]) {
    const blob = await (await fetch(`/samples/${name}`)).blob();
    data.items.add(new File([blob], name, {type: "image/jpeg"}));
  }
  for (const type of types) {
    const selector = type === "dragenter" ? "#chat" : over;
    const options = {dataTransfer: data, bubbles: true, cancelable: true};
    document.querySelector(selector).dispatchEvent(new DragEvent(type, options));
  }
}"""


async def test_dropped_pictures_wait_as_photos_and_are_sent_as_album(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    await chat.page.evaluate(DRAG, [".drop-target", ["dragenter", "dragover"]])
    await expect(chat.page.locator("#drop")).to_be_visible()
    await chat.page.evaluate(DRAG, [".drop-target", ["drop"]])
    await expect(chat.page.locator("#drop")).to_be_hidden()
    await expect(chat.page.locator(".strip-file")).to_have_count(2)
    await chat.send()

    await expect(chat.bubble("in an album")).to_be_visible()


async def test_pictures_dropped_on_the_other_half_are_sent_as_files(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    target = ".drop-target[data-as-file='1']"
    await chat.page.evaluate(DRAG, [target, ["dragenter", "drop"]])
    await chat.send()

    await expect(chat.bubble("file style.jpg")).to_be_visible()


async def test_pasted_picture_is_sent(open_chat, playground, bot):
    permissions = ["clipboard-read", "clipboard-write"]
    chat = await open_chat(playground.url, permissions=permissions)

    await chat.page.evaluate(
        """async () => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [64, 48];
          canvas.getContext("2d").fillRect(0, 0, 64, 48);
          const blob = await new Promise((done) => canvas.toBlob(done));
          await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
        }"""
    )
    await chat.page.locator(".field").focus()
    await chat.page.keyboard.press("Control+V")
    await expect(chat.page.locator(".strip-file img")).to_have_count(1)
    await chat.send()

    await expect(chat.bubble("photo 64 × 48")).to_be_visible()


async def test_both_samples_are_one_click_away(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.page.get_by_role("button", name="Send both").click()

    await expect(chat.bubble("in an album")).to_be_visible()
    await expect(chat.page.locator(".row.own:not(.pending) .photo")).to_have_count(2)


async def test_refused_picture_is_explained_and_kept(
    open_chat, playground, bot, tmp_path
):
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"no picture at all")
    chat = await open_chat(playground.url)

    await chat.choose(path)
    await chat.say("look")

    await expect(chat.page.locator(".toast.trouble")).to_contain_text("broken.jpg")
    await expect(chat.page.locator(".strip-file")).to_have_count(1)
    await expect(chat.page.locator(".field")).to_have_value("look")
    await expect(chat.bubbles).to_have_count(0)


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


async def test_edited_message_changes_in_place(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("picture")
    await until(chat.page, SHOWN, ".row:not(.own) .photo img")
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

    await until(chat.page, "() => document.querySelector('video')?.currentTime > 0.2")

    assert await video.evaluate("node => node.muted && node.loop && !node.paused")
    await expect(chat.page.locator(".animation .badge")).to_have_text("GIF")


async def test_animation_waits_for_a_click_where_motion_is_unwanted(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url, reduced_motion="reduce")
    await chat.say("clip")
    video = chat.page.locator("video")
    await until(chat.page, "() => document.querySelector('video')?.readyState > 2")
    assert await video.evaluate("node => node.paused")

    await chat.page.locator(".animation").click()

    await until(chat.page, "() => document.querySelector('video').currentTime > 0.1")


async def test_picture_opens_large_and_closes_by_keyboard(open_chat, playground, bot):
    chat = await open_chat(playground.url)
    await chat.say("picture")
    await chat.say("picture")
    await expect(chat.page.locator(".row:not(.own) .photo")).to_have_count(2)

    await chat.page.locator(".photo").last.click()
    await expect(chat.page.locator(".lightbox-place")).to_have_text("2 of 2")
    await chat.page.keyboard.press("ArrowLeft")
    await expect(chat.page.locator(".lightbox-place")).to_have_text("1 of 2")
    await until(chat.page, SHOWN, ".lightbox img")
    await chat.page.keyboard.press("Escape")

    await expect(chat.page.locator("dialog.lightbox")).to_be_hidden()


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


async def test_commands_are_offered_after_a_slash(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.page.locator(".field").press_sequentially("/he")
    await expect(chat.page.get_by_role("option")).to_have_text("/helpHow")
    await chat.page.keyboard.press("Enter")

    await expect(chat.bubble("heard help")).to_be_visible()


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


async def test_reaction_quicker_than_the_answer_to_the_request_stays(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    async def answer_late(route):
        answer = await route.fetch()
        await expect(chat.bubble("marked")).to_be_visible()
        await route.fulfill(response=answer)

    await chat.page.route("**/messages", answer_late)
    async with chat.page.expect_request_finished(lambda r: r.method == "POST"):
        await chat.say("mark")
    await expect(chat.page.locator(".pending")).to_have_count(0)

    await expect(chat.bubbles).to_have_count(2)
    assert await chat.bubbles.first.locator(".reaction").text_content() == "👍"


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


TOO_WIDE = """[...document.querySelectorAll(".chat *")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.className)"""


async def test_phone_shows_list_or_chat_and_never_scrolls_sideways(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url, phone=True)
    await chat.say("keys")
    await chat.say("picture")
    await chat.say("clip")
    await chat.choose(*pictures)
    await chat.send()
    await expect(chat.bubble("in an album")).to_be_visible()
    await chat.page.locator("video").wait_for()

    assert await chat.page.evaluate(TOO_WIDE) == []
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 390
    for target in (".key", ".send", ".attach", ".back", ".field"):
        box = await chat.page.locator(target).first.bounding_box()
        assert box["height"] >= 44, target
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    assert await chat.page.locator(".field").evaluate(size) >= 16  # iOS zooms below

    await chat.page.get_by_role("button", name="All chats").tap()
    await expect(chat.page.locator("#chat")).to_be_hidden()
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 390
    await chat.page.locator(f".chat-row[data-chat-id='{GROUP}']").tap()
    await expect(chat.page.locator("#sidebar")).to_be_hidden()
    await expect(chat.page.locator("#chat-header")).to_contain_text("Painters")


CONTRAST = """(node) => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    const colour = getComputedStyle(one).backgroundColor;
    const [, , , alpha = 1] = numbers(colour);
    return alpha > 0.8 ? colour : ground(one.parentElement);
  };
  const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(open_chat, playground, bot, scheme):
    chat = await open_chat(playground.url, color_scheme=scheme)
    await chat.say("keys")
    await expect(chat.key("Toast")).to_be_visible()
    ground = await chat.page.locator("#chat").evaluate(
        "node => getComputedStyle(node).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (max(ground) < 60) == (scheme == "dark")

    for words in (
        *(".own .text", ".own time", ".row:not(.own) .text", ".row:not(.own) time"),
        *(".key", ".state", ".chat-title", ".chat-words", ".samples-both", ".you"),
    ):
        assert await chat.page.locator(words).first.evaluate(CONTRAST) >= 4.5, words


async def test_markup_in_messages_is_shown_and_never_run(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.say(HOSTILE)
    await chat.say("hostile")
    await expect(chat.bubbles).to_have_count(4)

    texts = await chat.page.locator(".row .text").all_text_contents()
    assert texts == [HOSTILE, f"heard {HOSTILE}", "hostile", HOSTILE]
    assert await chat.page.locator(".messages script, .messages .text img").count() == 0
    assert await chat.page.title() != "broken"


async def test_hostile_html_from_a_server_is_stripped_to_known_tags(
    open_chat, playground
):
    # The policy of the page also objects, aloud, to what is taken out here.
    chat = await open_chat(playground.url, strict=False)
    hostile = (
        '<b onclick="x()">bold</b> <a href="javascript:x()">trap</a> '
        '<a href="https://example.org/" onclick="x()">link</a>'
        '<iframe src="/"></iframe><p onclick="x()">kept</p><svg onload="x()"></svg>'
        "<style>*{}</style>"
    )

    made = await chat.page.evaluate(
        """async (html) => {
          const { richText } = await import("/static/richtext.js");
          const box = document.createElement("div");
          box.append(richText(html));
          return box.innerHTML;
        }""",
        hostile,
    )

    rel = 'target="_blank" rel="noopener noreferrer nofollow"'
    link = f'<a href="https://example.org/" {rel}>link</a>'
    assert made == f"<strong>bold</strong> trap {link}kept"


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
