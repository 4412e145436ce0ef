import asyncio
import time

import pytest

from bot.delivery.owed import Button
from bot.delivery.status import StatusBoard, StatusEdit

JPEG = b"\xff\xd8 a preview"


def edit(text, chat_id=1, message_id=10, **more):
    return StatusEdit(chat_id=chat_id, message_id=message_id, text=text, **more)


@pytest.fixture
async def make_board(bot):
    boards = []

    def make(interval_s=0.3, group_interval_s=0.6):
        board = StatusBoard(
            bot, interval_s=interval_s, group_interval_s=group_interval_s
        )
        boards.append(board)
        return board

    yield make
    for board in boards:
        await board.stop(0.1)


@pytest.fixture
async def board(make_board):
    return make_board()


async def idle(board, timeout_s=10):
    """Waits until the board has nothing left to show."""
    async with asyncio.timeout(timeout_s):
        while tasks := [m.task for m in board._messages.values() if m.task]:
            await asyncio.wait(tasks)


async def test_first_edit_goes_out_at_once(board, telegram):
    begun = time.monotonic()
    keyboard = ((Button("Cancel", "v1:x:1"),),)
    board.show(edit("<b>10 %</b>", keyboard=keyboard))
    await idle(board)

    assert time.monotonic() - begun < 0.25
    assert telegram.sent() == [("editMessageText", "<b>10 %</b>")]
    assert telegram.calls[0].data["parse_mode"] == "HTML"
    assert "v1:x:1" in telegram.calls[0].data["reply_markup"]


async def test_only_the_newest_edit_of_a_message_is_shown(board, telegram):
    board.show(edit("0 %"))
    await telegram.until(1)
    for percent in range(1, 100):
        board.show(edit(f"{percent} %"))
    await idle(board)

    assert [words for _, words in telegram.sent()] == ["0 %", "99 %"]
    first, second = telegram.calls
    assert second.at - first.at >= 0.29


async def test_what_is_shown_already_is_not_shown_again(board, telegram):
    for words in ("10 %", "10 %", "20 %", "20 %", "10 %"):
        board.show(edit(words))
        await idle(board)

    assert [words for _, words in telegram.sent()] == ["10 %", "20 %", "10 %"]


async def test_an_edit_that_failed_may_be_tried_again(board, telegram, answers):
    telegram.script("editMessageText", answers.refusal(500, "Internal"))
    board.show(edit("10 %"))
    await idle(board)
    board.show(edit("10 %"))
    await idle(board)

    assert [words for _, words in telegram.sent()] == ["10 %", "10 %"]


async def test_messages_do_not_wait_for_each_other(board, telegram):
    telegram.gate.clear()
    for message_id in range(5):
        board.show(edit("busy", message_id=message_id))
    await telegram.until(5)
    telegram.gate.set()
    await idle(board)


async def test_groups_get_edits_less_often(board, telegram):
    for chat_id in (1, -1):
        board.show(edit("a", chat_id=chat_id))
    await telegram.until(2)
    for chat_id in (1, -1):
        board.show(edit("b", chat_id=chat_id))
    await idle(board)

    at = {call.chat_id: call.at for call in telegram.calls[2:]}
    begun = telegram.calls[0].at
    assert at[1] - begun < 0.55
    assert at[-1] - begun >= 0.59


async def test_urgent_edit_skips_the_wait(make_board, telegram):
    board = make_board(interval_s=30)
    board.show(edit("50 %"))
    await telegram.until(1)
    board.show(edit("51 %"))
    board.show(edit("Cancelled"), urgent=True)
    await telegram.until(2, timeout_s=2)

    await asyncio.sleep(0.05)
    assert [words for _, words in telegram.sent()] == ["50 %", "Cancelled"]


async def test_urgent_edit_is_not_dropped_for_a_later_one(board, telegram):
    telegram.gate.clear()
    board.show(edit("50 %"))
    await telegram.until(1)
    board.show(edit("Stopping"), urgent=True)
    board.show(edit("52 %"))
    telegram.gate.set()
    await idle(board)

    assert [words for _, words in telegram.sent()] == ["50 %", "Stopping", "52 %"]


async def test_text_becomes_a_photo_and_its_caption_changes_afterwards(board, telegram):
    board.show(edit("10 %"))
    await idle(board)
    board.show(edit("20 %", photo=JPEG))
    await idle(board)
    board.show(edit("30 %"))
    await idle(board)

    assert telegram.sent() == [
        ("editMessageText", "10 %"),
        ("editMessageMedia", "20 %"),
        ("editMessageCaption", "30 %"),
    ]
    assert [*telegram.calls[1].files.values()] == [("preview.jpg", JPEG)]


async def test_photo_from_a_file_is_uploaded(board, telegram, tmp_path):
    path = tmp_path / "x.jpg"
    path.write_bytes(JPEG)
    board.show(edit("20 %", photo=path))
    await idle(board)

    [(_, data)] = telegram.calls[0].files.values()
    assert data == JPEG


async def test_photo_whose_file_is_gone_leaves_the_words(board, telegram, tmp_path):
    board.show(edit("20 %", photo=tmp_path / "gone.jpg"))
    await idle(board)

    assert telegram.sent() == [("editMessageText", "20 %")]


async def test_without_words_only_the_buttons_change(board, telegram):
    button = Button("Less", "v1:more:k3j5:off")
    board.show(edit(None, keyboard=((button,),)))
    await idle(board)

    [call] = telegram.calls
    assert call.method == "editMessageReplyMarkup"
    assert "v1:more:k3j5:off" in call.data["reply_markup"]
    assert not {"text", "caption", "media"} & call.data.keys()


async def test_message_known_to_nobody_turns_out_to_be_a_photo(
    board, telegram, answers
):
    """After a restart the board does not know what the message looks like."""
    telegram.script(
        "editMessageText", answers.bad("there is no text in the message to edit")
    )
    board.show(edit("a"))
    await idle(board)
    board.show(edit("b"))
    await idle(board)

    assert telegram.sent() == [
        ("editMessageText", "a"),
        ("editMessageCaption", "a"),
        ("editMessageCaption", "b"),
    ]


async def test_picture_that_waits_is_kept_by_a_newer_text(board, telegram):
    board.show(edit("1 %"))
    await telegram.until(1)
    board.show(edit("2 %", photo=JPEG))
    board.show(edit("3 %"))
    await idle(board)

    assert telegram.sent()[1:] == [("editMessageMedia", "3 %")]


async def test_unchanged_message_counts_as_success(board, telegram, answers):
    telegram.script(
        "editMessageText",
        answers.bad(
            "message is not modified: specified new message content and reply markup"
            " are exactly the same"
        ),
    )
    board.show(edit("same"), urgent=True)
    await idle(board)

    assert len(telegram.calls) == 1


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited"]
)
async def test_message_that_is_gone_is_left_alone(board, telegram, answers, words):
    telegram.script("editMessageText", answers.bad(words))
    board.show(edit("a"), urgent=True)
    await idle(board)

    assert telegram.sent() == [("editMessageText", "a")]


async def test_flood_holds_the_edits_of_its_chat_and_shows_the_newest_after(
    board, telegram, answers
):
    telegram.script("editMessageText", answers.flood(1), chat_id=1)
    board.show(edit("old"))
    await telegram.until(1)
    board.show(edit("other message", message_id=11))
    board.show(edit("other chat", chat_id=2))
    board.show(edit("new"))
    await telegram.until(2, timeout_s=0.8)
    assert telegram.sent(2) == [("editMessageText", "other chat")]
    await idle(board)

    assert sorted(words for _, words in telegram.sent(1)) == [
        "new",
        "old",
        "other message",
    ]
    assert min(c.at for c in telegram.calls if c.words == "new") >= (
        telegram.calls[0].at + 0.99
    )
    assert {call.method for call in telegram.calls} == {"editMessageText"}


async def test_urgent_edit_is_tried_again_after_an_outage(board, telegram, answers):
    telegram.script("editMessageText", answers.html_502(), answers.cut_off())
    board.show(edit("Failed"), urgent=True)
    await idle(board)

    assert [words for _, words in telegram.sent()] == ["Failed"] * 3


async def test_edit_lost_in_an_outage_is_not_repeated(board, telegram, answers):
    telegram.script("editMessageText", answers.html_502())
    board.show(edit("12 %"))
    await idle(board)

    assert len(telegram.calls) == 1


async def test_showing_never_blocks(board, telegram):
    telegram.gate.clear()
    begun = time.monotonic()
    for n in range(1000):
        board.show(edit(f"{n}", message_id=n % 50, photo=JPEG))

    assert time.monotonic() - begun < 0.5
    telegram.gate.set()


async def test_stopping_shows_what_is_urgent_and_drops_the_rest(make_board, telegram):
    board = make_board(interval_s=30)
    board.show(edit("1 %"))
    await telegram.until(1)
    board.show(edit("2 %"))
    board.show(edit("Restarting", message_id=11), urgent=True)
    begun = time.monotonic()
    await board.stop(2)
    board.show(edit("3 %"))
    await board.stop(2)

    assert time.monotonic() - begun < 1.5
    assert [words for _, words in telegram.sent()] == ["1 %", "Restarting"]


async def test_stopping_is_bounded(board, telegram):
    telegram.gate.clear()
    board.show(edit("stuck"), urgent=True)
    await telegram.until(1)
    begun = time.monotonic()
    await board.stop(0.2)
    telegram.gate.set()

    assert time.monotonic() - begun < 1.5


async def test_idle_messages_are_forgotten(make_board, telegram, monkeypatch):
    monkeypatch.setattr("bot.delivery.status._MOST_REMEMBERED", 5)
    board = make_board()
    for message_id in range(20):
        board.show(edit("x", message_id=message_id))
        await idle(board)

    assert len(board._messages) <= 6
