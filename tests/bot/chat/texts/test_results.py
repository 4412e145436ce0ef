import pytest

from bot.chat.texts import FETCH_COMMAND, Refusal, texts_for
from stylecore.errors import PICTURE_CODES

TEXTS = texts_for("en")


@pytest.mark.parametrize("code", PICTURE_CODES)
def test_every_mishap_of_a_picture_has_a_sentence_of_its_own(code):
    said = {TEXTS.refused(why) for why in Refusal}

    assert len(said) == len(Refusal)
    assert TEXTS.failed(code) == TEXTS.refused(Refusal(code))


def test_a_finished_picture_says_time_strength_and_size(a_job):
    assert TEXTS.painted(a_job()) == "Painted in 48 s · balanced · 448×336"


@pytest.mark.parametrize("said", [TEXTS.untrained(), TEXTS.untrained_at_start()])
def test_untrained_weights_come_with_the_command_that_mends_them(said):
    assert f"<code>{FETCH_COMMAND}</code>" in said
    assert "untrained" in said


def test_a_picture_in_the_photos_colours_and_a_named_style_says_so(a_job):
    said = TEXTS.painted(a_job(colors="photo", style_name="<Waves>"))

    assert said == (
        "Painted in 48 s · &lt;Waves&gt; · balanced · original colours · 448×336"
    )


def test_a_card_of_two_paintings_says_so_when_it_is_done(a_job):
    assert "two paintings" in TEXTS.card_done(a_job(second_style="r"))
    assert "two paintings" not in TEXTS.card_done(a_job())
