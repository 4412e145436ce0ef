import pytest

from bot.chat.texts import Stage, texts_for

TEXTS = texts_for("en")


def test_the_pair_says_whose_photo_is_painted_like_whose_painting():
    assert TEXTS.group_pair("Ben", "Ada", None) == (
        "Ben’s photo in the style of Ada’s painting."
    )
    assert TEXTS.group_pair("Ben", None, "Wave") == "Ben’s photo in the style “Wave”."


def test_what_people_call_themselves_cannot_break_the_message():
    said = TEXTS.group_pair("<b>Ben", "A&B", None)

    assert said == "&lt;b&gt;Ben’s photo in the style of A&amp;B’s painting."
    assert "&lt;i&gt;" in TEXTS.group_ask(Stage.PAINTING, "<i>")
    assert "&lt;i&gt;" in TEXTS.group_unknown_style("<i>", "painter_bot")
    assert "&lt;i&gt;" in TEXTS.group_ask_photo_for("<i>")


@pytest.mark.parametrize("stage", Stage)
def test_the_field_for_a_reply_has_room_for_its_words(stage):
    assert 0 < len(TEXTS.group_placeholder(stage)) <= 64
