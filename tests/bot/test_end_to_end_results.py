"""What can be made of a result, through the front door of the playground.

One bot in the tests' own loop, with quick pictures; each test is other people.
"""

import asyncio
import contextlib
import datetime
import functools
import io
import itertools
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat
from telegram import Update

from bot import building
from bot.app import Service, running
from bot.chat import application, drafts
from bot.chat.callbacks import Action, Press
from bot.chat.texts import Stage, texts_for
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.owed import Kind, Owed
from bot.delivery.status import StatusBoard
from bot.executors.inline import InlineExecutor
from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.visitor import Visitor, button, buttons, new_person, words
from bot.playground.world import Chat
from bot.settings import ExecutorKind, Settings

from .conftest import becomes, from_bot, is_result, reply_to

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot ignores it, but each test of pytest begins with the filters anew.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

TEXTS = texts_for("en")
STYLE = f"/style@{Config().bot_username}"
EDGE_PX = 96
NUMBERS = itertools.count(1)
TAPS = (
    (Action.MORE, "on", 0),
    (Action.AGAIN, "wild", 2),
    (Action.RECOLOR, "photo", 2),
    (Action.LARGER, "", 2),
    (Action.FILM, "", 1),
    (Action.NEXT, "", 1),
    (Action.BLEND, "", 1),
    (Action.DELETE, "", 0),
    (Action.DELETE, "yes", -3),
)
"""Buttons of a result and how many messages each brings: a job a card and a result;
its deletion takes the result, its clip and its card away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A playground with a bot."""

    playground: Playground
    http: httpx.AsyncClient
    service: Service
    listener: Visitor
    """Somebody who is always there, so that others can see when the bot is done."""

    @property
    def desk(self):
        return self.service.parts.desk

    async def rows(self, sql, *values):
        return [dict(row) for row in await self.desk.db.fetch_all(sql, values)]

    async def replay(self, update):
        application = self.service.parts.application
        await application.process_update(Update.de_json(update, application.bot))

    async def jobs(self, visitor):
        """Everything that was painted for somebody, oldest first."""
        return await self.rows(
            "SELECT * FROM jobs WHERE user_id = ? ORDER BY created_at", visitor.user_id
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory):
    pace = Pace(chat_interval_s=0.01, overall_per_s=500, group_sends=500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "ALBUM_PAUSE_S", 0.2)
        patch.setattr(application, "Limiter", functools.partial(Limiter, pace))
        board = functools.partial(StatusBoard, interval_s=0.1, group_interval_s=0.3)
        patch.setattr(building, "StatusBoard", board)
        painter = functools.partial(InlineExecutor, seconds=0.2)
        patch.setattr(building, "InlineExecutor", painter)
        async with (
            Playground() as playground,
            httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
            running(settings_for(playground, tmp_path_factory.mktemp("d"))) as service,
        ):
            watch = asyncio.create_task(service.until(asyncio.Event()))
            yield Town(
                playground=playground,
                http=http,
                service=service,
                listener=await new_person(http, "Listener"),
            )
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


def settings_for(playground, folder):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=folder / "data",
        executor=ExecutorKind.INLINE,
        edge_px=EDGE_PX,
        weights="untrained",
        poll_timeout_s=2,
        preview_interval_s=0.2,
    )


@pytest_asyncio.fixture(loop_scope="module")
async def ann(town):
    return await new_person(town.http, "Ann")


@pytest_asyncio.fixture(loop_scope="module")
async def eve(town):
    return await new_person(town.http, "Eve")


def a_picture(size=(320, 240), colour=None):
    """A picture unlike every other, of mostly one colour."""
    number = next(NUMBERS)
    image = Image.new("RGB", size, colour or (number * 37 % 256, number * 91 % 256, 90))
    image.paste((20, 20, 20), (0, 0, size[0] // 3, size[1] // 3))
    image.putpixel((number % size[0], 0), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def is_card(message):
    return from_bot(message) and button(message, "Colours") is not None


async def offer(visitor, photo=None, painting=None, **fields):
    """Sends a pair as an album of files, which Telegram leaves as they are."""
    pair = (photo or a_picture(), painting or a_picture((240, 240)))
    album = await visitor.send(*pair, as_file="1", **fields)
    return await visitor.until(is_card, after=album[-1]["message_id"])


async def painted(visitor, card, strength="Balanced"):
    """The result of a tap, with all its buttons."""
    await visitor.tap(card, strength)
    return await unfolded(visitor, await next_result(visitor, card))


async def unfolded(visitor, result):
    await visitor.tap(result, "More")
    return await becomes(visitor, result, lambda m: button(m, "Less") is not None)


async def next_result(visitor, message):
    return await visitor.until(is_result, after=message["message_id"])


async def look(visitor, result):
    """The picture of a result, or of a file."""
    shown = result["photo"] or result["document"]
    data = await visitor.file(shown["file_id"])
    return Image.open(io.BytesIO(data)).convert("RGB")


def distance(one, other):
    """The mean difference of two pictures, of 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def tint(picture):
    """The mean of Cb and Cr: the colour, whatever the brightness."""
    return ImageStat.Stat(picture.convert("YCbCr")).mean[1:]


async def stillness(town, visitor):
    """What there is to see once the bot has handled all taps so far."""
    await reply_to(town.listener, await town.listener.say("/help"))
    return await visitor.messages()


async def eventually(condition):
    """Waits until a condition that nothing announces holds."""
    async with asyncio.timeout(15):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


# Colours


async def test_original_colours_are_chosen_on_the_card_before_painting(town, ann):
    card = await offer(ann, a_picture(colour=(40, 60, 200)), a_picture(colour="gold"))

    await ann.tap(card, "Colours: painting")
    chosen = await becomes(ann, card, lambda m: button(m, "Colours: photo"))
    result = await painted(ann, chosen)

    assert "original colours" in words(result)
    assert button(result, "Painting’s colours") is not None
    blue, red = tint(await look(ann, result))
    assert blue > 150 > 120 > red, "as blue as the photo, not as yellow as the painting"
    assert [job["colors"] for job in await town.jobs(ann)] == ["photo"]


async def test_a_result_is_painted_again_in_the_photos_colours_once(town, ann):
    card = await offer(ann, a_picture(colour=(40, 60, 200)), a_picture(colour="gold"))
    result = await painted(ann, card)

    answer = await ann.tap(result, "Original colours")
    again = await next_result(ann, result)
    late = await ann.tap(result, "Original colours")

    assert answer.text is None
    assert late.text == TEXTS.toast_already_painted()
    assert again["reply_to"] == result["reply_to"]
    first, second = await town.jobs(ann)
    assert (first["colors"], second["colors"]) == ("style", "photo")
    assert (second["strength"], second["parent"]) == (first["strength"], first["id"])
    yellow, blue = [tint(await look(ann, m))[0] for m in (result, again)]
    assert yellow < 120 < 150 < blue
    assert "original colours" in words(again)
    assert "original colours" not in words(result)


# Sizes


async def test_each_result_can_be_had_larger_until_the_machine_can_do_no_more(
    town, ann
):
    result = await painted(ann, await offer(ann, a_picture((800, 600))))
    sizes = [(await look(ann, result)).width]
    while (answer := await ann.tap(result, "Larger")).text is None:
        result = await unfolded(ann, await next_result(ann, result))
        sizes.append((await look(ann, result)).width)

    assert answer.text == TEXTS.toast_largest()
    assert sizes == [96, 144, 224, 336]
    jobs = await town.jobs(ann)
    assert [job["parent"] for job in jobs] == [None, *(job["id"] for job in jobs[:-1])]


async def test_a_photo_is_never_enlarged_and_the_tap_says_why(town, ann):
    result = await painted(ann, await offer(ann, a_picture((104, 78))))

    answer = await ann.tap(result, "Larger")

    assert answer.text == TEXTS.toast_as_large_as_photo()
    assert len(await town.jobs(ann)) == 1
    assert (await stillness(town, ann))[-1] == result


async def test_another_strength_of_a_larger_result_is_as_large(town, ann):
    result = await painted(ann, await offer(ann))
    await ann.tap(result, "Larger")
    larger = await next_result(ann, result)

    await ann.tap(larger, "Wild")
    wild = await next_result(ann, larger)

    assert (await look(ann, wild)).size == (144, 108)


async def test_what_was_made_of_a_result_does_not_stand_for_something_else(town, ann):
    result = await painted(ann, await offer(ann))
    await ann.tap(result, "Larger")
    larger = await next_result(ann, result)

    answer = await ann.tap(result, "Original colours")
    recoloured = await next_result(ann, larger)

    assert answer.text is None
    assert "original colours" in words(recoloured)
    assert (await look(ann, recoloured)).size == (96, 72)


# The clip


async def test_the_clip_of_any_result_comes_when_it_is_asked_for_and_once(town, ann):
    result = await painted(ann, await offer(ann))
    await town_has_clip(town, ann)
    assert not [m for m in await stillness(town, ann) if m["animation"]]

    answer = await ann.tap(result, "Clip")
    clip = await ann.until(lambda m: m["animation"] is not None)
    again = await ann.tap(result, "Clip")

    assert answer.text is None
    assert clip["reply_to"] == result["reply_to"]
    assert again.text == TEXTS.toast_clip_sent()
    assert len([m for m in await stillness(town, ann) if m["animation"]]) == 1


async def town_has_clip(town, visitor):
    """Waits until the newest picture of somebody has been filmed."""

    async def filmed():
        return (await town.jobs(visitor))[-1]["clip_file"]

    await eventually(filmed)


async def test_a_clip_that_is_not_there_yet_is_sent_when_it_is(town, ann):
    result = await painted(ann, await offer(ann))
    await town_has_clip(town, ann)
    async with town.desk.db.transaction() as tx:  # as a crash leaves it
        sql = "UPDATE jobs SET clip_file = NULL WHERE user_id = ?"
        await tx.execute(sql, (ann.user_id,))

    answer = await ann.tap(result, "Clip")
    await ann.until(lambda m: m["animation"] is not None)

    assert answer.text == TEXTS.toast_clip_soon()
    assert len([m for m in await ann.messages() if is_result(m)]) == 1


# What comes next


async def test_a_result_becomes_the_photo_of_the_next_pair(town, ann):
    result = await painted(ann, await offer(ann))

    await ann.tap(result, "Use as photo")
    asked = await reply_to(ann, result)
    (painting,) = await ann.send(a_picture(), as_file="1")
    card = await ann.until(is_card, after=painting["message_id"])
    second = await painted(ann, card)

    assert words(asked) == TEXTS.result_is_photo()
    assert card["reply_to"] == second["reply_to"] == result["message_id"]
    first_job, second_job = await town.jobs(ann)
    full = (town.desk.data_dir / first_job["full_file"]).read_bytes()
    assert town.desk.pictures.path(second_job["content"]).read_bytes() == full


async def test_a_second_painting_is_blended_in_and_the_card_says_so(town, ann):
    photo, painting = a_picture(), a_picture((240, 240), "gold")
    second = a_picture((240, 240), "navy")
    result = await painted(ann, await offer(ann, photo, painting))

    await ann.tap(result, "Blend styles")
    asked = await reply_to(ann, result)
    (same,) = await ann.send(painting, as_file="1")
    refused = await reply_to(ann, same)
    (sent,) = await ann.send(second, as_file="1")
    card = await ann.until(is_card, after=sent["message_id"])
    blended = await painted(ann, card)

    assert words(asked) == TEXTS.blend_with()
    assert words(refused) == TEXTS.same_picture(Stage.SECOND)
    assert "two paintings" in words(card)
    assert button(card, "Swap") is None
    first_job, second_job = await town.jobs(ann)
    assert town.desk.pictures.path(second_job["second_style"]).read_bytes() == second
    kept = ("content", "style", "strength")
    assert [second_job[name] for name in kept] == [first_job[name] for name in kept]
    assert distance(await look(ann, result), await look(ann, blended)) > 5
    assert button(blended, "Blend styles") is None, "two are all there can be"


async def test_a_style_of_the_gallery_can_be_the_second_painting(town, ann):
    result = await painted(ann, await offer(ann))
    await ann.tap(result, "Blend styles")
    await reply_to(ann, result)
    gallery = await reply_to(ann, await ann.say("/styles"))

    await ann.press(gallery, Press(Action.PICK, str(ann.user_id), "g_dots").encode())
    card = await ann.until(is_card, after=gallery["message_id"])
    await painted(ann, card)

    assert "two paintings" in words(card)
    first, second = await town.jobs(ann)
    assert (second["content"], second["style"]) == (first["content"], first["style"])
    assert second["second_style"] not in (None, first["style"])


async def test_after_a_blend_a_further_picture_is_a_new_painting_alone(town, ann):
    result = await painted(ann, await offer(ann))
    await ann.tap(result, "Blend styles")
    asked = await reply_to(ann, result)
    await ann.send(a_picture(), as_file="1")
    card = await ann.until(is_card, after=asked["message_id"])

    (third,) = await ann.send(a_picture(), as_file="1")
    new_card = await ann.until(is_card, after=third["message_id"])

    assert "two paintings" in words(card)
    assert "two paintings" not in words(new_card)
    assert button(new_card, "Swap") is not None


async def test_the_same_two_paintings_take_a_new_photo(town, ann):
    result = await painted(ann, await offer(ann))
    await ann.tap(result, "Blend styles")
    asked = await reply_to(ann, result)
    await ann.send(a_picture(), as_file="1")
    card = await ann.until(is_card, after=asked["message_id"])
    blended = await painted(ann, card)

    await ann.tap(blended, "Same style")
    (photo,) = await ann.send(a_picture(), as_file="1")
    new_card = await ann.until(is_card, after=photo["message_id"])

    assert "two paintings" in words(new_card)
    assert new_card["reply_to"] == photo["message_id"]


# Deleting


async def test_a_deleted_result_is_gone_from_chat_disk_and_database(town, ann):
    card = await offer(ann)
    doomed = await painted(ann, card)
    await ann.tap(doomed, "Full quality")
    await ann.until(lambda m: m["document"] is not None and from_bot(m))
    await town_has_clip(town, ann)
    await ann.tap(doomed, "Clip")
    await ann.until(lambda m: m["animation"] is not None)
    await ann.tap(doomed, "Wild")
    kept = await next_result(ann, doomed)
    job, other = await town.jobs(ann)

    asked = await ann.tap(doomed, "Delete")
    doomed = await becomes(ann, doomed, lambda m: button(m, "Yes") is not None)
    assert (asked.text, asked.show_alert) == (TEXTS.toast_delete(), False)
    answer = await ann.tap(doomed, "Yes, delete it")

    assert answer.answered
    await gone(town, job["id"])
    left = [m for m in await stillness(town, ann) if from_bot(m)]
    assert [m["message_id"] for m in left if is_result(m)] == [kept["message_id"]]
    assert card["message_id"] not in [m["message_id"] for m in left]
    assert not [m for m in left if m["document"] or m["animation"]]
    assert [row["id"] for row in await town.jobs(ann)] == [other["id"]]
    of_job = "SELECT * FROM outbox WHERE job_id = ? OR text LIKE ?"
    assert await town.rows(of_job, job["id"], f"%{job['id']}%") == []
    assert (town.desk.data_dir / other["full_file"]).exists()
    assert await town.desk.pictures.exists(other["content"])


async def gone(town, job_id):
    """Waits until the files of a job are."""

    async def missing():
        return not (town.desk.data_dir / "jobs" / job_id).exists()

    await eventually(missing)


async def test_what_was_on_its_way_while_its_result_was_deleted_is_taken_back(
    town, ann
):
    await reply_to(ann, await ann.say("/help"))
    said = await ann.messages()
    late = Owed(
        key=f"clip:{ann.user_id}",
        chat_id=ann.chat_id,
        kind=Kind.TEXT,
        text="late",
        job_id="deletedbefor",
    )
    async with town.desk.db.transaction() as tx:
        await town.desk.outbox.put(tx, late)
    town.desk.outbox.wake()

    number = said[-1]["message_id"] + 1
    chat = town.playground.backend.world.chats[ann.chat_id]

    async def taken_back():
        return number in chat.messages and chat.messages[number].deleted

    await eventually(taken_back)
    assert await ann.messages() == said


async def test_whoever_thinks_better_of_it_keeps_the_result(town, ann):
    result = await painted(ann, await offer(ann))

    await ann.tap(result, "Delete")
    asked = await becomes(ann, result, lambda m: button(m, "No") is not None)
    await ann.tap(asked, "No, keep it")
    back = await becomes(ann, result, is_result)

    assert back["photo"] == result["photo"]
    assert len(await town.jobs(ann)) == 1


async def test_what_is_too_old_to_be_taken_back_loses_its_buttons_and_says_so(
    town, ann
):
    result = await painted(ann, await offer(ann))
    (job,) = await town.jobs(ann)
    await ann.tap(result, "Delete")
    asked = await becomes(ann, result, lambda m: button(m, "Yes") is not None)
    chat = town.playground.backend.world.chats[ann.chat_id]
    three_days = datetime.timedelta(days=3).total_seconds()
    chat.messages[result["message_id"]].date -= int(three_days)

    await ann.tap(asked, "Yes, delete it")
    said = await reply_to(ann, result)

    assert words(said) == TEXTS.delete_yourself()
    await becomes(ann, result, lambda m: not m["keyboard"])
    assert await town.jobs(ann) == []
    await gone(town, job["id"])


# What must not happen


def found_group(town, *people):
    """A new group of these people, the first its owner; they, in it."""
    group = Chat(
        id=-1_003_000_000_000 - next(NUMBERS),
        type="supergroup",
        title="A group",
        members=[person.user_id for person in people],
        owner=people[0].user_id,
        bot_status="member",
    )
    town.playground.backend.world.chats[group.id] = group
    return [person.within(group.id) for person in people]


async def offer_in_group(visitor):
    (photo,) = await visitor.send(a_picture())
    (request,) = await visitor.send(
        a_picture(), text=STYLE, reply_to=str(photo["message_id"])
    )
    return await visitor.until(is_card, after=request["message_id"])


async def test_in_a_group_nobody_else_can_do_anything_with_a_result(town, ann, eve):
    in_group, other = found_group(town, ann, eve)
    result = await painted(in_group, await offer_in_group(in_group))
    (job,) = await town.jobs(ann)
    before = await stillness(town, in_group)

    shown = [b["data"] for b in buttons(result) if b.get("data")]
    assert len(shown) > 10
    for data in shown:
        answer = await other.press(result, data)
        assert (answer.text, answer.show_alert) == (TEXTS.toast_not_yours(), True)

    assert await stillness(town, in_group) == before
    assert await town.jobs(ann) == [job]
    assert await town.jobs(eve) == []
    assert await eve.messages() == []


async def test_in_a_topic_everything_stays_in_the_topic(town, ann):
    (in_group,) = found_group(town, ann)
    topic = await in_group.open_topic("A topic")
    result = await painted(topic, await offer_in_group(topic))
    await town_has_clip(town, ann)

    await topic.tap(result, "Clip")
    clip = await topic.until(lambda m: m["animation"] is not None)
    await topic.tap(result, "Original colours")
    again = await topic.until(is_result, after=clip["message_id"])
    await topic.tap(result, "Blend styles")
    asked = await topic.until(
        lambda m: m["force_reply"] is not None, after=again["message_id"]
    )
    (second,) = await topic.send(
        a_picture(), as_file="1", reply_to=str(asked["message_id"])
    )
    card = await topic.until(is_card, after=second["message_id"])

    assert {m["thread_id"] for m in (clip, again, asked, card)} == {topic.thread_id}
    assert "second painting" in words(asked)
    assert "two paintings" in words(card)
    assert await ann.messages() == [], "nothing of it is said in private"


async def test_a_replayed_tap_brings_everything_once(town, ann):
    result = await painted(ann, await offer(ann))
    await town_has_clip(town, ann)
    job, *_ = await town.jobs(ann)

    for action, argument, messages in TAPS:
        before = await ann.messages()
        update = tap_of(ann, result, Press(action, job["id"], argument).encode())
        for _ in range(2):
            await town.replay(update)
        await settled(town, ann)

        grown = len(await ann.messages()) - len(before)
        assert grown == messages, action


async def settled(town, visitor):
    """Waits until nothing is owed to somebody and nothing is painted for them."""
    open_jobs = "SELECT 1 FROM jobs WHERE user_id = ? AND state IN (?, ?)"
    owed = "SELECT 1 FROM outbox WHERE chat_id = ? AND state IN (?, ?)"

    async def nothing_left():
        jobs = await town.rows(open_jobs, visitor.user_id, "queued", "running")
        return not (
            jobs or await town.rows(owed, visitor.chat_id, "pending", "sending")
        )

    await eventually(nothing_left)


def tap_of(visitor, message, data):
    """A tap as Telegram reports it; always the same one."""
    number = 800_000_000 + next(NUMBERS)
    user = {"id": visitor.user_id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": visitor.chat_id, "type": "private", "first_name": "Ann"}
    shown = {"message_id": message["message_id"], "date": 1, "chat": chat}
    query = {"id": f"{number}", "from": user, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": {**query, "message": shown}}


async def test_what_is_no_longer_kept_is_owned_up_to_and_brings_nothing(town, ann):
    result = await painted(ann, await offer(ann))
    await town_has_clip(town, ann)
    (job,) = await town.jobs(ann)
    for file in (town.desk.data_dir / "jobs" / job["id"]).iterdir():
        file.unlink()
    for picture in (job["content"], job["style"]):
        town.desk.pictures.path(picture).unlink()

    for label in ("Original", "Larger", "Clip", "Use as", "Blend", "Full", "Wild"):
        answer = await ann.tap(result, label)
        assert answer.text == TEXTS.toast_pictures_gone(), label

    assert (await stillness(town, ann))[-1] == result
    assert await town.jobs(ann) == [job]


async def test_no_row_of_buttons_is_too_wide_for_a_telephone(town, ann):
    card = await offer(ann)
    result = await painted(ann, card)

    for message in (card, result):
        for row in message["keyboard"]:
            assert sum(len(b["text"]) for b in row) <= 34, [b["text"] for b in row]
    assert len({b["text"] for b in buttons(result)}) == len(list(buttons(result)))
