import asyncio
import contextlib
import sqlite3
import time

import pytest

from bot.delivery.outbox import Outbox
from bot.delivery.owed import Button, Kind, Owed, OwedState
from bot.storage.errors import StorageFull


def text(key, chat_id=1, **more):
    return Owed(key=key, chat_id=chat_id, kind=Kind.TEXT, text=key, **more)


def photo(key, chat_id=1, **more):
    return Owed(
        key=key, chat_id=chat_id, kind=Kind.PHOTO, text=key, file="a/photo.jpg", **more
    )


def clip(key, after, chat_id=1):
    return Owed(
        key=key,
        chat_id=chat_id,
        kind=Kind.ANIMATION,
        text=key,
        file="a/clip.mp4",
        after=after,
        width=4,
        height=3,
        duration=2,
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "photo.jpg").write_bytes(b"a photo")
    (tmp_path / "a" / "clip.mp4").write_bytes(b"a clip")
    return tmp_path


@pytest.fixture
async def make_outbox(db, bot, folder):
    """Builds running outboxes; all of them are cancelled at the end."""
    tasks = []

    def make(**options):
        outbox = Outbox(db, bot, folder, first_pause_s=0.05, **options)
        task = asyncio.create_task(outbox.run())
        tasks.append(task)
        return outbox, task

    yield make
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def outbox(make_outbox):
    return make_outbox()[0]


async def put(db, outbox, *owed):
    async with db.transaction() as tx:
        await outbox.put(tx, *owed)
    outbox.wake()


async def rows(db):
    found = await db.fetch_all("SELECT * FROM outbox ORDER BY id")
    return {row["key"]: row for row in found}


async def settled(db, *keys, timeout_s=10):
    """Waits until the rows are sent or undeliverable; returns their states."""
    async with asyncio.timeout(timeout_s):
        while True:
            found = await rows(db)
            states = [found[key]["state"] for key in keys if key in found]
            if len(states) == len(keys) and not {"pending", "sending"} & set(states):
                return states
            await asyncio.sleep(0.01)


async def test_owed_text_is_sent_with_all_that_belongs_to_it(db, outbox, telegram):
    keyboard = ((Button("Go", "v1:go"), Button("Stop", "v1:stop")),)
    await put(db, outbox, text("hello", thread_id=5, reply_to=9, keyboard=keyboard))

    assert await settled(db, "hello") == ["sent"]
    data = telegram.calls[0].data
    assert data["message_thread_id"] == "5"
    assert '"allow_sending_without_reply": true' in data["reply_parameters"]
    assert '"callback_data": "v1:stop"' in data["reply_markup"]
    assert data["parse_mode"] == "HTML"
    row = (await rows(db))["hello"]
    assert (row["message_id"], row["attempts"], row["duplicates_possible"]) == (
        101,
        1,
        0,
    )


async def test_owed_files_go_out_under_their_names(db, outbox, telegram):
    full = Owed(
        key="full",
        chat_id=1,
        kind=Kind.DOCUMENT,
        text="full",
        file="a/photo.jpg",
        file_name="picture.png",
    )
    await put(db, outbox, photo("photo"), clip("clip", "photo"), full)

    assert await settled(db, "photo", "clip", "full") == ["sent"] * 3
    uploads = [[*call.files.values()] for call in telegram.calls]
    assert uploads == [
        [("photo.jpg", b"a photo")],
        [("clip.mp4", b"a clip")],
        [("picture.png", b"a photo")],
    ]
    assert telegram.calls[1].data["duration"] == "2"
    assert telegram.calls[2].data["disable_content_type_detection"] == "true"
    assert (await rows(db))["photo"]["file_id"] == "file-101"


async def test_debt_is_only_a_debt_after_the_commit(db, outbox, telegram):
    async def change_my_mind():
        async with db.transaction() as tx:
            await outbox.put(tx, text("no"))
            outbox.wake()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_my_mind()
    await put(db, outbox, text("yes"))

    await settled(db, "yes")
    assert telegram.sent() == [("sendMessage", "yes")]


async def test_same_key_is_sent_once(db, outbox, telegram):
    await put(db, outbox, text("once"), text("once"))
    await settled(db, "once")
    await put(db, outbox, text("once"), text("last"))

    await settled(db, "last")
    assert telegram.sent() == [("sendMessage", "once"), ("sendMessage", "last")]


async def test_clip_never_overtakes_its_picture(db, outbox, telegram, answers):
    """Not even when the picture has to be tried again and the clip could go."""
    telegram.script("sendPhoto", answers.html_502(), answers.html_502())
    await put(db, outbox, photo("photo"), clip("clip", "photo"), text("other"))

    await settled(db, "photo", "clip", "other")
    assert telegram.sent() == [
        ("sendPhoto", "photo"),
        ("sendMessage", "other"),
        ("sendPhoto", "photo"),
        ("sendPhoto", "photo"),
        ("sendAnimation", "clip"),
    ]


async def test_clip_of_an_undeliverable_picture_is_settled_too(
    db, outbox, telegram, answers
):
    telegram.script("sendPhoto", answers.forbidden())
    telegram.script("sendAnimation", answers.forbidden())
    await put(db, outbox, photo("photo"), clip("clip", "photo"))

    assert await settled(db, "photo", "clip") == ["undeliverable"] * 2


async def test_flood_in_one_chat_delays_no_other_chat(db, outbox, telegram, answers):
    telegram.script("sendMessage", answers.flood(1), chat_id=1)
    await put(db, outbox, text("slow 1"), text("slow 2"))
    await telegram.until(1)
    await put(db, outbox, *(text(f"fast {n}", chat_id=2 + n) for n in range(5)))

    await settled(db, *(f"fast {n}" for n in range(5)), timeout_s=0.9)
    await settled(db, "slow 1", "slow 2")
    assert telegram.sent(1) == [
        ("sendMessage", "slow 1"),
        ("sendMessage", "slow 1"),
        ("sendMessage", "slow 2"),
    ]
    first, second, _ = [call.at for call in telegram.calls if call.chat_id == 1]
    assert second - first >= 0.99
    assert (await outbox.counts())["duplicates_possible"] == 0


async def test_undeliverable_chat_blocks_nobody(db, outbox, telegram, answers):
    telegram.script("sendMessage", answers.forbidden(), chat_id=1)
    telegram.script("sendMessage", answers.bad("chat not found"), chat_id=2)
    await put(db, outbox, text("a", 1), text("b", 2), text("c", 3), text("d", 1))

    assert await settled(db, *"abcd") == [
        "undeliverable",
        "undeliverable",
        "sent",
        "sent",
    ]


async def test_refused_picture_is_sent_as_a_document(db, outbox, telegram, answers):
    telegram.script("sendPhoto", answers.bad("PHOTO_INVALID_DIMENSIONS"))
    await put(db, outbox, photo("photo"))

    assert await settled(db, "photo") == ["sent"]
    assert telegram.sent() == [("sendPhoto", "photo"), ("sendDocument", "photo")]


async def test_picture_refused_in_both_forms_is_given_up(db, outbox, telegram, answers):
    telegram.script("sendPhoto", answers.bad("IMAGE_PROCESS_FAILED"))
    telegram.script("sendDocument", answers.refusal(413, "Request Entity Too Large"))
    await put(db, outbox, photo("photo"))

    assert await settled(db, "photo") == ["undeliverable"]
    assert len(telegram.calls) == 2


async def test_message_of_a_closed_topic_goes_to_the_chat(
    db, outbox, telegram, answers
):
    telegram.script("sendPhoto", answers.bad("message thread not found"))
    await put(db, outbox, photo("photo", -5, thread_id=77))

    assert await settled(db, "photo") == ["sent"]
    assert [call.method for call in telegram.calls] == ["sendPhoto", "sendPhoto"]
    assert "message_thread_id" not in telegram.calls[1].data


async def test_debts_move_with_a_group_that_becomes_a_supergroup(
    db, outbox, telegram, answers
):
    moved = answers.refusal(
        400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009
    )
    telegram.script("sendMessage", moved, chat_id=-9)
    await put(db, outbox, text("a", -9, reply_to=4), text("b", -9))

    assert await settled(db, "a", "b") == ["sent", "sent"]
    assert [(call.chat_id, call.words) for call in telegram.calls] == [
        (-9, "a"),
        (-1009, "a"),
        (-1009, "b"),
    ]


async def test_answer_that_breaks_off_is_counted_as_a_possible_duplicate(
    db, outbox, telegram, answers
):
    telegram.script("sendMessage", answers.cut_off())
    await put(db, outbox, text("perhaps"))

    assert await settled(db, "perhaps") == ["sent"]
    assert len(telegram.calls) == 2
    assert (await outbox.counts())["duplicates_possible"] == 1


async def test_answers_that_always_break_off_do_not_repeat_for_ever(
    db, outbox, telegram, answers
):
    telegram.script("sendMessage", *(answers.cut_off() for _ in range(9)))
    await put(db, outbox, text("perhaps"))

    assert await settled(db, "perhaps") == ["undeliverable"]
    assert len(telegram.calls) == 5


async def test_outage_is_waited_out_without_counting_duplicates(
    db, outbox, telegram, answers
):
    telegram.script("sendMessage", *(answers.html_502() for _ in range(4)))
    await put(db, outbox, text("patience"))

    assert await settled(db, "patience") == ["sent"]
    assert len(telegram.calls) == 5
    assert (await outbox.counts())["duplicates_possible"] == 0


async def test_lost_file_makes_its_message_undeliverable(db, outbox, telegram, folder):
    (folder / "a" / "photo.jpg").unlink()
    await put(db, outbox, photo("photo"), text("next"))

    assert await settled(db, "photo", "next") == ["undeliverable", "sent"]


async def test_answer_that_makes_no_sense_stops_nothing(db, outbox, telegram, answers):
    telegram.script("sendMessage", *(answers.nonsense() for _ in range(9)), chat_id=1)
    await put(db, outbox, text("odd"), text("fine", chat_id=2))

    assert await settled(db, "fine", "odd") == ["sent", "undeliverable"]


async def test_chats_are_served_side_by_side_but_not_all_at_once(
    db, make_outbox, telegram
):
    outbox, _ = make_outbox(most_at_once=4)
    telegram.gate.clear()
    await put(db, outbox, *(text(f"{n}", chat_id=n) for n in range(1, 10)))
    await telegram.until(4)
    await asyncio.sleep(0.1)

    assert len(telegram.calls) == 4
    telegram.gate.set()
    await settled(db, *(f"{n}" for n in range(1, 10)))


async def test_hooks_learn_of_each_end_and_cannot_break_it(
    db, make_outbox, telegram, answers
):
    told = []

    async def settle(tx, owed, state):
        await tx.execute("INSERT INTO meta VALUES (?, ?)", (owed.key, state))

    async def on_sent(owed, message):
        told.append((owed.key, message.message_id))
        raise RuntimeError("a hook of somebody else")

    async def on_undeliverable(owed):
        told.append((owed.key, None))

    outbox, _ = make_outbox(
        settle=settle, on_sent=on_sent, on_undeliverable=on_undeliverable
    )
    telegram.script("sendMessage", answers.forbidden(), chat_id=2)
    await put(db, outbox, text("good"))
    await settled(db, "good")
    await put(db, outbox, text("bad", chat_id=2))
    await settled(db, "bad")
    meta = {
        row["key"]: row["value"] for row in await db.fetch_all("SELECT * FROM meta")
    }

    assert meta == {"good": OwedState.SENT, "bad": OwedState.UNDELIVERABLE}
    assert told == [("good", 101), ("bad", None)]


async def test_outcome_that_cannot_be_written_does_not_send_again(
    db, make_outbox, telegram
):
    """The disk fills up between the send and its record."""
    failures = 3

    async def settle(tx, owed, state):
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise StorageFull("no room left for the database")

    outbox, _ = make_outbox(settle=settle)
    await put(db, outbox, text("once"))

    assert await settled(db, "once") == ["sent"]
    assert failures == -1
    assert telegram.sent() == [("sendMessage", "once")]


async def test_nothing_leaves_before_it_is_claimed_on_disk(
    db, outbox, telegram, tmp_path
):
    telegram.gate.clear()
    await put(db, outbox, text("claimed"))
    await telegram.until(1)

    with contextlib.closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as raw:
        state = raw.execute("SELECT state FROM outbox").fetchone()
    telegram.gate.set()

    assert state == ("sending",)
    await settled(db, "claimed")


async def test_message_that_waits_for_its_turn_is_not_yet_sending(
    db, outbox, telegram, bot
):
    """So that a restart meanwhile does not count it as a possible duplicate."""
    bot.rate_limiter._chat(1).held_until = asyncio.get_running_loop().time() + 0.5
    await put(db, outbox, text("waits"))
    async with asyncio.timeout(5):
        while True:
            row = (await rows(db))["waits"]
            if row["not_before"]:
                break
            await asyncio.sleep(0.01)

    assert (row["state"], row["attempts"], telegram.calls) == ("pending", 0, [])


async def test_stopping_lets_what_is_under_way_end(db, make_outbox, telegram):
    outbox, task = make_outbox()
    telegram.gate.clear()
    await put(db, outbox, text("under way"))
    await telegram.until(1)
    task.cancel()
    await asyncio.sleep(0.05)
    telegram.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)

    assert (await rows(db))["under way"]["state"] == "sent"


async def test_stopping_does_not_wait_for_ever(db, make_outbox, telegram):
    outbox, task = make_outbox()
    telegram.gate.clear()
    await put(db, outbox, text("stuck"))
    await telegram.until(1)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 8)
    telegram.gate.set()

    assert time.monotonic() - begun < 5
    assert (await rows(db))["stuck"]["state"] == "sending"


async def test_sweep_forgets_only_what_is_settled_and_old(
    db, outbox, telegram, answers
):
    telegram.script("sendMessage", answers.flood(60), chat_id=2)
    await put(db, outbox, text("old"), text("waiting", chat_id=2))
    await settled(db, "old")
    await telegram.until(2)

    assert await outbox.sweep(3600) == 0
    assert await outbox.sweep(-1) == 1
    assert set(await rows(db)) == {"waiting"}
