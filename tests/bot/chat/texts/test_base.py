import pytest

from bot.chat.panels.preferences import Size
from bot.chat.texts import LANGUAGES, Refusal, Stage, texts_for
from stylecore.recipes import Strength

TEXTS = texts_for("en")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds"),
        (7.9, "a few seconds"),
        (22, "about 20 s"),
        (89, "about 90 s"),
        (90, "about 2 min"),
        (400, "about 7 min"),
        (5399, "about 90 min"),
        (5400, "about 1.5 h"),
        (3 * 3600 + 100, "about 3 h"),
    ],
)
def test_a_length_of_time_is_no_more_exact_than_it_is_known(seconds, said):
    assert TEXTS.duration(seconds) == said


def test_every_strength_has_a_name_for_its_button():
    assert [TEXTS.strength(s) for s in Strength] == [
        "Subtle",
        "Balanced",
        "Strong",
        "Wild",
    ]


@pytest.mark.parametrize(
    ("language", "hours", "share"),
    [
        ("en", "about 2.5 h", "50%"),
        ("de", "etwa 2,5 h", "50\xa0%"),
        ("fr", "environ 2,5 h", "50\xa0%"),
        ("es", "unas 2,5 h", "50\xa0%"),
        ("pt", "cerca de 2,5 h", "50%"),
        ("ru", "примерно 2,5 ч", "50\xa0%"),
        ("zh", "约 2.5 小时", "50%"),
    ],
)
def test_numbers_are_written_as_the_language_does(language, hours, share):
    texts = texts_for(language)

    assert texts.duration(9000) == hours
    # How narrow the space is differs between editions of the locale data.
    assert texts.percent(0.5).replace("\u202f", "\xa0") == share


def test_sentences_follow_each_other_as_the_language_does():
    assert texts_for("zh").refusal(Refusal.TEXT, Stage.PHOTO_FIRST).count(" ") == 0
    assert "imagens. Mande" in texts_for("pt").refusal(Refusal.TEXT, Stage.PHOTO_FIRST)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_that_stand_three_in_a_row_are_very_short(language):
    texts = texts_for(language)
    labels = [*map(texts.strength, Strength), *map(texts.size, Size)]

    assert len(set(labels)) == len(Strength) + len(Size)
    assert [label for label in labels if len(label) > 10] == []
