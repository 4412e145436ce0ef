"""What delivery does otherwise in a group, and when a group changes or closes."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.delivery.errors import Verdict, verdict
from bot.delivery.limiter import Limiter, Pace
from bot.delivery.outbox import Outbox
from bot.delivery.owed import Kind, Owed
from bot.delivery.status import StatusBoard, StatusEdit

GROUP, SUPERGROUP = -9, -1009
NO_PHOTOS = "not enough rights to send photos to the chat"


def text(key, chat_id=GROUP, **more):
    return Owed(key=key, chat_id=chat_id, kind=Kind.TEXT, text=key, **more)


def photo(key, chat_id=GROUP, **more):
    return Owed(
        key=key, chat_id=chat_id, kind=Kind.PHOTO, text=key, file="photo.jpg", **more
    )


@pytest.fixture
async def make_outbox(db, bot, tmp_path):
    """Builds outboxes; `run` is called by the test, once all is owed."""
    (tmp_path / "photo.jpg").write_bytes(b"a photo")
    tasks = []

    def make(**options):
        outbox = Outbox(db, bot, tmp_path, first_pause_s=0.05, **options)

        def run():
            tasks.append(asyncio.create_task(outbox.run()))

        return outbox, run

    yield make
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def put(db, outbox, *owed):
    async with db.transaction() as tx:
        await outbox.put(tx, *owed)
    outbox.wake()


async def states(db, timeout_s=10):
    """Waits until nothing is owed any more; returns every state."""
    async with asyncio.timeout(timeout_s):
        while True:
            rows = await db.fetch_all("SELECT key, state FROM outbox")
            found = {row["key"]: row["state"] for row in rows}
            if not {"pending", "sending"} & set(found.values()):
                return found
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("Not enough rights to send photos to the chat"),
        BadRequest("Have no rights to send a message"),
        BadRequest("CHAT_SEND_PHOTOS_FORBIDDEN"),
        Forbidden("Not enough rights to send text messages to the chat"),
    ],
    ids=str,
)
def test_a_missing_right_is_not_taken_for_a_closed_chat(error):
    assert verdict(error) is Verdict.NO_RIGHT


async def test_what_the_group_does_not_allow_is_never_sent_as_a_file_instead(
    db, make_outbox, telegram, answers
):
    telegram.script("sendPhoto", answers.bad(NO_PHOTOS))
    settled = []

    async def settle(_, owed, state):
        settled.append((owed.key, state))

    outbox, run = make_outbox(settle=settle)
    await put(db, outbox, photo("photo"))
    run()

    assert await states(db) == {"photo": "undeliverable"}
    assert settled == [("photo", "undeliverable")]
    assert [call.method for call in telegram.calls] == ["sendPhoto"]


async def test_a_detour_is_taken_in_the_form_that_it_names(
    db, make_outbox, telegram, answers
):
    telegram.script("sendPhoto", answers.bad(NO_PHOTOS))
    outbox, run = make_outbox(detour=as_words)
    await put(db, outbox, photo("photo", reply_to=5))
    run()

    assert await states(db) == {"photo": "sent"}
    assert telegram.sent() == [("sendPhoto", "photo"), ("sendMessage", "in words")]
    assert '"message_id": 5' in telegram.calls[1].data["reply_parameters"]


async def as_words(_, owed):
    return replace(owed, kind=Kind.TEXT, file=None, text="in words")


async def test_in_a_group_jobs_come_before_everything_else(db, make_outbox, telegram):
    outbox, run = make_outbox()
    await put(db, outbox, text("help"), text("more help"), photo("result", job_id="j"))
    await put(db, outbox, text("hello", 7), photo("own", 7, job_id="k"))
    run()

    await states(db)
    assert [words for _, words in telegram.sent(GROUP)] == [
        *("result", "help", "more help")
    ]
    assert [words for _, words in telegram.sent(7)] == ["hello", "own"]


async def test_a_group_moves_with_all_that_was_and_will_be_sent(
    db, make_outbox, telegram, answers
):
    moved = []

    async def move(_, old, new):
        moved.append((old, new))

    outbox, run = make_outbox(move=move)
    await put(db, outbox, text("before", reply_to=3), text("else", 5))
    run()
    await states(db)
    upgraded = answers.refusal(
        400, "Bad Request: group chat was upgraded", migrate_to_chat_id=SUPERGROUP
    )
    telegram.script("sendMessage", upgraded, upgraded, chat_id=GROUP)

    await put(db, outbox, text("after", reply_to=4, thread_id=8))

    assert (await states(db))["after"] == "sent"
    rows = await db.fetch_all("SELECT * FROM outbox ORDER BY id")
    assert [row["chat_id"] for row in rows] == [SUPERGROUP, 5, SUPERGROUP]
    assert rows[0]["message_id"] is None, "its number means nothing there"
    assert rows[1]["message_id"] is not None
    assert moved == [(GROUP, SUPERGROUP)]
    last = telegram.calls[-1]
    assert (last.chat_id, last.words) == (SUPERGROUP, "after")
    assert "reply_parameters" not in last.data


async def test_a_closed_chat_is_reported_and_no_other(
    db, make_outbox, telegram, answers
):
    gone = []

    async def on_gone(chat_id):
        gone.append(chat_id)

    outbox, run = make_outbox(on_gone=on_gone)
    telegram.script("sendMessage", answers.forbidden(), chat_id=GROUP)
    telegram.script("sendMessage", answers.bad("message text is empty"), chat_id=5)
    await put(db, outbox, text("a"), text("b", 5), text("c", 6))
    run()

    assert await states(db) == {"a": "undeliverable", "b": "undeliverable", "c": "sent"}
    assert gone == [GROUP]


async def test_giving_up_a_chat_leaves_the_others_alone(db, make_outbox, telegram):
    outbox, run = make_outbox()
    await put(db, outbox, text("a"), text("b", 5))
    async with db.transaction() as tx:
        await outbox.give_up(tx, GROUP)
    run()

    assert await states(db) == {"a": "undeliverable", "b": "sent"}
    assert telegram.sent() == [("sendMessage", "b")]


# The status board


def edit(words, message_id=10, chat_id=GROUP, **more):
    return StatusEdit(chat_id=chat_id, message_id=message_id, text=words, **more)


@pytest.fixture
async def make_board(bot):
    boards = []

    def make(**options):
        board = StatusBoard(bot, interval_s=0.01, **options)
        boards.append(board)
        return board

    yield make
    for board in boards:
        await board.stop(0.1)


async def idle(board, timeout_s=10):
    async with asyncio.timeout(timeout_s):
        while tasks := [m.task for m in board._messages.values() if m.task]:
            await asyncio.wait(tasks)


def times(telegram, words):
    return [call.at for call in telegram.calls if call.words == words]


async def test_all_messages_of_a_group_share_one_pace(make_board, telegram):
    board = make_board(group_interval_s=0.4)

    board.show(edit("Ada 10 %", 10))
    await telegram.until(1)
    board.show(edit("Ben 10 %", 20))
    board.show(edit("elsewhere", 10, chat_id=-5))
    board.show(edit("private", 10, chat_id=5))
    await idle(board)

    (first,) = times(telegram, "Ada 10 %")
    assert times(telegram, "Ben 10 %")[0] >= first + 0.39
    assert times(telegram, "elsewhere")[0] < first + 0.3
    assert times(telegram, "private")[0] < first + 0.3


async def test_what_is_urgent_waits_for_nobody_in_a_group(make_board, telegram):
    board = make_board(group_interval_s=5)

    board.show(edit("Ada 10 %", 10))
    await telegram.until(1)
    board.show(edit("Cancelled", 20), urgent=True)
    await idle(board, timeout_s=2)

    assert [words for _, words in telegram.sent()] == ["Ada 10 %", "Cancelled"]


async def test_pictures_come_to_a_group_more_seldom_than_words(make_board, telegram):
    board = make_board(group_interval_s=0.1, group_picture_interval_s=0.5)

    for percent in (10, 20, 30):
        board.show(edit(f"{percent} %", photo=b"\xff\xd8"))
        await idle(board)
    await asyncio.sleep(0.5)
    board.show(edit("90 %", photo=b"\xff\xd8"))
    await idle(board)

    shown = [c.method for c in telegram.calls if c.method != "editMessageText"]
    assert shown.count("editMessageMedia") == 2
    assert telegram.sent()[0] == ("editMessageMedia", "10 %")
    assert telegram.sent()[-1] == ("editMessageMedia", "90 %")


async def test_where_pictures_are_not_allowed_the_words_are_shown(
    make_board, telegram, answers
):
    board = make_board()
    telegram.script("editMessageMedia", answers.bad("CHAT_SEND_PHOTOS_FORBIDDEN"))

    board.show(edit("Cancelled", photo=b"\xff\xd8"), urgent=True)
    await idle(board)

    assert telegram.sent()[-1] == ("editMessageText", "Cancelled")


async def test_an_edit_in_a_group_that_has_moved_is_reported(
    make_board, telegram, answers
):
    moved = []

    async def on_migrated(old, new):
        moved.append((old, new))

    board = make_board(on_migrated=on_migrated)
    upgraded = answers.refusal(
        400, "Bad Request: group chat was upgraded", migrate_to_chat_id=SUPERGROUP
    )
    telegram.script("editMessageText", upgraded)

    board.show(edit("10 %"))
    await idle(board)

    assert moved == [(GROUP, SUPERGROUP)]
    assert verdict(ChatMigrated(SUPERGROUP)) is Verdict.OTHER_CHAT


async def test_a_forgotten_chat_is_shown_nothing_more(make_board, telegram):
    board = make_board(group_interval_s=0.2)
    board.show(edit("10 %"))
    await telegram.until(1)
    board.show(edit("20 %"))
    board.show(edit("private", chat_id=5))

    board.forget(GROUP)
    await idle(board)

    assert "20 %" not in [words for _, words in telegram.sent()]
    assert ("editMessageText", "private") in telegram.sent()


# The limiter


async def test_the_pictures_of_an_album_are_counted_one_by_one():
    pace = Pace(chat_interval_s=0.001, group_sends=4, group_window_s=0.5)
    limiter = Limiter(pace)
    left = []

    async def send(endpoint, **data):
        async def leave():
            left.append(asyncio.get_running_loop().time())
            return True

        request = {"chat_id": GROUP, **data}
        await limiter.process_request(leave, (), {}, endpoint, request, None)

    await send("sendMediaGroup", media=[1, 2, 3])
    await send("sendMessage")
    await send("sendMessage")

    assert left[1] - left[0] < 0.2
    assert left[2] - left[0] >= 0.48
