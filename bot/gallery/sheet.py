"""The contact sheet: pictures in a numbered grid, to choose one by its number."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

COLUMNS = 3
_TILE = 284
_GAP = 14
_MARGIN = 18
_RADIUS = 16
_BADGE = 25
_FINER = 3
_WALL = (240, 236, 229)
_SHADOW = (74, 64, 52)
_DIGITS = (52, 46, 40)


def draw_sheet(pictures: Sequence[Image.Image], first: int = 1) -> Image.Image:
    """The middles of the pictures, three to a row, numbered from `first`.

    RGB, 916 px wide whatever the number of pictures, of which there is at least one.
    """
    rows = math.ceil(len(pictures) / COLUMNS)
    sheet = Image.new("RGB", (_length(COLUMNS), _length(rows)), _WALL)
    mask = _rounded()
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        at = (_place(column), _place(row))
        _add_shadow(sheet, mask, at)
        tile = ImageOps.fit(_coarse(picture), (_TILE, _TILE), Image.Resampling.LANCZOS)
        sheet.paste(tile, at, mask)
        _add_number(sheet, at, first + place)
    return sheet


def _coarse(picture: Image.Image) -> Image.Image:
    """A huge picture, cheaply made smaller first."""
    factor = min(picture.size) // _TILE // 3
    return picture.reduce(factor) if factor > 1 else picture


def _length(count: int) -> int:
    return 2 * _MARGIN + count * _TILE + (count - 1) * _GAP


def _place(number: int) -> int:
    return _MARGIN + number * (_TILE + _GAP)


def _rounded() -> Image.Image:
    side = _TILE * _FINER
    large = Image.new("L", (side, side))
    box = (0, 0, side - 1, side - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=_RADIUS * _FINER, fill=255)
    return large.resize((_TILE, _TILE), Image.Resampling.BOX)


def _add_shadow(sheet: Image.Image, mask: Image.Image, at: tuple[int, int]) -> None:
    shade = Image.new("L", (_TILE + 2 * _GAP, _TILE + 2 * _GAP))
    shade.paste(mask.point(lambda value: value * 0.4), (_GAP, _GAP))
    soft = shade.filter(ImageFilter.GaussianBlur(5))
    sheet.paste(_SHADOW, (at[0] - _GAP, at[1] - _GAP + 4), soft)


def _add_number(sheet: Image.Image, at: tuple[int, int], number: int) -> None:
    """A white disc with the number, in the typeface that Pillow carries with it."""
    side = 2 * _BADGE * _FINER
    disc = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(disc)
    pen.ellipse((0, 0, side - 1, side - 1), fill=(255, 255, 255, 240))
    font = ImageFont.load_default(_BADGE * _FINER * 1.15)
    middle = (side / 2, side / 2)
    pen.text(middle, str(number), font=font, fill=_DIGITS, anchor="mm")
    small = disc.resize((2 * _BADGE, 2 * _BADGE), Image.Resampling.LANCZOS)
    sheet.paste(small, (at[0] + 10, at[1] + 10), small)
