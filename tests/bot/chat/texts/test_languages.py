import datetime

import pytest
from telegram import Chat as TelegramChat
from telegram import Message, Update, User

from bot.chat.texts import LANGUAGES, Languages, language_for, texts_for
from bot.chat.texts.store import chosen_languages
from bot.locales.catalogues import LOCALES
from bot.storage.database import Database


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt-BR", "pt"),
        ("pt_PT", "pt"),
        ("zh-hans", "zh"),
        ("zh-CN", "zh"),
        ("zh-TW", "zh"),
        ("RU", "ru"),
        ("es-419", "es"),
        ("tlh", "en"),
        ("", "en"),
        (None, "en"),
        ("../../etc", "en"),
    ],
)
def test_a_client_is_answered_in_the_nearest_language(code, language):
    assert language_for(code) == language
    assert texts_for(code) is texts_for(language)


def test_every_language_has_a_name_of_its_own_and_a_catalogue():
    assert LANGUAGES.keys() == LOCALES.keys()
    assert len(set(LANGUAGES.values())) == len(LANGUAGES)
    photo = {language: texts_for(language).took_photo() for language in LANGUAGES}
    assert len(set(photo.values())) == len(LANGUAGES)


def update_of(user_id, code):
    user = User(user_id, "Ann", is_bot=False, language_code=code)
    chat = TelegramChat(user_id, "private")
    now = datetime.datetime.now(datetime.UTC)
    message = Message(1, now, chat, from_user=user)
    return Update(1, message=message)


def test_what_somebody_has_chosen_beats_what_the_client_says():
    languages = Languages()
    languages.load({7: "fr"})
    languages.choose(8, "zh-hans")

    assert languages.of(7, "ru") == "fr"
    assert languages.of(8, "ru") == "zh"
    assert languages.of(9, "ru") == "ru"
    assert languages.language_of(update_of(7, "ru")) == "fr"
    assert languages.texts_of(update_of(9, None)) is texts_for("en")


def test_a_choice_can_be_taken_back():
    languages = Languages()
    languages.choose(7, "fr")
    languages.choose(7, None)
    languages.choose(8, None)

    assert languages.of(7, "ru") == "ru"


def test_an_update_that_nobody_sent_is_english():
    assert Languages().language_of(Update(1)) == "en"


async def test_choices_are_read_from_the_database(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        async with db.transaction() as tx:
            for user_id, chosen in ((1, "de"), (2, None)):
                await tx.execute(
                    "INSERT INTO users (user_id, language, seen_at, chosen_language)"
                    " VALUES (?, 'ru', 0, ?)",
                    (user_id, chosen),
                )

        assert await chosen_languages(db) == {1: "de"}
