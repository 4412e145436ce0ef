"""Waiting, as people see it: a real bot process that paints makeshift pictures.

One bot serves all tests; each of them has people of its own.
"""

import asyncio
import io
import itertools
import re
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from pillow_heif import from_pillow

from bot.playground.server import Playground
from bot.playground.visitor import Visitor, new_person, words

from .conftest import a_bot, from_bot, is_card, is_result, now

TOOK = "That is your photo."
GROUP = -1000000000001
SETTINGS = {
    "executor": "inline",
    "weights": "untrained",
    "edge_px": "640",
    "preview_interval_s": "0.3",
    "max_waiting": "40",
}
TOLD = {0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 35}
"""How many may be said to be before somebody."""
BEFORE = re.compile(
    r"In line: (?:(\d+) pictures? (?:is|are) before yours|yours is next)"
)
NUMBERS = itertools.count(1)


@dataclass(slots=True, kw_only=True)
class Studio:
    playground: Playground
    http: httpx.AsyncClient

    @property
    def bot_name(self) -> str:
        return self.playground.backend.world.bot.username

    async def person(self, name="Somebody") -> Visitor:
        """Somebody new, in their private chat; a member of the group."""
        return await new_person(self.http, name)

    async def calls(self, method, chat_id):
        every = (await self.http.get("/api/calls")).json()["calls"]
        return [
            call
            for call in every
            if call["method"].lower() == method.lower() and call["chat_id"] == chat_id
        ]

    async def fault(self, **order):
        (await self.http.post("/api/faults", json=order)).raise_for_status()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    async with a_bot(folder, **SETTINGS) as (playground, http, _):
        yield Studio(playground=playground, http=http)


def image(size=(96, 72)):
    """A picture unlike every other."""
    number = next(NUMBERS)
    made = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120))
    ImageDraw.Draw(made).ellipse((8, 8, 60, 50), fill="gold")
    return made


def picture(size=(96, 72), file_format="JPEG"):
    file = io.BytesIO()
    image(size).save(file, file_format)
    return file.getvalue()


def heic():
    file = io.BytesIO()
    from_pillow(image()).save(file, quality=90)
    return file.getvalue()


async def offer(visitor):
    """Sends a pair as an album; returns the card."""
    album = await visitor.send(picture(), picture())
    return await visitor.until(is_card, after=album[-1]["message_id"])


async def seen(visitor, message):
    """Waits for the reaction."""
    number = message["message_id"]
    return await visitor.until(lambda m: m["message_id"] == number and m["reaction"])


async def said_by_bot(visitor, after=0):
    return [
        words(m)
        for m in await visitor.messages()
        if from_bot(m) and m["message_id"] > after
    ]


async def edits_of(visitor, message):
    """Every state of a message that the chat has shown, in their order."""
    return [
        event["message"]
        for event in await visitor.events()
        if event["type"] in ("message", "edited")
        and event["message_id"] == message["message_id"]
    ]


pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def test_the_place_in_line_moves_at_thinning_places_and_within_the_pace(studio):
    people = [await studio.person(f"Person {n}") for n in range(11)]
    cards = await asyncio.gather(*(offer(one) for one in people))
    for one, card in zip(people, cards, strict=True):
        await one.tap(card, "Subtle")
    last, card = people[-1], cards[-1]

    result = await last.until(is_result, after=card["message_id"], timeout_s=90)

    shown = await edits_of(last, card)
    places = [
        int(found[1] or 0)
        for m in shown
        if (found := BEFORE.search(words(m))) is not None
    ]
    assert places[0] >= 9
    assert places == sorted(places, reverse=True)
    assert len(places) >= 3
    assert set(places[1:]) <= TOLD
    assert "It starts in" in next(words(m) for m in shown if "before yours" in words(m))
    assert result["message_id"] > card["message_id"]
    edits = await studio.calls("editMessageCaption", last.chat_id)
    waiting = [call["time"] for call in edits[: len(places)]]
    assert all(b - a > 2.5 for a, b in itertools.pairwise(waiting[1:]))
    assert {call["chat_id"] for call in edits} == {last.chat_id}


async def test_a_picture_is_acknowledged_by_a_reaction_before_any_word(studio):
    ann = await studio.person()
    (photo,) = await ann.send(picture())

    noticed = await seen(ann, photo)
    await ann.until(from_bot, after=photo["message_id"])

    calls = (await studio.http.get("/api/calls")).json()["calls"]
    mine = [c["method"] for c in calls if c["chat_id"] == ann.chat_id]
    assert noticed["reaction"] == "👀"
    assert mine.index("setMessageReaction") < mine.index("sendMessage")


async def called(studio, visitor, method, count):
    """Waits until a method was called so often in a chat."""
    async with asyncio.timeout(10):
        # Another process does it, which knows no event of ours.
        while len(await studio.calls(method, visitor.chat_id)) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_file_that_is_no_picture_keeps_no_reaction(studio):
    ann = await studio.person()
    (photo,) = await ann.send(b"no picture at all", as_file="1", name="x.png")

    await ann.until(from_bot, after=photo["message_id"])
    await called(studio, ann, "setMessageReaction", 2)

    assert (await now(ann, photo))["reaction"] is None


async def test_an_album_of_two_has_one_reaction_and_one_answer(studio):
    ann = await studio.person()
    album = await ann.send(picture(), picture())

    card = await ann.until(is_card, after=album[-1]["message_id"])

    reactions = [(await now(ann, part))["reaction"] for part in album]
    assert reactions == ["👀", None]
    assert await said_by_bot(ann) == [words(card)]
    assert card["reply_to"] == album[0]["message_id"]


async def test_in_a_group_a_request_has_a_reaction_and_nothing_else_has(studio):
    ann, ben = await studio.person("Ann"), await studio.person("Ben")
    painters, onlooker = ann.within(GROUP), ben.within(GROUP)
    (chatter,) = await onlooker.send(picture())
    (photo,) = await onlooker.send(picture())
    name = studio.bot_name
    (request,) = await painters.send(
        picture(), text=f"/style@{name}", reply_to=str(photo["message_id"])
    )

    await seen(painters, request)
    card = await painters.until(is_card, after=request["message_id"])

    assert (await now(painters, request))["reaction"] == "👀"
    assert (await now(painters, photo))["reaction"] is None
    assert (await now(painters, chatter))["reaction"] is None
    assert card["reply_to"] == request["message_id"]
    assert await said_by_bot(ann) == await said_by_bot(ben) == []


async def test_heic_files_are_understood(studio):
    ann = await studio.person()
    (photo,) = await ann.send(heic(), as_file="1", name="IMG_0001.HEIC")
    asked = await ann.until(from_bot, after=photo["message_id"])
    (painting,) = await ann.send(heic(), as_file="1", name="IMG_0002.HEIC")
    card = await ann.until(is_card, after=painting["message_id"])

    await ann.tap(card, "Subtle")
    result = await ann.until(is_result, after=card["message_id"])

    assert words(asked).startswith(TOOK)
    assert result["reply_to"] == photo["message_id"]


async def test_an_album_of_two_files_is_a_pair_too(studio):
    ann = await studio.person()

    album = await ann.send(heic(), heic(), as_file="1", name="IMG_1.HEIC")
    card = await ann.until(is_card, after=album[-1]["message_id"])

    assert card["reply_to"] == album[0]["message_id"]
    assert await said_by_bot(ann) == [words(card)]


async def test_forwarded_photos_are_pictures_like_any_other(studio):
    ann, ben = await studio.person("Ann"), await studio.person("Ben")
    (kept,) = await ben.within(GROUP).send(picture())
    forwarded = await ann.forward(kept)
    asked = await ann.until(from_bot, after=forwarded["message_id"])
    (own,) = await ann.send(picture())

    card = await ann.until(is_card, after=own["message_id"])

    assert forwarded["forwarded_from"] == "Ben"
    assert words(asked).startswith(TOOK)
    assert card["reply_to"] == forwarded["message_id"]
    assert await said_by_bot(ben) == []


async def test_an_edited_caption_changes_nothing_about_the_picture(studio):
    ann = await studio.person()
    (photo,) = await ann.send(picture(), text="our harbour")
    await ann.until(from_bot, after=photo["message_id"])

    await ann.edit(photo, "our harbour, last summer")
    (painting,) = await ann.send(picture())
    card = await ann.until(is_card, after=painting["message_id"])
    await ann.edit(painting, "and that is the painting")
    await ann.tap(card, "Subtle")
    result = await ann.until(is_result, after=card["message_id"])

    said = await said_by_bot(ann)
    assert said[0].startswith(TOOK)
    assert len(said) == 3, said
    assert result["reply_to"] == photo["message_id"]


async def test_a_caption_that_is_edited_into_a_request_is_one(studio):
    ann = (await studio.person("Ann")).within(GROUP)
    name = studio.bot_name
    (photo,) = await ann.send(picture(), text="our harbour")
    before = len(await said_by_bot(ann))

    await ann.edit(photo, f"our harbour /style@{name}")
    asked = await ann.until(from_bot, after=photo["message_id"])
    await ann.edit(photo, f"our old harbour /style@{name}")
    (painting,) = await ann.send(picture(), reply_to=str(asked["message_id"]))
    await ann.until(is_card, after=painting["message_id"])

    assert asked["reply_to"] == photo["message_id"]
    assert len(await said_by_bot(ann)) == before + 2


async def test_photos_sent_while_a_job_runs_are_the_next_pair(studio):
    ann = await studio.person()
    first = await offer(ann)
    await ann.tap(first, "Subtle")

    (photo,) = await ann.send(picture())
    asked = await ann.until(
        lambda m: words(m).startswith(TOOK), after=photo["message_id"]
    )
    (painting,) = await ann.send(picture())
    second = await ann.until(is_card, after=painting["message_id"])
    await ann.tap(second, "Wild")
    result = await ann.until(
        lambda m: is_result(m) and m["reply_to"] == photo["message_id"], timeout_s=60
    )

    results = [m for m in await ann.messages() if is_result(m)]
    replied = [m["reply_to"] for m in results]
    assert replied == [first["reply_to"], photo["message_id"]]
    assert asked["message_id"] < second["message_id"] < result["message_id"]


async def test_the_chat_shows_an_upload_only_while_something_large_is_coming(studio):
    ann = await studio.person()
    noise = Image.effect_noise((640, 480), 90).convert("RGB")
    noise.paste(Image.effect_noise((640, 480), 90).convert("RGB"), (0, 240))
    file = io.BytesIO()
    noise.save(file, "PNG")
    (photo,) = await ann.send(file.getvalue(), as_file="1", name="noise.png")
    await ann.until(from_bot, after=photo["message_id"])
    (painting,) = await ann.send(picture())
    card = await ann.until(is_card, after=painting["message_id"])
    await ann.tap(card, "Subtle")
    result = await ann.until(is_result, after=card["message_id"])
    painted = [event for event in await ann.events() if event["type"] == "action"]

    await studio.fault(
        kind="slow", method="sendDocument", chat_id=ann.chat_id, seconds=1
    )
    await ann.tap(result, "Full quality")
    await ann.until(lambda m: m["document"] and from_bot(m), after=result["message_id"])

    actions = [event for event in await ann.events() if event["type"] == "action"]
    assert {a["action"] for a in painted} <= {"upload_photo"}, "no typing for a minute"
    assert [a["action"] for a in actions[len(painted) :] if a["action"]] == [
        "upload_document"
    ]
