"""The main job as people see it: Chromium on the page, a real bot process behind it.

The engine is the real one, on untrained weights and at small sizes.
"""

import asyncio
import io
import json
import re

import pytest
from PIL import Image, ImageStat
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

ADA, BEN = 1001, 1002
RED, ORANGE = (230, 20, 20), (230, 110, 20)
BLUE, VIOLET = (20, 20, 230), (110, 20, 230)
SMALL = {"weights": "untrained", "edge_px": "96", "preview_interval_s": "0.3"}
LONG = {**SMALL, "edge_px": "160"}
"""Paints long enough on any machine to be watched and cancelled."""
PATIENT_MS = 180_000
"""For what takes a while on a busy machine: a start, a picture."""

HALVES = """(image) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 2, height: 1});
  const brush = canvas.getContext("2d");
  const [wide, high] = [image.naturalWidth, image.naturalHeight];
  // Without the middle of the card, where its two pictures meet.
  brush.drawImage(image, 0, 0, 0.4 * wide, high, 0, 0, 1, 1);
  brush.drawImage(image, 0.6 * wide, 0, 0.4 * wide, high, 1, 0, 1, 1);
  return [0, 1].map((x) => [...brush.getImageData(x, 0, 1, 1).data.slice(0, 3)]);
}"""
PERCENT = """([words, low]) => {
  const percent = Number(/(\\d+)%/.exec(words.textContent)?.[1] ?? -1);
  return percent > low ? {percent} : null;
}"""
SHOWN = "image => image.decode().then(() => image.naturalWidth)"


class Card:
    """The message with the pair of pictures, which follows its job."""

    def __init__(self, chat, message_id):
        self.page = chat.page
        self.row = chat.page.locator(f".row[data-message-id='{message_id}']")
        self.photo = self.row.locator(".photo")

    async def tap(self, label):
        await self.row.locator(".key").filter(has_text=label).click()

    async def halves(self):
        """The hues of its left and its right half."""
        # Alone: the one before it has faded away.
        source = f"img:only-child[src='/api/files/{await self.shown()}']"
        halves = await self.photo.locator(source).evaluate(HALVES)
        return [hue(colour) for colour in halves]

    async def shown(self):
        """The id of its picture."""
        return await self.photo.get_attribute("data-file-id")

    async def next_picture(self, before):
        """Waits for another picture in the same place."""
        await expect(self.photo).not_to_have_attribute(
            "data-file-id", before, timeout=PATIENT_MS
        )

    async def percent_over(self, low):
        """Waits for a percent that is higher than `low`, and returns it."""
        words = await self.row.locator(".text").element_handle()
        handle = await self.page.wait_for_function(
            PERCENT, arg=[words, low], timeout=PATIENT_MS
        )
        return (await handle.json_value())["percent"]


@pytest.fixture(autouse=True)
def _painter_of_one_thread(monkeypatch):
    """Two that wait for each other in a loop starve on a machine that is busy."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture
def paint(tmp_path):
    """Makes files of pictures that have little else than one colour."""

    def make(name, colour):
        grey = Image.linear_gradient("L").resize((240, 180))
        bands = [grey.point([(v + 3 * c) // 4 for v in range(256)]) for c in colour]
        path = tmp_path / f"{name}.png"
        Image.merge("RGB", bands).save(path)
        return path

    return make


async def offer(chat, *pictures, words=None):
    """Uploads a pair; returns the card that offers the strengths."""
    await chat.choose(*pictures)
    if words is None:
        await chat.send()
    else:
        await chat.say(words)
    await expect(chat.key("Swap")).to_be_visible(timeout=PATIENT_MS)
    rows = chat.page.locator(".row").filter(has=chat.page.locator(".key"))
    return Card(chat, await rows.last.get_attribute("data-message-id"))


def results(chat):
    """The bubbles with finished pictures."""
    finished = chat.page.locator(".row:not(.own)").filter(has_text="Painted in")
    return finished.filter(has=chat.page.locator(".key"))


def hue(colour):
    """Whether a colour is rather red or rather blue."""
    red, _, blue = colour
    return "red" if red > blue else "blue"


async def test_two_pictures_are_swapped_cancelled_painted_and_shown_as_a_clip(
    open_chat, playground, bot_process, paint
):
    await bot_process(**LONG)
    chat = await open_chat(playground.url)
    card = await offer(chat, paint("photo", RED), paint("painting", BLUE))
    await expect(chat.page.locator(".row.own .photo")).to_have_count(2)

    assert await card.halves() == ["red", "blue"]
    before = await card.shown()
    await card.tap("Swap")
    await card.next_picture(before)
    assert await card.halves() == ["blue", "red"]
    await card.tap("Clip: off")
    await expect(card.row).to_contain_text("Clip: on")

    pair = await card.shown()
    await card.tap("Wild")
    begun = await card.percent_over(-1)
    await card.next_picture(pair)
    assert await card.percent_over(begun) <= 100
    await card.tap("Cancel")
    await expect(card.row).to_contain_text("Cancelled", timeout=PATIENT_MS)
    await expect(card.row.locator(".key").filter(has_text="Cancel")).to_have_count(0)
    assert await card.halves() == ["blue", "red"]

    await card.tap("Subtle")
    await expect(results(chat)).to_have_count(1, timeout=PATIENT_MS)
    result = results(chat).first
    await expect(result).to_contain_text("subtle")
    picture = result.locator(".photo img")
    await expect(picture).to_have_count(1)
    assert await picture.evaluate(SHOWN) in range(64, 161)

    clip = chat.page.locator(".row:not(.own) .animation video")
    await expect(clip).to_have_count(1, timeout=PATIENT_MS)
    await clip.scroll_into_view_if_needed()
    moves = "() => document.querySelector('.animation video').currentTime > 0.2"
    await chat.page.wait_for_function(moves)
    assert await clip.evaluate("clip => clip.videoWidth") in range(64, 161)
    await expect(results(chat)).to_have_count(1)  # the cancelled one sent nothing


async def overhear(chat):
    """Collects the chats of everything the server tells a page from now on."""
    heard = set()

    def hear(event):
        heard.add(json.loads(event["data"])["chat_id"])

    session = await chat.page.context.new_cdp_session(chat.page)
    session.on("Network.eventSourceMessageReceived", hear)
    await session.send("Network.enable")
    return heard


async def hue_of_result(chat, visitor):
    """The hue of the only finished picture on a page."""
    await expect(results(chat)).to_have_count(1, timeout=PATIENT_MS)
    file_id = await results(chat).locator(".photo").get_attribute("data-file-id")
    picture = Image.open(io.BytesIO(await visitor.file(file_id)))
    return hue(ImageStat.Stat(picture.convert("RGB")).mean)


async def test_two_people_at_once_each_see_their_own_chat_and_nothing_of_the_other(
    open_chat, playground, bot_process, ada, ben, paint
):
    await bot_process(**SMALL)
    reds = paint("photo1", RED), paint("painting1", ORANGE)
    blues = paint("photo2", BLUE), paint("painting2", VIOLET)
    one = await open_chat(playground.url, user=ADA, chat=ADA)
    other = await open_chat(playground.url, user=BEN, chat=BEN)
    told_one, told_other = await overhear(one), await overhear(other)

    card, other_card = await asyncio.gather(
        offer(one, *reds, words="the reds of Ada"),
        offer(other, *blues, words="the blues of Ben"),
    )
    await asyncio.gather(card.tap("Strong"), other_card.tap("Strong"))
    under_way = re.compile(r"In line|waking|%")
    for waiting in (card, other_card):
        await expect(waiting.row).to_contain_text(under_way)
    hues = [await hue_of_result(one, ada), await hue_of_result(other, ben)]

    assert hues == ["red", "blue"]
    for chat, own, foreign in ((one, "Ada", "Ben"), (other, "Ben", "Ada")):
        seen = await chat.page.locator("#messages, .chat-row").all_text_contents()
        assert f"of {own}" in "".join(seen)
        assert f"of {foreign}" not in "".join(seen)
        await expect(chat.page.locator(".row.own .photo")).to_have_count(2)
        await expect(results(chat)).to_have_count(1)
    assert (told_one, told_other) == ({ADA}, {BEN})
