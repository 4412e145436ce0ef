"""Watercolour: a jug of wild flowers, wet on dry, with blooms and splashes."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from .fields import (
    Colour,
    Field,
    axes,
    blend,
    blurred,
    fractal,
    grain,
    image_of,
    light,
    pixels_of,
    sampled,
    stain,
)
from .shapes import Point, blob, mask, spline, tapered

SIZE = (608, 768)
_PAPER: Colour = (250, 247, 240)
_ROSE: Colour = (214, 48, 92)
_POPPY: Colour = (228, 62, 36)
_VIOLET: Colour = (104, 62, 164)
_BLUE: Colour = (40, 92, 190)
_YELLOW: Colour = (250, 190, 30)
_SAP: Colour = (96, 140, 44)
_PINE: Colour = (30, 96, 84)
_SHADE: Colour = (96, 108, 160)
_EARTH: Colour = (150, 96, 60)
_FLOWERS: tuple[tuple[float, float, float, Colour], ...] = (
    (212, 196, 62, _POPPY),
    (380, 150, 58, _ROSE),
    (300, 290, 66, _ROSE),
    (460, 266, 56, _VIOLET),
    (146, 318, 50, _VIOLET),
    (404, 366, 52, _POPPY),
    (228, 390, 48, _YELLOW),
    (300, 116, 40, _YELLOW),
    (500, 388, 40, _YELLOW),
    (118, 218, 38, _BLUE),
    (470, 168, 34, _BLUE),
    (330, 420, 36, _BLUE),
    (96, 404, 34, _ROSE),
)


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(149)
    wash = _Wash(rng)
    _background(wash)
    _table(wash)
    for number in range(34):
        _leaf(wash, number)
    for x, y, *_ in _FLOWERS:
        _stalk(wash, (x, y))
    _jug(wash)
    for x, y, size, tone in _FLOWERS:
        _flower(wash, (x, y), size, tone)
    _splashes(wash)
    return wash.dried()


class _Wash:
    """Paper that takes transparent colour, puddle by puddle."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self._paper = np.broadcast_to(
            np.asarray(_PAPER, np.float32), (SIZE[1], SIZE[0], 3)
        ).copy()
        self._tooth = 0.6 * fractal(rng, SIZE, (150, 190), 2) + 0.4 * fractal(
            rng, SIZE, (60, 76), 2
        )
        self._ragged = [fractal(rng, SIZE, (26, 33), 4) - 0.5 for _ in range(2)]
        self._flow = fractal(rng, SIZE, (9, 11), 4)

    def lay(
        self, outline: Field, tone: Colour, strength: float, *, soft: int = 0
    ) -> None:
        """One puddle: paler in its middle, darker where its edge dried; or soft."""
        left, top, right, low = _window(outline, 14 + 3 * soft)
        size = (right - left, low - top)
        if min(size) < 4:
            return
        part = (slice(top, low), slice(left, right))
        inside = pixels_of(mask(size, outline - (left, top)))
        x, y = axes(size)
        inside = sampled(
            inside, x + 15 * self._ragged[0][part], y + 15 * self._ragged[1][part]
        )
        if soft:
            inside = blurred(inside, soft)
        rim = np.clip(inside - blurred(inside, 3), 0, 1) * (0 if soft else 2.1)
        pool = 0.55 + 0.9 * self._flow[part]
        granules = 1 + 0.8 * (self._tooth[part] - 0.5)
        amount = strength * inside * (pool + rim) * granules
        self._paper[part] = stain(self._paper[part], tone, amount)

    def lift(self, outline: Field) -> None:
        """Takes most of the colour off again, with a thirsty brush."""
        inside = pixels_of(mask(SIZE, outline))
        self._paper = blend(self._paper, _PAPER, 0.88 * inside)

    def dried(self) -> Image.Image:
        """The sheet in slanting light."""
        shade = light(self._tooth * 26, 22)[..., None]
        noise = 1.6 * grain(self.rng, SIZE)[..., None]
        return image_of(self._paper * (1 + 0.055 * shade) + noise)


def _window(outline: Field, margin: int) -> tuple[int, int, int, int]:
    low, high = outline.min(0) - margin, outline.max(0) + margin
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    return left, top, min(SIZE[0], int(high[0])), min(SIZE[1], int(high[1]))


def _background(wash: _Wash) -> None:
    for x, y, wide, tall, tone, strength in (
        (180, 210, 190, 190, _SHADE, 0.20),
        (430, 250, 190, 200, _YELLOW, 0.13),
        (320, 120, 240, 110, _BLUE, 0.13),
        (120, 430, 130, 110, _SAP, 0.12),
        (500, 450, 120, 120, _ROSE, 0.10),
    ):
        outline = blob(wash.rng, (x, y), (wide, tall), wobble=0.3)
        wash.lay(outline, tone, strength, soft=22)


def _table(wash: _Wash) -> None:
    edge = spline(
        [
            (-20, 640),
            (150, 628),
            (330, 640),
            (480, 630),
            (640, 640),
            (640, 800),
            (-20, 800),
        ],
        closed=True,
    )
    wash.lay(edge, _EARTH, 0.26)
    for y in (668, 704, 738):
        stripe = tapered(
            spline([(-10, y), (200, y - 8), (420, y + 6), (620, y - 4)]),
            15,
            start=0.6,
            end=0.8,
        )
        wash.lay(stripe, _ROSE, 0.34)
    wash.lay(blob(wash.rng, (400, 690), (170, 26)), _SHADE, 0.75, soft=6)


def _jug(wash: _Wash) -> None:
    body = spline(
        [
            (226, 470),
            (306, 482),
            (386, 470),
            (382, 520),
            (410, 580),
            (396, 660),
            (306, 684),
            (216, 660),
            (202, 580),
            (230, 520),
        ],
        closed=True,
    )
    wash.lift(body)
    wash.lay(body, _BLUE, 0.42)
    shade = spline(
        [
            (330, 486),
            (384, 474),
            (380, 520),
            (408, 580),
            (394, 658),
            (320, 680),
            (364, 600),
        ],
        closed=True,
    )
    wash.lay(shade, _VIOLET, 0.55)
    wash.lay(shade, _BLUE, 0.5, soft=5)
    for y in (520, 636):
        band = tapered(
            spline([(214, y), (306, y + 13), (398, y)]), 9, start=0.8, end=0.8
        )
        wash.lay(band, _BLUE, 1.0)
    handle = tapered(
        spline([(396, 506), (456, 510), (464, 570), (402, 620)]), 17, start=0.8, end=0.7
    )
    wash.lay(handle, _BLUE, 0.6)


def _leaf(wash: _Wash, number: int) -> None:
    rng = wash.rng
    angle = rng.uniform(-2.9, -0.25)
    reach = rng.uniform(60, 250)
    foot = (
        306 + 0.6 * reach * math.cos(angle),
        400 + 0.9 * reach * math.sin(angle) * 0.9,
    )
    long, bend = rng.uniform(60, 130), rng.uniform(-0.5, 0.5)
    points = []
    for step in range(4):
        turn = angle + bend * step / 3
        points.append(
            (
                foot[0] + long * step / 3 * math.cos(turn),
                foot[1] + long * step / 3 * math.sin(turn),
            )
        )
    shape = tapered(spline(points), rng.uniform(12, 34), start=0.15, end=0.05)
    tone = (_SAP, _PINE, _SAP, _SHADE)[number % 4]
    wash.lay(shape, tone, rng.uniform(0.4, 0.9))


def _stalk(wash: _Wash, flower: Point) -> None:
    middle = (0.5 * (flower[0] + 306), 0.5 * (flower[1] + 500) - 10)
    shape = tapered(spline([flower, middle, (306, 500)]), 6, start=0.6, end=1)
    wash.lay(shape, _PINE, 0.9)


def _flower(wash: _Wash, at: Point, size: float, tone: Colour) -> None:
    """Petals laid over each other, a second wet touch, and a dark heart."""
    rng = wash.rng
    wash.lift(blob(rng, at, (0.86 * size, 0.76 * size), wobble=0.1))
    petals = 6 if size > 45 else 5
    start = rng.uniform(0, math.pi)
    for number in range(petals):
        angle = start + number * 2 * math.pi / petals
        centre = (
            at[0] + 0.5 * size * math.cos(angle),
            at[1] + 0.44 * size * math.sin(angle),
        )
        petal = blob(rng, centre, (0.62 * size, 0.44 * size), wobble=0.2, turn=angle)
        wash.lay(petal, tone, rng.uniform(0.45, 0.85))
        near = (
            at[0] + 0.3 * size * math.cos(angle),
            at[1] + 0.27 * size * math.sin(angle),
        )
        wash.lay(
            blob(rng, near, (0.34 * size, 0.18 * size), turn=angle), tone, 0.7, soft=4
        )
    heart = _PINE if tone == _YELLOW else _VIOLET if tone != _BLUE else _YELLOW
    wash.lay(blob(rng, at, (0.2 * size, 0.18 * size)), heart, 1.5)
    for _ in range(12):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0.22, 0.42) * size
        dot = (at[0] + reach * math.cos(angle), at[1] + reach * math.sin(angle))
        wash.lay(blob(rng, dot, (2.6, 2.6), knots=6), heart, 1.6)


def _splashes(wash: _Wash) -> None:
    rng = wash.rng
    tones = (_ROSE, _BLUE, _VIOLET, _YELLOW, _SAP)
    for number in range(64):
        x, y = rng.normal(306, 190), rng.normal(330, 200)
        radius = float(rng.exponential(3.2)) + 1.2
        wash.lay(blob(rng, (x, y), (radius, radius), knots=7), tones[number % 5], 0.7)
