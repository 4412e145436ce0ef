"""The pictures that come with the bot, and what draws them."""

import numpy as np
import pytest
from PIL import Image

from bot.gallery import prints
from bot.gallery.poster import SIZE, draw_poster
from bot.gallery.sheet import draw_sheet
from bot.gallery.styles import STYLES


def mean_of(picture, box):
    return np.asarray(picture.crop(box), np.float64).mean((0, 1))


def test_every_style_is_on_exactly_one_page():
    assert [s for page in prints.pages() for s in page] == list(STYLES)


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (3, 1), (4, 2), (9, 3)])
def test_a_sheet_has_three_pictures_to_a_row(count, rows):
    sheet = draw_sheet([Image.new("RGB", (300, 200), (9, 99, 200))] * count)

    assert sheet.width == 916
    assert sheet.height == 36 + rows * 284 + (rows - 1) * 14


def test_pictures_stand_in_order_and_bear_different_numbers():
    red, blue = (Image.new("RGB", (60, 900), c) for c in ((220, 0, 0), (0, 0, 220)))
    sheet = draw_sheet([red, blue], 8)

    assert mean_of(sheet, (150, 150, 160, 160))[0] > 200
    assert mean_of(sheet, (450, 150, 460, 160))[2] > 200
    numbers = [sheet.crop((28 + x, 28, 78 + x, 78)).convert("L") for x in (0, 298)]
    dark = [np.asarray(n)[10:40, 10:40] < 120 for n in numbers]
    assert all(each.sum() > 40 for each in dark)
    assert (dark[0] != dark[1]).any()


def test_the_poster_shows_the_photo_the_painting_and_the_result():
    tones = [(200, 40, 40), (40, 200, 40), (40, 40, 200)]
    poster = draw_poster(*(Image.new("RGB", (400, 300), tone) for tone in tones))

    assert poster.size == SIZE
    places = [(200, 120), (800, 120), (540, 600)]
    seen = [poster.getpixel(place) for place in places]
    assert seen == tones
