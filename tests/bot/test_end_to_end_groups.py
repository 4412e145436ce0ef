"""Groups through the front door: privacy mode on, one bot, a fresh group per test.

The bot sees what Telegram shows it: the playground keeps everything else to itself.
"""

import asyncio
import contextlib
import functools
import io
import itertools
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from bot import building
from bot.app import running
from bot.chat import application
from bot.chat.texts import texts_for
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.status import StatusBoard
from bot.executors.inline import InlineExecutor
from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.visitor import button, buttons, new_person, words
from bot.playground.world import Chat
from bot.settings import ExecutorKind, Settings

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot ignores it, but each test of pytest begins with the filters anew.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

TEXTS = texts_for("en")
BOT = Config().bot_username
STYLE = f"/style@{BOT}"
NUMBERS = itertools.count(1)
QUICK = {"chat_interval_s": 0.01, "overall_per_s": 500.0}


@dataclass(slots=True, kw_only=True)
class Town:
    """A playground with a bot, where groups are founded."""

    playground: Playground
    http: httpx.AsyncClient
    desk: object = None

    def found(self, *people, kind="supergroup", bot_status="member"):
        """A group of these people; the first is its owner. They, in that group."""
        number = next(NUMBERS)
        group = Chat(
            id=-5_000 - number if kind == "group" else -1_002_000_000_000 - number,
            type=kind,
            title=f"Group {number}",
            members=[person.user_id for person in people],
            owner=people[0].user_id,
            bot_status=bot_status,
        )
        self.playground.backend.world.chats[group.id] = group
        return [person.within(group.id) for person in people]

    async def calls(self, chat_id):
        """What the bot asked Telegram to do in a chat."""
        calls = (await self.http.get("/api/calls")).json()["calls"]
        return [call for call in calls if call["chat_id"] == chat_id]


def settings_for(playground, folder):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=folder / "data",
        executor=ExecutorKind.INLINE,
        edge_px=96,
        weights="untrained",
        poll_timeout_s=2,
        preview_interval_s=0.2,
        max_waiting_per_user=5,
    )


@contextlib.asynccontextmanager
async def a_town(folder, *, seconds=0.2, **pace):
    """A playground and a bot in this very loop; a picture takes `seconds`."""
    limiter = functools.partial(Limiter, Pace(**{**QUICK, **pace}))
    board = functools.partial(
        StatusBoard, interval_s=0.1, group_interval_s=0.4, group_picture_interval_s=1.2
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "Limiter", limiter)
        patch.setattr(building, "StatusBoard", board)
        patch.setattr(
            building,
            "InlineExecutor",
            functools.partial(InlineExecutor, seconds=seconds),
        )
        async with (
            Playground() as playground,
            httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
            running(settings_for(playground, folder)) as service,
        ):
            watch = asyncio.create_task(service.until(asyncio.Event()))
            yield Town(playground=playground, http=http, desk=service.parts.desk)
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory):
    async with a_town(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(town):
    found = [await new_person(town.http, name) for name in ("Ada", "Ben", "Cleo")]
    for person in found:
        await start(person)
    return found


async def start(person):
    """Allows the bot to write to somebody in private."""
    said = await person.start()
    return await person.until(from_bot, after=said["message_id"])


@pytest.fixture
def group(town, people):
    """Ada, Ben and Cleo in a group of their own."""
    return town.found(*people)


def a_picture(size=(160, 120)):
    """A picture unlike every other."""
    number = next(NUMBERS)
    image = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120))
    image.paste((250, 200, 30), (8, 8, 60, 50))
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


def from_bot(message):
    return message["from"]["is_bot"]


def is_card(message):
    return from_bot(message) and button(message, "Swap") is not None


def is_result(message):
    return from_bot(message) and button(message, "Full quality") is not None


async def photo(visitor, **fields):
    return (await visitor.send(a_picture(), **fields))[0]


async def answer_to(visitor, message, timeout_s=15):
    """The bot's reply to a message."""
    number = message["message_id"]
    return await visitor.until(
        lambda m: from_bot(m) and m["reply_to"] == number, timeout_s=timeout_s
    )


async def card_for(visitor, message):
    card = await answer_to(visitor, message)
    assert is_card(card), words(card)
    return card


async def result_for(visitor, message):
    number = message["message_id"]
    return await visitor.until(
        lambda m: is_result(m) and m["reply_to"] == number, timeout_s=20
    )


async def said_by_bot(visitor):
    return [m for m in await visitor.messages() if from_bot(m)]


async def silence(town, visitor, *, but=0):
    """Everything that was written has been read, and the bot has said nothing more.

    What is written to the bot in private after it has been answered by then.
    """
    cleo = await new_person(town.http, "Listener")
    mark = await cleo.say("/help")
    await cleo.until(from_bot, after=mark["message_id"])
    told = await said_by_bot(visitor)
    assert len(told) == but, [words(m) for m in told]


async def a_pair(asker, other):
    """`asker` replies to `other`'s photo with a painting of theirs; the card."""
    theirs = await photo(other)
    request = await photo(asker, text=STYLE, reply_to=str(theirs["message_id"]))
    return request, await card_for(asker, request)


# Requests


async def test_a_photo_that_is_replied_to_is_painted_in_the_style_of_the_answer(
    town, group
):
    ada, ben, _ = group
    theirs = await photo(ben)
    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(ada, asked)

    assert words(question).startswith("I have Ben's photo. Now the painting:")
    assert question["force_reply"] == {
        "placeholder": "Send the painting",
        "users": [ada.user_id],
    }
    painting = await photo(ada, reply_to=str(question["message_id"]))
    card = await card_for(ada, painting)
    assert words(card).startswith("Ben's photo in the style of Ada's painting.\n")
    await ada.tap(card, "Balanced")
    result = await result_for(ada, painting)

    assert words(result).startswith("Ben's photo in the style of Ada's painting.\n")
    assert "Painted in" in words(result)
    await said_nothing_new_in_private(ada, ben)


async def said_nothing_new_in_private(*people):
    """Nothing but the welcome."""
    for person in people:
        told = await said_by_bot(person.within(person.user_id))
        assert [m for m in told if m["reply_to"] or is_result(m)] == []
        assert [m for m in told if "group" in words(m)] == []


async def test_a_photo_of_ones_own_in_the_reply_is_the_painting(town, group):
    ada, ben, _ = group

    _, card = await a_pair(ada, ben)

    assert words(card).startswith("Ben's photo in the style of Ada's painting.\n")


async def test_a_caption_on_a_file_is_a_request_and_names_are_shown_as_they_are(town):
    ada = await new_person(town.http, "<b>Ada & Co")
    (ada,) = town.found(ada)
    asked = await photo(ada, text=STYLE, as_file="1", name="cat.png")
    question = await answer_to(ada, asked)
    painting = await photo(ada, reply_to=str(question["message_id"]), as_file="1")
    card = await card_for(ada, painting)

    assert words(question).startswith("I have <b>Ada & Co's photo.")
    assert words(card).startswith(
        "<b>Ada & Co's photo in the style of <b>Ada & Co's painting."
    )


async def test_the_command_alone_asks_for_one_after_the_other(town, group):
    ada, ben, _ = group
    asked = await ada.say(STYLE)
    first = await answer_to(ada, asked)
    content = await photo(ada, reply_to=str(first["message_id"]))
    second = await answer_to(ada, content)
    painting = await photo(ada, reply_to=str(second["message_id"]))

    assert words(first) == "Which photo shall I paint? Reply to this message with it."
    assert first["force_reply"]["users"] == [ada.user_id]
    assert second["force_reply"]["users"] == [ada.user_id]
    assert is_card(await answer_to(ada, painting))
    await silence(town, ben, but=3)


async def test_of_an_album_only_one_picture_arrives_and_the_other_is_asked_for(
    town, group
):
    ada, _, _ = group
    album = await ada.send(a_picture(), a_picture(), text=STYLE)
    question = await answer_to(ada, album[0])
    other = await ada.say(STYLE, reply_to=str(album[1]["message_id"]))
    card = await card_for(ada, other)

    assert words(question).startswith("Telegram shows me only one picture")
    assert words(card).startswith("Ada's photo in the style of Ada's painting.")


async def test_an_album_that_arrives_whole_is_a_pair(town, people):
    ada, _ = town.found(*people[:2], bot_status="administrator")

    album = await ada.send(a_picture(), a_picture(), text=STYLE)
    card = await card_for(ada, album[0])

    assert words(card).startswith("Ada's photo in the style of Ada's painting.")
    await silence(town, ada, but=1)


async def test_an_album_in_answer_to_a_question_is_a_pair(town, group):
    ada, _, _ = group
    question = await answer_to(ada, await ada.say(STYLE))

    album = await ada.send(
        a_picture(), a_picture(), reply_to=str(question["message_id"])
    )
    card = await ada.until(is_card)

    assert card["reply_to"] in {m["message_id"] for m in album}


async def test_the_bots_name_in_a_caption_counts_like_the_command(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)

    request = await photo(
        ada, text=f"please, @{BOT}", reply_to=str(theirs["message_id"])
    )

    assert is_card(await answer_to(ada, request))


async def test_a_caption_edited_to_ask_the_bot_is_understood_once(town, group):
    ada, ben, _ = group
    theirs = await photo(ada, text="my cat")
    await ada.edit(theirs, f"my cat {STYLE}")
    question = await answer_to(ada, theirs)
    await ada.edit(theirs, f"my dear cat {STYLE}")
    await ben.edit(await photo(ben, text="a dog"), "a big dog")

    assert words(question).startswith("I have Ada's photo.")
    await silence(town, ada, but=1)


async def test_a_file_that_is_no_picture_keeps_what_was_sent_before(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)
    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(ada, asked)
    (bad,) = await ada.send(
        b"no picture", name="x.png", as_file="1", reply_to=str(question["message_id"])
    )
    refusal = await answer_to(ada, bad)
    painting = await photo(ada, reply_to=str(refusal["message_id"]))
    card = await card_for(ada, painting)

    assert words(refusal).startswith("I cannot open that file as a picture.")
    assert refusal["force_reply"]["users"] == [ada.user_id]
    assert words(card).startswith("Ben's photo in the style of Ada's painting.")


async def test_people_are_answered_in_their_own_languages(town, group):
    ada, ben, _ = group
    await ben.speak("de")
    try:
        in_german = await answer_to(ben, await ben.say(f"/help@{BOT}"))
        in_english = await answer_to(ada, await ada.say(f"/help@{BOT}"))
    finally:
        await ben.speak("en")

    assert words(in_english).startswith("How it works in a group")
    assert texts_for("de").group_help(BOT).startswith(words(in_german)[:3]) or (
        words(in_german) != words(in_english)
    )


# Silence


async def test_the_bot_is_silent_when_it_is_not_addressed(town, people):
    for status in ("member", "administrator"):
        ada, ben, cleo = town.found(*people, bot_status=status)
        first = await photo(ada)
        await ada.send(a_picture(), a_picture())
        await ben.say("nice", reply_to=str(first["message_id"]))
        await photo(ben, reply_to=str(first["message_id"]))
        await ben.say("/style@other_bot", reply_to=str(first["message_id"]))
        await cleo.say("/help")
        await cleo.say(f"have you tried @{BOT}?")
        await cleo.say("", kind="sticker")
        await cleo.forward(first)

        await silence(town, ada, but=0)


async def test_chatter_below_what_the_bot_said_is_left_alone(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.tap(card, "Subtle")
    result = await result_for(ada, request)
    number = str(result["message_id"])

    await ben.say("wow", reply_to=number)
    await photo(ben, reply_to=number)
    await photo(ada, reply_to=number)
    await ben.say("/style@other_bot", reply_to=number)

    await silence(town, ada, but=2)


# Several people


async def test_people_at_work_at_once_never_touch_each_others_pictures(town, group):
    ada, ben, cleo = group
    photos = await photo(cleo), await photo(cleo)
    asked = [
        await ada.say(STYLE, reply_to=str(photos[0]["message_id"])),
        await ben.say(STYLE, reply_to=str(photos[1]["message_id"])),
    ]
    questions = [await answer_to(cleo, each) for each in asked]
    of_ben = await photo(ben, reply_to=str(questions[1]["message_id"]))
    of_ada = await photo(ada, reply_to=str(questions[0]["message_id"]))
    card_of_ada = await card_for(ada, of_ada)
    card_of_ben = await card_for(ben, of_ben)

    assert questions[0]["force_reply"]["users"] == [ada.user_id]
    assert questions[1]["force_reply"]["users"] == [ben.user_id]
    assert "Cleo's photo in the style of Ada's painting" in words(card_of_ada)
    assert "Cleo's photo in the style of Ben's painting" in words(card_of_ben)
    await ada.tap(card_of_ada, "Wild")
    await ben.tap(card_of_ben, "Subtle")
    assert "Ada's painting" in words(await result_for(ada, of_ada))
    assert "Ben's painting" in words(await result_for(ben, of_ben))
    rows = await town.desk.db.fetch_all(
        "SELECT user_id, content, style, strength FROM jobs WHERE chat_id = ?",
        (ada.chat_id,),
    )
    done = {row["user_id"]: row for row in rows}
    assert done[ada.user_id]["strength"] == "wild"
    assert done[ben.user_id]["strength"] == "subtle"
    assert len({row[name] for row in rows for name in ("content", "style")}) == 4


async def test_another_members_tap_gets_an_alert_and_changes_nothing(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ben.speak("de")
    for each in list(buttons(card)):
        foreign = await ben.press(card, each["data"])
        assert foreign.show_alert
        assert foreign.text == texts_for("de").toast_not_yours()
    await ben.speak("en")
    await ada.tap(card, "Balanced")
    result = await result_for(ada, request)
    for each in buttons(result):
        if each["data"]:
            assert (await ben.press(result, each["data"])).show_alert

    jobs = await town.desk.db.fetch_all(
        "SELECT * FROM jobs WHERE chat_id = ?", (ada.chat_id,)
    )
    assert [job["strength"] for job in jobs] == ["balanced"]
    await silence(town, ada, but=2)


async def test_an_answer_to_somebody_elses_question_is_not_taken(town, group):
    ada, ben, _ = group
    question = await answer_to(ada, await ada.say(STYLE))

    wrong = await photo(ben, reply_to=str(question["message_id"]))
    said = await answer_to(ben, wrong)
    right = await photo(ada, reply_to=str(question["message_id"]))

    assert words(said).startswith("I was asking somebody else.")
    assert words(await answer_to(ada, right)).startswith("I have Ada's photo.")
    drafts = await town.desk.db.fetch_all(
        "SELECT user_id FROM drafts WHERE chat_id = ?", (ada.chat_id,)
    )
    assert [row["user_id"] for row in drafts] == [ada.user_id]


async def test_cancel_and_status_are_about_the_one_who_asks(town, group):
    ada, ben, _ = group
    _, card_of_ada = await a_pair(ada, ben)
    _, card_of_ben = await a_pair(ben, ada)

    none = await answer_to(ben, await ben.say(f"/status@{BOT}"))
    gone = await answer_to(ada, await ada.say(f"/cancel@{BOT}"))
    number = card_of_ada["message_id"]
    await ada.until(lambda m: m["message_id"] == number and m["keyboard"] is None)

    assert "not painting anything for you" in words(none)
    assert words(gone).startswith("I put your pictures aside.")
    still = await ben.until(lambda m: m["message_id"] == card_of_ben["message_id"])
    assert is_card(still)


# Topics


async def test_everything_stays_in_the_topic_of_the_request(town, group):
    ada, ben, _ = group
    topic = await ada.open_topic("Cats")
    other = await ada.open_topic("Dogs")
    ben_there = ben.within(ben.chat_id, topic.thread_id)
    theirs = await photo(ben_there)
    asked = await topic.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(topic, asked)
    elsewhere = await answer_to(other, await other.say(STYLE))
    painting = await photo(topic, reply_to=str(question["message_id"]))
    card = await card_for(topic, painting)
    await topic.tap(card, "Balanced")
    result = await result_for(topic, painting)
    await topic.tap(result, "Full quality")
    file = await topic.until(lambda m: m["document"] is not None)

    mine = (question, card, result, file)
    assert {m["thread_id"] for m in mine} == {topic.thread_id}
    assert words(elsewhere).startswith("Which photo shall I paint?")
    assert len(await said_by_bot(other)) == 1
    assert [m for m in await said_by_bot(ada) if m["thread_id"] is None] == []


async def test_general_is_no_topic(town, group):
    ada, ben, _ = group
    await ada.open_topic("Cats")
    theirs = await photo(ben)

    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))

    assert (await answer_to(ada, asked))["thread_id"] is None
    assert [c["method"] for c in await town.calls(ada.chat_id) if not c["ok"]] == []


async def test_a_topic_that_is_deleted_meanwhile_does_not_cost_the_result(town, group):
    ada, ben, _ = group
    topic = await ada.open_topic("Cats")
    theirs = await photo(ben.within(ben.chat_id, topic.thread_id))
    request = await photo(topic, text=STYLE, reply_to=str(theirs["message_id"]))
    card = await card_for(topic, request)
    await topic.tap(card, "Balanced")
    await topic.set_topic("deleted")

    result = await ada.until(is_result)

    assert result["thread_id"] is None


# Anonymous administrators


async def test_any_administrator_may_press_for_an_anonymous_one(town, group):
    ada, ben, cleo = group
    await ada.promote(cleo.user_id)
    theirs = await photo(ben)
    request = await photo(
        ada, text=STYLE, reply_to=str(theirs["message_id"]), anonymous="1"
    )
    card = await card_for(ada, request)
    refused = await ben.tap(card, "Balanced")
    taken = await cleo.tap(card, "Balanced")
    result = await result_for(ada, request)

    title = (await ada.chat())["title"]
    assert words(card).startswith(f"Ben's photo in the style of {title}'s painting.")
    assert refused.show_alert
    assert refused.text == TEXTS.toast_not_yours()
    assert not taken.show_alert
    assert words(result).startswith("Ben's photo")


async def test_who_is_an_administrator_is_not_guessed(town, group):
    ada, ben, cleo = group
    await ada.promote(cleo.user_id)
    theirs = await photo(ben)
    request = await photo(
        ada, text=STYLE, reply_to=str(theirs["message_id"]), anonymous="1"
    )
    card = await card_for(ada, request)
    fault = {"method": "getChatMember", "kind": "500", "count": 5}
    await town.http.post("/api/faults", json=fault)
    try:
        refused = await cleo.tap(card, "Balanced")
    finally:
        await town.http.delete("/api/faults")

    assert refused.text == TEXTS.toast_not_yours()
    assert not await town.desk.db.fetch_all(
        "SELECT 1 FROM jobs WHERE chat_id = ?", (ada.chat_id,)
    )


# What may go wrong


async def test_the_result_arrives_although_every_message_of_the_request_is_deleted(
    town, group
):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.delete(request)
    await ada.tap(card, "Balanced")
    result = await ada.until(is_result)
    await ada.tap(result, "Full quality")
    file = await ada.until(lambda m: m["document"] is not None)

    assert result["reply_to"] is None
    assert file["reply_to"] is None


async def test_without_the_right_to_send_photos_the_result_comes_in_private(
    town, group
):
    ada, ben = town.found(await newcomer(town, "Ada"), group[1])
    private = ada.within(ada.user_id)
    await ada.permit(can_send_photos=False)
    before = len(await private.messages())
    theirs_here = await a_photo_despite(ada, ben)
    asked = await ada.say(STYLE, reply_to=str(theirs_here["message_id"]))
    question = await answer_to(ada, asked)
    painting = await ada.say("x", reply_to=str(question["message_id"]))
    assert words(await answer_to(ada, painting)).startswith("I cannot paint words")
    file = await photo(ada, as_file="1", reply_to=str(question["message_id"]))
    card = await answer_to(ada, file)
    await ada.tap(card, "Balanced")
    result = await private.until(is_result)
    notice = await ada.until(lambda m: "Your picture is ready" in words(m))

    assert card["photo"] is None
    assert "I am not allowed to send photos in this group" in words(card)
    assert notice["reply_to"] == file["message_id"]
    link = next(buttons(notice))["url"]
    assert link.startswith(f"https://t.me/{BOT}?start=")
    assert words(result).startswith("From a group in which I am not allowed")
    assert "Ben's photo in the style of Ada's painting" in words(result)
    assert len(await private.messages()) == before + 1
    await said_nothing_new_in_private(ben)
    assert [m for m in await said_by_bot(ada) if m["photo"] or m["document"]] == []


async def newcomer(town, name):
    """Somebody to whom the bot has said nothing but its welcome."""
    person = await new_person(town.http, name)
    await start(person)
    return person


async def a_photo_despite(admin, member):
    """A photo in a group that takes no more of them: it came before."""
    await admin.permit(can_send_photos=True)
    theirs = await photo(member)
    await admin.permit(can_send_photos=False)
    return theirs


async def test_a_result_waits_for_whoever_has_never_opened_the_private_chat(
    town, group
):
    stranger = await new_person(town.http, "Dora")
    dora, ben = town.found(stranger, group[1])
    _, card = await a_pair(dora, ben)
    await dora.permit(can_send_photos=False)
    await dora.tap(card, "Balanced")
    await dora.until(lambda m: "Your picture is ready" in words(m))

    async def given_up():
        rows = await town.desk.db.fetch_all(
            "SELECT 1 FROM outbox WHERE chat_id = ? AND state = 'undeliverable'",
            (dora.user_id,),
        )
        return bool(rows)

    await eventually(given_up)
    assert await stranger.messages() == []
    await stranger.start("result")
    result = await stranger.until(is_result)

    assert "Ben's photo in the style of Dora's painting" in words(result)
    assert len([m for m in await stranger.messages() if is_result(m)]) == 1
    assert [m for m in await said_by_bot(dora) if is_result(m)] == []


async def test_without_the_right_to_write_the_one_who_asked_hears_of_it_in_private(
    town, group
):
    ada, ben = town.found(await newcomer(town, "Ada"), group[1])
    theirs = await photo(ben)
    await ada.set_bot("restricted", can_send_messages=False, can_send_photos=False)
    private = ada.within(ada.user_id)
    count = len(await private.messages())

    await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    said = await private.until(lambda m: "not allowed to write" in words(m))

    assert words(said) == TEXTS.private_no_words()
    assert len(await private.messages()) == count + 1
    assert await said_by_bot(ada) == []
    await said_nothing_new_in_private(ben)


async def test_the_bot_says_hello_once_and_not_when_it_is_promoted(town, group):
    ada, _, _ = group
    await ada.set_bot("kicked")
    await ada.set_bot("member")
    hello = await ada.until(from_bot)
    await ada.set_bot("administrator")
    await ada.set_bot("member")

    assert words(hello) == TEXTS.group_hello(BOT)
    assert hello["reply_to"] is None
    await silence(town, ada, but=1)


async def test_a_user_who_blocks_the_bot_is_left_alone_and_may_come_back(town):
    ada = await new_person(town.http, "Ada")
    (photo_message,) = await ada.send(a_picture())
    await ada.until(from_bot, after=photo_message["message_id"])
    await ada.set_bot("kicked")

    async def forgotten():
        rows = await town.desk.db.fetch_all(
            "SELECT 1 FROM drafts WHERE chat_id = ?", (ada.chat_id,)
        )
        return not rows

    await eventually(forgotten)
    await ada.set_bot("member")
    started = await ada.say("/start")
    await ada.until(from_bot, after=started["message_id"])


# A style by its name


async def test_a_style_is_chosen_by_its_name_or_asked_for(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)
    number = str(theirs["message_id"])

    by_name = await card_for(ada, await ada.say(f"{STYLE} wave", reply_to=number))
    by_code = await card_for(ben, await photo(ben, text=f"{STYLE} g_wave"))
    unknown = await answer_to(ada, await ada.say(f"{STYLE} xyzzy", reply_to=number))
    in_words = await ada.say("wave", reply_to=str(unknown["message_id"]))
    card = await card_for(ada, in_words)

    assert words(by_name).startswith("Ben's photo in the style “")
    assert words(by_code).startswith("Ben's photo in the style “")
    assert words(unknown).startswith("I know no style called “xyzzy”.")
    assert "Now the painting" in words(unknown)
    assert words(card).startswith("Ben's photo in the style “")


async def test_somebody_elses_saved_style_cannot_be_named(town, group):
    ada, ben, _ = group
    async with town.desk.db.transaction() as tx:
        await tx.execute(
            "INSERT INTO styles VALUES"
            " ('abcdefghijkl', ?, 'kitchen', 'nosuch', 'saved', 1, 1)",
            (ada.user_id,),
        )

    said = [
        await answer_to(ben, await photo(ben, text=f"{STYLE} {name}"))
        for name in ("kitchen", "s_abcdefghijkl")
    ]

    assert all(words(m).startswith("I know no style called") for m in said)


# Chats that change


async def test_a_group_that_becomes_a_supergroup_keeps_all_that_was_begun(tmp_path):
    async with a_town(tmp_path, seconds=4) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people, kind="group")
        _, card = await a_pair(ada, ben)
        question = await answer_to(ben, await ben.say(STYLE))
        content = await photo(ben, reply_to=str(question["message_id"]))
        await answer_to(ben, content)
        await ada.tap(card, "Strong")
        await ada.until(lambda m: "%" in words(m))

        grown = await ada.migrate()
        status = await grown.until(lambda m: from_bot(m) and button(m, "Cancel"))
        result = await grown.until(is_result)
        ben_there = ben.within(grown.chat_id)
        completed = await photo(ben_there, text=STYLE)
        second = await card_for(ben_there, completed)

        assert status["message_id"] < result["message_id"]
        assert "Ben's photo in the style of Ada's painting" in words(result)
        assert "Ben's photo in the style of Ben's painting" in words(second)
        assert len([m for m in await grown.messages() if is_result(m)]) == 1
        assert len([m for m in await grown.messages() if is_card(m)]) == 1
        assert not [m for m in await said_by_bot(ada) if is_result(m)]
        for table in ("drafts", "cards", "jobs", "outbox"):
            left = await town.desk.db.fetch_all(
                f"SELECT 1 FROM {table} WHERE chat_id = ?",  # noqa: S608
                (ada.chat_id,),
            )
            assert left == [], table


async def test_the_bot_thrown_out_in_mid_job_stops_and_may_come_back(tmp_path):
    async with a_town(tmp_path, seconds=20) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people)
        elsewhere = town.found(*people)[0]
        _, card = await a_pair(ada, ben)
        await ada.tap(card, "Strong")
        await ada.until(lambda m: "%" in words(m))
        await answer_to(elsewhere, await elsewhere.say(STYLE))

        await ada.set_bot("kicked")
        count = len(await said_by_bot(ada))

        async def stopped():
            rows = await town.desk.db.fetch_all(
                "SELECT 1 FROM jobs WHERE state = 'cancelled' AND chat_id = ?",
                (ada.chat_id,),
            )
            return bool(rows)

        await eventually(stopped)
        drafts = await town.desk.db.fetch_all("SELECT chat_id FROM drafts")
        assert {row["chat_id"] for row in drafts} <= {elsewhere.chat_id}
        assert len(await said_by_bot(ada)) == count
        calls = [c for c in await town.calls(ada.chat_id) if not c["ok"]]
        assert len(calls) <= 1, "an edit may have been on its way"
        await ada.set_bot("member")
        asked = await photo(ada, text=STYLE)
        assert words(await answer_to(ada, asked)).startswith("I have Ada's photo.")


async def test_a_group_gets_no_more_than_its_share_and_results_come_first(tmp_path):
    async with a_town(tmp_path, group_sends=8, group_window_s=6.0) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people)
        request, card = await a_pair(ada, ben)
        await ada.tap(card, "Subtle")
        for _ in range(12):
            await ben.say(f"/help@{BOT}")
        await result_for(ada, request)

        assert len(await said_by_bot(ada)) <= 8, "the window is not over"
        waiting = await town.desk.outbox.counts()
        assert waiting["pending"] >= 4, "it came before what had been asked earlier"


async def test_a_group_sees_fewer_edits_and_no_actions(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.tap(card, "Strong")
    await result_for(ada, request)

    methods = [call["method"] for call in await town.calls(ada.chat_id)]
    assert "sendChatAction" not in methods
    assert methods.count("editMessageMedia") <= 3


async def eventually(condition, timeout_s=15):
    async with asyncio.timeout(timeout_s):
        while not await condition():  # noqa: ASYNC110 - a row is no event
            await asyncio.sleep(0.05)
