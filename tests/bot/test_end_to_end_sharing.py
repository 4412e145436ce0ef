"""Passing on and looking back, through the front door: shares, links, /history.

One bot in a process of its own serves the whole module; every test is other people.
"""

import asyncio
import io
import itertools
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from PIL import Image, ImageStat

from bot.chat.texts import texts_for
from bot.playground.server import Playground
from bot.playground.visitor import (
    View,
    Visitor,
    button,
    buttons,
    new_person,
    words,
)
from bot.playground.world import ADA_ID, GROUP_ID

from .conftest import a_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = texts_for("en")
QUICK = {
    "executor": "inline",
    "weights": "untrained",
    "edge_px": "96",
    "preview_interval_s": "0.2",
}
NUMBERS = itertools.count(1)
LEFT, RIGHT = (0.15, 0.3, 0.4, 0.7), (0.6, 0.3, 0.85, 0.7)
"""Of a card: the middle of the photo, and of the painting."""
RED, BLUE, GREEN = (210, 30, 30), (30, 30, 210), (30, 160, 30)
SENDS = ("sendphoto", "senddocument", "sendanimation", "sendmediagroup")


def picture(colour, size=(96, 72)):
    """Of nearly one colour, and unlike every other."""
    image = Image.new("RGB", size, colour)
    image.putpixel((next(NUMBERS) % size[0], 0), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def hue(data, part=(0.0, 0.0, 1.0, 1.0)):
    """Which of red, green and blue a part of a picture mostly is."""
    with Image.open(io.BytesIO(data)) as image:
        sides = image.size * 2
        box = [round(p * side) for p, side in zip(part, sides, strict=True)]
        left, top, right, bottom = box
        seen = image.convert("RGB").crop((left, top, right, bottom))
    means = ImageStat.Stat(seen).mean
    return ("red", "green", "blue")[means.index(max(means))]


@dataclass(slots=True, kw_only=True)
class Street:
    """Where people meet who have the same bot."""

    http: httpx.AsyncClient
    playground: Playground
    data: Path

    @property
    def username(self) -> str:
        return self.playground.backend.world.bot.username

    async def person(self, name: str) -> Visitor:
        return await new_person(self.http, name)

    def forge(self, message: View, *data: str) -> None:
        """Puts buttons below a message that the bot has never put there."""
        chat = self.playground.backend.world.chats[message["chat_id"]]
        chat.messages[message["message_id"]].pressable.update(data)

    async def sends(self) -> int:
        """How often the bot has sent a file, or an id of one."""
        calls = (await self.http.get("/api/calls")).json()["calls"]
        count = Counter(call["method"].casefold() for call in calls)
        return sum(count[method] for method in SENDS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory):
    folder = tmp_path_factory.mktemp("street")
    async with a_bot(folder, **QUICK) as (playground, http, _):
        yield Street(http=http, playground=playground, data=folder / "data")


@dataclass(slots=True, kw_only=True)
class Ann:
    """Somebody with two results, both of a red photo; nobody deletes anything."""

    chat: Visitor
    older: View
    """Of a blue painting, subtle."""
    newer: View
    """Of a green painting, wild."""

    def shared(self):
        return shared_id(self.older)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(street):
    chat = await street.person("Ann")
    older = await paint(chat, RED, BLUE, "subtle")
    newer = await paint(chat, RED, GREEN, "wild")
    return Ann(chat=chat, older=older, newer=newer)


@pytest.fixture
def group(street):
    """A person in the group where everybody is."""
    return lambda visitor: visitor.within(GROUP_ID)


async def paint(visitor, photo=RED, painting=BLUE, strength="balanced"):
    """Sends a pair and taps; returns the result."""
    await visitor.send(picture(photo))
    (sent,) = await visitor.send(picture(painting))
    return await result_of(visitor, sent, strength)


async def result_of(visitor, sent, strength="balanced"):
    card = await visitor.until(
        lambda m: button(m, strength) is not None, after=sent["message_id"]
    )
    await visitor.tap(card, strength)
    return await visitor.until(
        lambda m: button(m, "Full quality") is not None, after=card["message_id"]
    )


async def unfolded(visitor, result):
    """The result with all its buttons."""
    await visitor.tap(result, "More")
    return await visitor.until(
        lambda m: (
            m["message_id"] == result["message_id"]
            and button(m, TEXTS.compare_button()) is not None
        )
    )


def share_of(result):
    """What the Share button below a result does."""
    (share,) = [b for b in buttons(result) if b["text"] == TEXTS.share_button()]
    return share["switch_inline_query_chosen_chat"]


def shared_id(result):
    """What that types after the bot's name."""
    return share_of(result)["query"]


def payload_of(message):
    """What the link below a shared message carries."""
    (url,) = [b["url"] for b in buttons(message)]
    link = re.fullmatch(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]{1,64})", url)
    assert link is not None, url
    return link[1]


async def pictures_in(visitor):
    """Every photo the bot has shown in a chat."""
    shown = [m for m in await visitor.messages() if m["from"]["is_bot"] and m["photo"]]
    return [await visitor.file(m["photo"]["file_id"]) for m in shown]


async def next_word(visitor, after):
    return await visitor.until(lambda m: m["from"]["is_bot"], after=after["message_id"])


async def test_a_result_is_shared_into_a_chat_without_another_upload(
    street, ann, group
):
    share = share_of(ann.older)
    before, said = await street.sends(), len(await group(ann.chat).messages())

    offered = await ann.chat.inline(share["query"])
    sent = await ann.chat.choose(offered, offered.results[0]["id"], GROUP_ID)

    assert share["allow_user_chats"]
    assert share["allow_group_chats"]
    assert [one["type"] for one in offered.results] == ["photo"]
    assert (sent["chat_id"], sent["via_bot"]) == (GROUP_ID, street.username)
    assert await same_photo(ann.chat, sent, ann.older)
    assert street.username in words(sent)
    assert [b["text"] for b in buttons(sent)] == [TEXTS.try_style_button()]
    assert await street.sends() == before
    assert len(await group(ann.chat).messages()) == said + 1


async def same_photo(visitor, one, other):
    """Whether two messages show the same bytes."""
    first, second = [await visitor.file(m["photo"]["file_id"]) for m in (one, other)]
    return first == second


async def passed_on(ann):
    """The payload that everybody finds below Ann's older result."""
    offered = await ann.chat.inline(ann.shared())
    sent = await ann.chat.choose(offered, offered.results[0]["id"], GROUP_ID)
    return payload_of(sent)


async def test_a_stranger_paints_with_a_shared_style_and_never_sees_the_photo(
    street, ann
):
    eve = await street.person("Eve")
    payload = await passed_on(ann)
    of_ann = len(await ann.chat.messages())

    asked = await next_word(eve, await eve.start(payload))
    (photo,) = await eve.send(picture(GREEN))
    card = await eve.until(
        lambda m: button(m, "balanced") is not None, after=photo["message_id"]
    )
    shown = await eve.file(card["photo"]["file_id"])
    painted = await result_of(eve, photo)

    assert words(asked) == TEXTS.took_style(None)
    assert hue(shown, LEFT) == "green"
    assert hue(shown, RIGHT) == "blue"
    assert painted["reply_to"] == photo["message_id"]
    assert "red" not in [hue(each) for each in await pictures_in(eve)]
    assert len(await ann.chat.messages()) == of_ann, "the sharer hears nothing of it"


async def test_a_link_with_a_photo_there_brings_the_card_at_once(street, ann):
    eve = await street.person("Eve")
    (photo,) = await eve.send(picture(GREEN))
    await next_word(eve, photo)

    await eve.start(await passed_on(ann))

    card = await eve.until(
        lambda m: button(m, "balanced") is not None, after=photo["message_id"]
    )
    shown = await eve.file(card["photo"]["file_id"])
    assert hue(shown, LEFT) == "green"
    assert hue(shown, RIGHT) == "blue"


async def test_a_link_that_adds_the_bot_to_a_group_brings_the_style_there(street, ann):
    ada = Visitor(street.http, ADA_ID, GROUP_ID)
    private = ada.within(ADA_ID)

    started = await ada.start_group(await passed_on(ann))
    asked = await next_word(ada, started)
    (photo,) = await ada.send(picture(GREEN), reply_to=str(asked["message_id"]))
    card = await ada.until(
        lambda m: button(m, "balanced") is not None, after=photo["message_id"]
    )

    assert asked["force_reply"] is not None
    assert asked["reply_to"] == started["message_id"]
    shown = await ada.file(card["photo"]["file_id"])
    assert hue(shown, LEFT) == "green"
    assert hue(shown, RIGHT) == "blue"
    assert not [m for m in await private.messages() if m["from"]["is_bot"]]


async def test_a_built_in_style_comes_by_its_link(street):
    eve = await street.person("Eve")

    asked = await next_word(eve, await eve.start("g_wave"))

    said = TEXTS.took_style(TEXTS.style_name("wave"))
    assert words(asked) == re.sub("</?b>", "", said)


@pytest.mark.parametrize("payload", ["s_aaaaaaaaaaaa", "g_nothing", "s_" + "x" * 62])
async def test_a_link_to_nothing_says_so_and_then_says_hello(street, payload):
    eve = await street.person("Eve")
    await next_word(eve, (await eve.send(picture(GREEN)))[0])

    sorry = await next_word(eve, await eve.start(payload))
    hello = await next_word(eve, sorry)
    status = await next_word(eve, await eve.say("/status"))

    assert words(sorry) == TEXTS.link_expired()
    assert hello["message_id"] == sorry["message_id"] + 1
    assert "I have your photo" in words(status), "what was there is still there"


@pytest.mark.parametrize("payload", ["inline", "history_", "p_0123456789abcdef"])
async def test_any_other_payload_is_a_plain_start(street, payload):
    eve = await street.person("Eve")

    hello = await next_word(eve, await eve.start(payload))

    assert words(hello) == words(await next_word(eve, await eve.start()))


async def test_another_persons_inline_query_with_my_job_brings_nothing(street, ann):
    eve = await street.person("Eve")

    for query in (ann.shared(), "abcdefghijkl", ""):
        offered = await eve.inline(query)
        assert offered.answered
        assert offered.results == []
        assert offered.button == {
            "text": TEXTS.inline_start_button(),
            "start_parameter": "inline",
        }
    assert (await ann.chat.inline(ann.shared())).results


async def test_a_bare_query_shows_own_results_newest_first_then_styles(
    street, ann, group
):
    ben = await street.person("Ben")
    other = shared_id(await paint(ben))
    older, newer = ann.shared(), shared_id(ann.newer)

    offered = await group(ann.chat).inline()

    ids = [one["id"] for one in offered.results]
    assert ids[:2] == [f"p_{newer}", f"p_{older}"]
    assert [one["title"] for one in offered.results[:2]] == ["Wild", "Subtle"]
    assert len(ids) == 4, "two pictures, and the two paintings they were painted from"
    assert all(code.startswith("s_") for code in ids[2:])
    assert other not in str(offered.results)
    assert (offered.next_offset, offered.button) == ("", None)


async def test_results_are_found_by_words(ann):
    found = await ann.chat.inline("wil")
    nothing = await ann.chat.inline("zebra")

    assert [one["id"] for one in found.results] == [f"p_{shared_id(ann.newer)}"]
    assert nothing.results == []
    assert nothing.button is not None
    assert nothing.button["text"] == TEXTS.inline_nothing_found_button()


async def test_a_style_alone_can_be_passed_on(ann, street):
    eve = await street.person("Eve")
    offered = await ann.chat.inline()

    sent = await ann.chat.choose(offered, offered.results[2]["id"], GROUP_ID)
    asked = await next_word(eve, await eve.start(payload_of(sent)))

    assert hue(await eve.file(sent["photo"]["file_id"])) == "green"
    assert words(asked) == TEXTS.took_style(None)


async def test_clip_and_file_can_be_shared_once_they_were_sent(street):
    ben = await street.person("Ben")
    result = await unfolded(ben, await paint(ben))
    await ben.tap(result, "Full quality")
    await ben.until(lambda m: m["document"] is not None)
    await ben.tap(result, TEXTS.film_button())
    clip = await ben.until(lambda m: m["animation"] is not None)

    offered = await ben.inline(shared_id(result))
    sent = await ben.choose(offered, offered.results[1]["id"], GROUP_ID)

    kinds = [one["type"] for one in offered.results]
    assert kinds == ["photo", "mpeg4_gif", "document"]
    assert await ben.file(sent["animation"]["file_id"]) == await ben.file(
        clip["animation"]["file_id"]
    )


async def test_what_telegram_keeps_is_shared_and_shown_when_the_files_are_gone(street):
    ben = await street.person("Ben")
    result = await paint(ben)
    job_id = shared_id(result)
    shutil.rmtree(street.data / "jobs" / job_id)

    offered = await ben.inline(job_id)
    sent = await ben.choose(offered, f"p_{job_id}", GROUP_ID)
    asked = await ben.say("/history")
    again = await ben.until(
        lambda m: m["from"]["is_bot"] and m["photo"], after=asked["message_id"]
    )

    assert await same_photo(ben, sent, result)
    assert await same_photo(ben, again, result)


async def test_a_deleted_result_is_no_longer_offered(street):
    ben = await street.person("Ben")
    result = await unfolded(ben, await paint(ben))
    job_id = shared_id(result)
    assert (await ben.inline(job_id)).results

    await ben.tap(result, TEXTS.delete_button())
    asked = await ben.until(lambda m: button(m, TEXTS.delete_yes_button()) is not None)
    await ben.tap(asked, TEXTS.delete_yes_button())
    await gone(ben, result)

    offered = await ben.inline(job_id)
    assert offered.results == []
    said = await next_word(ben, await ben.say("/history"))
    assert words(said) == TEXTS.history_empty()


async def gone(visitor, message):
    """Waits until a message is deleted."""
    async with asyncio.timeout(20):
        while True:
            there = [m["message_id"] for m in await visitor.messages()]
            if message["message_id"] not in there:
                return
            await asyncio.sleep(0.05)


async def test_before_and_after_come_as_an_album_in_one_size_and_but_once(ann):
    chat, result = ann.chat, await unfolded(ann.chat, ann.older)

    first = await chat.tap(result, TEXTS.compare_button())
    after = await chat.until(lambda m: words(m).startswith("After"))
    second = await chat.tap(result, TEXTS.compare_button())
    status = await chat.say("/status")
    last = await next_word(chat, status)

    album = [m for m in await chat.messages() if m["media_group_id"]]
    assert [words(m) for m in album] == ["Before", "After · Subtle"]
    assert len({m["media_group_id"] for m in album}) == 1
    shown = [await chat.file(m["photo"]["file_id"]) for m in album]
    assert len({Image.open(io.BytesIO(each)).size for each in shown}) == 1
    assert hue(shown[0]) == "red"
    assert await same_photo(chat, after, result)
    assert (first.answered, first.text) == (True, None)
    assert second.text == TEXTS.toast_compare_coming()
    assert last["message_id"] == status["message_id"] + 1 == after["message_id"] + 2


async def test_another_persons_tap_on_compare_brings_an_alert_and_no_album(
    street, group
):
    ben, eve = await street.person("Ben"), await street.person("Eve")
    (photo,) = await group(ben).send(picture(RED))
    (painting,) = await group(ben).send(
        picture(BLUE),
        text=f"/style@{street.username}",
        reply_to=str(photo["message_id"]),
    )
    result = await unfolded(group(ben), await result_of(group(ben), painting))

    foreign = await group(eve).tap(result, TEXTS.compare_button())
    after = [m for m in await group(ben).messages() if is_after(m, result)]
    own = await group(ben).tap(result, TEXTS.compare_button())
    shown = await group(ben).until(lambda m: words(m).startswith("After"))

    assert (foreign.text, foreign.show_alert) == (TEXTS.toast_not_yours(), True)
    assert after == []
    assert (own.text, shown["chat_id"]) == (None, GROUP_ID)
    for person in (ben, eve):
        assert not [m for m in await person.messages() if m["from"]["is_bot"]]


def is_after(message, other):
    return message["message_id"] > other["message_id"]


async def test_history_brings_the_results_and_their_buttons_back(street, ann):
    chat, before = ann.chat, await street.sends()

    asked = await chat.say("/history")
    below = await chat.until(
        lambda m: button(m, "2") is not None, after=asked["message_id"]
    )
    album = [m for m in await chat.messages() if is_after(m, asked)][:-1]
    await chat.tap(below, "2")
    again = await chat.until(
        lambda m: button(m, "Full quality") is not None, after=below["message_id"]
    )

    assert words(below) == TEXTS.history(1, 2)
    assert [words(m) for m in album] == ["1 · Wild", "2 · Subtle"]
    assert await same_photo(chat, album[0], ann.newer)
    assert await same_photo(chat, album[1], ann.older)
    assert await same_photo(chat, again, ann.older)
    assert shared_id(again) == ann.shared()
    assert words(again) == words(ann.older)
    assert await street.sends() == before + 2


async def test_history_of_somebody_new_is_empty_and_says_how_to_begin(street):
    eve = await street.person("Eve")

    said = await next_word(eve, await eve.say("/history"))

    assert words(said) == TEXTS.history_empty()


async def test_history_in_a_group_is_shown_in_private_only(street, ann, group):
    await group(ann.chat).say("/history")  # perhaps another bot's
    said = await group(ann.chat).say(f"/history@{street.username}")
    hint = await next_word(group(ann.chat), said)
    started = await ann.chat.start(payload_of(hint))
    below = await ann.chat.until(
        lambda m: button(m, "2") is not None, after=started["message_id"]
    )

    assert words(hint) == TEXTS.history_in_private()
    assert (hint["photo"], hint["reply_to"]) == (None, said["message_id"])
    assert hint["message_id"] == said["message_id"] + 1
    assert words(below) == TEXTS.history(1, 2)
    assert not [m for m in await group(ann.chat).messages() if is_after(m, hint)]


async def test_a_forged_press_on_history_shows_nobody_elses_pictures(street, ann):
    eve = await street.person("Eve")
    hello = await next_word(eve, await eve.start())
    page, job = (
        f"v1:history:{ann.chat.user_id}:0",
        f"v1:history:{eve.user_id}:j_{ann.shared()}",
    )
    street.forge(hello, page, job)

    foreign, stolen = await eve.press(hello, page), await eve.press(hello, job)

    assert foreign.text == TEXTS.toast_not_yours()
    assert stolen.text == TEXTS.toast_pictures_gone()
    assert not [m for m in await eve.messages() if is_after(m, hello)]
