"""Inline mode: the bot's name typed anywhere, its offers, and what is sent of them."""

import asyncio
import contextlib

import httpx
import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedMpeg4Gif,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    Update,
)

from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.world import ADA_ID, BEN_ID, GROUP_ID, OLD_GROUP_ID

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="more")]])
FRESH = {"cache_time": 0}


def article(number="1", text="words", **more):
    return InlineQueryResultArticle(
        number, "A title", InputTextMessageContent(text), **more
    )


@pytest.fixture
def asks(heard):
    """Types a query; the update that the bot gets, and the page's pending request."""

    async def asks(visitor, query="", offset=""):
        await heard()
        asking = asyncio.create_task(visitor.inline(query, offset))
        (update,) = await heard(timeout=5)
        return update.inline_query, asking

    return asks


@pytest.fixture
def offers(asks):
    """Asks and answers; what the page then shows."""

    async def offers(visitor, *results, query="", **options):
        asked, asking = await asks(visitor, query)
        await asked.answer(list(results), **{**FRESH, **options})
        return await asking

    return offers


@pytest.fixture
async def photo(bot, picture):
    sent = await bot.send_photo(ADA_ID, picture())
    return sent.photo[-1].file_id


@pytest.fixture
async def feedback(clock):
    """A playground of a bot that has asked BotFather for inline feedback."""
    config = Config(clock=clock, inline_feedback=True, press_timeout_s=2.0)
    async with Playground(config) as running:
        yield running


async def test_get_me_says_that_there_is_inline_mode(bot):
    assert (await bot.get_me()).supports_inline_queries


async def test_query_arrives_with_its_words_its_offset_and_the_kind_of_chat(asks, ada):
    asked, asking = await asks(ada.within(GROUP_ID), "waves", "20")
    assert (asked.query, asked.offset, asked.chat_type) == ("waves", "20", "supergroup")
    assert asked.from_user.id == ADA_ID
    await asked.answer([article()], next_offset="40")
    offered = await asking
    assert (offered.answered, offered.next_offset) == (True, "40")
    assert [one["title"] for one in offered.results] == ["A title"]
    private, asking = await asks(ada)
    assert private.chat_type == "sender"
    asking.cancel()


async def test_query_lives_for_half_a_minute(asks, ada, bot, clock, rejects):
    asked, asking = await asks(ada)
    clock.now += 31
    with rejects(TOO_OLD):
        await asked.answer([])
    asking.cancel()
    waiting = asyncio.create_task(ada.inline("again"))
    await bot.get_updates(timeout=5)
    clock.now += 31
    assert await bot.get_updates() == ()
    assert not (await waiting).answered


async def test_query_is_answered_only_once(asks, ada, bot, rejects):
    asked, asking = await asks(ada)
    await asked.answer([])
    await asking
    with rejects(TOO_OLD):
        await asked.answer([])
    with rejects(TOO_OLD):
        await bot.answer_inline_query("4711", [])


async def test_chosen_photo_is_sent_in_the_persons_name_where_the_bot_is_not(
    offers, ada, ben, bot, photo
):
    await ada.within(OLD_GROUP_ID).set_bot("left")
    result = InlineQueryResultCachedPhoto(
        "1", photo, caption="<b>mine</b>", parse_mode="HTML"
    )
    friends = ada.within(OLD_GROUP_ID)
    offered = await offers(friends, result)
    assert offered.results[0]["photo"]["width"] == 400
    view = await friends.choose(offered, "1")
    assert view["from"]["id"] == ADA_ID
    assert (view["via_bot"], view["html"]) == (bot.username, "<b>mine</b>")
    assert (await ben.within(OLD_GROUP_ID).messages())[-1] == view
    assert [u for u in await bot.get_updates() if u.message and u.message.photo] == []


async def test_bot_is_shown_what_it_sent_by_inline_mode_in_its_own_groups(
    offers, ada, bot, photo
):
    group = ada.within(GROUP_ID)
    offered = await offers(group, InlineQueryResultCachedPhoto("1", photo))
    await group.say("unheard")
    await group.choose(offered, "1")
    (update,) = await bot.get_updates()
    assert update.message.via_bot.id == bot.id
    assert (update.message.from_user.id, update.message.photo[-1].width) == (
        ADA_ID,
        400,
    )


async def test_photo_that_is_offered_may_lead_to_mere_words(offers, ada, photo):
    words = InputTextMessageContent("Try *this*\\!", parse_mode="MarkdownV2")
    result = InlineQueryResultCachedPhoto("1", photo, input_message_content=words)
    offered = await offers(ada, result)
    assert offered.results[0]["photo"]["width"] == 400
    view = await ada.choose(offered, "1")
    assert (view["kind"], view["html"]) == ("text", "Try <b>this</b>!")


async def test_clip_keeps_moving_and_goes_into_the_topic(offers, ada, bot, gif):
    clip = (await bot.send_animation(ADA_ID, gif(), filename="a.gif")).animation
    sea = await ada.within(GROUP_ID).open_topic("Sea")
    offered = await offers(sea, InlineQueryResultCachedMpeg4Gif("1", clip.file_id))
    view = await sea.choose(offered, "1")
    assert (view["kind"], view["thread_id"]) == ("animation", sea.thread_id)


async def test_only_the_asker_chooses_and_only_what_was_offered(offers, ada, ben):
    offered = await offers(ada, article())
    for visitor, number in ((ben, "1"), (ada, "2")):
        with pytest.raises(httpx.HTTPStatusError, match="404"):
            await visitor.choose(offered, number)
    assert await ada.messages() == []


async def test_members_share_only_what_their_group_permits(
    offers, ada, ben, photo, refuses
):
    group = ben.within(GROUP_ID)
    offered = await offers(group, InlineQueryResultCachedPhoto("1", photo))
    await ada.within(GROUP_ID).permit(can_send_photos=False)
    with refuses(403, "may not send this: photo"):
        await group.choose(offered, "1")
    assert (await ben.choose(offered, "1"))["kind"] == "photo"


async def test_personal_answers_are_kept_for_one_person_and_others_for_all(
    offers, asks, ada, ben, clock
):
    first = await offers(ada, article(), query="a", is_personal=True, cache_time=60)
    again = await ada.inline("a")
    assert (again.results, again.query_id != first.query_id) == (first.results, True)
    asked, asking = await asks(ben, "a")
    assert asked.from_user.id == BEN_ID
    await asked.answer([], **FRESH)
    await asking
    await offers(ada, article("shared"), query="b", cache_time=60)
    assert (await ben.inline("b")).results[0]["id"] == "shared"
    clock.now += 61
    asked, asking = await asks(ada, "b")
    asking.cancel()


async def test_answers_of_the_time_zero_are_asked_for_each_time(offers, asks, ada):
    await offers(ada, article(), query="a", cache_time=0)
    asked, asking = await asks(ada, "a")
    assert asked.query == "a"
    asking.cancel()


async def test_cached_result_can_still_be_chosen(offers, ada):
    await offers(ada, article(text="kept"), query="a", cache_time=60)
    view = await ada.choose(await ada.inline("a"), "1")
    assert view["text"] == "kept"


async def test_button_above_the_results_leads_into_the_private_chat(offers, ada, bot):
    button = InlineQueryResultsButton("Try it", start_parameter="s_abc")
    offered = await offers(ada.within(GROUP_ID), button=button)
    assert offered.button == {"text": "Try it", "start_parameter": "s_abc"}
    await ada.start(offered.button["start_parameter"])
    (update,) = await bot.get_updates()
    assert (update.message.chat.id, update.message.text) == (ADA_ID, "/start s_abc")


async def test_keyboard_gives_a_message_an_id_by_which_it_is_edited(
    offers, ada, bot, photo, picture, rejects
):
    friends = ada.within(OLD_GROUP_ID)
    await friends.set_bot("left")
    offered = await offers(friends, article(reply_markup=KEYS))
    view = await friends.choose(offered, "1")
    pressing = asyncio.create_task(friends.tap(view, "more"))
    query = (await bot.get_updates(timeout=5))[-1].callback_query
    assert (query.message, query.data) == (None, "more")
    number = query.inline_message_id
    await query.answer("yes")
    assert (await pressing).text == "yes"

    assert await bot.edit_message_text("two", inline_message_id=number) is True
    with rejects("Invalid message content specified"):
        await bot.edit_message_media(
            InputMediaPhoto(picture()), inline_message_id=number
        )
    shown = InputMediaPhoto(photo, caption="three")
    assert await bot.edit_message_media(shown, inline_message_id=number) is True
    assert await bot.edit_message_caption(
        number and None, caption="4", inline_message_id=number
    )
    assert await bot.edit_message_reply_markup(
        inline_message_id=number, reply_markup=KEYS
    )
    view = (await friends.messages())[-1]
    assert (view["kind"], view["text"]) == ("photo", "4")
    assert view["keyboard"][0][0]["data"] == "more"
    with rejects("Message can't be edited"):
        await bot.edit_message_text("x", ADA_ID, (await ada.say("mine"))["message_id"])


async def test_bot_learns_of_a_choice_only_with_inline_feedback(offers, ada, bot):
    with contextlib.suppress(IndexError):
        await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    offered = await offers(ada, article())
    await ada.choose(offered, "1")
    kinds = [update.chosen_inline_result for update in await bot.get_updates()]
    assert kinds == [None]  # nothing but the message itself


async def test_feedback_has_an_inline_message_id_only_with_a_keyboard(feedback):
    api = f"/bot{feedback.bot_token}"
    async with httpx.AsyncClient(base_url=feedback.url, timeout=30) as client:
        words = {"message_text": "x"}
        bare = {
            "type": "article",
            "id": "1",
            "title": "x",
            "input_message_content": words,
        }
        keys = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
        asked = {"user": ADA_ID, "chat_id": OLD_GROUP_ID, "query": "q"}
        asking = asyncio.create_task(client.post("/api/inline", json=asked))
        polled = await client.post(f"{api}/getUpdates", json={"timeout": 5})
        number = polled.json()["result"][-1]["inline_query"]["id"]
        results = [bare, {**bare, "id": "2", "reply_markup": keys}]
        answer = {"inline_query_id": number, "results": results}
        assert (await client.post(f"{api}/answerInlineQuery", json=answer)).json()["ok"]
        await asking
        for result_id in ("1", "2"):
            choice = {**asked, "result_id": result_id}
            await client.post(f"/api/inline/{number}/choose", json=choice)
        updates = (await client.post(f"{api}/getUpdates")).json()["result"]
    chosen = [u["chosen_inline_result"] for u in updates if "chosen_inline_result" in u]
    assert [(one["result_id"], one["query"]) for one in chosen] == [
        ("1", "q"),
        ("2", "q"),
    ]
    assert ["inline_message_id" in one for one in chosen] == [False, True]
