"""Impasto: poplars and a farmhouse above a field of poppies, in thick short strokes."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .fields import Colour, Field, axes, fractal
from .shapes import blob, flat
from .strokes import Brush, Easel

SIZE = (768, 608)
_HORIZON = 290
_SKY: tuple[Colour, ...] = ((34, 88, 176), (64, 132, 206), (150, 196, 214))
_FIELD: tuple[Colour, ...] = ((196, 178, 70), (118, 150, 54), (58, 112, 52))
_POPPY: tuple[Colour, ...] = ((214, 46, 30), (236, 84, 40), (176, 24, 34))


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(11)
    sketch = _sketch(rng).filter(ImageFilter.GaussianBlur(2))
    easel = Easel(rng, sketch, _angles(rng), (112, 84, 60))
    x, y = axes(SIZE)
    near = np.clip((y - _HORIZON) / (SIZE[1] - _HORIZON), 0, 1)
    farm = (x > 100) & (x < 320) & (y > 176) & (y < 322)
    easel.paint(Brush(spacing=15, width=21, length=62, jitter=12, bristles=8))
    easel.paint(Brush(spacing=9, width=11, length=34, jitter=16, bristles=5))
    easel.paint(Brush(spacing=6, width=6, length=17, jitter=20, bristles=3), 0.3 + near)
    easel.paint(Brush(spacing=11, width=9, length=13, jitter=20, bristles=5), near**2)
    easel.paint(Brush(spacing=4, width=7, length=13, jitter=9, bristles=4), farm * 0.9)
    return easel.finished(depth=34, gloss=44)


def _sketch(rng: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", SIZE, _SKY[0])
    pen = ImageDraw.Draw(picture)
    for row in range(_HORIZON):
        pen.line((0, row, SIZE[0], row), fill=_between(_SKY, row / _HORIZON))
    _clouds(rng, pen)
    _hills(pen)
    for row in range(_HORIZON, SIZE[1]):
        share = (row - _HORIZON) / (SIZE[1] - _HORIZON)
        pen.line((0, row, SIZE[0], row), fill=_between(_FIELD, share))
    _farm(pen)
    _poplars(rng, pen)
    _poppies(rng, pen)
    return picture


def _between(stops: tuple[Colour, ...], share: float) -> Colour:
    place = min(share, 0.999) * (len(stops) - 1)
    low = int(place)
    one, other = stops[low], stops[low + 1]
    red, green, blue = (
        round(a + (b - a) * (place - low)) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def _clouds(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    for x, y, wide in ((180, 96, 150), (420, 60, 110), (600, 150, 170), (90, 196, 120)):
        for drop, tone in ((14, (188, 196, 214)), (0, (250, 240, 218))):
            for _ in range(5):
                dx, dy = rng.normal(0, wide / 3), rng.normal(0, 9)
                shape = blob(rng, (x + dx, y + dy + drop), (wide / 3.2, wide / 8))
                pen.polygon(flat(shape), fill=tone)


def _hills(pen: ImageDraw.ImageDraw) -> None:
    x = np.arange(0, SIZE[0] + 8, 8)
    for level, swing, tone in (
        (250, 26, (96, 124, 182)),
        (272, 16, (84, 138, 130)),
        (286, 9, (150, 168, 84)),
    ):
        top = level - swing * np.sin(x / 120 + level) - 0.4 * swing * np.sin(x / 47)
        outline = np.stack((x, top), -1)
        ends = np.array([(SIZE[0], SIZE[1]), (0, SIZE[1])])
        pen.polygon(flat(np.concatenate((outline, ends))), fill=tone)


def _farm(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon((128, 250, 250, 250, 250, 318, 128, 318), fill=(246, 226, 190))
    pen.polygon((250, 250, 304, 244, 304, 310, 250, 318), fill=(166, 158, 196))
    pen.polygon((112, 254, 150, 206, 276, 204, 262, 254), fill=(206, 88, 48))
    pen.polygon((262, 254, 276, 204, 316, 248), fill=(150, 52, 46))
    pen.rectangle((158, 204 - 22, 178, 214), fill=(176, 76, 52))
    for x in (146, 186, 222):
        pen.rectangle((x, 268, x + 15, 290), fill=(52, 82, 132))


def _poplars(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    for x, base, tall in (
        (70, 330, 190),
        (388, 316, 150),
        (430, 322, 196),
        (478, 318, 172),
        (672, 326, 236),
        (724, 330, 214),
    ):
        pen.rectangle((x - 4, base - 40, x + 4, base), fill=(86, 54, 62))
        for share in np.linspace(0, 1, 9):
            wide = 25 * np.sin(np.pi * (0.12 + 0.82 * share)) + 3
            y = base - 24 - share * tall
            shade = blob(rng, (x + 4, y), (wide, tall / 9))
            pen.polygon(flat(shade), fill=(24, 76, 66))
            bright = blob(rng, (x - wide / 3, y - 5), (wide / 2.2, tall / 13))
            pen.polygon(flat(bright), fill=(112, 156, 58))


def _poppies(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    for share in np.sort(rng.random(330)) ** 0.7:
        y = _HORIZON + 34 + share * (SIZE[1] - _HORIZON - 34)
        x = rng.uniform(-10, SIZE[0] + 10)
        if abs(x - 330 - 120 * share * np.sin(4 * share)) < 30 + 60 * share:
            continue  # a path through the field
        size = 2.5 + 12 * share * rng.uniform(0.6, 1.2)
        pen.ellipse(
            (x - size, y - 0.7 * size, x + size, y + 0.7 * size),
            fill=_POPPY[int(rng.integers(3))],
        )
        if size > 7:
            pen.ellipse((x - 2, y - 2, x + 3, y + 2), fill=(40, 20, 50))


def _angles(rng: np.random.Generator) -> Field:
    x, y = axes(SIZE)
    drift = fractal(rng, SIZE, (4, 3)) - 0.5
    sky = 1.1 * np.sin(x / 130 + y / 90) + 1.2 * drift
    ground = -1.2 + 0.9 * np.sin(x / 60 + y / 34) + 2.0 * drift
    angles = np.where(y < _HORIZON, sky, ground)
    for left, right, top in ((40, 100, 130), (362, 506, 120), (640, 756, 84)):
        trees = (x > left) & (x < right) & (y > top) & (y < 330)
        angles = np.where(trees, -1.35 + 0.7 * np.sin(y / 17), angles)
    return np.asarray(angles, np.float32)
