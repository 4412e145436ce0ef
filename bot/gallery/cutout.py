"""Cut-out: leaves, birds and a sun of painted paper, cut with scissors and glued."""

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
)
from .shapes import Point, mask, spline

SIZE = (704, 704)
_PANELS: tuple[tuple[Colour, ...], ...] = (
    ((242, 140, 40), (30, 74, 160), (236, 228, 206)),
    ((236, 228, 206), (226, 74, 112), (20, 120, 96)),
    ((36, 44, 90), (246, 196, 50), (206, 50, 44)),
)
_LEAVES: tuple[Colour, ...] = (
    (18, 106, 84),
    (240, 232, 214),
    (24, 62, 146),
    (220, 60, 40),
    (250, 190, 40),
    (110, 50, 120),
)


def draw() -> Image.Image:
    """The picture, `SIZE` RGB."""
    rng = np.random.default_rng(113)
    pixels = _panels(rng)
    pixels = _glue(rng, pixels, _sun((176, 172), 92, 17), (250, 204, 60))
    pixels = _glue(rng, pixels, _sun((176, 172), 46, 11), (226, 70, 44))
    for number, (x, y, size, turn, fingers, tone) in enumerate(_fronds()):
        leaf = _frond(rng, (x, y), size, turn, fingers + number % 2)
        pixels = _glue(rng, pixels, leaf, _LEAVES[tone])
    for x, y, size, turn, tone in (
        (472, 118, 1.0, -0.25, 1),
        (590, 360, 0.8, 0.2, 4),
        (360, 338, 0.72, -0.6, 1),
    ):
        pixels = _glue(rng, pixels, _bird((x, y), size, turn), _LEAVES[tone])
    for x, y, radius, tone in (
        (84, 350, 17, 3),
        (632, 92, 15, 3),
        (330, 640, 16, 4),
        (470, 470, 13, 1),
    ):
        pixels = _glue(rng, pixels, _pebble(rng, (x, y), radius), _LEAVES[tone])
    return image_of(pixels + 2.2 * grain(rng, SIZE)[..., None])


def _panels(rng: np.random.Generator) -> Field:
    """Nine sheets of paper that do not quite meet."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 240, np.float32)
    step = SIZE[0] / 3
    for row in range(3):
        for column in range(3):
            x, y = column * step, row * step
            corners = [(x, y), (x + step, y), (x + step, y + step), (x, y + step)]
            loose = np.asarray(corners, np.float32) + rng.uniform(-5, 5, (4, 2))
            pixels = _glue(rng, pixels, loose.astype(np.float32), _PANELS[row][column])
    return pixels


def _fronds() -> tuple[tuple[float, float, float, float, int, int], ...]:
    """Foot x and y, size, turn, fingers, number of the colour."""
    return (
        (130, 690, 250, -1.75, 7, 0),
        (352, 700, 236, -1.5, 7, 2),
        (600, 690, 260, -1.35, 8, 0),
        (690, 250, 170, -2.5, 5, 2),
        (20, 480, 150, -0.5, 5, 5),
        (330, 250, 130, -1.1, 4, 3),
        (668, 520, 120, -2.6, 4, 3),
        (236, 470, 110, -2.1, 4, 4),
    )


def _frond(
    rng: np.random.Generator, foot: Point, size: float, turn: float, fingers: int
) -> Field:
    """A weed: a stem whose rounded fingers bend like flames, to both sides."""
    left: list[Point] = []
    right: list[Point] = []
    for number in range(fingers):
        share = (number + 0.6) / (fingers + 0.4)
        reach = 0.36 * size * math.sin(math.pi * (0.24 + 0.66 * share))
        for side, made in ((-1, left), (1, right)):
            stem = share * size
            long = reach * rng.uniform(0.8, 1.15)
            half = 0.30 * size / fingers
            rise = 0.42 * long
            made += [
                (stem - 0.9 * half, side * 0.030 * size),
                (stem + rise - half, side * 0.72 * long),
                (stem + rise + 0.5 * half, side * long),
                (stem + rise + 1.2 * half, side * 0.78 * long),
                (stem + 0.9 * half, side * 0.034 * size),
            ]
    tip = [(1.02 * size, -0.05 * size), (1.17 * size, 0.0), (1.02 * size, 0.05 * size)]
    outline = [(0.0, -0.035 * size), *left, *tip, *right[::-1], (0.0, 0.035 * size)]
    return _turned(spline(outline, closed=True, steps=6), foot, turn)


def _bird(at: Point, size: float, turn: float) -> Field:
    points: list[Point] = [
        (-96, 4),
        (-62, -10),
        (-24, -20),
        (-30, -74),
        (2, -96),
        (26, -40),
        (54, -24),
        (80, -34),
        (106, -18),
        (84, -8),
        (52, 14),
        (10, 26),
        (-8, 66),
        (-36, 74),
        (-34, 26),
        (-70, 22),
    ]
    return _turned(spline(points, closed=True, steps=8) * size, at, turn)


def _sun(at: Point, radius: float, rays: int) -> Field:
    points = []
    for number in range(2 * rays):
        reach = radius * (1.0 if number % 2 else 0.66)
        angle = number * math.pi / rays
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    return _turned(spline(points, closed=True, steps=6), at, 0.1)


def _pebble(rng: np.random.Generator, at: Point, radius: float) -> Field:
    angles = np.linspace(0, 2 * math.pi, 7, endpoint=False)
    reach = radius * rng.uniform(0.7, 1.3, 7)
    points = np.stack((reach * np.cos(angles), reach * np.sin(angles)), -1)
    return _turned(spline(points.tolist(), closed=True), at, 0.0)


def _turned(outline: Field, at: Point, turn: float) -> Field:
    cos, sin = math.cos(turn), math.sin(turn)
    turned = outline @ np.asarray([[cos, sin], [-sin, cos]], np.float32)
    return np.asarray(turned + np.asarray(at, np.float32), np.float32)


def _glue(
    rng: np.random.Generator, pixels: Field, outline: Field, tone: Colour
) -> Field:
    """A sheet painted with a broad brush, cut out; it lifts a little at its edge."""
    turn = float(rng.uniform(0, math.pi))
    cover = pixels_of(mask(SIZE, outline))
    shadow = np.roll(blurred(cover, 3), (4, 3), (0, 1))
    pixels = pixels * (1 - 0.36 * shadow * (1 - cover))[..., None]
    x, y = axes(SIZE)
    across = y * math.cos(turn) - x * math.sin(turn)
    phase = 14 * fractal(rng, SIZE, (3, 3), 3)
    bristle = np.sin(across * 0.9 + phase) + 0.7 * np.sin(across * 2.3 + 2 * phase)
    patch = fractal(rng, SIZE, (5, 5), 4) - 0.5
    painted = (
        np.asarray(tone, np.float32) * (1 + 0.045 * bristle + 0.22 * patch)[..., None]
    )
    edge = 0.30 * light(blurred(cover, 1) * 22, 10)
    return blend(pixels, painted * (1 + edge)[..., None], cover)
