"""Glass: a tree of life below a sun, in leaded panes with the light behind them."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from .fields import (
    Colour,
    Field,
    Size,
    axes,
    blend,
    blurred,
    fractal,
    grain,
    image_of,
    light,
)
from .shapes import Point, blob, flat, spline, tapered

SIZE = (608, 768)
_LEAD: Colour = (26, 24, 28)
_STONE: Colour = (58, 52, 52)
_SUN: Point = (304.0, 206.0)
_SKY: tuple[Colour, ...] = (
    (24, 58, 150),
    (40, 104, 190),
    (96, 160, 214),
    (62, 60, 150),
)
_WARM: tuple[Colour, ...] = (
    (250, 190, 40),
    (240, 128, 30),
    (252, 224, 110),
    (222, 74, 36),
)
_LEAF: tuple[Colour, ...] = ((30, 120, 60), (86, 160, 50), (20, 92, 82), (160, 186, 56))
_HILL: tuple[Colour, ...] = (
    (38, 110, 84),
    (94, 148, 66),
    (130, 60, 120),
    (46, 76, 140),
)
_FRUIT: tuple[Colour, ...] = (
    (200, 30, 44),
    (232, 70, 60),
    (170, 20, 60),
    (240, 120, 60),
)
_TRUNK: tuple[Colour, ...] = ((120, 66, 44), (150, 92, 56), (96, 48, 48), (132, 76, 60))
_WATER: tuple[Colour, ...] = (
    (30, 110, 160),
    (70, 170, 196),
    (24, 78, 140),
    (140, 206, 210),
)
_PALETTES = (_SKY, _WARM, _LEAF, _HILL, _FRUIT, _TRUNK, _WATER)


def draw() -> Image.Image:
    """The window, `SIZE` RGB."""
    rng = np.random.default_rng(101)
    kinds, panes = _design(rng)
    labels = panes * len(_PALETTES) + kinds
    lead = _lead(labels)
    colours = _coloured(rng, kinds, labels)
    height = fractal(rng, SIZE, (30, 40), 4) + 0.4 * fractal(rng, SIZE, (120, 8), 2)
    behind = 0.62 + 0.5 * np.exp(-np.hypot(*_from_sun()) / 330)
    shade = light(height * 60, 16)
    streaks = fractal(rng, SIZE, (5, 60), 3)
    pixels = colours * (behind + 0.24 * shade + 0.34 * (streaks - 0.5))[..., None]
    pixels = _bubbles(rng, pixels)
    glow = blurred(pixels * (1 - lead)[..., None], 9)
    pixels = pixels * 0.84 + glow * 0.34
    return image_of(_leaded(rng, pixels, lead))


def _from_sun() -> tuple[Field, Field]:
    x, y = axes(SIZE)
    return x - _SUN[0], y - _SUN[1]


def _design(rng: np.random.Generator) -> tuple[Field, Field]:
    """The kind of glass (a number of a palette) and the pane at every pixel."""
    kinds = Image.new("L", SIZE, 0)
    coarse, fine = _cells(rng, SIZE, 62.0), _cells(rng, SIZE, 38.0)
    dx, dy = _from_sun()
    distance, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
    ring = np.digitize(distance, (46, 80, 124, 176, 236, 310))
    sectors = np.asarray((1, 8, 12, 16, 20, 24, 28))[ring]
    around = np.floor((angle / (2 * math.pi) + 0.5 + 0.04 * ring) * sectors)
    panes = (1000 + 40 * ring + around).astype(np.int64)
    kind = np.where(ring < 3, 1, 0)
    pen = ImageDraw.Draw(kinds)
    groups = _shapes(rng)
    for number, (palette, outline) in enumerate(groups):
        kinds = Image.new("L", SIZE)
        pen = ImageDraw.Draw(kinds)
        pen.polygon(flat(outline), fill=1)
        inside = np.asarray(kinds) > 0
        cells = coarse if palette in (3, 6) else fine
        own = cells if palette in (3, 5, 6) else np.zeros_like(cells)
        kind = np.where(inside, palette, kind)
        panes = np.where(inside, 3000 + 1000 * number + own, panes)
    return kind, panes


def _shapes(rng: np.random.Generator) -> list[tuple[int, Field]]:
    """Each piece of the picture: number of its palette, and outline."""
    made: list[tuple[int, Field]] = []
    x = np.arange(-20, SIZE[0] + 40, 12)
    for level, swing, palette in ((520, 40, 3), (590, 30, 3), (676, 16, 6)):
        top = level - swing * np.sin(x / 92 + level)
        ends = np.asarray([(SIZE[0] + 30, 800), (-30, 800)])
        made.append((palette, np.concatenate((np.stack((x, top), -1), ends))))
    trunk = spline([(304, 700), (296, 600), (314, 500), (300, 400)])
    made.append((5, tapered(trunk, 46, start=1.7, end=0.7)))
    for side in (-1, 1):
        for points, wide in (
            ([(304, 520), (250, 450), (170, 430), (110, 380)], 24),
            ([(304, 450), (270, 370), (200, 320), (150, 290)], 20),
            ([(302, 420), (310, 350), (300, 290), (304, 240)], 18),
        ):
            limb = [(304 + side * (px - 304), py) for px, py in points]
            made.append((5, tapered(spline(limb), wide, start=1.2, end=0.3)))
    for cx, cy in (
        (110, 372),
        (160, 286),
        (80, 440),
        (206, 424),
        (240, 330),
        (304, 262),
    ):
        for mirrored in (cx, 608 - cx):
            made += _cluster(rng, mirrored, cy)
    return made


def _cluster(rng: np.random.Generator, x: float, y: float) -> list[tuple[int, Field]]:
    """A fruit in a ring of leaves."""
    made = []
    for number in range(7):
        angle = number * 2 * math.pi / 7 + 0.3
        centre = (x + 33 * math.cos(angle), y + 33 * math.sin(angle))
        leaf = blob(rng, centre, (25, 13), wobble=0.05, turn=angle)
        made.append((2, leaf))
    made.append((4, blob(rng, (x, y), (19, 19), wobble=0.04)))
    return made


def _cells(rng: np.random.Generator, size: Size, spacing: float) -> Field:
    """The number of the nearest of some scattered points, at every pixel."""
    across, down = int(size[0] / spacing) + 3, int(size[1] / spacing) + 3
    shake = rng.uniform(0.12, 0.88, (down, across, 2))
    x, y = (axis / spacing + 1 for axis in axes(size))
    column, row = x.astype(int), y.astype(int)
    best, found = np.full(x.shape, np.inf), np.zeros(x.shape, np.int64)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            c, r = np.clip(column + i, 0, across - 1), np.clip(row + j, 0, down - 1)
            point = shake[r, c]
            away = (c + point[..., 0] - x) ** 2 + (r + point[..., 1] - y) ** 2
            nearer = away < best
            best, found = (
                np.where(nearer, away, best),
                np.where(nearer, r * across + c, found),
            )
    return found


def _lead(labels: Field) -> Field:
    """1 on the seams between panes, with soft edges."""
    seam = np.zeros(labels.shape, np.float32)
    seam[:, 1:] = labels[:, 1:] != labels[:, :-1]
    seam[1:] = np.maximum(seam[1:], labels[1:] != labels[:-1])
    return np.asarray(
        np.clip(blurred(blurred(seam, 1), 1) * 6.5 - 0.7, 0, 1), np.float32
    )


def _coloured(rng: np.random.Generator, kinds: Field, labels: Field) -> Field:
    """Each pane has a glass of its palette, a little lighter or darker."""
    numbers, where = np.unique(labels, return_inverse=True)
    where = where.reshape(labels.shape)
    palettes = np.asarray(_PALETTES, np.float32)
    choice = rng.integers(0, 4, len(numbers))
    tone = rng.uniform(0.82, 1.2, len(numbers)).astype(np.float32)
    glass = palettes[numbers % len(_PALETTES), choice] * tone[:, None]
    colours = glass[where]
    dx, dy = _from_sun()
    heart = np.hypot(dx, dy) < 46
    colours[heart & (kinds == 1)] = (255, 236, 150)
    return np.asarray(colours, np.float32)


def _bubbles(rng: np.random.Generator, pixels: Field) -> Field:
    spots = Image.new("L", SIZE)
    pen = ImageDraw.Draw(spots)
    for _ in range(420):
        x, y = rng.uniform(0, SIZE[0]), rng.uniform(0, SIZE[1])
        radius = float(rng.exponential(0.9)) + 0.5
        pen.ellipse(
            (x - radius, y - 1.6 * radius, x + radius, y + 1.6 * radius), fill=200
        )
    bright = blurred(np.asarray(spots, np.float32) / 255, 1)
    return np.asarray(pixels * (1 + 0.3 * bright[..., None]), np.float32)


def _leaded(rng: np.random.Generator, pixels: Field, lead: Field) -> Field:
    """Seams that are round and catch a little light, in an arch of stone."""
    shine = light(blurred(lead, 2) * 60, 14)
    metal = np.asarray(_LEAD, np.float32) + 46 * np.clip(shine, 0, 1)[..., None]
    pixels = pixels + (metal - pixels) * lead[..., None]
    x, y = axes(SIZE)
    middle = SIZE[0] / 2
    reach = np.where(y < middle, np.hypot(x - middle, (y - middle)), np.abs(x - middle))
    outside = np.clip((reach - (middle - 26)) / 2, 0, 1)
    outside = np.maximum(outside, np.clip((y - (SIZE[1] - 26)) / 2, 0, 1))
    rough = fractal(rng, SIZE, (40, 50), 5)
    stone = np.asarray(_STONE, np.float32) * (0.6 + 0.8 * rough)[..., None]
    stone = stone * (1 + 0.5 * light(rough * 60, 20))[..., None]
    pixels = blend(pixels, stone + 3 * grain(rng, SIZE)[..., None], outside)
    inner = np.exp(-(((reach - (middle - 27)) / 5) ** 2)) * (1 - outside)
    return blend(pixels, (10, 10, 14), 0.9 * inner)
