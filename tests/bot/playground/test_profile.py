"""Commands, names and chats as the bot asks for them."""

import pytest
from telegram import BotCommand, BotCommandScopeAllGroupChats, MenuButtonCommands
from telegram.error import Forbidden

from bot.playground.world import ADA_ID, BEN_ID, GROUP_ID

COMMANDS = [BotCommand("start", "Begin"), BotCommand("help", "How it works")]


async def test_commands_are_kept_per_scope_and_language(bot, http):
    group = BotCommandScopeAllGroupChats()
    await bot.set_my_commands(COMMANDS)
    await bot.set_my_commands(COMMANDS[:1], scope=group, language_code="de")
    assert list(await bot.get_my_commands()) == COMMANDS
    assert list(await bot.get_my_commands(group, "de")) == COMMANDS[:1]
    assert await bot.get_my_commands(group) == ()
    world = (await http.get("/api/world")).json()
    assert world["commands"][0] == {"command": "start", "description": "Begin"}
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([("Start", "x")], "BOT_COMMAND_INVALID"),
        ([("x" * 33, "x")], "BOT_COMMAND_INVALID"),
        ([("x", "")], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("x", "x" * 257)], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([("x", "x")] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_have_limits(bot, rejects, commands, words):
    with rejects(words):
        await bot.set_my_commands(commands)
    assert await bot.get_my_commands() == ()


async def test_texts_about_the_bot_fall_back_to_no_language(bot, rejects):
    await bot.set_my_description("paints")
    await bot.set_my_description("malt", language_code="de")
    assert (await bot.get_my_description("de")).description == "malt"
    assert (await bot.get_my_description("fr")).description == "paints"
    await bot.set_my_short_description("x" * 120)
    with rejects("bot short description is too long"):
        await bot.set_my_short_description("x" * 121)
    assert (await bot.get_my_name()).name == "Stylebot"
    await bot.set_my_name("Painter")
    assert (await bot.get_my_name()).name == "Painter"


async def test_menu_button_is_kept(bot):
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)


async def test_chats_and_members_are_described(bot, rejects):
    private, group = await bot.get_chat(ADA_ID), await bot.get_chat(GROUP_ID)
    assert (private.type, private.first_name) == ("private", "Ada")
    assert (group.type, group.title) == ("supergroup", "Painters")
    assert (await bot.get_chat_member(GROUP_ID, ADA_ID)).status == "creator"
    assert (await bot.get_chat_member(GROUP_ID, BEN_ID)).status == "member"
    assert (await bot.get_chat_member(ADA_ID, BEN_ID)).status == "left"
    (owner,) = await bot.get_chat_administrators(GROUP_ID)
    assert owner.user.full_name == "Ada"
    with rejects("chat not found"):
        await bot.get_chat(4711)
    with rejects("invalid user_id specified"):
        await bot.get_chat_member(GROUP_ID, 4711)
    with rejects("there are no administrators in the private chat"):
        await bot.get_chat_administrators(ADA_ID)


async def test_promoted_bot_is_an_administrator_who_sees_all(bot, page):
    status = {"user": ADA_ID, "status": "administrator"}
    await page.http.post(f"/api/chats/{GROUP_ID}/bot", json=status)
    await page.send(text="just talk", chat=GROUP_ID)
    promoted, talk = await bot.get_updates()
    assert promoted.my_chat_member.new_chat_member.can_delete_messages
    assert talk.message.text == "just talk"
    assert len(await bot.get_chat_administrators(GROUP_ID)) == 2


async def test_bot_that_left_is_outside(bot, page):
    assert await bot.leave_chat(GROUP_ID)
    await page.send(text=f"/start@{bot.username}", chat=GROUP_ID)
    (update,) = await bot.get_updates()
    assert update.my_chat_member.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(GROUP_ID, "x")
