"""People are answered in their language: a real bot process, one for all tests."""

import asyncio
import io
import itertools
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw

from bot.chat.texts import LANGUAGES, texts_for
from bot.playground.server import Playground
from bot.playground.visitor import Visitor, button, buttons, new_person, words

from .conftest import a_bot, from_bot

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

GROUP = -1000000000001
SETTINGS = {
    "executor": "inline",
    "weights": "untrained",
    "edge_px": "96",
    "preview_interval_s": "0.3",
    "max_waiting_per_user": "3",
}
NUMBERS = itertools.count(1)
CLIENTS = {
    "ru": "ru",
    "de": "de-at",
    "pt": "pt-br",
    "zh": "zh-hans",
    "fr": "fr",
    "es": "es",
    "en": "tlh",
}
"""By the language of the answer: what the client says."""


@dataclass(slots=True, kw_only=True)
class Embassy:
    playground: Playground
    http: httpx.AsyncClient
    new_bot: object

    @property
    def bot_name(self) -> str:
        return self.playground.backend.world.bot.username

    async def person(self, language, name="Somebody") -> Visitor:
        """Somebody new whose client speaks a language, in their private chat."""
        return await new_person(self.http, name, language)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def embassy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("embassy")
    async with a_bot(folder, **SETTINGS) as (playground, http, bot):
        yield Embassy(playground=playground, http=http, new_bot=bot)


def picture(size=(96, 72)):
    """A picture unlike every other."""
    number = next(NUMBERS)
    image = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120))
    ImageDraw.Draw(image).ellipse((8, 8, 60, 50), fill="gold")
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


async def answer(visitor, message):
    return await visitor.until(from_bot, after=message["message_id"])


async def card_of(visitor, album, texts):
    return await visitor.until(
        lambda m: from_bot(m) and button(m, texts.swap_button()) is not None,
        after=album[-1]["message_id"],
    )


def result_in(texts):
    return lambda m: from_bot(m) and button(m, texts.full_button()) is not None


async def shown(visitor, message):
    """Every text that this message has had."""
    return [
        words(event["message"])
        for event in await visitor.events()
        if event["type"] in ("message", "edited")
        and event["message_id"] == message["message_id"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_person_is_greeted_in_the_language_of_the_client(embassy, language):
    ann = await embassy.person(CLIENTS[language])

    said = await answer(ann, await ann.say("/start"))

    hello = texts_for(language).welcome(7)
    assert words(said).startswith(hello)
    others = [texts_for(other).welcome(7) for other in LANGUAGES if other != language]
    assert not [other for other in others if other in words(said)]


async def test_a_russian_client_is_answered_in_russian_from_photo_to_result(embassy):
    olga, texts = await embassy.person("ru", "Ольга"), texts_for("ru")
    album = await olga.send(picture(), picture())
    card = await card_of(olga, album, texts)
    strengths = [texts.strength(s) for s in ("subtle", "balanced", "strong", "wild")]

    await olga.tap(card, "Лёгкий")
    result = await olga.until(result_in(texts), after=card["message_id"])

    labels = [each["text"].removeprefix("✓ ") for each in buttons(card)]
    assert words(card).replace("\n", " ").startswith("Слева — твоё фото.")
    assert labels[:4] == strengths
    assert "Готово за" in words(result)
    assert "лёгкий" in words(result)
    english = [
        w for text in await shown(olga, card) for w in ("Painting", "line") if w in text
    ]
    assert english == []


async def test_a_language_chosen_in_the_settings_beats_the_client(embassy):
    ann, german = await embassy.person("ru"), texts_for("de")
    panel = await answer(ann, await ann.say("/language"))

    await ann.tap(panel, "Deutsch")
    help_text = await answer(ann, await ann.say("/help"))
    await ann.speak("fr")
    album = await ann.send(picture(), picture())
    card = await card_of(ann, album, german)

    assert words(help_text).startswith("So geht es")
    assert "Wie stark soll der Stil sein?" in words(card)


async def test_a_choice_survives_a_restart_and_can_be_taken_back(embassy):
    ann = await embassy.person("es")
    panel = await answer(ann, await ann.say("/language"))
    await ann.tap(panel, "Français")
    await answer(ann, await ann.say("/help"))

    assert await embassy.new_bot.stop() == 0
    await embassy.new_bot.start()
    french = await answer(ann, await ann.say("/cancel"))
    panel = await answer(ann, await ann.say("/language"))
    await ann.tap(panel, texts_for("fr").as_in_telegram())
    spanish = await answer(ann, await ann.say("/cancel"))

    assert words(french) == texts_for("fr").nothing_to_cancel()
    assert words(spanish) == texts_for("es").nothing_to_cancel()


async def test_in_a_group_everybody_is_answered_in_their_own_language(embassy):
    ann, olga = await embassy.person("de", "Ann"), await embassy.person("ru", "Ольга")
    here, there = ann.within(GROUP), olga.within(GROUP)
    name = embassy.bot_name

    (german_photo,) = await here.send(picture(), text=f"/style@{name}")
    (russian_photo,) = await there.send(picture(), text=f"/style@{name}")
    replies = await asyncio.gather(
        *(
            one.until(
                lambda m, photo=photo: (
                    from_bot(m) and m["reply_to"] == photo["message_id"]
                )
            )
            for one, photo in ((here, german_photo), (there, russian_photo))
        )
    )

    assert words(replies[0]).startswith("Das Foto von Ann habe ich.")
    assert words(replies[1]).startswith("Фото")
    assert "Ольга" in words(replies[1])
    assert [m for m in await ann.messages() if from_bot(m)] == []


async def test_a_foreign_tap_is_answered_in_the_language_of_the_one_who_tapped(
    embassy,
):
    ann, olga = await embassy.person("de", "Ann"), await embassy.person("ru", "Ольга")
    name = embassy.bot_name
    (photo,) = await ann.within(GROUP).send(picture(), text=f"/style@{name}")
    asked = await ann.within(GROUP).until(
        lambda m: from_bot(m) and m["reply_to"] == photo["message_id"]
    )
    await ann.within(GROUP).send(picture(), reply_to=str(asked["message_id"]))
    card = await ann.within(GROUP).until(
        lambda m: from_bot(m) and button(m, "Tauschen") is not None,
        after=asked["message_id"],
    )

    told = await olga.within(GROUP).tap(card, "Stark")

    assert told.text == texts_for("ru").toast_not_yours()
    assert told.show_alert
