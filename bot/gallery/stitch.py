"""Stitch: a folk sampler of crosses in wool on linen."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from .fields import Colour, Field, axes, blurred, fractal, image_of, light

SIZE = (768, 624)
_CELL = 12
_LINEN: Colour = (228, 216, 190)
_RED: Colour = (180, 34, 44)
_PINK: Colour = (226, 112, 118)
_BLUE: Colour = (38, 70, 138)
_SKY: Colour = (110, 160, 204)
_GREEN: Colour = (52, 112, 66)
_LEAF: Colour = (128, 166, 72)
_GOLD: Colour = (226, 164, 52)
_BROWN: Colour = (116, 68, 46)
_WHITE: Colour = (250, 246, 236)
_BARE: Colour = (0, 0, 0)


def draw() -> Image.Image:
    """The sampler, `SIZE` RGB."""
    rng = np.random.default_rng(53)
    pattern = np.asarray(_pattern(), np.float32)
    tile_x, tile_y = (axis % _CELL - (_CELL - 1) / 2 for axis in axes(SIZE))
    linen = _linen(rng, tile_x, tile_y)
    shift = fractal(rng, SIZE, (64, 52), 2) - 0.5
    under = _thread(tile_x + 1.6 * shift, tile_y, 1.0)
    over = _thread(tile_x, tile_y + 1.6 * shift, -1.0)
    colours = np.kron(pattern, np.ones((_CELL, _CELL, 1), np.float32))
    sewn = colours.max(-1) > 0
    tone = 1 + 0.34 * (fractal(rng, SIZE, (64, 52), 1) - 0.5)
    wool = colours * tone[..., None]
    height = np.maximum(under * 0.8, over)
    cover = np.where(sewn, np.clip(4 * height, 0, 1), 0)
    strand = _strands(tile_x, tile_y, over >= under * 0.8)
    shaded = wool * (0.52 + 0.52 * height + 0.16 * strand)[..., None]
    pixels = linen * (1 - 0.4 * blurred(cover, 2))[..., None]
    pixels = pixels + (shaded - pixels) * cover[..., None]
    relief = light(np.where(sewn, height, 0) * 40, 26)
    return image_of(pixels * (1 + 0.22 * relief)[..., None])


def _linen(rng: np.random.Generator, tile_x: Field, tile_y: Field) -> Field:
    """Plain weave, with a hole at every corner of a cell."""
    x, y = axes(SIZE)
    weave = np.sin(x * np.pi / 2) * np.sin(y * np.pi / 2)
    slub = fractal(rng, SIZE, (6, 200), 2) + fractal(rng, SIZE, (200, 6), 2) - 1
    corner = np.hypot(np.abs(tile_x) - _CELL / 2, np.abs(tile_y) - _CELL / 2)
    hole = np.exp(-((corner / 1.5) ** 2))
    tone = 1 + 0.05 * weave + 0.09 * slub - 0.42 * hole
    return np.asarray(_LINEN, np.float32) * tone[..., None]


def _thread(x: Field, y: Field, slope: float) -> Field:
    """How high a diagonal thread stands in its cell, 0 to 1."""
    across = (x - slope * y) / np.sqrt(2)
    along = (x + slope * y) / np.sqrt(2)
    body = np.clip(1 - (across / 2.7) ** 2, 0, 1)
    ends = np.clip(1 - (np.abs(along) / (0.70 * _CELL)) ** 6, 0, 1)
    return np.asarray(np.sqrt(body) * ends, np.float32)


def _strands(x: Field, y: Field, over: Field) -> Field:
    """The twist of the yarn, slanting across each thread."""
    falling, rising = np.sin(1.9 * x + 0.5 * y), np.sin(1.9 * x - 0.5 * y)
    return np.asarray(np.where(over, falling, rising), np.float32)


def _pattern() -> Image.Image:
    """One pixel a stitch, the left half mirrored; black is bare linen."""
    columns, rows = SIZE[0] // _CELL, SIZE[1] // _CELL
    half = Image.new("RGB", (columns // 2, rows), _BARE)
    pen = ImageDraw.Draw(half)
    _border(pen, rows)
    _house(pen)
    _tree(pen)
    _bird(pen)
    _flowers(pen)
    whole = Image.new("RGB", (columns, rows))
    whole.paste(half, (0, 0))
    whole.paste(half.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (columns // 2, 0))
    return whole


def _border(pen: ImageDraw.ImageDraw, rows: int) -> None:
    pen.rectangle((1, 1, 40, rows - 2), outline=_BLUE)
    pen.rectangle((5, 5, 40, rows - 6), outline=_BLUE)
    for place in range(3, 32, 4):
        tone = _RED if place % 8 == 3 else _GOLD
        for y in (3, rows - 4):
            pen.line((place - 1, y, place + 1, y), fill=tone)
            pen.line((place, y - 1, place, y + 1), fill=tone)
    for place in range(7, rows - 6, 4):
        tone = _RED if place % 8 == 3 else _GOLD
        pen.line((2, place, 4, place), fill=tone)
        pen.line((3, place - 1, 3, place + 1), fill=tone)


def _house(pen: ImageDraw.ImageDraw) -> None:
    """Half of one, in the middle."""
    pen.rectangle((24, 24, 31, 35), fill=_WHITE)
    for row in range(9):
        pen.line((31 - row, 15 + row, 31, 15 + row), fill=_RED if row % 2 else _PINK)
    pen.rectangle((30, 29, 31, 35), fill=_BROWN)
    pen.rectangle((25, 26, 28, 29), fill=_BLUE)
    pen.line((25, 27, 28, 27), fill=_SKY)
    pen.rectangle((27, 13, 28, 16), fill=_BROWN)
    pen.rectangle((6, 36, 31, 37), fill=_GREEN)
    for column in range(6, 32, 2):
        pen.point((column, 36), fill=_LEAF)


def _tree(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((14, 26, 15, 35), fill=_BROWN)
    for top, wide in ((10, 3), (14, 5), (19, 6)):
        for row in range(8):
            reach = min(wide, row)
            pen.line((14 - reach, top + row, 15 + reach, top + row), fill=_GREEN)
            if row % 2:
                pen.point((14 - reach + 1, top + row), fill=_LEAF)
                pen.point((15 + reach - 1, top + row), fill=_LEAF)
    for x, y in ((13, 16), (16, 18), (12, 22), (15, 24), (18, 23), (10, 25)):
        pen.point((x, y), fill=_RED)
    pen.point((14, 9), fill=_GOLD)
    pen.point((15, 9), fill=_GOLD)


def _bird(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((22, 9, 26, 11), fill=_BLUE)
    pen.rectangle((25, 7, 28, 9), fill=_BLUE)
    pen.point((29, 8), fill=_GOLD)
    pen.point((27, 8), fill=_WHITE)
    pen.line((20, 7, 23, 10), fill=_SKY)
    pen.line((22, 10, 24, 10), fill=_SKY)
    pen.line((8, 8, 9, 9), fill=_RED)
    pen.line((10, 8, 8, 10), fill=_PINK)


def _flowers(pen: ImageDraw.ImageDraw) -> None:
    for x, tone, heart in ((9, _RED, _GOLD), (17, _PINK, _GOLD), (25, _GOLD, _RED)):
        pen.line((x, 42, x, 45), fill=_GREEN)
        pen.line((x - 2, 43, x - 1, 44), fill=_LEAF)
        pen.line((x + 2, 43, x + 1, 44), fill=_LEAF)
        pen.rectangle((x - 2, 39, x + 2, 41), fill=tone)
        pen.line((x - 1, 38, x + 1, 38), fill=tone)
        pen.line((x - 1, 42, x + 1, 42), fill=tone)
        pen.point((x, 40), fill=heart)
    for x in (13, 21, 29):
        pen.line((x - 1, 40, x + 1, 40), fill=_BLUE)
        pen.line((x, 39, x, 41), fill=_SKY)
    pen.line((6, 45, 31, 45), fill=_GREEN)
