"""Buttons: pressed by people, answered by the bot, in time or too late."""

import asyncio

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground.world import BEN_ID, GROUP_ID

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("go", callback_data="v1:go")]])
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def presser(bot, page):
    """Presses in the background; the query that the bot gets, and the press."""

    async def press(message, data="v1:go"):
        press = asyncio.create_task(page.press(message.message_id, data))
        (update,) = await bot.get_updates(timeout=5)
        await bot.get_updates(offset=update.update_id + 1)
        return update.callback_query, press

    return press


async def test_press_waits_for_the_answer(bot, presser):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    query, press = await presser(sent)
    assert (query.data, query.from_user.id) == ("v1:go", 1001)
    assert query.message.message_id == sent.message_id
    assert query.chat_instance
    assert await query.answer("well", show_alert=True)
    answer = (await press).json()
    assert 0 <= answer.pop("seconds") < 2
    assert answer == {"answered": True, "text": "well", "show_alert": True}


async def test_press_without_an_answer_ends_after_a_while(bot, page, presser):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    query, press = await presser(sent)
    answer = (await press).json()
    assert (answer["answered"], answer["text"]) == (False, None)
    assert await query.answer("late, but not too late")


async def test_second_and_late_answers_are_refused(bot, clock, presser, rejects):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    query, press = await presser(sent)
    await query.answer()
    await press
    with rejects(TOO_OLD):
        await query.answer()
    query, press = await presser(sent)
    clock.now += 151
    with rejects(TOO_OLD):
        await query.answer()
    press.cancel()
    with rejects(TOO_OLD):
        await bot.answer_callback_query("4711")


async def test_answer_has_at_most_200_characters(bot, presser, rejects):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    query, press = await presser(sent)
    with rejects("MESSAGE_TOO_LONG"):
        await query.answer("x" * 201)
    await query.answer("x" * 200)
    assert (await press).json()["text"] == "x" * 200


async def test_button_that_an_edit_took_away_can_still_be_hit(bot, page, presser):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    await sent.edit_text("y")
    query, press = await presser(sent)
    assert query.message.reply_markup is None
    await query.answer()
    assert (await press).json()["answered"]


async def test_button_of_a_deleted_message_comes_without_its_message(bot, presser):
    sent = await bot.send_message(1001, "x", reply_markup=KEYBOARD)
    await sent.delete()
    query, press = await presser(sent)
    assert not query.message.is_accessible
    assert query.message.message_id == sent.message_id
    await query.answer()
    await press


async def test_only_buttons_that_were_there_can_be_pressed_by_members(bot, page):
    sent = await bot.send_message(BEN_ID, "x", reply_markup=KEYBOARD)
    group = await bot.send_message(GROUP_ID, "x", reply_markup=KEYBOARD)
    foreign = await page.press(sent.message_id, "v1:go", chat=BEN_ID)
    assert foreign.status_code == 403
    invented = await page.press(group.message_id, "v1:rm", chat=GROUP_ID)
    assert invented.status_code == 400
    assert invented.json()["error"].endswith(".")
    assert (await page.press(99, "v1:go")).status_code == 404
    assert await bot.get_updates() == ()
