"""Wave: a breaker and a far white mountain, cut in wood and printed in five blocks."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from .fields import (
    Colour,
    Field,
    axes,
    blend,
    fractal,
    grain,
    image_of,
    pixels_of,
    ramp,
)
from .shapes import Point, blob, flat, mask, spline

SIZE = (768, 544)
_FINER = 2
_PAPER: Colour = (240, 228, 200)
_LINE: Colour = (24, 36, 76)
_DEEP: Colour = (34, 66, 122)
_MIDDLE: Colour = (92, 140, 178)
_PALE: Colour = (178, 204, 208)
_FOAM: Colour = (248, 242, 226)
_WOOD: Colour = (216, 172, 108)

_BACK: list[Point] = [
    (-40, 560),
    (-20, 420),
    (40, 270),
    (130, 150),
    (250, 84),
    (372, 92),
    (452, 158),
    (478, 226),
]
_FRONT: list[Point] = [
    (330, 580),
    (236, 520),
    (182, 430),
    (186, 330),
    (232, 252),
    (306, 212),
    (378, 222),
    (430, 262),
]
_SECOND_BACK: list[Point] = [
    (380, 580),
    (470, 500),
    (560, 420),
    (640, 370),
    (720, 362),
    (800, 392),
]
_SECOND_FRONT: list[Point] = [
    (520, 620),
    (560, 560),
    (610, 500),
    (670, 450),
    (730, 430),
    (810, 450),
]


def draw() -> Image.Image:
    """The print, `SIZE` RGB."""
    rng = np.random.default_rng(71)
    pixels = _sky(rng)
    block = Image.new("RGBA", (SIZE[0] * _FINER, SIZE[1] * _FINER))
    pen = _Pen(block)
    _mountain(pen)
    far = np.asarray([(-20, 396), (800, 396), (800, 580), (-20, 580)], np.float32)
    pen.shape(far, _PALE)
    _swell(rng, pen, _SECOND_BACK, _SECOND_FRONT, 9)
    _claws(rng, pen, spline(_SECOND_BACK, steps=10)[14:44], 0.55)
    _boat(pen, 560, 470, 1.0)
    _sea(rng, pen)
    _swell(rng, pen, _BACK, _FRONT, 15)
    crest = np.concatenate(
        (spline(_BACK, steps=10)[34:], spline(_FRONT, steps=10)[:56:-1])
    )
    _claws(rng, pen, crest, 1.0)
    _boat(pen, 330, 498, 0.9)
    _spray(rng, pen)
    return _printed(rng, pixels, block.resize(SIZE, Image.Resampling.BOX))


class _Pen:
    """Shapes with the carved line around them."""

    def __init__(self, picture: Image.Image) -> None:
        self._pen = ImageDraw.Draw(picture)

    def shape(self, points: Field, fill: Colour, line: float = 2.2) -> None:
        scaled = points * _FINER
        self._pen.polygon(flat(scaled), fill=fill)
        if line:
            self.line(np.concatenate((points, points[:2])), line)

    def line(self, points: Field, width: float = 2.2, tone: Colour = _LINE) -> None:
        pixels = max(1, round(width * _FINER))
        self._pen.line(flat(points * _FINER), fill=tone, width=pixels, joint="curve")


def _sky(rng: np.random.Generator) -> Field:
    """Graded by wiping the block: grey above, a warm glow on the horizon."""
    x, y = axes(SIZE)
    uneven = 0.05 * (fractal(rng, SIZE, (3, 3)) - 0.5)
    stops = ((150, 160, 172), (226, 214, 188), (244, 226, 190), (236, 196, 158))
    sky = ramp(np.clip(y / 400 + uneven, 0, 1), stops)
    sun = np.clip((34 - np.hypot(x - 664, y - 84)) / 1.5, 0, 1)
    return blend(sky, (206, 74, 52), sun)


def _mountain(pen: _Pen) -> None:
    slope = [
        (470, 420),
        (560, 352),
        (604, 300),
        (620, 292),
        (640, 296),
        (690, 346),
        (800, 420),
    ]
    pen.shape(spline(slope), (88, 116, 152))
    snow = [
        (572, 340),
        (604, 300),
        (620, 292),
        (640, 296),
        (672, 328),
        (652, 326),
        (640, 344),
        (624, 326),
        (606, 348),
        (596, 330),
    ]
    pen.shape(np.asarray(snow, np.float32), _FOAM, 1.4)


def _swell(
    rng: np.random.Generator,
    pen: _Pen,
    back: list[Point],
    front: list[Point],
    count: int,
) -> None:
    """A body of water: bands between its back and its front follow the curl."""
    outer, inner = spline(back, steps=14), spline(front, steps=14)
    places = np.linspace(0, 1, 90)
    both = [
        np.stack(
            [np.interp(places, np.linspace(0, 1, len(c)), c[:, i]) for i in (0, 1)], -1
        )
        for c in (outer, inner)
    ]
    pen.shape(np.concatenate((both[0], both[1][::-1])), _DEEP)
    shares = np.linspace(0, 1, count)
    for number in range(1, count - 1, 2):
        low = shares[number] + rng.uniform(-0.01, 0.01)
        high = low + (0.5 + 0.3 * math.sin(number)) / count
        swell = np.sin(np.linspace(0, math.pi, 90)) ** 0.5
        middle = (low + high) / 2
        one = middle + (low - middle) * swell
        other = middle + (high - middle) * swell
        edges = [
            both[0] + (both[1] - both[0]) * share[:, None] for share in (one, other)
        ]
        band = np.concatenate((edges[0], edges[1][::-1]))
        pen.shape(band, _PALE if number % 4 == 1 else _MIDDLE, 1.3)


def _claws(rng: np.random.Generator, pen: _Pen, crest: Field, size: float) -> None:
    """Foam: scallops along the crest, each ending in curled fingers."""
    along = np.gradient(crest, axis=0)
    steps = np.linspace(2, len(crest) - 3, max(8, len(crest) // 2)).astype(int)
    for layer, reach in ((0, 1.0), (1, 0.6)):
        for number, index in enumerate(steps.tolist()):
            at, way = crest[index], math.atan2(along[index, 1], along[index, 0])
            share = index / len(crest)
            radius = size * reach * (13 + 15 * share) * rng.uniform(0.8, 1.15)
            centre = (float(at[0]), float(at[1]) + layer * 6 * size)
            tone = _FOAM if (number + layer) % 3 else _PALE
            pen.shape(blob(rng, centre, (radius, radius * 0.8), turn=way), tone, 1.6)
            if share > 0.25:
                _fingers(rng, pen, centre, radius, way)


def _fingers(
    rng: np.random.Generator, pen: _Pen, at: Point, radius: float, way: float
) -> None:
    for spread in (-0.5, 0.15, 0.8):
        angle = way + spread + rng.uniform(-0.2, 0.2)
        points = []
        for step in range(5):
            reach = radius * (0.6 + 0.34 * step)
            bend = angle + 0.24 * step
            points.append(
                (at[0] + reach * math.cos(bend), at[1] + reach * math.sin(bend))
            )
        curve = spline(points, steps=4)
        widths = np.linspace(0.3 * radius, 0.06 * radius, len(curve))
        across = np.gradient(curve, axis=0)[:, ::-1] * (-1, 1)
        across /= np.hypot(across[:, 0], across[:, 1])[:, None] + 1e-6
        half = across * widths[:, None]
        pen.shape(np.concatenate((curve + half, (curve - half)[::-1])), _FOAM, 1.4)


def _sea(rng: np.random.Generator, pen: _Pen) -> None:
    x = np.linspace(-20, SIZE[0] + 20, 60)
    for level, swing, tone in (
        (486, 20, _MIDDLE),
        (512, 16, _DEEP),
        (534, 10, _MIDDLE),
    ):
        top = level + swing * np.sin(x / 74 + level) - 0.1 * (x - 384)
        outline = np.stack((x, top), -1)
        corners = np.asarray([(SIZE[0] + 20, SIZE[1] + 20), (-20, SIZE[1] + 20)])
        pen.shape(np.concatenate((outline, corners)), tone)
        for shift in (7, 13):
            pen.line(np.stack((x, top + shift), -1), 1.6, _PALE)
        for place in rng.uniform(0, SIZE[0], 16).tolist():
            y = float(np.interp(place, x, top))
            pen.shape(blob(rng, (place, y), (rng.uniform(6, 14), 5)), _FOAM, 1.2)


def _boat(pen: _Pen, x: float, y: float, size: float) -> None:
    hull = spline(
        [(-96, -22), (-40, 4), (40, 8), (110, -26), (70, 18), (-50, 18)], closed=True
    )
    place = np.asarray((x, y), np.float32)
    pen.shape(hull * size + place, _WOOD)
    for step in range(7):
        head = np.asarray((-54 + 19 * step, -4 + 0.4 * abs(step - 3)))
        angles = np.linspace(0, 2 * math.pi, 10)
        disc = np.stack((np.cos(angles), np.sin(angles)), -1) * 6.5
        pen.shape((disc + head) * size + place, (236, 214, 182), 1.2)
        back = np.asarray([(-9, 5), (9, 5), (12, 14), (-10, 14)]) + head
        pen.shape(back * size + place, _DEEP, 1.2)


def _spray(rng: np.random.Generator, pen: _Pen) -> None:
    for _ in range(120):
        x, y = rng.normal(452, 86), rng.normal(176, 74)
        radius = float(rng.exponential(1.6)) + 1.1
        if y > 100 - 0.1 * x and 240 < x < 610:
            pen.shape(blob(rng, (x, y), (radius, radius), knots=6), _FOAM, 0.8)


def _printed(rng: np.random.Generator, sky: Field, block: Image.Image) -> Image.Image:
    """Colour on paper: the grain of the plank shows, and the paper's fibres."""
    cover = pixels_of(block.getchannel("A"))
    pixels = blend(sky, pixels_of(block.convert("RGB")), cover)
    x, y = axes(SIZE)
    rings = y + 16 * fractal(rng, SIZE, (2, 6), 3) + 0.02 * x
    plank = np.sin(rings * 1.15) * 0.5 + np.sin(rings * 0.31 + 1) * 0.5
    patchy = fractal(rng, SIZE, (12, 9), 4)
    wear = np.clip(0.07 + 0.09 * plank + 0.14 * (patchy - 0.5), 0, 0.4)
    pixels = blend(pixels, _PAPER, wear)
    fibres = fractal(rng, SIZE, (90, 14), 3) + fractal(rng, SIZE, (14, 90), 3) - 1
    margin = mask(
        SIZE, np.asarray([(14, 14), (754, 14), (754, 530), (14, 530)], np.float32)
    )
    pixels = blend(
        np.broadcast_to(np.asarray(_PAPER, np.float32), pixels.shape),
        pixels,
        pixels_of(margin),
    )
    return image_of(pixels + 7 * fibres[..., None] + 2.2 * grain(rng, SIZE)[..., None])
