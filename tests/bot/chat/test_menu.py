"""Commands and descriptions, as Telegram would show them."""

import pytest
from telegram import BotCommandScopeAllPrivateChats
from telegram.ext import ExtBot

from bot.chat.menu import set_menu
from bot.chat.texts import LANGUAGES, texts_for
from bot.storage.database import Database
from bot.storage.store import get_meta


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as database:
        yield database


@pytest.fixture
async def bot(playground):
    ours = ExtBot(playground.bot_token, playground.api_base, playground.file_base)
    async with ours:
        yield ours


async def calls(http, word):
    """The calls so far whose method has the word in its name."""
    made = (await http.get("/api/calls")).json()["calls"]
    return [c["method"].lower() for c in made if word in c["method"].lower()]


async def test_commands_are_shown_by_scope_and_in_the_language_of_the_client(
    bot, db, http, ada
):
    await set_menu(bot, db, pause_s=0)

    private = {c["command"]: c["description"] for c in await ada.commands()}
    assert private == texts_for("en").commands()
    await ada.speak("de")
    private = {c["command"]: c["description"] for c in await ada.commands()}
    assert private == texts_for("de").commands()
    await ada.speak("pt-br")
    private = {c["command"]: c["description"] for c in await ada.commands()}
    assert private == texts_for("pt").commands()
    await ada.speak("fi")
    private = {c["command"]: c["description"] for c in await ada.commands()}
    assert private == texts_for("en").commands()
    group = await bot.get_my_commands()
    assert group == (), "nothing is set for chats of every kind"


async def test_group_sees_the_commands_of_groups_only(bot, db, http, ada):
    await set_menu(bot, db, pause_s=0)
    groups = (await http.get("/api/world")).json()["chats"]
    group = next(chat for chat in groups if chat["type"] == "supergroup")

    shown = await ada.within(group["id"]).commands()

    assert {c["command"] for c in shown} == set(texts_for("en").group_commands())
    assert "forget" not in {c["command"] for c in shown}


async def test_descriptions_are_set_in_every_language_and_the_name_is_left_alone(
    bot, db, http
):
    await set_menu(bot, db, pause_s=0)

    for language in LANGUAGES:
        texts = texts_for(language)
        shown = await bot.get_my_description(language_code=language)
        assert shown.description == texts.description()
        short = await bot.get_my_short_description(language_code=language)
        assert short.short_description == texts.short_description()
    assert not await calls(http, "setmyname")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_fits_where_telegram_shows_it(language):
    texts = texts_for(language)

    assert len(texts.description()) <= 512
    assert len(texts.short_description()) <= 120
    for words in (texts.commands(), texts.group_commands()):
        assert all(1 <= len(what) <= 256 for what in words.values())


async def test_a_second_start_asks_telegram_nothing(bot, db, http):
    await set_menu(bot, db, pause_s=0)
    before = len(await calls(http, "my"))

    await set_menu(bot, db, pause_s=0)

    assert len(await calls(http, "my")) == before > 0


async def test_only_what_differs_is_set_anew(bot, db, http):
    await set_menu(bot, db, pause_s=0)
    before = len(await calls(http, "setmy"))
    await bot.set_my_commands([("old", "Old")], scope=BotCommandScopeAllPrivateChats())
    async with db.transaction() as tx:
        await tx.execute("DELETE FROM meta")

    await set_menu(bot, db, pause_s=0)

    assert len(await calls(http, "setmy")) == before + 2  # the test's own, and one
    shown = await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert [c.command for c in shown] == list(texts_for("en").commands())


async def test_failure_is_logged_and_made_good_at_the_next_start(bot, db, http, caplog):
    await http.post(
        "/api/faults", json={"method": "setMyDescription", "kind": "500", "count": 1}
    )

    await set_menu(bot, db, pause_s=0)

    assert "the menu could not be set" in caplog.text
    assert await get_meta(db, "menu") is None
    await set_menu(bot, db, pause_s=0)
    assert await get_meta(db, "menu") is not None
    shown = await bot.get_my_description()
    assert shown.description == texts_for("en").description()


async def test_when_asked_to_slow_down_it_waits_and_goes_on(bot, db, http, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it the library warns
    fault = {"method": "setMyCommands", "kind": "429", "count": 1, "retry_after": 1}
    await http.post("/api/faults", json=fault)

    await set_menu(bot, db, pause_s=0)

    assert await get_meta(db, "menu") is not None
