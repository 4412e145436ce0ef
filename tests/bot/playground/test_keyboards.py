"""What may stand below a message, and whom it asks for an answer."""

import json

import pytest
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardRemove,
    SwitchInlineQueryChosenChat,
)

from bot.playground.errors import ApiError
from bot.playground.keyboards import parse_markup
from bot.playground.world import ADA_ID, ANONYMOUS_ID, BEN_ID, GROUP_ID

PARSING = "can't parse inline keyboard button: "


def one_button(**fields):
    return json.dumps({"inline_keyboard": [[{"text": "x", **fields}]]})


@pytest.mark.parametrize(
    "fields",
    [
        {"callback_data": "é" * 32},
        {"url": "https://t.me/somebody?start=x"},
        {"switch_inline_query": ""},
        {"switch_inline_query_current_chat": "waves"},
        {"switch_inline_query_chosen_chat": {"query": "", "allow_user_chats": True}},
        {"copy_text": {"text": "x" * 256}},
        {"callback_data": "x", "style": "danger"},
    ],
)
def test_every_kind_of_button_is_taken(fields):
    keyboard = parse_markup(one_button(**fields)).keyboard
    assert keyboard == [[{"text": "x", **fields}]]


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"callback_data": 7}, "BUTTON_DATA_INVALID"),
        ({"url": "nowhere"}, "BUTTON_URL_INVALID"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": {}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"callback_data": "x", "url": "https://a.example"}, "BUTTON_TYPE_INVALID"),
        (
            {"callback_data": "x", "style": "loud"},
            PARSING + "invalid button style specified",
        ),
        (
            {"switch_inline_query_chosen_chat": {"query": "x"}},
            PARSING + "At least one chat type must be allowed",
        ),
        (
            {"switch_inline_query_chosen_chat": {"allow_user_chats": False}},
            PARSING + "At least one chat type must be allowed",
        ),
        (
            {"switch_inline_query_chosen_chat": "x"},
            PARSING + 'Field "switch_inline_query_chosen_chat" must be of type Object',
        ),
        (
            {"switch_inline_query": 1},
            PARSING + 'Field "switch_inline_query" must be of type String',
        ),
    ],
)
def test_refused_button_is_explained_in_telegrams_words(fields, description):
    with pytest.raises(ApiError) as caught:
        parse_markup(one_button(**fields))
    assert str(caught.value) == f"Bad Request: {description}"


async def test_page_is_shown_what_each_button_does(bot, ada):
    chosen = SwitchInlineQueryChosenChat("r_1", allow_user_chats=True)
    row = [
        InlineKeyboardButton("a", callback_data="a"),
        InlineKeyboardButton("b", url="https://a.example"),
        InlineKeyboardButton("c", switch_inline_query_chosen_chat=chosen),
        InlineKeyboardButton("d", copy_text=CopyTextButton("42")),
        InlineKeyboardButton("e", switch_inline_query_current_chat="q"),
    ]
    await bot.send_message(ADA_ID, "x", reply_markup=InlineKeyboardMarkup([row]))
    (view,) = await ada.messages()
    assert view["keyboard"][0][1:] == [
        {"text": "b", "data": None, "url": "https://a.example"},
        {
            "text": "c",
            "data": None,
            "switch_inline_query_chosen_chat": {
                "query": "r_1",
                "allow_user_chats": True,
            },
        },
        {"text": "d", "data": None, "copy_text": {"text": "42"}},
        {"text": "e", "data": None, "switch_inline_query_current_chat": "q"},
    ]


async def test_selective_question_is_shown_to_whom_it_replies(bot, ada, ben):
    asked = await ben.within(GROUP_ID).say("paint")
    question = ForceReply(selective=True, input_field_placeholder="Send the photo")
    await bot.send_message(
        GROUP_ID, "?", reply_to_message_id=asked["message_id"], reply_markup=question
    )
    view = (await ada.within(GROUP_ID).messages())[-1]
    assert view["force_reply"] == {"placeholder": "Send the photo", "users": [BEN_ID]}
    assert view["keyboard"] is None


@pytest.mark.parametrize(
    ("text", "users"),
    [("@ada_playground, which?", [ADA_ID]), ("which?", []), ("@nobody_here?", [])],
)
async def test_selective_question_is_shown_to_whom_it_names(bot, ada, text, users):
    await bot.send_message(GROUP_ID, text, reply_markup=ForceReply(selective=True))
    view = (await ada.within(GROUP_ID).messages())[-1]
    assert view["force_reply"]["users"] == users


async def test_question_reaches_anonymous_administrators_only_as_the_group(bot, ada):
    group = ada.within(GROUP_ID)
    asked = await group.say("paint", anonymous="1")
    question = ForceReply(selective=True)
    await bot.send_message(
        GROUP_ID, "?", reply_to_message_id=asked["message_id"], reply_markup=question
    )
    assert (await group.messages())[-1]["force_reply"]["users"] == [ANONYMOUS_ID]


async def test_question_to_all_is_shown_to_all(bot, ada):
    await bot.send_message(GROUP_ID, "?", reply_markup=ForceReply())
    await bot.send_message(ADA_ID, "?", reply_markup=ForceReply(selective=True))
    for visitor in (ada.within(GROUP_ID), ada):
        assert (await visitor.messages())[-1]["force_reply"]["users"] is None


@pytest.mark.parametrize("markup", [ForceReply(selective=True), ReplyKeyboardRemove()])
async def test_message_with_such_markup_cannot_be_edited(bot, rejects, markup):
    sent = await bot.send_message(ADA_ID, "?", reply_markup=markup)
    with rejects("Message can't be edited"):
        await sent.edit_text("!")
    assert await sent.delete()


async def test_edit_takes_no_question(bot, rejects):
    sent = await bot.send_message(ADA_ID, "?")
    with rejects("Inline keyboard expected"):
        await sent.edit_text("!", reply_markup=ForceReply())
