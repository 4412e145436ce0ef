"""Reactions: which there are, whose they are, and where they land."""

import pytest
from telegram import InputMediaPhoto, ReactionTypeEmoji
from telegram.constants import ReactionEmoji

from bot.playground.methods.answering import EMOJI, EMOJI_MORE, JOINED
from bot.playground.world import ADA_ID, GROUP_ID


async def test_reaction_is_shown_as_news_that_are_no_edit(ada, bot):
    said = await ada.say("hello")
    await bot.set_message_reaction(ADA_ID, said["message_id"], "👀")
    event = (await ada.events())[-1]
    assert (event["type"], event["emoji"]) == ("reaction", "👀")
    assert event["message"]["reaction"] == "👀"
    assert event["message"]["edit_date"] is None
    assert len(await bot.get_updates()) == 1


def test_signs_are_those_that_telegram_names():
    named = {
        one.value.replace("\N{VARIATION SELECTOR-16}", "") for one in ReactionEmoji
    }
    assert named == EMOJI | EMOJI_MORE | JOINED


@pytest.mark.parametrize("emoji", ["👨‍💻", "🤷‍♂️", "❤\N{VARIATION SELECTOR-16}", "✍"])
async def test_joined_and_varied_signs_are_known(ada, call, emoji):
    said = await ada.say("hello")
    reaction = [{"type": "emoji", "emoji": emoji}]
    place = {"chat_id": ADA_ID, "message_id": said["message_id"]}
    answer = await call("setMessageReaction", **place, reaction=reaction)
    assert answer == (200, True)


@pytest.mark.parametrize("emoji", ["🎨", "⏳", "x", ""])
async def test_signs_that_are_no_reaction_are_refused(ada, call, emoji):
    said = await ada.say("hello")
    reaction = [{"type": "emoji", "emoji": emoji}]
    place = {"chat_id": ADA_ID, "message_id": said["message_id"]}
    answer = await call("setMessageReaction", **place, reaction=reaction)
    assert answer == (400, "Bad Request: REACTION_INVALID")


async def test_bot_has_one_reaction_at_a_time(ada, bot, rejects):
    said = await ada.say("hello")
    with rejects("Reactions_too_many"):
        two = [ReactionTypeEmoji("👍"), ReactionTypeEmoji("🔥")]
        await bot.set_message_reaction(ADA_ID, said["message_id"], two)
    await bot.set_message_reaction(ADA_ID, said["message_id"], "👍")
    await bot.set_message_reaction(ADA_ID, said["message_id"], "🔥")
    assert (await ada.messages())[0]["reaction"] == "🔥"


async def test_reaction_on_an_album_lands_on_its_first_item(ada, bot, picture):
    group = ada.within(GROUP_ID)
    first, second = await group.send(picture(64, 48), picture(64, 48))
    await bot.set_message_reaction(GROUP_ID, second["message_id"], "👍")
    shown = [view["reaction"] for view in await group.messages()]
    assert shown == ["👍", None]
    assert first["media_group_id"] == second["media_group_id"]
    ours = await bot.send_media_group(ADA_ID, [InputMediaPhoto(picture())] * 2)
    await bot.set_message_reaction(ADA_ID, ours[1].message_id, "👍")
    assert [view["reaction"] for view in await ada.messages()] == ["👍", None]
