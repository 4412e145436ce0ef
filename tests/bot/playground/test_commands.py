"""The commands that somebody sees: the narrowest scope, in their language first."""

import pytest
from telegram import (
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
)

from bot.playground.visitor import new_person
from bot.playground.world import BEN_ID, GROUP_ID, OLD_GROUP_ID

PRIVATE = BotCommandScopeAllPrivateChats()
GROUPS = BotCommandScopeAllGroupChats()
RUNNING = BotCommandScopeAllChatAdministrators()


@pytest.fixture
def set_commands(bot):
    async def set_commands(name, scope=None, language=""):
        await bot.set_my_commands([(name, "x")], scope=scope, language_code=language)

    return set_commands


async def seen(visitor):
    return [one["command"] for one in await visitor.commands()]


async def test_nothing_set_is_nothing_seen(ada):
    assert await seen(ada) == []


async def test_scope_comes_before_language(set_commands, ada, ben, http):
    await set_commands("default")
    await set_commands("default_de", language="de")
    dora = await new_person(http, "Dora", "de")
    assert await seen(ada) == ["default"]
    assert await seen(dora) == ["default_de"]
    await set_commands("private", PRIVATE)
    assert await seen(dora) == ["private"]
    assert await seen(dora.within(GROUP_ID)) == ["default_de"]
    await set_commands("private_de", PRIVATE, "de")
    assert await seen(dora) == ["private_de"]
    assert await seen(ben) == ["private"]


async def test_regional_code_is_understood_as_its_language(set_commands, ada):
    await set_commands("plain", PRIVATE)
    await set_commands("pt", PRIVATE, "pt")
    await ada.speak("pt-br")
    assert await seen(ada) == ["pt"]
    await ada.speak("it")
    assert await seen(ada) == ["plain"]


async def test_administrators_see_more_than_members(set_commands, ada, ben):
    await set_commands("group", GROUPS)
    await set_commands("running", RUNNING)
    ours, theirs = ada.within(GROUP_ID), ben.within(GROUP_ID)
    assert (await seen(ours), await seen(theirs)) == (["running"], ["group"])
    assert await seen(ada) == []
    await set_commands("here", BotCommandScopeChat(GROUP_ID))
    assert (await seen(ours), await seen(theirs)) == (["here"], ["here"])
    await set_commands("run_here", BotCommandScopeChatAdministrators(GROUP_ID))
    assert (await seen(ours), await seen(theirs)) == (["run_here"], ["here"])
    await set_commands("ben_here", BotCommandScopeChatMember(GROUP_ID, BEN_ID))
    assert (await seen(ours), await seen(theirs)) == (["run_here"], ["ben_here"])
    assert await seen(ben.within(OLD_GROUP_ID)) == ["group"]


async def test_scope_of_nowhere_and_languages_that_are_none_are_refused(
    set_commands, rejects
):
    with rejects("Chat not found"):
        await set_commands("x", BotCommandScopeChat(4711))
    with rejects("User not found"):
        await set_commands("x", BotCommandScopeChatMember(GROUP_ID, 4711))
    for code in ("pt-br", "EN", "deu"):
        with rejects("Invalid language code specified"):
            await set_commands("x", language=code)


async def test_only_members_look(ada, refuses):
    with refuses(403, "Only members"):
        await ada.within(BEN_ID).commands()
