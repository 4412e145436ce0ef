"""/settings, /privacy and /forget, through the front door of the playground.

The bot runs in the test's own loop with quick pictures, or as a process to be killed.
"""

import asyncio
import contextlib
import functools
import io
import re
import sqlite3
import time

import pytest
from PIL import Image
from telegram import Update

from bot import building
from bot.app import running
from bot.chat import application, drafts
from bot.chat.texts import texts_for
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.status import StatusBoard
from bot.executors.inline import InlineExecutor
from bot.playground.visitor import button, buttons, words
from bot.settings import ExecutorKind, Settings
from bot.storage.belongings import (
    KEPT_FOR_A_TIME,
    KEPT_OF_A_PERSON,
    KEPT_UNTIL_DELETED,
)
from bot.storage.erasure import open_erasures
from bot.storage.shredder import Shredder

from .conftest import NearDarkroom, becomes, is_card, is_result, now, reply_to

ADA, BEN = 1001, 1002
MARK = "a-caption-nobody-else-would-write"


def jpeg(colour, size=(320, 240)):
    image = Image.new("RGB", size, colour)
    image.paste((20, 20, 20), (0, 0, size[0] // 3, size[1] // 3))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


PHOTO, PAINTING = jpeg("teal"), jpeg("orange", (240, 240))
BENS_PHOTO = jpeg("olive")


def plain(html):
    """As a chat shows it."""
    return re.sub(r"<[^>]+>", "", html)


def ticked(message):
    """What the buttons of a panel say is chosen."""
    return {b["text"][2:] for b in buttons(message) if b["text"].startswith("✓ ")}


async def ask(visitor, command):
    return await reply_to(visitor, await visitor.say(command))


async def offer(visitor, photo=PHOTO, painting=PAINTING, **fields):
    """Sends a pair as an album; returns the card."""
    # As files, because Telegram makes other bytes of photos.
    album = await visitor.send(photo, painting, as_file="1", **fields)
    return await visitor.until(is_card, after=album[-1]["message_id"])


async def painted(visitor, card, strength="Balanced"):
    await visitor.tap(card, strength)
    return await visitor.until(is_result, after=card["message_id"])


async def choose(visitor, panel, label):
    """Taps a choice and waits until the panel has its tick."""
    await visitor.tap(panel, label)
    return await becomes(visitor, panel, lambda m: label in ticked(m))


@pytest.fixture
def settings(playground, tmp_path):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=tmp_path / "data",
        executor=ExecutorKind.INLINE,
        edge_px=128,
        weights="untrained",
        poll_timeout_s=2,
        preview_interval_s=0.2,
        retention_days=9,
    )


class Starter:
    """Starts bots, one after another, over the same data folder."""

    def __init__(self, stack, settings, monkeypatch):
        self._stack = stack
        self._settings = settings
        self._monkeypatch = monkeypatch

    async def __call__(self, *, seconds=0.2):
        painter = functools.partial(InlineExecutor, seconds=seconds)
        self._monkeypatch.setattr(building, "InlineExecutor", painter)
        return await self._stack.enter_async_context(running(self._settings))

    async def stop(self):
        await self._stack.aclose()


@pytest.fixture
async def start(settings, monkeypatch):
    """Starts the bot, painting each picture in `seconds`; stops it after the test."""
    monkeypatch.setattr(drafts, "ALBUM_PAUSE_S", 0.3)
    monkeypatch.setattr(building, "Darkroom", NearDarkroom)
    pace = Pace(chat_interval_s=0.05, overall_per_s=300)
    monkeypatch.setattr(application, "Limiter", functools.partial(Limiter, pace))
    board = functools.partial(StatusBoard, interval_s=0.3)
    monkeypatch.setattr(building, "StatusBoard", board)
    async with contextlib.AsyncExitStack() as stack:
        yield Starter(stack, settings, monkeypatch)


def db_of(service):
    return service.parts.desk.db


async def rows(service, sql, *values):
    return [dict(row) for row in await db_of(service).fetch_all(sql, values)]


def holding(folder, needle):
    """The files below a folder that have the bytes in them."""
    wanted = needle.encode() if isinstance(needle, str) else needle
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if wanted in path.read_bytes())


async def until_erased(service, folder):
    """Until nothing is left to erase; emptying the log is the last step."""
    deadline = time.monotonic() + 15
    log = folder / "stylebot.sqlite3-wal"
    while await open_erasures(db_of(service)) or (log.exists() and log.stat().st_size):
        assert time.monotonic() < deadline, "the erasure does not end"
        await asyncio.sleep(0.05)


def under_way(folder):
    """Erasures that another process has not finished."""
    with contextlib.closing(sqlite3.connect(folder / "stylebot.sqlite3")) as db:
        return db.execute("SELECT * FROM erasures").fetchall()


# /settings


async def test_settings_is_one_panel_that_marks_what_is_chosen(start, ada):
    await start()
    panel = await ask(ada, "/settings")
    assert ticked(panel) == {
        "Balanced",
        "Usual size",
        "Painting’s colours",
        "Without a clip",
    }

    panel = await choose(ada, panel, "Wild")
    panel = await choose(ada, panel, "Large")
    panel = await choose(ada, panel, "With a clip")

    assert ticked(panel) == {"Wild", "Large", "Painting’s colours", "With a clip"}
    said = [m for m in await ada.messages() if m["from"]["is_bot"]]
    assert [m["message_id"] for m in said] == [panel["message_id"]]
    assert ticked(await ask(ada, "/settings")) == ticked(panel)


async def test_next_card_and_picture_are_as_chosen_and_the_card_says_so(
    start, ada, ben
):
    await start()
    before = await painted(ada, await offer(ada))
    assert "128×96" in words(before)
    panel = await ask(ada, "/settings")
    panel = await choose(ada, panel, "Subtle")
    panel = await choose(ada, panel, "Small")

    card = await offer(ada)
    assert "Subtle" in ticked(card)
    assert "80 pixels" in words(card)
    result = await painted(ada, card, "Subtle")

    assert "80×60" in words(result)
    bens = await offer(ben, BENS_PHOTO)
    assert "Balanced" in ticked(bens)
    assert "pixels" not in words(bens)


async def test_what_was_chosen_is_where_every_new_pair_begins(start, ada):
    await start()
    panel = await ask(ada, "/settings")
    await choose(ada, panel, "Subtle")

    await painted(ada, await offer(ada), "Wild")  # this once
    card = await offer(ada, BENS_PHOTO)

    assert "Subtle" in ticked(card)


async def test_painting_that_waits_for_its_card_takes_the_new_choice(start, ada):
    await start()
    took = await reply_to(ada, (await ada.send(PHOTO))[0])
    panel = await ask(ada, "/settings")
    await choose(ada, panel, "Wild")

    await ada.send(PAINTING)
    card = await ada.until(is_card, after=took["message_id"])

    assert "Wild" in ticked(card)


async def test_language_is_chosen_by_its_own_name_and_given_back_to_telegram(
    start, ada, ben
):
    service = await start()
    panel = await ask(ada, "/settings")
    await ada.tap(panel, "Language")
    languages = await becomes(ada, panel, lambda m: button(m, "Deutsch"))
    assert ticked(languages) == {"As in Telegram"}
    names = [b["text"] for b in buttons(languages)]
    assert {"Español", "Português", "Français", "Русский", "简体中文"} <= set(names)

    await ada.tap(languages, "Deutsch")
    german = await becomes(ada, panel, lambda m: len(ticked(m)) == 4)
    assert words(german) == plain(texts_for("de").settings())
    assert button(german, "Deutsch")
    assert words(await ask(ada, "/cancel")) == texts_for("de").nothing_to_cancel()
    assert words(await ask(ben, "/cancel")) == texts_for("en").nothing_to_cancel()
    assert await chosen_language(service) == "de"

    panel = await ask(ada, "/language")
    assert ticked(panel) == {"Deutsch"}
    telegram = next(b for b in buttons(panel) if b["data"].endswith("lang_client"))
    await ada.press(panel, telegram["data"])
    await becomes(ada, panel, lambda m: len(ticked(m)) == 4)
    assert words(await ask(ada, "/cancel")) == texts_for("en").nothing_to_cancel()
    assert await chosen_language(service) is None


async def chosen_language(service):
    [person] = await rows(service, "SELECT chosen_language FROM users")
    return person["chosen_language"]


async def test_choices_outlive_a_restart(settings, start, ada):
    async with running(settings):
        panel = await ask(ada, "/language")
        await ada.tap(panel, "Español")
        panel = await becomes(ada, panel, lambda m: len(ticked(m)) == 4)
        await ada.tap(panel, texts_for("es").strength("wild"))
    await start()

    panel = await ask(ada, "/settings")

    spanish = texts_for("es")
    assert words(panel) == plain(spanish.settings())
    assert spanish.strength("wild") in ticked(panel)
    assert button(panel, "Español")


def data_of(message, label):
    """What the button with these words carries."""
    found = button(message, label)
    assert found is not None
    return found["data"]


async def press_as(service, user_id, message, data):
    """A tap that no client can make: the message is in somebody else's chat."""
    somebody = {"id": user_id, "is_bot": False, "first_name": "Somebody"}
    chat = {"id": message["chat_id"], "type": "private", "first_name": "Ada"}
    shown = {"message_id": message["message_id"], "date": 0, "chat": chat}
    tap = {"id": "1", "from": somebody, "chat_instance": "1", "data": data}
    application = service.parts.application
    update = {"update_id": 900_001, "callback_query": {**tap, "message": shown}}
    await application.process_update(Update.de_json(update, application.bot))


async def answers(http):
    """How many taps were answered."""
    calls = (await http.get("/api/calls")).json()["calls"]
    return sum(c["method"].lower() == "answercallbackquery" for c in calls)


async def test_another_persons_tap_is_answered_and_changes_nothing(start, ada, http):
    service = await start()
    panel = await ask(ada, "/settings")

    await press_as(service, BEN, panel, data_of(panel, "Wild"))

    assert await answers(http) == 1
    assert await rows(service, "SELECT * FROM users") == []
    assert "Balanced" in ticked(await now(ada, panel))


@pytest.mark.parametrize("argument", ["size_huge", "lang_xx", "clip_maybe", "money_no"])
async def test_choice_that_does_not_exist_changes_nothing(start, ada, http, argument):
    service = await start()
    panel = await ask(ada, "/settings")

    await press_as(service, ADA, panel, f"v1:set:{ADA}:{argument}")

    assert await answers(http) == 1
    assert await rows(service, "SELECT * FROM users") == []


async def test_group_is_pointed_to_the_private_chat_and_sees_no_panel(
    start, ada, ben, http
):
    await start()
    chats = (await http.get("/api/world")).json()["chats"]
    group = next(chat for chat in chats if chat["type"] == "supergroup")
    there = ada.within(group["id"])
    bot = (await http.get("/api/world")).json()["bot"]["username"]

    for command in ("settings", "privacy", "forget"):
        said = await reply_to(there, await there.say(f"/{command}@{bot}"))
        assert f"@{bot}" in words(said)
        assert not list(buttons(said))
    assert await ada.messages() == await ben.messages() == []


async def test_every_command_of_the_menu_is_understood(start, ada, http):
    await start()
    world = (await http.get("/api/world")).json()
    group = next(chat for chat in world["chats"] if chat["type"] == "supergroup")
    there = ada.within(group["id"])
    strange = words(await ask(ada, "/fly"))
    strange_there = words(await ask(there, f"/fly@{world['bot']['username']}"))

    for command in texts_for("en").commands():
        assert words(await ask(ada, f"/{command}"))[:20] != strange[:20], command
    for command in texts_for("en").group_commands():
        said = await ask(there, f"/{command}@{world['bot']['username']}")
        assert words(said)[:20] != strange_there[:20], command


# /privacy


async def test_privacy_counts_what_is_kept_and_says_for_how_long(start, ada, ben):
    await start()
    await painted(ada, await offer(ada))

    said = words(await ask(ada, "/privacy"))
    bens = words(await ask(ben, "/privacy"))

    assert "9 days" in said
    assert "sent me (now 2)" in said
    assert "clips (now 1)" in said
    assert "/forget" in said
    assert "sent me (now 0)" in bens


async def test_what_privacy_says_goes_by_itself_goes_and_the_rest_stays(
    start, settings, ada
):
    service = await start()
    await choose(ada, await ask(ada, "/settings"), "Wild")
    result = await painted(ada, await offer(ada, text=MARK), "Wild")
    await ada.tap(result, "Full quality")
    await ada.until(lambda m: m["document"] is not None)
    async with db_of(service).transaction() as tx:
        await tx.execute("UPDATE updates SET state = 'done' WHERE state = 'open'")
        await tx.execute(
            "INSERT INTO styles VALUES ('s', ?, 'Wave', 'p', 'saved', 1, 1)", (ADA,)
        )

    for sweep in service.parts.housekeeping._sweeps.values():
        await sweep(-1.0)  # as if everything were old enough

    for table in KEPT_FOR_A_TIME:
        found = await rows(service, f"SELECT * FROM {table}")  # noqa: S608 - ours
        assert found == [], table
    assert holding(settings.data_dir, PHOTO) == []
    assert list((settings.data_dir / "jobs").iterdir()) == []
    for table in KEPT_UNTIL_DELETED:
        found = await rows(service, f"SELECT * FROM {table}")  # noqa: S608 - ours
        assert [row["user_id"] for row in found] == [ADA], table
    assert "Wild" in ticked(await ask(ada, "/settings"))


async def test_button_below_privacy_asks_before_it_deletes(start, ada):
    service = await start()
    await painted(ada, await offer(ada))
    panel = await ask(ada, "/privacy")

    await ada.tap(panel, "Delete everything")
    panel = await becomes(ada, panel, lambda m: button(m, "Keep it"))
    await ada.tap(panel, "Keep it")
    panel = await becomes(ada, panel, lambda m: not list(buttons(m)))

    assert "stays" in words(panel)
    assert len(await rows(service, "SELECT * FROM jobs")) == 1


# /forget


async def test_forget_leaves_nothing_of_ada_and_everything_of_ben(
    start, settings, ada, ben
):
    service = await start()
    folder = settings.data_dir
    await choose(ben, await ask(ben, "/settings"), "Wild")
    bens = await painted(ben, await offer(ben, BENS_PHOTO, text="of Ben"), "Wild")
    bens_file = await ben.file(bens["photo"]["file_id"])
    await choose(ada, await ask(ada, "/settings"), "Subtle")
    card = await offer(ada, text=MARK)
    result = await painted(ada, card)
    await ada.tap(result, "Full quality")
    await ada.until(lambda m: m["document"] is not None)
    await reply_to(ada, (await ada.send(jpeg("gold"), as_file="1"))[0])
    await ask(ada, "/cancel")  # nothing refers to that photo any more
    await reply_to(ada, (await ada.send(jpeg("pink"), as_file="1"))[0])
    [job] = await rows(service, "SELECT * FROM jobs WHERE user_id = ?", ADA)
    traces = [PHOTO, job["id"], job["content"], result["photo"]["file_id"]]
    traces += [jpeg("gold"), jpeg("pink")]
    assert all(holding(folder, trace) for trace in traces)
    kept = await rows(service, "SELECT * FROM jobs WHERE user_id = ?", BEN)

    question = await ask(ada, "/forget")
    await ada.tap(question, "Delete everything")
    farewell = await ada.until(lambda m: "is deleted" in words(m))
    await until_erased(service, folder)

    assert farewell["message_id"] > question["message_id"]
    assert not list(buttons(await now(ada, question)))
    for trace in (*traces, MARK, words(farewell)[:30]):
        assert holding(folder, trace) == [], trace
    about = {"outbox": "chat_id", "updates": "payload LIKE '%1001%' OR update_id"}
    for table in KEPT_OF_A_PERSON:
        column = about.get(table, "user_id")
        found = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608 - our names
        assert await rows(service, found, ADA) == [], table
    # Ben's things are where they were, the painting that both had sent as well.
    assert await rows(service, "SELECT * FROM jobs WHERE user_id = ?", BEN) == kept
    assert holding(folder, BENS_PHOTO) != []
    assert holding(folder, PAINTING) == [kept[0]["style"]]
    assert "Wild" in ticked(await ask(ben, "/settings"))
    again = await ben.tap(bens, "Full quality")
    assert not again.show_alert
    assert await ben.file(bens["photo"]["file_id"]) == bens_file


async def test_styles_that_were_saved_and_shared_go_but_what_ben_painted_with_stays(
    start, settings, ada, ben
):
    service = await start()
    result = await painted(ada, await offer(ada))
    await ada.tap(result, "More")
    result = await becomes(ada, result, lambda m: button(m, "Save the style"))
    await ada.tap(result, "Save the style")
    await ada.until(lambda m: m["from"]["is_bot"], after=result["message_id"])
    await ada.inline("")  # offers the saved style, for which it gets a code to share
    [shared] = await rows(service, "SELECT * FROM styles WHERE kind = 'shared'")
    link = f"s_{shared['id']}"
    brought = await reply_to(ben, await ben.start(link))
    await ben.send(BENS_PHOTO, as_file="1")
    card = await ben.until(is_card, after=brought["message_id"])
    bens = await painted(ben, card)

    await ada.tap(await ask(ada, "/forget"), "Delete everything")
    await ada.until(lambda m: "is deleted" in words(m))
    await until_erased(service, settings.data_dir)

    assert await rows(service, "SELECT * FROM styles") == []
    assert holding(settings.data_dir, PHOTO) == []
    assert words(await reply_to(ben, await ben.start(link))) != words(brought)
    await ben.tap(bens, "Wild")
    again = await ben.until(is_result, after=bens["message_id"])
    assert "wild" in words(again)


async def test_in_a_group_ben_keeps_his_result_and_adas_name_and_jobs_go(
    start, settings, ada, ben, http
):
    service = await start(seconds=1)
    world = (await http.get("/api/world")).json()
    group = next(chat for chat in world["chats"] if chat["type"] == "supergroup")
    call = f"/style@{world['bot']['username']}"
    adas, bens = ada.within(group["id"]), ben.within(group["id"])
    photo = (await adas.send(PHOTO))[0]
    number = str(photo["message_id"])
    asked = (await bens.send(PAINTING, text=call, reply_to=number))[0]
    card = await bens.until(is_card, after=asked["message_id"])
    result = await painted(bens, card)
    await reply_to(adas, (await adas.send(BENS_PHOTO, text=call))[0])
    [kept] = await rows(service, "SELECT * FROM jobs")
    there = await bens.messages()

    await ada.tap(await ask(ada, "/forget"), "Delete everything")
    await ada.until(lambda m: "is deleted" in words(m))
    await until_erased(service, settings.data_dir)

    assert await rows(service, "SELECT * FROM jobs") == [kept]
    assert await rows(service, "SELECT * FROM cards WHERE user_id != ?", BEN) == []
    assert await rows(service, "SELECT * FROM drafts WHERE user_id != ?", BEN) == []
    assert holding(settings.data_dir, b"Ada") == []
    assert await bens.messages() == there
    assert not (await bens.tap(result, "Full quality")).show_alert


async def test_forget_stops_the_work_and_nothing_comes_any_more(start, settings, ada):
    service = await start(seconds=120)
    card = await offer(ada)
    await ada.tap(card, "Balanced")
    await becomes(ada, card, lambda m: "%" in words(m))
    question = await ask(ada, "/forget")

    await ada.tap(question, "Delete everything")
    farewell = await ada.until(lambda m: "is deleted" in words(m))
    await becomes(ada, card, lambda m: words(m) == "Deleted.")
    await until_erased(service, settings.data_dir)

    assert await rows(service, "SELECT * FROM jobs") == []
    assert list((settings.data_dir / "jobs").iterdir()) == []
    last = (await ada.messages())[-1]
    assert last["message_id"] == farewell["message_id"]
    # The machine is free: the next picture is begun at once.
    fresh = await offer(ada)
    await ada.tap(fresh, "Subtle")
    await becomes(ada, fresh, lambda m: "%" in words(m))


async def test_ben_cannot_have_ada_forgotten(start, ada, http):
    service = await start()
    await painted(ada, await offer(ada))
    question = await ask(ada, "/forget")
    yes = data_of(question, "Delete everything")

    before = await answers(http)

    await press_as(service, BEN, question, yes)

    assert await answers(http) == before + 1
    assert len(await rows(service, "SELECT * FROM jobs")) == 1
    assert await open_erasures(db_of(service)) == []
    assert button(await now(ada, question), "Delete everything")


async def test_keep_it_keeps_it(start, ada):
    service = await start()
    await offer(ada)
    question = await ask(ada, "/forget")

    await ada.tap(question, "Keep it")
    await becomes(ada, question, lambda m: not list(buttons(m)))

    assert len(await rows(service, "SELECT * FROM cards")) == 1


async def test_buttons_of_what_is_forgotten_say_that_they_are_old(start, settings, ada):
    service = await start()
    result = await painted(ada, await offer(ada))
    await ada.tap(await ask(ada, "/forget"), "Delete everything")
    await until_erased(service, settings.data_dir)

    answer = await ada.tap(result, "Full quality")

    assert answer.show_alert
    assert "older picture" in answer.text


async def test_ada_can_begin_anew_after_she_was_forgotten(start, settings, ada):
    service = await start()
    await painted(ada, await offer(ada))
    await ada.tap(await ask(ada, "/forget"), "Delete everything")
    await until_erased(service, settings.data_dir)

    await painted(ada, await offer(ada))


async def test_forgetting_that_stopped_before_the_files_goes_on_after_the_restart(
    settings, start, ada, monkeypatch
):
    async def never(*_):
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(Shredder, "delete_files", never)
        first = await start()
        await painted(ada, await offer(ada, text=MARK))
        await ada.tap(await ask(ada, "/forget"), "Delete everything")
        deadline = time.monotonic() + 10
        while await rows(first, "SELECT * FROM jobs"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        assert holding(settings.data_dir, PHOTO)
        await start.stop()

    second = await start()
    await ada.until(lambda m: "is deleted" in words(m))
    await until_erased(second, settings.data_dir)

    for trace in (PHOTO, PAINTING, MARK):
        assert holding(settings.data_dir, trace) == []
    assert list((settings.data_dir / "jobs").iterdir()) == []
    said = [m for m in await ada.messages() if "is deleted" in words(m)]
    assert len(said) == 1


async def test_forgetting_that_a_kill_cut_short_is_finished_after_the_restart(
    bot_process, tmp_path, ada, ben, playground
):
    """The bot is killed between the tap and the farewell, which Telegram delays."""
    options = {"executor": "inline", "edge_px": "128", "weights": "untrained"}
    bot = await bot_process(**options)
    await painted(ben, await offer(ben, BENS_PHOTO))
    await painted(ada, await offer(ada, text=MARK))
    question = await ask(ada, "/forget")
    farewell_hangs = {"method": "sendMessage", "kind": "hang", "seconds": 30}
    await ada._http.post("/api/faults", json={**farewell_hangs, "chat_id": ADA})
    await ada.tap(question, "Delete everything")
    await becomes(ada, question, lambda m: words(m) == "Deleted.")
    await bot.kill()
    await ada._http.delete("/api/faults")

    await bot_process(**options)
    await ada.until(lambda m: "is deleted" in words(m))

    folder = tmp_path / "data"
    deadline = time.monotonic() + 20
    while holding(folder, MARK) or holding(folder, PHOTO) or under_way(folder):
        assert time.monotonic() < deadline, "the erasure does not end"
        await asyncio.sleep(0.1)
    said = [m for m in await ada.messages() if "is deleted" in words(m)]
    assert len(said) == 1
    assert holding(folder, BENS_PHOTO) != []
