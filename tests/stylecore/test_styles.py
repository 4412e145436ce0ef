"""Several styles, and masks that fit or are refused with a sentence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PIL import Image

from stylecore.errors import PictureError
from stylecore.recipes import Recipe
from stylecore.styles import Style, as_styles, check_styles

CONTENT = Image.new("RGB", (48, 32))
PAINTING = Image.new("RGB", (40, 64))


def white(width: int, height: int) -> Image.Image:
    return Image.new("L", (width, height), 255)


def test_a_picture_is_one_style_without_masks():
    (style,) = as_styles(PAINTING)

    assert (style.picture, style.mask, style.region) == (PAINTING, None, None)


def test_pictures_and_styles_can_be_mixed():
    masked = Style(picture=PAINTING, mask=white(40, 64))

    assert [each.mask for each in as_styles([PAINTING, masked])] == [None, masked.mask]


def test_masks_that_fit_are_accepted():
    style = Style(picture=PAINTING, mask=white(40, 64), region=white(48, 32))

    check_styles((style, style), CONTENT, Recipe(blend=(1.0, 2.0)))


@pytest.mark.parametrize(
    ("styles", "blend", "sentence"),
    [
        ((), (), "There is no style"),
        ((Style(picture=PAINTING),), (1.0, 2.0), "2 weights for 1 styles"),
        (
            (Style(picture=PAINTING, mask=white(48, 32)),),
            (),
            "The mask of style 1 is 48 × 32 pixels but the style is 40 × 64",
        ),
        (
            (Style(picture=PAINTING), Style(picture=PAINTING, region=white(32, 48))),
            (),
            "The region of style 2 is 32 × 48 pixels but the content is 48 × 32",
        ),
        (
            (Style(picture=PAINTING, mask=Image.new("L", (40, 64), 5)),),
            (),
            "The mask of style 1 is black",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(styles, blend, sentence):
    recipe = replace(Recipe(), blend=blend)

    with pytest.raises(PictureError, match=re.escape(sentence)):
        check_styles(styles, CONTENT, recipe)
