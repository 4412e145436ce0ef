"""What stands and floats on the lake of the sample photo.

Coordinates are those of the finished photo, 960 × 720.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from .brush import Brush, Colour, mixed

SCALE = 1.3
"""Drawn larger, so that edges come out smooth."""
HORIZON = 408
_WOOD: Colour = (64, 48, 44)
_WALLS: Sequence[Colour] = (
    (226, 208, 184),
    (196, 150, 104),
    (172, 96, 76),
    (208, 190, 176),
    (150, 128, 118),
    (216, 172, 120),
)
_ROOFS: Sequence[Colour] = ((112, 56, 48), (84, 56, 58), (126, 70, 52), (66, 58, 70))


def trees(rng: np.random.Generator, picture: Image.Image) -> None:
    """Woods along the shore, their tops catching the last light."""
    pen = Brush(picture, scale=SCALE)
    for row in range(3):
        for _ in range(150):
            x = float(rng.uniform(-20, 980))
            bay = 1 - 0.75 * np.exp(-(((x - 600) / 130) ** 2))
            height = float(rng.uniform(14, 40)) * bay * (1.1 - 0.25 * row)
            base = HORIZON - 1 + row
            tone = mixed((38, 52, 58), (74, 66, 66), float(rng.random()) * 0.7)
            if rng.random() < 0.45:
                _conifer(pen, x, base, height * 1.35, tone)
            else:
                _leafy(rng, pen, x, base, height, tone)


def _conifer(pen: Brush, x: float, base: float, height: float, tone: Colour) -> None:
    for step in range(4):
        top = base - height * (1 - 0.22 * step)
        half = height * (0.09 + 0.055 * step)
        low = top + height * 0.36
        pen.polygon((x, top), (x + half, low), (x - half, low), fill=tone)


def _leafy(
    rng: np.random.Generator,
    pen: Brush,
    x: float,
    base: float,
    height: float,
    tone: Colour,
) -> None:
    light = mixed(tone, (176, 118, 84), 0.35)
    for step in range(14):
        dx, dy = rng.normal(0, 0.3 * height), float(rng.random()) * height * 0.8
        radius = height * float(rng.uniform(0.1, 0.24))
        colour = light if dy > height * 0.55 and step % 3 == 0 else tone
        pen.circle((x + float(dx), base - dy), radius, fill=colour)
    pen.box(
        (x - height * 0.5, base - height * 0.2, x, base),
        fill=tone,
    )


def village(rng: np.random.Generator, picture: Image.Image) -> None:
    """Three rows of houses with lit windows, and a church."""
    pen = Brush(picture, scale=SCALE)
    for row, (lift, size) in enumerate(((22, 0.72), (10, 0.86), (0, 1.0))):
        x = 92.0 + 34 * row
        while x < 470 - 40 * row:
            width = float(rng.uniform(34, 58)) * size
            _house(rng, pen, x, HORIZON - lift, width, haze=0.32 - 0.16 * row)
            x += width * float(rng.uniform(0.92, 1.25))
        if row == 0:
            _church(pen, 318, HORIZON - 16)
    pen.box(
        (70, HORIZON - 3, 500, HORIZON + 2),
        fill=(74, 66, 68),
    )


def _house(
    rng: np.random.Generator,
    pen: Brush,
    x: float,
    base: float,
    width: float,
    haze: float,
) -> None:
    dusk: Colour = (122, 104, 122)
    height = width * float(rng.uniform(0.62, 0.95))
    eaves, top = base - height, base - height - width * float(rng.uniform(0.3, 0.46))
    wall = mixed(_WALLS[int(rng.integers(len(_WALLS)))], dusk, 0.3 + haze)
    roof = mixed(_ROOFS[int(rng.integers(len(_ROOFS)))], dusk, haze)
    right = x + width
    pen.box((x, eaves, right, base), fill=wall)
    sunny = mixed(wall, (255, 188, 128), 0.4)
    edge = x + width * 0.82
    pen.box((edge, eaves, right, base), fill=sunny)
    gable = x + width * float(rng.choice((0.5, 0.28, 0.72)))
    slope = [(x - 2.5, eaves + 1), (gable, top), (right + 2.5, eaves + 1)]
    pen.polygon(*slope, fill=roof)
    lit = [(gable, top), (right + 2.5, eaves + 1), (right - 3, eaves + 1)]
    pen.polygon(*lit, fill=mixed(roof, (255, 170, 110), 0.35))
    chimney = x + width * 0.3
    pen.box(
        (chimney, top + 2, chimney + 4, eaves),
        fill=mixed(roof, (30, 26, 34), 0.4),
    )
    pen.polygon(slope[0], (gable, top), (gable, eaves + 1), fill=roof)
    _windows(rng, pen, (x, eaves, right, base))


def _windows(
    rng: np.random.Generator,
    pen: Brush,
    house: tuple[float, float, float, float],
) -> None:
    left, top, right, bottom = house
    columns = max(2, int((right - left) / 13))
    rows = max(1, int((bottom - top) / 15))
    for row in range(rows):
        for column in range(columns):
            x = left + (column + 0.5) * (right - left) / columns
            y = top + (row + 0.5) * (bottom - top) / rows
            warm = rng.random() < 0.5
            glow = mixed((255, 202, 104), (255, 226, 160), float(rng.random()))
            pane = glow if warm else (70, 72, 92)
            pen.box((x - 2.9, y - 4.1, x + 2.9, y + 3.7), fill=(84, 68, 66))
            pen.box((x - 2.2, y - 3.4, x + 2.2, y + 3), fill=pane)


def _church(pen: Brush, x: float, base: float) -> None:
    stone, slate = (176, 152, 142), (74, 70, 92)
    pen.box((x - 11, base - 92, x + 11, base), fill=stone)
    pen.box(
        (x + 5, base - 92, x + 11, base),
        fill=(232, 182, 140),
    )
    pen.polygon((x - 14, base - 91), (x, base - 142), (x + 14, base - 91), fill=slate)
    pen.polygon(
        (x + 6, base - 91),
        (x, base - 142),
        (x + 14, base - 91),
        fill=(150, 108, 104),
    )
    pen.line((x, base - 152), (x, base - 140), fill=(48, 44, 58), width=1.5)
    pen.circle((x, base - 76), 4.5, fill=(255, 226, 164))
    for dx in (-4, 4):
        pen.box((x + dx - 2, base - 60, x + dx + 2, base - 48), fill=(60, 52, 64))


def boat(pen: Brush, hull: Colour, sail: Colour | None) -> None:
    """A boat 100 units long, its water line at 0; without sail a fishing boat."""
    if sail is None:
        _cabin(pen)
    else:
        pen.line((0, -8), (0, -104), fill=_WOOD, width=2)
        pen.polygon((3, -100), (3, -18), (42, -16), fill=sail)
        dim = mixed(sail, (150, 116, 128), 0.45)
        pen.polygon((-3, -92), (-3, -18), (-28, -15), fill=dim)
    rail = mixed(hull, (255, 220, 190), 0.6)
    keel = mixed(hull, (20, 22, 34), 0.6)
    pen.polygon((-50, -15), (50, -17), (40, 3), (-38, 3), fill=hull)
    pen.polygon((-50, -15), (50, -17), (49, -13), (-48, -11), fill=rail)
    pen.polygon((-41, -2), (43, -3), (40, 3), (-38, 3), fill=keel)


def _cabin(pen: Brush) -> None:
    white, red = (222, 204, 186), (110, 62, 54)
    pen.polygon((-12, -13), (-12, -30), (14, -30), (18, -13), fill=white)
    pen.polygon((-15, -30), (-13, -34), (16, -34), (17, -30), fill=red)
    for left in (-7, 4):
        pen.box((left, -26, left + 7, -19), fill=(255, 214, 134))
    pen.line((-26, -12), (-26, -58), fill=_WOOD, width=1.8)
    pen.line((-26, -56), (-46, -13), fill=_WOOD, width=0.7)
    pen.line((-26, -56), (2, -33), fill=_WOOD, width=0.7)


def pier(picture: Image.Image) -> None:
    """A landing stage that leads in from the lower right."""
    pen = Brush(picture, scale=SCALE)
    dark, plank = (40, 34, 40), (104, 82, 76)
    for near, far in (((980, 742), (690, 548)), ((770, 742), (648, 548))):
        for step in range(6):
            share = step / 5
            x = far[0] + (near[0] - far[0]) * share**1.5
            y = far[1] + (near[1] - far[1]) * share**1.5
            wide, tall = 4 + 9 * share, 26 + 30 * share
            pen.box(
                (x - wide, y - tall, x + wide, y + tall),
                fill=dark,
            )
            pen.box(
                (x - wide, y - tall, x - wide * 0.3, y + tall),
                fill=(92, 70, 66),
            )
    count = 26
    for step in range(count):
        one, two = (step / count) ** 1.5, ((step + 0.86) / count) ** 1.5
        quad = [
            (648 + (770 - 648) * one, 548 + 194 * one),
            (690 + (980 - 690) * one, 548 + 194 * one),
            (690 + (980 - 690) * two, 548 + 194 * two),
            (648 + (770 - 648) * two, 548 + 194 * two),
        ]
        tone = mixed(plank, (58, 46, 52), ((step * 37) % 11) / 11)
        pen.polygon(*quad, fill=mixed(tone, (214, 152, 120), 0.25))
    lamp = (668, 548)
    pen.line(lamp, (668, 462), fill=dark, width=4)
    pen.line((668, 464), (684, 464), fill=dark, width=3)
    pen.circle((684, 470), 6, fill=(255, 232, 170))
