"""The gallery and saved styles through the front door, and whom they do not reach.

One bot in a process of its own serves the whole module; every test is other people.
"""

import io
import itertools
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from bot.chat.texts import texts_for
from bot.gallery.styles import STYLES, style_of
from bot.playground.visitor import Visitor, button, buttons, new_person, words
from bot.playground.world import GROUP_ID

from .conftest import a_bot, from_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = texts_for("en")
QUICK = {
    "executor": "inline",
    "weights": "untrained",
    "edge_px": "96",
    "preview_interval_s": "0.2",
}
NUMBERS = itertools.count(1)
TEAL, ORANGE = (20, 130, 130), (240, 140, 30)


def picture(colour):
    """Of nearly one colour, and unlike every other."""
    image = Image.new("RGB", (160, 120), colour)
    image.putpixel((next(NUMBERS) % 160, 0), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@dataclass(slots=True, kw_only=True)
class Town:
    """Where people meet who have the same bot."""

    http: httpx.AsyncClient
    data: Path
    username: str

    async def person(self, name: str = "Ann", language: str = "en") -> Visitor:
        return await new_person(self.http, name, language)

    def rows(self, query, *values):
        """What the bot has written down."""
        with sqlite3.connect(self.data / "stylebot.sqlite3") as db:
            return db.execute(query, values).fetchall()

    def saved(self, visitor):
        asked = "SELECT name FROM styles WHERE user_id = ? AND kind = 'saved'"
        return [name for (name,) in self.rows(asked, visitor.user_id)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    async with a_bot(folder, **QUICK) as (playground, http, _):
        username = playground.backend.world.bot.username
        yield Town(http=http, data=folder / "data", username=username)


@pytest_asyncio.fixture(loop_scope="module")
async def ann(town):
    return await town.person()


def is_card(message):
    return button(message, TEXTS.swap_button()) is not None


async def answer_to(visitor, message, wanted=lambda m: True):
    """The bot's first message after this one that is as wanted."""
    return await visitor.until(
        lambda m: from_bot(m) and wanted(m), after=message["message_id"]
    )


async def changed(visitor, message, wanted):
    """The message, as soon as it has become as wanted."""
    return await visitor.until(
        lambda m: m["message_id"] == message["message_id"] and wanted(m)
    )


def is_gallery(message):
    return any(b["text"] == "1" for b in buttons(message))


async def gallery(visitor):
    return await answer_to(visitor, await visitor.say("/styles"), is_gallery)


async def section(visitor, sheet, label, title):
    """Turns the gallery to a section."""
    await visitor.tap(sheet, label)
    return await changed(visitor, sheet, lambda m: title in words(m))


async def mine(visitor, sheet):
    return await section(visitor, sheet, TEXTS.mine_button(), "Your styles")


async def result_of(visitor, card, strength="balanced"):
    await visitor.tap(card, strength)
    return await visitor.until(
        lambda m: button(m, TEXTS.save_button()) is not None,
        after=card["message_id"],
    )


async def painted(visitor, painting):
    """The result of a photo and this painting."""
    album = await visitor.send(picture(TEAL), painting)
    card = await visitor.until(is_card, after=album[-1]["message_id"])
    return await result_of(visitor, card)


async def kept(visitor, name=None):
    """Saves the style of a result, and names it."""
    result = await painted(visitor, picture(ORANGE))
    await visitor.tap(result, TEXTS.save_button())
    question = await answer_to(visitor, result)
    if name is not None:
        said = await visitor.say(name, reply_to=str(question["message_id"]))
        await answer_to(visitor, said)
    return result


def code_of(message, number):
    """What the button with this number carries last."""
    found = next(b for b in buttons(message) if b["text"] == str(number))
    return found["data"].split(":")[-1]


def right_half(data):
    """The mean colour of the painting in a card."""
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64)
    height, width, _ = pixels.shape
    part = pixels[height // 3 : 2 * height // 3, 2 * width // 3 : width - 80]
    return part.mean((0, 1))


def middle_of(style):
    """The mean colour of what a card shows of a style there."""
    drawn = np.asarray(style.draw(), np.float64)
    height, width, _ = drawn.shape
    return drawn[height // 3 : 2 * height // 3, width // 3 : -60].mean((0, 1))


async def test_start_shows_in_one_picture_what_the_bot_does(town, ann):
    said = await ann.start()
    hello = await answer_to(ann, said)

    assert hello["photo"] is not None
    assert words(hello).startswith("Hi! Send me a photo")
    sent = Image.open(io.BytesIO(await ann.file(hello["photo"]["file_id"])))
    assert sent.width >= 800

    await ann.tap(hello, TEXTS.choose_style_button())
    sheet = await answer_to(ann, hello, is_gallery)
    after = [m for m in await ann.messages() if from_bot(m)]
    assert [m["message_id"] for m in after] == [
        hello["message_id"],
        sheet["message_id"],
    ]
    assert words(after[0]) == words(hello)  # the welcome stays as it is


async def test_the_gallery_is_a_picture_with_a_button_for_each_number(ann):
    sheet = await gallery(ann)

    assert sheet["photo"] is not None
    numbers = [b["text"] for b in buttons(sheet) if b["text"].isdecimal()]
    assert numbers == [str(number) for number in range(1, 10)]
    for number, style in enumerate(STYLES[:9], 1):
        assert f"{number}. {TEXTS.style_name(style.slug)}" in words(sheet)


async def test_pages_turn_in_place_and_come_round(ann):
    first = await gallery(ann)
    await ann.tap(first, "▶")
    second = await changed(ann, first, lambda m: "10. " in words(m))

    assert second["photo"]["file_id"] != first["photo"]["file_id"]
    assert f"15. {TEXTS.style_name('stitch')}" in words(second)
    assert code_of(second, 15) == "g_stitch"

    await ann.tap(second, "▶")
    await changed(ann, second, lambda m: "1. Thick paint" in words(m))
    assert len([m for m in await ann.messages() if from_bot(m)]) == 1


async def test_a_number_puts_the_style_in_place_and_a_photo_is_enough_then(ann):
    sheet = await gallery(ann)
    answer = await ann.tap(sheet, "3")
    asked = await answer_to(ann, sheet)

    assert answer.answered
    assert words(asked) == "The style is Woodblock wave. Now send me the photo."
    (photo,) = await ann.send(picture(TEAL))
    card = await ann.until(is_card, after=photo["message_id"])
    shown = right_half(await ann.file(card["photo"]["file_id"]))
    assert np.abs(shown - middle_of(style_of("wave"))).max() < 25
    result = await result_of(ann, card)
    assert result["photo"] is not None


async def test_with_a_photo_there_the_card_comes_at_once(ann):
    (photo,) = await ann.send(picture(TEAL))
    asked = await answer_to(ann, photo)
    await ann.tap(asked, TEXTS.choose_style_button())
    sheet = await answer_to(ann, asked)
    await ann.tap(sheet, "8")

    card = await ann.until(is_card, after=sheet["message_id"])
    assert card["reply_to"] == photo["message_id"]
    await ann.tap(sheet, "5")  # another style for the same photo
    other = await ann.until(is_card, after=card["message_id"])
    assert words(other).startswith("This is the new painting.")

    await ann.tap(sheet, "5")  # the same once more brings no second card
    said = await ann.say("/status")
    await answer_to(ann, said)
    cards = [m["message_id"] for m in await ann.messages() if is_card(m)]
    assert cards == [card["message_id"], other["message_id"]]


async def test_a_style_used_before_is_one_tap_away(ann):
    sheet = await gallery(ann)
    await ann.tap(sheet, "3")
    (photo,) = await ann.send(picture(TEAL))
    card = await ann.until(is_card, after=photo["message_id"])
    await result_of(ann, card)

    (again,) = await ann.send(picture(ORANGE))
    asked = await answer_to(ann, again)
    assert words(asked) == TEXTS.took_photo()
    await ann.tap(asked, "Woodblock wave")
    second = await ann.until(is_card, after=asked["message_id"])
    assert second["reply_to"] == again["message_id"]

    recent = await section(ann, sheet, TEXTS.recent_button(), "Used before")
    assert "1. Woodblock wave" in words(recent)
    assert code_of(recent, 1) == "g_wave"


async def test_a_painting_without_a_name_can_be_used_again_by_its_sender_alone(
    town, ann
):
    await painted(ann, picture(ORANGE))
    (photo,) = await ann.send(picture(TEAL))
    asked = await answer_to(ann, photo)
    found = button(asked, TEXTS.last_painting_button())
    assert found is not None
    code = found["data"].split(":")[-1]
    await ann.tap(asked, TEXTS.last_painting_button())
    await ann.until(is_card, after=asked["message_id"])

    ben = await town.person("Ben")
    said = await ben.start(code)
    hello = await answer_to(ben, said)
    assert "I have the style" not in words(hello)
    assert town.rows("SELECT 1 FROM drafts WHERE user_id = ?", ben.user_id) == []


async def test_a_saved_style_gets_the_name_that_is_replied(town, ann):
    result = await painted(ann, picture(ORANGE))
    await ann.tap(result, TEXTS.save_button())
    question = await answer_to(ann, result)
    assert question["force_reply"] is not None
    said = await ann.say(
        " Mum’s  <b>tulips</b> & co ", reply_to=str(question["message_id"])
    )
    named = await answer_to(ann, said)

    assert words(named) == "The style is called Mum’s <b>tulips</b> & co now."
    assert town.saved(ann) == ["Mum’s <b>tulips</b> & co"]
    sheet = await mine(ann, await gallery(ann))
    assert "1. Mum’s <b>tulips</b> & co" in words(sheet)
    await ann.tap(sheet, "1")
    asked = await answer_to(ann, sheet)
    assert "Mum’s <b>tulips</b> & co" in words(asked)


async def test_saving_twice_keeps_one_and_names_are_optional(town, ann):
    result = await kept(ann)
    again = await ann.tap(result, TEXTS.save_button())

    assert again.text == TEXTS.toast_saved_already()
    assert town.saved(ann) == [None]
    sheet = await mine(ann, await gallery(ann))
    assert f"1. {TEXTS.nameless()}" in words(sheet)
    said = await ann.say("just talking")
    refused = await answer_to(ann, said)
    assert "only pictures" in words(refused)
    assert town.saved(ann) == [None]


async def test_a_name_that_does_not_fit_is_asked_for_again(town, ann):
    result = await painted(ann, picture(ORANGE))
    await ann.tap(result, TEXTS.save_button())
    question = await answer_to(ann, result)
    said = await ann.say("x" * 33, reply_to=str(question["message_id"]))
    second = await answer_to(ann, said)

    assert words(second) == TEXTS.name_unfit(32)
    assert second["force_reply"] is not None
    assert town.saved(ann) == [None]
    said = await ann.say("x" * 32, reply_to=str(second["message_id"]))
    await answer_to(ann, said)
    assert town.saved(ann) == ["x" * 32]


async def test_a_style_of_the_gallery_need_not_be_saved(town, ann):
    sheet = await gallery(ann)
    await ann.tap(sheet, "2")
    (photo,) = await ann.send(picture(TEAL))
    card = await ann.until(is_card, after=photo["message_id"])
    result = await result_of(ann, card)
    answer = await ann.tap(result, TEXTS.save_button())

    assert answer.text == TEXTS.toast_always_there()
    assert town.saved(ann) == []


async def test_a_saved_style_is_renamed_and_deleted(town, ann):
    await kept(ann, "Sunset")
    sheet = await mine(ann, await gallery(ann))
    changing = await section(ann, sheet, TEXTS.change_button(), "rename or delete")
    await ann.tap(changing, "1")
    one = await changed(ann, sheet, lambda m: words(m) == "1. Sunset")
    await ann.tap(one, TEXTS.rename_button())
    question = await answer_to(ann, one)
    said = await ann.say("Dusk", reply_to=str(question["message_id"]))
    await answer_to(ann, said)
    assert town.saved(ann) == ["Dusk"]

    await ann.tap(one, TEXTS.delete_style_button())
    await changed(ann, sheet, lambda m: "Gallery" in words(m))
    assert town.saved(ann) == []
    empty = await ann.tap(sheet, TEXTS.mine_button())
    assert empty.text == TEXTS.toast_no_saved()
    gone = await ann.tap(one, TEXTS.use_style_button())
    assert gone.text == TEXTS.toast_style_gone()


async def test_a_saved_style_reaches_nobody_else(town, ann):
    await kept(ann, "Secret")
    sheet = await mine(ann, await gallery(ann))
    code = code_of(sheet, 1)
    assert code.startswith("s_")

    ben = await town.person("Ben")
    hello = await answer_to(ben, await ben.start(code))
    assert "Secret" not in words(hello)
    assert town.rows("SELECT 1 FROM drafts WHERE user_id = ?", ben.user_id) == []
    bens = await gallery(ben)
    empty = await ben.tap(bens, TEXTS.mine_button())
    assert empty.text == TEXTS.toast_no_saved()


async def test_the_gallery_speaks_the_language_of_its_reader(town):
    dora = await town.person("Dora", "de")
    german = texts_for("de")
    sheet = await gallery(dora)

    assert f"3. {german.style_name('wave')}" in words(sheet)
    assert "Gallery" not in words(sheet)


async def test_in_a_group_the_gallery_points_to_the_private_chat(town, ann):
    there = ann.within(GROUP_ID)
    await there.say("/styles")
    said = await there.say(f"/styles@{town.username}")
    answer = await answer_to(there, said)

    assert "private chat" in words(answer)
    assert answer["photo"] is None
    said_there = [m for m in await there.messages() if from_bot(m)]
    assert said_there == [answer]  # and nothing to the bare command


async def test_in_a_group_only_the_requester_saves_and_names_the_style(town, ann):
    ben = await town.person("Ben")
    anns, bens = ann.within(GROUP_ID), ben.within(GROUP_ID)
    (photo,) = await bens.send(picture(TEAL))
    order = {"text": f"/style@{town.username}", "reply_to": str(photo["message_id"])}
    (asked,) = await anns.send(picture(ORANGE), **order)
    card = await anns.until(is_card, after=asked["message_id"])
    result = await result_of(anns, card)

    refused = await bens.tap(result, TEXTS.save_button())
    assert refused.text == TEXTS.toast_not_yours()
    await anns.tap(result, TEXTS.save_button())
    question = await answer_to(
        anns, result, lambda m: words(m) == TEXTS.saved_question()
    )
    assert question["reply_to"] == asked["message_id"]
    await bens.say("Ben was here", reply_to=str(question["message_id"]))
    said = await anns.say("Dusk", reply_to=str(question["message_id"]))
    named = await answer_to(anns, said)
    assert words(named) == "The style is called Dusk now."
    assert (town.saved(ann), town.saved(ben)) == (["Dusk"], [])

    order = {"text": f"/style@{town.username} Dusk"}
    (hers,) = await anns.send(picture(TEAL), **order)
    await anns.until(is_card, after=hers["message_id"])
    (his,) = await bens.send(picture(TEAL), **order)
    answer = await answer_to(bens, his)
    assert not is_card(answer)
    theirs = "SELECT style_name FROM drafts WHERE user_id = ?"
    assert ("Dusk",) not in town.rows(theirs, ben.user_id)


async def test_forgetting_a_person_takes_the_sheets_of_their_styles(town, ann):
    await kept(ann, "Gone soon")
    await mine(ann, await gallery(ann))
    cards = town.data / "cards"
    assert list(cards.glob(f"sheet-{ann.user_id}-*"))

    said = await ann.say("/forget")
    question = await answer_to(ann, said)
    yes = next(b for b in buttons(question) if b["data"].endswith(":yes"))
    await ann.press(question, yes["data"])
    await ann.until(
        lambda m: m["message_id"] == question["message_id"] and not list(buttons(m))
    )
    await ann.until(lambda m: from_bot(m), after=question["message_id"])
    assert town.saved(ann) == []
    assert not list(cards.glob(f"sheet-{ann.user_id}-*"))
