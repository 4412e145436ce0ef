"""What the bot is doing, as long as it is shown."""

import asyncio

from bot.playground.actions import ActionBoard
from bot.playground.events import EventLog
from bot.playground.world import ADA_ID


def kinds(events):
    return [(one["type"], one.get("action")) for one in events]


async def test_action_ends_with_the_message_it_announced(bot, ada):
    await bot.send_chat_action(ADA_ID, "typing")
    await bot.send_message(ADA_ID, "done")
    await bot.send_message(ADA_ID, "and more")
    assert kinds(await ada.events()) == [
        ("action", "typing"),
        ("message", None),
        ("action_ended", None),
        ("message", None),
    ]


async def test_persons_message_ends_no_action(bot, ada):
    await bot.send_chat_action(ADA_ID, "typing")
    await ada.say("hurry")
    assert kinds(await ada.events()) == [("action", "typing"), ("message", None)]


async def test_action_ends_by_itself_unless_it_is_repeated():
    log = EventLog()
    board = ActionBoard(events=log, name="Stylebot", shown_s=0.05)
    board.show(ADA_ID, None, "typing")
    board.show(ADA_ID, 7, "upload_photo")
    board.show(ADA_ID, None, "upload_photo")
    async with asyncio.timeout(5):
        while len(log.after(0)) < 5:
            await log.wait(log.seq, lambda _: True, 5)
    seen = [(e["type"], e["thread_id"], e["action"]) for e in log.after(0)]
    assert seen[:3] == [
        ("action", None, "typing"),
        ("action", 7, "upload_photo"),
        ("action", None, "upload_photo"),
    ]
    assert sorted(e[1] or 0 for e in seen[3:]) == [0, 7]
    assert {e[0] for e in seen[3:]} == {"action_ended"}


async def test_repeated_action_is_shown_for_its_whole_time_again():
    log, loop = EventLog(), asyncio.get_running_loop()
    board = ActionBoard(events=log, name="Stylebot", shown_s=0.3)
    board.show(ADA_ID, None, "typing")
    await asyncio.sleep(0.2)  # the passage of time is what this is about
    board.show(ADA_ID, None, "typing")
    repeated = loop.time()
    (ended,) = await log.wait(2, lambda _: True, 5)
    assert ended["type"] == "action_ended"
    assert loop.time() - repeated > 0.25


async def test_closed_board_says_nothing_more():
    log = EventLog()
    board = ActionBoard(events=log, name="Stylebot", shown_s=0.0)
    board.show(ADA_ID, None, "typing")
    board.close()
    await log.wait(1, lambda _: True, 0.05)
    assert log.seq == 1
