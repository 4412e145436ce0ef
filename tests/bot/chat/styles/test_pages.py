"""The pages of the gallery and the buttons on them."""

import itertools

import pytest

from bot.chat.callbacks import MAX_BYTES, Action, decode
from bot.chat.styles.pages import (
    Entry,
    Page,
    Place,
    Section,
    caption,
    choosing_keyboard,
    keyboard,
    place_of,
    style_keyboard,
)
from bot.chat.styles.shelf import StylePicture
from bot.chat.texts import LANGUAGES, texts_for

ANYBODY = 2**52
TEXTS = texts_for("en")


def page(section, count=9, pages=6, name="N" * 32):
    entries = tuple(
        Entry(number=number, code="s_abcdefghijkl", name=name)
        for number in range(42, 42 + count)
    )
    place = Place(section=section, number=pages - 1)
    return Page(place=place, pages=pages, entries=entries)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", Section)
def test_every_page_fits_into_what_telegram_takes(section, language):
    texts = texts_for(language)
    rows = keyboard(texts, ANYBODY, page(section))

    assert all(1 <= len(row) <= 8 for row in rows)
    for each in itertools.chain(*rows):
        assert len(each.data.encode()) <= MAX_BYTES
        assert decode(each.data).subject == str(ANYBODY)
    assert len(caption(texts, page(section))) <= 1024


@pytest.mark.parametrize("section", Section)
def test_a_page_is_found_again_by_its_name(section):
    place = Place(section=section, number=12)

    assert place_of(str(place)) == place


@pytest.mark.parametrize(
    "argument", ["", "b", "x0", "b-1", "b1x", "b9999", "new", "b²"]
)
def test_what_names_no_page_is_none(argument):
    assert place_of(argument) is None


def test_numbers_pick_a_style_but_open_it_where_styles_are_changed():
    picked = keyboard(TEXTS, 7, page(Section.MINE))[0][0]
    opened = keyboard(TEXTS, 7, page(Section.CHANGING))[0][0]

    assert decode(picked.data).action is Action.PICK
    assert decode(picked.data).argument == "s_abcdefghijkl"
    assert decode(opened.data).action is Action.GALLERY
    assert decode(opened.data).argument == "i_abcdefghijkl"


def test_names_are_shown_as_they_were_typed():
    words = caption(TEXTS, page(Section.MINE, count=2, name="<b>&amp;"))

    assert "42. &lt;b&gt;&amp;amp;\n43. &lt;b&gt;&amp;amp;" in words


def test_only_the_last_painting_is_offered_without_a_name():
    def style(letter, name=None):
        return StylePicture(code=f"s_{letter * 12}", picture=letter, name=name)

    offered = choosing_keyboard(TEXTS, 7, [style("a"), style("b"), style("c", "Dusk")])

    labels = [row[0].text for row in offered]
    assert labels == ["The last painting", "Dusk", "Choose a style"]


def test_one_style_can_be_used_renamed_and_deleted():
    rows = style_keyboard(TEXTS, 7, "s_abcdefghijkl")

    actions = [decode(each.data).action for each in itertools.chain(*rows)]
    assert actions == [Action.PICK, Action.NAME, Action.UNSAVE, Action.GALLERY]
    assert decode(rows[1][0].data).argument == "abcdefghijkl"
