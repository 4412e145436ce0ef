"""What a style from the shelf does to a draft."""

from dataclasses import replace

from bot.chat.drafts import Draft, Note, Owner
from bot.chat.styles.putting import NO_MESSAGE, with_style
from bot.chat.styles.shelf import StylePicture
from bot.chat.texts import Stage, texts_for

TEXTS = texts_for("en")
NOW = 1000.0
EMPTY = Draft(owner=Owner(chat_id=7, user_id=7))
PHOTO = replace(EMPTY, content="photo", content_message_id=4)
PAIR = replace(PHOTO, style="painting", style_message_id=5)
DUSK = StylePicture(code="s_abcdefghijkl", picture="dusk", name="Dusk")


def test_without_a_photo_the_style_waits_for_one():
    draft = with_style(EMPTY, DUSK, TEXTS, NOW)

    assert (draft.stage, draft.style_name) == (Stage.PHOTO, "Dusk")
    assert draft.card_due_at is None


def test_with_a_photo_the_card_is_due_at_once():
    draft = with_style(PHOTO, DUSK, TEXTS, NOW)

    assert (draft.content, draft.style) == ("photo", "dusk")
    assert draft.style_message_id == NO_MESSAGE
    assert (draft.card_due_at, draft.note) == (NOW, None)


def test_a_painting_that_was_there_is_replaced_and_that_is_said():
    draft = with_style(replace(PAIR, style_by="Ben", album_id="a"), DUSK, TEXTS, NOW)

    assert (draft.style, draft.note) == ("dusk", Note.REPLACED.value)
    assert (draft.style_by, draft.album_id) == (None, None)


def test_a_blend_gets_the_style_as_its_second_painting():
    draft = with_style(replace(PAIR, blending=True), DUSK, TEXTS, NOW)

    assert (draft.style, draft.second_style) == ("painting", "dusk")
    assert (draft.stage, draft.card_due_at) == (Stage.STRENGTH, NOW)
