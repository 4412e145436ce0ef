"""Two people at once in one group, each with a browser of their own and a real bot.

The engine is the real one, on untrained weights and at small sizes.
"""

import asyncio
import io

import pytest
from PIL import Image, ImageStat
from playwright.async_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

ADA, BEN, GROUP = 1001, 1002, -1000000000001
RED, ORANGE = (230, 20, 20), (230, 110, 20)
BLUE, VIOLET = (20, 20, 230), (110, 20, 230)
SMALL = {"weights": "untrained", "edge_px": "96", "preview_interval_s": "0.3"}
STYLE = "/style@playground_stylebot"
PATIENT_MS = 180_000
"""For what takes a while on a busy machine: a start, a picture."""


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


def row(chat, message_id):
    return chat.page.locator(f".row[data-message-id='{message_id}']")


def with_key(chat, name, label):
    """What the bot has said in reply to somebody, with such a button below it."""
    quoted = chat.page.locator(".quoted b").get_by_text(name, exact=True)
    key = chat.page.locator(".key").filter(has_text=label)
    return chat.page.locator(".row").filter(has=quoted).filter(has=key)


async def card_of(chat, name):
    """The id of the card that offers the strengths to somebody."""
    card = with_key(chat, name, "Swap")
    await expect(card).to_have_count(1, timeout=PATIENT_MS)
    return int(await card.get_attribute("data-message-id"))


async def tap(chat, message_id, label):
    await row(chat, message_id).locator(".key").filter(has_text=label).click()


async def is_refused(chat):
    """An alert says that this button is somebody else's; it is closed."""
    alert = chat.page.get_by_role("dialog", name="Message from the bot")
    await expect(alert).to_be_visible()
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_have_count(0)


async def result_of(chat, name):
    """The only finished picture in reply to somebody."""
    finished = with_key(chat, name, "Full quality")
    await expect(finished).to_have_count(1, timeout=PATIENT_MS)
    return finished


async def hue_of(result, visitor):
    """Whether a finished picture is rather red or rather blue."""
    file_id = await result.locator(".photo").get_attribute("data-file-id")
    picture = Image.open(io.BytesIO(await visitor.file(file_id)))
    red, _, blue = ImageStat.Stat(picture.convert("RGB")).mean
    return "red" if red > blue else "blue"


async def ask(chat, picture):
    """Sends a picture with the command below it."""
    await chat.choose(picture)
    await chat.say(STYLE)


async def test_two_people_of_a_group_paint_at_once_and_keep_their_buttons(
    open_chat, playground, bot_process, ada, ben, paint
):
    await bot_process(**SMALL)
    one = await open_chat(playground.url, user=ADA, chat=GROUP)
    other = await open_chat(playground.url, user=BEN, chat=GROUP)

    # Ben shows a photo; Ada wants it in her painting, Ben wants another one in his.
    await other.choose(paint("photo1", BLUE))
    await other.say("my sea")
    await expect(one.bubble("my sea")).to_be_visible()
    await one.act(one.bubble("my sea"), "Reply")
    await asyncio.gather(
        ask(one, paint("painting1", VIOLET)), ask(other, paint("photo2", RED))
    )
    # He alone is asked for what is missing, and answers in the field that waits.
    await expect(other.page.locator(".replying")).to_be_visible(timeout=PATIENT_MS)
    await expect(one.page.locator(".replying")).to_be_hidden()
    await other.choose(paint("painting2", ORANGE))
    await other.send()
    card, other_card = await asyncio.gather(card_of(one, "Ada"), card_of(other, "Ben"))
    assert card != other_card

    # Ben's tap on Ada's button is refused and changes nothing.
    await tap(other, card, "Strong")
    await is_refused(other)
    await expect(one.page.locator(".key").filter(has_text="Cancel")).to_have_count(0)
    await expect(row(one, card).locator(".key").filter(has_text="Swap")).to_be_visible()

    await asyncio.gather(tap(one, card, "Subtle"), tap(other, other_card, "Strong"))
    result, other_result = await asyncio.gather(
        result_of(one, "Ada"), result_of(other, "Ben")
    )
    assert await hue_of(result, ada) == "blue"
    assert await hue_of(other_result, ben) == "red"

    # Both see both pictures, and only one's own buttons answer.
    hers = int(await result.get_attribute("data-message-id"))
    await expect(await result_of(one, "Ben")).to_be_visible()
    await expect(await result_of(other, "Ada")).to_be_visible()
    await tap(other, hers, "Full quality")
    await is_refused(other)
    for person in (ada, ben):
        assert await person.messages() == []  # nothing of it came in private
        in_group = await person.within(GROUP).messages()
        assert not any(message["document"] for message in in_group)
