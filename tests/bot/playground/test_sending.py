"""Messages of the bot: what Telegram takes, and its words for what it does not."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import Forbidden

from bot.playground.world import GROUP_ID


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton("a button", callback_data=one)] for one in data]
    )


async def test_text_appears_in_the_chat_with_its_keyboard(bot, page):
    sent = await bot.send_message(1001, "hello", reply_markup=keyboard("go"))
    (view,) = await page.views()
    assert sent.message_id == view["message_id"] == 1
    assert sent.from_user.id == bot.id
    assert view["text"] == "hello"
    assert view["kind"] == "text"
    assert view["from"] == {"id": bot.id, "name": "Stylebot", "is_bot": True}
    assert view["keyboard"] == [[{"text": "a button", "data": "go"}]]


async def test_html_becomes_entities_for_the_bot_and_safe_html_for_the_page(bot, page):
    text = '<b>bold &lt;3</b> <a href="https://example.org/?a&amp;b">link</a> <i>🎨</i>'
    sent = await bot.send_message(1001, text, parse_mode="HTML")
    assert sent.text == "bold <3 link 🎨"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 0, 7),
        ("text_link", 8, 4),
        ("italic", 13, 2),
    ]
    (view,) = await page.views()
    assert view["html"] == (
        '<b>bold &lt;3</b> <a href="https://example.org/?a&amp;b" target="_blank" '
        'rel="noopener noreferrer">link</a> <i>🎨</i>'
    )


async def test_text_without_parse_mode_is_shown_as_it_is(bot, page):
    await bot.send_message(1001, "<b>1 & 2</b>")
    (view,) = await page.views()
    assert view["text"] == "<b>1 & 2</b>"
    assert view["html"] == "&lt;b&gt;1 &amp; 2&lt;/b&gt;"


async def test_4096_characters_fit_and_one_more_does_not(bot, rejects):
    await bot.send_message(1001, "x" * 4096)
    await bot.send_message(1001, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    with rejects("Message is too long"):
        await bot.send_message(1001, "x" * 4097)


async def test_1024_characters_of_caption_fit_and_no_more(bot, picture, rejects):
    sent = await bot.send_photo(1001, picture(), caption="x" * 1024)
    with rejects("Message caption is too long"):
        await bot.send_photo(1001, sent.photo[0].file_id, caption="x" * 1025)


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({}, "chat_id is empty"),
        ({"chat_id": 4711, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": 1001}, "message text is empty"),
        ({"chat_id": 1001, "text": " \n "}, "message text is empty"),
        ({"chat_id": 1001, "text": "x", "parse_mode": "BB"}, "unsupported parse_mode"),
        (
            {"chat_id": 1001, "text": "x", "message_thread_id": 7},
            "message thread not found",
        ),
        (
            {"chat_id": 1001, "text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        (
            {"chat_id": 1001, "text": "x", "reply_to_message_id": 99},
            "message to be replied not found",
        ),
        (
            {"chat_id": 1001, "text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"chat_id": 1001, "text": "é<big>x</big>", "parse_mode": "html"},
            'can\'t parse entities: Unsupported start tag "big" at byte offset 2',
        ),
        (
            {"chat_id": 1001, "text": "<i>x</b>", "parse_mode": "HTML"},
            "can't parse entities: Unmatched end tag at byte offset 4, "
            'expected "</i>", found "</b>"',
        ),
        (
            {"chat_id": 1001, "text": "x</b>", "parse_mode": "HTML"},
            "can't parse entities: Unexpected end tag at byte offset 1",
        ),
        (
            {"chat_id": 1001, "text": "1 < 2", "parse_mode": "HTML"},
            "can't parse entities: Unclosed start tag at byte offset 2",
        ),
    ],
)
async def test_refused_message_is_explained_in_telegrams_words(
    call, parameters, description
):
    assert await call("sendMessage", **parameters) == (
        400,
        f"Bad Request: {description}",
    )


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ([1], "object expected as reply markup"),
        ({"keys": []}, "object expected as reply markup"),
        (
            {"inline_keyboard": [[{"text": "x"}]]},
            "can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": ""}]]},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "url": "nowhere"}]]},
            "BUTTON_URL_INVALID",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]},
            "REPLY_MARKUP_TOO_LONG",
        ),
        (
            {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101},
            "REPLY_MARKUP_TOO_LONG",
        ),
        (
            {"force_reply": True, "input_field_placeholder": "x" * 65},
            "INPUT_FIELD_PLACEHOLDER_INVALID",
        ),
    ],
)
async def test_refused_keyboard_is_explained_in_telegrams_words(
    call, markup, description
):
    answer = await call("sendMessage", chat_id=1001, text="x", reply_markup=markup)
    assert answer == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"text": "x", "reply_parameters": [1]}),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": "one"}}),
        ("sendMessage", {"text": "x", "entities": [1]}),
        ("sendMessage", {"text": "x", "entities": [{"type": "bold"}]}),
        ("sendMessage", {"text": "x", "entities": "["}),
        ("sendMediaGroup", {"media": ["x"]}),
        ("sendMediaGroup", {"media": [{"type": "sticker"}]}),
        ("sendMediaGroup", {"media": [{"type": "photo"}]}),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": "attach://x"}]}),
        ("editMessageMedia", {"message_id": 1, "media": "x"}),
        ("deleteMessages", {"message_ids": ["one"]}),
        ("deleteMessages", {"message_ids": 1}),
        ("setMessageReaction", {"message_id": 1, "reaction": [1]}),
        ("setMyCommands", {"commands": [1]}),
        ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}),
    ],
)
async def test_json_of_the_wrong_shape_is_a_bad_request(bot, call, method, parameters):
    await bot.send_message(1001, "x")
    status, description = await call(method, chat_id=1001, **parameters)
    assert status == 400
    assert description.startswith("Bad Request: ")


async def test_keyboard_at_its_limits_is_taken(bot):
    buttons = [InlineKeyboardButton("x", callback_data="é" * 32)] * 8
    await bot.send_message(
        1001, "x", reply_markup=InlineKeyboardMarkup([buttons] * 12 + [buttons[:4]])
    )


async def test_reply_to_a_lost_message_can_be_sent_without_it(bot):
    lost = ReplyParameters(99, allow_sending_without_reply=True)
    sent = await bot.send_message(1001, "x", reply_parameters=lost)
    assert sent.reply_to_message is None


async def test_entities_may_be_given_but_not_beyond_the_text(call):
    entity = {"type": "bold", "offset": 0, "length": 2}
    status, sent = await call(
        "sendMessage", chat_id=1001, text="🎨!", entities=[entity]
    )
    assert (status, sent["entities"]) == (200, [entity])
    beyond = {"type": "bold", "offset": 2, "length": 2}
    status, description = await call(
        "sendMessage", chat_id=1001, text="🎨!", entities=[beyond]
    )
    assert status == 400
    assert "entity beginning at UTF-16 offset 2 ends after the end" in description


async def test_blocked_and_removed_bot_is_forbidden_to_write(bot, page):
    for chat in (1001, GROUP_ID):
        await page.http.post(
            f"/api/chats/{chat}/bot", json={"user": 1001, "status": "kicked"}
        )
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "x")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(GROUP_ID, "x")


async def test_chat_action_shows_and_unknown_ones_are_refused(bot, page, rejects):
    assert await bot.send_chat_action(1001, "upload_photo")
    events = (await page.http.get("/api/wait?chat_id=1001")).json()["events"]
    assert (events[-1]["type"], events[-1]["action"]) == ("action", "upload_photo")
    with rejects("Wrong parameter action in request"):
        await bot.send_chat_action(1001, "dancing")


async def test_copy_has_the_content_but_not_the_keyboard(bot, page, picture, rejects):
    original = await bot.send_photo(
        1001, picture(), caption="one", reply_markup=keyboard("go")
    )
    await bot.copy_message(1001, 1001, original.message_id)
    await bot.copy_message(1001, 1001, original.message_id, caption="two")
    _, first, second = await page.views()
    assert first["photo"] == second["photo"]
    assert (first["text"], second["text"]) == ("one", "two")
    assert first["keyboard"] is None
    with rejects("Message to copy not found"):
        await bot.copy_message(1001, 1001, 99)


async def test_reaction_is_one_known_emoji(bot, page, rejects):
    sent = await bot.send_message(1001, "x")
    await bot.set_message_reaction(1001, sent.message_id, "👍")
    assert (await page.views())[0]["reaction"] == "👍"
    with rejects("Reaction_invalid"):
        await bot.set_message_reaction(1001, sent.message_id, "🖼")
    with rejects("Message to react not found"):
        await bot.set_message_reaction(1001, 99, "👍")
    await bot.set_message_reaction(1001, sent.message_id, [])
    assert (await page.views())[0]["reaction"] is None


async def test_draft_is_shown_in_private_alone_and_is_no_message(bot, page, rejects):
    assert await bot.send_message_draft(1001, 7, "<b>pain", parse_mode=None)
    event = (await page.http.get("/api/wait?chat_id=1001")).json()["events"][-1]
    assert (event["type"], event["html"]) == ("draft", "&lt;b&gt;pain")
    assert await page.views() == []
    with rejects("Peer_id_invalid"):
        await bot.send_message_draft(GROUP_ID, 7, "x")
    with rejects("Draft identifier must be non-zero"):
        await bot.send_message_draft(1001, 0, "x")
