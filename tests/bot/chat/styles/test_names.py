"""What can be the name of a style."""

import pytest

from bot.chat.styles.names import clean_name, same_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Dusk", "Dusk"),
        ("  two\n lines\t", "two lines"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("雪の夜", "雪の夜"),
        ("left\u202eright", "leftright"),
        ("nul\x00", "nul"),
        ("x" * 32, "x" * 32),
        ("x" * 33, None),
        (" \u200b\u2028 ", None),
        ("", None),
    ],
)
def test_a_name_is_one_line_of_signs_that_can_be_seen(words, name):
    assert clean_name(words) == name


def test_names_are_the_same_whatever_their_case():
    assert same_name("  Mum's  TULIPS", "mum's tulips")
    assert not same_name("Dusk", "Dusks")
