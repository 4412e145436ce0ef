"""Edits and deletions: what may change, and Telegram's words when it may not."""

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaDocument,
    InputMediaPhoto,
)
from telegram.error import BadRequest

from bot.playground.world import GROUP_ID

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("go", callback_data="go")]])
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


async def test_edited_text_changes_in_place(bot, page, clock):
    sent = await bot.send_message(1001, "one", reply_markup=KEYBOARD)
    clock.now += 5
    edited = await sent.edit_text("<b>two</b>", parse_mode="HTML")
    assert (edited.message_id, edited.text) == (sent.message_id, "two")
    assert edited.reply_markup is None
    (view,) = await page.views()
    assert (view["text"], view["keyboard"]) == ("two", None)
    assert view["edit_date"] - view["date"] == 5
    events = (await page.http.get("/api/wait")).json()["events"]
    assert [event["type"] for event in events] == ["message", "edited"]
    assert events[-1]["message"] == view


async def test_unchanged_edits_are_refused(bot, picture, rejects):
    text = await bot.send_message(1001, "same", reply_markup=KEYBOARD)
    with rejects(NOT_MODIFIED):
        await text.edit_text("same", reply_markup=KEYBOARD)
    await text.edit_text("same")
    with rejects(NOT_MODIFIED):
        await text.edit_reply_markup(None)
    photo = await bot.send_photo(1001, picture(), caption="same")
    with rejects(NOT_MODIFIED):
        await photo.edit_caption("same")
    again = InputMediaPhoto(photo.photo[-1].file_id, caption="same")
    with rejects(NOT_MODIFIED):
        await photo.edit_media(again)
    await photo.edit_caption(None)


async def test_status_message_becomes_a_photo_and_then_another(bot, page, picture):
    status = await bot.send_message(1001, "queued", reply_markup=KEYBOARD)
    preview = InputMediaPhoto(picture(), caption="40 %")
    shown = await status.edit_media(preview, reply_markup=KEYBOARD)
    assert shown.caption == "40 %"
    assert shown.text is None
    larger = InputMediaPhoto(picture(640, 480), caption="60 %")
    assert (await shown.edit_media(larger)).photo[-1].width == 640
    clip = InputMediaDocument(b"words", filename="a.txt")
    assert (await shown.edit_media(clip)).document.file_name == "a.txt"
    assert len(await page.views()) == 1


async def test_copied_place_has_a_keyboard_to_edit(bot, page, rejects):
    (place,) = await page.send(kind="location")
    copied = await bot.copy_message(1001, 1001, place["message_id"])
    await bot.edit_message_reply_markup(1001, copied.message_id, reply_markup=KEYBOARD)
    with rejects(NOT_MODIFIED):
        await bot.edit_message_reply_markup(
            1001, copied.message_id, reply_markup=KEYBOARD
        )


async def test_edits_that_make_no_sense_are_refused(bot, page, picture, rejects):
    text = await bot.send_message(1001, "words")
    photo = await bot.send_photo(1001, picture())
    (own,) = await page.send(text="mine")
    with rejects("there is no caption in the message to edit"):
        await text.edit_caption("x")
    with rejects("There is no text in the message to edit"):
        await photo.edit_text("x")
    with rejects("Message can't be edited"):
        await bot.edit_message_text("x", 1001, own["message_id"])
    with rejects("Message to edit not found"):
        await bot.edit_message_text("x", 1001, 99)
    with rejects("Message identifier is not specified"):
        await bot.edit_message_text("x", 1001)
    with rejects("Message text is empty"):
        await bot.edit_message_text(" ", 1001, text.message_id)
    with rejects("Message_id_invalid"):
        await bot.edit_message_text("x", inline_message_id="none")
    with rejects("Wrong file identifier/http url specified"):
        await photo.edit_media(InputMediaPhoto("AgAC"))


async def test_item_of_an_album_becomes_no_animation(bot, picture, gif, rejects):
    photo = InputMediaPhoto(picture())
    first, _ = await bot.send_media_group(1001, [photo, photo])
    with rejects("Can't use the media type in the album"):
        await first.edit_media(InputMediaAnimation(gif()))
    changed = await first.edit_media(InputMediaPhoto(picture(64, 64)))
    assert changed.media_group_id == first.media_group_id


async def test_edit_that_fails_changes_nothing(bot, page, picture, rejects):
    sent = await bot.send_photo(1001, picture(), caption="kept", reply_markup=KEYBOARD)
    before = await page.views()
    with pytest.raises(BadRequest):
        await sent.edit_media(InputMediaPhoto(b"no picture", caption="lost"))
    too_long = InlineKeyboardMarkup(
        [[InlineKeyboardButton("x", callback_data="x" * 65)]]
    )
    with rejects("Button_data_invalid"):
        await sent.edit_caption("lost", reply_markup=too_long)
    assert await page.views() == before


async def test_deleted_message_is_gone_for_everybody(bot, page, rejects):
    sent = await bot.send_message(1001, "x")
    assert await sent.delete()
    assert await page.views() == []
    events = (await page.http.get("/api/wait")).json()["events"]
    assert (events[-1]["type"], events[-1]["message_id"]) == ("deleted", 1)
    with rejects("Message to delete not found"):
        await sent.delete()
    with rejects("Message to edit not found"):
        await sent.edit_text("y")
    assert (await bot.send_message(1001, "y")).message_id == 2


async def test_bot_deletes_what_people_wrote_only_in_private(bot, page, rejects):
    (mine,) = await page.send(text="x")
    assert await bot.delete_message(1001, mine["message_id"])
    (ours,) = await page.send(text="x", chat=GROUP_ID)
    with rejects("Message can't be deleted"):
        await bot.delete_message(GROUP_ID, ours["message_id"])


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [
        (1001, "Message can't be deleted for everyone"),
        (GROUP_ID, "Message can't be deleted"),
    ],
)
async def test_message_of_two_days_ago_stays(bot, clock, rejects, chat_id, words):
    sent = await bot.send_message(chat_id, "x")
    clock.now += 48 * 3600 + 1
    with rejects(words):
        await sent.delete()
    assert (await sent.edit_text("y")).text == "y"


async def test_several_are_deleted_at_once_and_lost_ones_are_skipped(bot, page):
    for text in "abc":
        await bot.send_message(1001, text)
    assert await bot.delete_messages(1001, [1, 3, 99])
    assert [view["text"] for view in await page.views()] == ["b"]


async def test_nothing_is_deleted_where_one_of_several_may_not_be(
    bot, ada, page, rejects
):
    group = ada.within(GROUP_ID)
    theirs = await group.say("hers")
    own = await bot.send_message(GROUP_ID, "its")
    with rejects("Message can't be deleted"):
        await bot.delete_messages(GROUP_ID, [own.message_id, theirs["message_id"]])
    assert len(await group.messages()) == 2
    await group.set_bot("administrator")
    assert await bot.delete_messages(GROUP_ID, [own.message_id, theirs["message_id"]])
    assert await group.messages() == []


async def test_opening_of_a_topic_cannot_be_deleted(bot, ada, rejects):
    await ada.within(GROUP_ID).set_bot("administrator")
    topic = await ada.within(GROUP_ID).open_topic("Sea")
    with rejects("Message can't be deleted"):
        await bot.delete_message(GROUP_ID, topic.thread_id)
