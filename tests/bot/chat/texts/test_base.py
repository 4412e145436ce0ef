import pytest

from bot.chat.texts import texts_for
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
