"""Cubist: a guitar, a bottle and a bowl, broken into planes and put together anew."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .fields import (
    Colour,
    Field,
    axes,
    blend,
    fractal,
    grain,
    image_of,
    light,
    pixels_of,
    sampled,
    smoothstep,
)
from .shapes import Point, flat, mask, spline

SIZE = (640, 768)
_OCHRE: Colour = (190, 138, 70)
_UMBER: Colour = (92, 62, 46)
_SAND: Colour = (222, 196, 150)
_GREY: Colour = (122, 130, 136)
_BLUE: Colour = (58, 84, 118)
_GREEN: Colour = (88, 106, 76)
_RUST: Colour = (166, 78, 46)
_BLACK: Colour = (36, 30, 32)
_WASHES: tuple[Colour, ...] = (
    _OCHRE,
    _GREY,
    _SAND,
    _BLUE,
    _GREEN,
    _UMBER,
    _RUST,
    _SAND,
)
_SMALLEST = 5200.0
"""Planes are split until they are smaller, in square pixels."""


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(163)
    scene = pixels_of(_still_life().filter(ImageFilter.GaussianBlur(1)))
    x, y = axes(SIZE)
    pixels = scene.copy()
    edges = np.zeros((SIZE[1], SIZE[0]), np.float32)
    corners = np.asarray([(0, 0), (SIZE[0], 0), SIZE, (0, SIZE[1])], np.float32)
    for number, plane in enumerate(_planes(rng, corners)):
        left, top = np.clip(plane.min(0) - 2, 0, None).astype(int)
        right, low = np.minimum(plane.max(0) + 3, SIZE).astype(int)
        part = (slice(top, low), slice(left, right))
        cover = pixels_of(mask((right - left, low - top), plane - (left, top)))
        facet, edge = _facet(rng, scene, plane, x[part], y[part], number)
        pixels[part] = blend(pixels[part], facet, cover)
        edges[part] = np.maximum(edges[part], edge * cover)
    pixels = blend(pixels, _BLACK, 0.62 * edges)
    pixels = _signs(rng, pixels)
    return _brushed(rng, pixels)


def _planes(rng: np.random.Generator, polygon: Field) -> list[Field]:
    """Splits a polygon by slanting lines until its parts are small."""
    area = _area(polygon)
    if area < _SMALLEST or (area < 6 * _SMALLEST and rng.random() < 0.12):
        return [polygon]
    middle = polygon.mean(0) + rng.normal(0, 0.07 * math.sqrt(area), 2)
    spread = np.linalg.svd(polygon - polygon.mean(0))[2][0]
    turn = (
        math.atan2(float(spread[1]), float(spread[0]))
        + math.pi / 2
        + rng.normal(0, 0.42)
    )
    normal = np.asarray((math.sin(turn), -math.cos(turn)))
    sides = [_half(polygon, middle, normal), _half(polygon, middle, -normal)]
    return [plane for side in sides if len(side) > 2 for plane in _planes(rng, side)]


def _half(polygon: Field, middle: Field, normal: Field) -> Field:
    """The part of a convex polygon on one side of a line."""
    away = (polygon - middle) @ normal
    kept = []
    for number in range(len(polygon)):
        one, other = number, (number + 1) % len(polygon)
        if away[one] >= 0:
            kept.append(polygon[one])
        if (away[one] >= 0) != (away[other] >= 0):
            share = away[one] / (away[one] - away[other])
            kept.append(polygon[one] + (polygon[other] - polygon[one]) * share)
    return np.asarray(kept, np.float32)


def _area(polygon: Field) -> float:
    x, y = polygon[:, 0], polygon[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _facet(
    rng: np.random.Generator,
    scene: Field,
    plane: Field,
    x: Field,
    y: Field,
    number: int,
) -> tuple[Field, Field]:
    """What one plane shows: the scene turned and shifted, shaded from one edge."""
    middle = plane.mean(0)
    turn, zoom = rng.normal(0, 0.24), rng.uniform(0.8, 1.2)
    shift = rng.normal(0, 17, 2)
    cos, sin = math.cos(turn) * zoom, math.sin(turn) * zoom
    dx, dy = x - middle[0], y - middle[1]
    seen = sampled(
        scene,
        middle[0] + cos * dx - sin * dy + shift[0],
        middle[1] + sin * dx + cos * dy + shift[1],
    )
    side = int(rng.integers(len(plane)))
    one, other = plane[side], plane[(side + 1) % len(plane)]
    along = (other - one) / (np.hypot(*(other - one)) + 1e-6)
    away = np.abs((x - one[0]) * along[1] - (y - one[1]) * along[0])
    fade = np.exp(-away / rng.uniform(22, 60))
    wash = _WASHES[number % len(_WASHES)]
    facet = blend(seen, wash, np.full_like(x, rng.uniform(0.12, 0.42)))
    dark = number % 3 == 0
    facet = blend(
        facet, _BLACK if dark else (248, 232, 196), (0.62 if dark else 0.66) * fade
    )
    edge = smoothstep(3.0, 1.0, away) * rng.uniform(0.5, 1.0)
    return facet * float(rng.uniform(0.86, 1.12)), edge


def _still_life() -> Image.Image:
    picture = Image.new("RGB", SIZE, _GREY)
    pen = ImageDraw.Draw(picture)
    pen.polygon((0, 0, 250, 0, 190, 500, 0, 560), fill=_GREEN)
    pen.polygon((430, 0, 640, 0, 640, 520, 470, 480), fill=_UMBER)
    pen.polygon((-10, 540, 650, 470, 650, 780, -10, 780), fill=_SAND)
    pen.polygon((60, 600, 420, 540, 520, 700, 150, 768), fill=(238, 230, 212))
    for step in range(7):
        y = 612 + 17 * step
        pen.line((110 + 8 * step, y, 380 + 9 * step, y - 48), fill=_GREY, width=4)
    _bottle(pen)
    _guitar(pen)
    _bowl(pen)
    return picture


def _guitar(pen: ImageDraw.ImageDraw) -> None:
    body: list[Point] = [
        (262, 620),
        (190, 560),
        (178, 470),
        (232, 418),
        (222, 360),
        (262, 300),
        (330, 296),
        (372, 344),
        (366, 400),
        (430, 440),
        (446, 530),
        (398, 606),
        (330, 640),
    ]
    outline = spline(body, closed=True)
    pen.polygon(flat(outline + np.asarray((16, 12))), fill=_BLACK)
    pen.polygon(flat(outline), fill=_OCHRE)
    pen.line(flat(np.concatenate((outline, outline[:2]))), fill=_UMBER, width=9)
    pen.circle((306, 430), 44, fill=_BLACK)
    pen.circle((306, 430), 52, outline=_RUST, width=5)
    pen.polygon((284, 440, 322, 434, 352, 60, 328, 58), fill=_UMBER)
    pen.polygon((316, 70, 366, 74, 372, 12, 320, 8), fill=_BLACK)
    for fret in range(9):
        y = 110 + 30 * fret
        pen.line((318 - fret, y, 350 - 2 * fret, y + 3), fill=_SAND, width=3)
    pen.polygon((262, 552, 352, 544, 352, 562, 264, 570), fill=_BLACK)
    for string in range(4):
        pen.line(
            (286 + 11 * string, 556, 334 + 7 * string, 62),
            fill=(246, 234, 204),
            width=2,
        )


def _bottle(pen: ImageDraw.ImageDraw) -> None:
    shape = spline(
        [
            (500, 170),
            (534, 170),
            (534, 260),
            (572, 320),
            (574, 570),
            (458, 570),
            (462, 320),
            (500, 260),
        ],
        closed=True,
        steps=8,
    )
    pen.polygon(flat(shape), fill=_BLUE)
    pen.polygon((470, 330, 494, 330, 492, 560, 470, 560), fill=(150, 176, 190))
    pen.polygon((478, 410, 574, 402, 574, 500, 478, 506), fill=(238, 222, 182))
    pen.rectangle((494, 140, 540, 174), fill=_RUST)


def _bowl(pen: ImageDraw.ImageDraw) -> None:
    for x, y, tone in (
        (92, 520, _RUST),
        (150, 500, (206, 160, 60)),
        (196, 530, _GREEN),
        (124, 476, _RUST),
    ):
        pen.circle((x, y), 38, fill=tone)
        pen.circle((x - 11, y - 11), 12, fill=(244, 220, 160))
    pen.pieslice((24, 450, 256, 650), 0, 180, fill=(226, 222, 212))
    pen.arc((24, 450, 256, 650), 0, 180, fill=_BLUE, width=10)


def _signs(rng: np.random.Generator, pixels: Field) -> Field:
    """Lines that belong to several planes at once: strings, curves, print."""
    drawn = Image.new("L", SIZE)
    pen = ImageDraw.Draw(drawn)
    for points in (
        [(150, 360), (176, 470), (120, 580), (210, 660)],
        [(440, 300), (398, 390), (462, 480), (420, 610)],
        [(500, 150), (470, 260), (520, 330)],
        [(250, 90), (330, 40), (420, 96)],
    ):
        pen.line(flat(spline(points)), fill=220, width=4, joint="curve")
    for string in range(5):
        pen.line((250 + 13 * string, 640, 350 + 9 * string, 130), fill=130, width=2)
    for row in range(8):
        x = 64.0
        while x < 210:
            word = float(rng.uniform(5, 24))
            pen.rectangle((x, 664 + 11 * row, x + word, 668 + 11 * row), fill=190)
            x += word + 6
    return blend(
        pixels, _BLACK, 0.8 * pixels_of(drawn.filter(ImageFilter.GaussianBlur(0.6)))
    )


def _brushed(rng: np.random.Generator, pixels: Field) -> Image.Image:
    """Short flat touches, some upright and some lying, on a coarse canvas."""
    x, y = axes(SIZE)
    lying, upright = fractal(rng, SIZE, (40, 190), 3), fractal(rng, SIZE, (160, 48), 3)
    where = smoothstep(0.45, 0.55, fractal(rng, SIZE, (14, 17), 2))
    touch = lying + (upright - lying) * where
    weave = 0.5 * np.sin(x * 1.6) * np.sin(y * 1.6)
    shade = light(touch * 70 + 2.5 * weave, 14)
    toned = pixels * (1 + 0.26 * (touch - 0.5) + 0.12 * shade)[..., None]
    return image_of(toned + 3 * grain(rng, SIZE)[..., None])
