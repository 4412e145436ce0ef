"""A photo-like scene and a painting, drawn at any size, the same on every machine.

The yardsticks must not depend on pictures that not everyone has. A lake at dusk has
what photos have: smooth gradients, haze, texture that gets finer with distance, sharp
outlines. The painting is some thousand strokes along a whirling field, in a palette
of its own, with bristles that catch the light.
"""

from __future__ import annotations

import math
import random
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Field = NDArray[np.float64]
"""`(H, W)`."""
Pixels = NDArray[np.float64]
"""`(H, W, 3)` RGB in [0, 1]."""
Colour = tuple[float, float, float]

_OVERSAMPLING: Final = 2
_HORIZON: Final = 0.62
_SUN: Final = (0.60, 0.33)


def pair(edge_px: int) -> tuple[Image.Image, Image.Image]:
    """Content and style, each `edge_px` × `edge_px`."""
    return scene(edge_px), painting(edge_px)


def scene(edge_px: int) -> Image.Image:
    """A lake at dusk between mountains, with a tree in front."""
    side = edge_px * _OVERSAMPLING
    y, x = (np.mgrid[0:side, 0:side] + 0.5) / side
    pixels = _sky(x, y)
    for distance in range(4):
        _paint_range(pixels, x, y, distance)
    _mirror(pixels, x, y)
    _paint_shore(pixels, x, y)
    canvas = _image(pixels)
    _draw_tree(canvas)
    return _with_grain(canvas.resize((edge_px, edge_px), Image.Resampling.LANCZOS))


def painting(edge_px: int) -> Image.Image:
    """Whirls of thick strokes, ultramarine to yellow."""
    side = edge_px * _OVERSAMPLING
    canvas = Image.new("RGB", (side, side), (52, 60, 92))
    draw = ImageDraw.Draw(canvas)
    chance = random.Random(1889)  # noqa: S311 - draws pictures, guards nothing
    for width, length, count in ((0.034, 0.16, 700), (0.018, 0.10, 1700)):
        for _ in range(count):
            _stroke(draw, side, chance, width, length)
    return canvas.resize((edge_px, edge_px), Image.Resampling.LANCZOS)


def _mix(a: Colour | Pixels, b: Colour | Pixels, share: Field | float) -> Pixels:
    weight = np.asarray(share)[..., None]
    mixed: Pixels = np.asarray(a) * (1 - weight) + np.asarray(b) * weight
    return mixed


def _smoothstep(low: float, high: float, x: Field) -> Field:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))


def _noise(x: Field, y: Field, seed: int) -> Field:
    """Value noise in [0, 1] on a lattice of 1: a function of place, not of pixels."""
    lattice = np.random.default_rng(seed).random((64, 64))
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = _smoothstep(0, 1, x - column), _smoothstep(0, 1, y - row)

    def at(down: int, right: int) -> Field:
        return np.asarray(lattice[(row + down) % 64, (column + right) % 64])

    top = at(0, 0) * (1 - u) + at(0, 1) * u
    bottom = at(1, 0) * (1 - u) + at(1, 1) * u
    return np.asarray(top * (1 - v) + bottom * v)


def _fractal(x: Field, y: Field, seed: int, octaves: int = 6) -> Field:
    """Octaves of noise, each twice as fine and half as strong; about [0, 1]."""
    parts = [_noise(x * 2**k, y * 2**k, seed + k) / 2**k for k in range(octaves)]
    return np.asarray(sum(parts) / sum(2.0**-k for k in range(octaves)))


def _sky(x: Field, y: Field) -> Pixels:
    height = _smoothstep(0.0, _HORIZON, y)
    sky = _mix((0.16, 0.27, 0.50), (0.96, 0.72, 0.48), height)
    distance = np.hypot(x - _SUN[0], (y - _SUN[1]) * 1.1)
    sky = _mix(sky, (1.0, 0.93, 0.72), np.exp(-((distance / 0.16) ** 2)) * 0.8)
    sky = _mix(sky, (1.0, 0.98, 0.90), 1 - _smoothstep(0.035, 0.042, distance))
    cover = _fractal(x * 3 + y, y * 9, 11)
    clouds = _smoothstep(0.50, 0.72, cover) * (1 - 0.6 * height)
    lit = _mix((0.44, 0.40, 0.52), (1.0, 0.82, 0.68), _fractal(x * 4, y * 14, 23))
    return _mix(sky, lit, clouds * 0.9)


def _paint_range(pixels: Pixels, x: Field, y: Field, distance: int) -> None:
    """Mountains; the first range is the farthest, and haze lies before it."""
    nearness = distance / 3
    ridge = _fractal(x * (2 + distance), np.zeros_like(x), 40 + 10 * distance, 7)
    top = _HORIZON - (0.34 - 0.08 * distance) * ridge - 0.02
    rock = _fractal(x * 14, y * 20 + x * 6, 90 + distance)
    shade = _mix((0.10, 0.13, 0.14), (0.42, 0.38, 0.33), rock)
    snow = _smoothstep(0.05, 0.0, y - top) * _smoothstep(0.45, 0.6, rock)
    shade = _mix(shade, (0.93, 0.90, 0.92), snow * (1 - nearness))
    hazy = _mix(shade, (0.72, 0.62, 0.62), 0.75 * (1 - nearness) ** 1.2)
    inside = _smoothstep(-0.001, 0.001, y - top)
    pixels[:] = _mix(pixels, hazy, inside)


def _mirror(pixels: Pixels, x: Field, y: Field) -> None:
    """The lake: what is above the horizon, upside down, broken by ripples."""
    side = len(pixels)
    depth = y - _HORIZON
    ripples = _fractal(x * 9, 6 / (depth.clip(0.004) + 0.06), 7) - 0.5
    rows = np.clip((_HORIZON - depth * 0.95 + ripples * depth * 0.35) * side, 0, None)
    columns = np.clip((x + ripples * depth * 0.12) * side, 0, side - 1)
    seen = pixels[rows.astype(int).clip(0, side - 1), columns.astype(int)]
    water = _mix(
        seen * 0.86, (0.10, 0.18, 0.26), 0.25 + 0.4 * _smoothstep(0, 0.4, depth)
    )
    glint = _smoothstep(0.16, 0.24, ripples) * np.exp(-(((x - _SUN[0]) / 0.1) ** 2))
    water = _mix(water, (1.0, 0.88, 0.66), glint)
    pixels[:] = _mix(pixels, water, (depth > 0).astype(float))


def _paint_shore(pixels: Pixels, x: Field, y: Field) -> None:
    edge = 0.93 - 0.16 * (1 - x) ** 2 + 0.05 * (_fractal(x * 5, y * 0, 3) - 0.5)
    stones = _fractal(x * 26, y * 40, 31, 5)
    grass = _fractal(x * 63, y * 24 + x * 9, 57, 4)
    ground = _mix((0.09, 0.10, 0.06), (0.55, 0.47, 0.33), stones**1.6)
    ground = _mix(ground, (0.36, 0.43, 0.14), _smoothstep(0.5, 0.7, grass) * 0.8)
    pixels[:] = _mix(pixels, ground, _smoothstep(-0.002, 0.002, y - edge))


def _draw_tree(canvas: Image.Image) -> None:
    """A bare tree against the sky, grown by a rule."""
    side = canvas.width
    draw = ImageDraw.Draw(canvas)
    chance = random.Random(7)  # noqa: S311 - draws pictures, guards nothing

    def grow(x: float, y: float, angle: float, length: float, depth: int) -> None:
        if depth == 0:
            return
        x2, y2 = x + length * math.cos(angle), y - length * math.sin(angle)
        width = max(1, round(side * 0.0022 * 1.38**depth))
        line = (x * side, y * side, x2 * side, y2 * side)
        draw.line(line, fill=(34, 26, 24), width=width)
        for turn in (-0.42, 0.38):
            bend = turn * chance.uniform(0.5, 1.5)
            grow(x2, y2, angle + bend, length * chance.uniform(0.70, 0.88), depth - 1)

    grow(0.19, 0.90, 1.62, 0.15, 9)


def _with_grain(image: Image.Image) -> Image.Image:
    """A camera's noise, which belongs to pixels and not to places."""
    pixels = np.asarray(image) / 255
    grain = np.random.default_rng(3).normal(0, 0.012, pixels.shape)
    return _image(pixels + grain)


def _flow(x: float, y: float) -> tuple[float, float]:
    """Where a stroke runs, in radians, and how near the eye of a whirl it is."""
    angle, nearness = 0.35 * math.sin(5 * x + 2 * y), 0.0
    for cx, cy, radius, turn in (
        (0.30, 0.30, 0.30, 1.0),
        (0.76, 0.44, 0.24, -1.0),
        (0.46, 0.80, 0.26, 1.0),
    ):
        dx, dy = x - cx, y - cy
        pull = math.exp(-(dx * dx + dy * dy) / (radius * radius))
        around = math.atan2(dy, dx) + turn * math.pi / 2
        gap = math.remainder(around - angle, 2 * math.pi)
        angle += min(1.0, 1.6 * pull) * gap
        nearness = max(nearness, pull)
    return angle, nearness


_NIGHT: Final[tuple[Colour, ...]] = (
    (0.08, 0.13, 0.36),
    (0.13, 0.26, 0.58),
    (0.24, 0.45, 0.72),
    (0.12, 0.38, 0.42),
    (0.62, 0.76, 0.80),
)
_LIGHT: Final[tuple[Colour, ...]] = (
    (0.98, 0.83, 0.24),
    (0.95, 0.62, 0.16),
    (0.99, 0.94, 0.66),
    (0.80, 0.34, 0.14),
)


def _stroke(
    draw: ImageDraw.ImageDraw,
    side: int,
    chance: random.Random,
    width: float,
    length: float,
) -> None:
    """One stroke of a flat brush: parallel bristles along the field."""
    x, y = chance.uniform(-0.05, 1.05), chance.uniform(-0.05, 1.05)
    _, nearness = _flow(x, y)
    palette = _LIGHT if chance.random() < nearness**3 * 0.95 + 0.03 else _NIGHT
    base = chance.choice(palette)
    tone = chance.uniform(0.82, 1.15)
    path = _path(x, y, length * chance.uniform(0.5, 1.2))
    bristles = 7
    for bristle in range(bristles):
        offset = (bristle / (bristles - 1) - 0.5) * width
        # Light falls from one side: a ridge, the paint's body, a groove.
        light = tone * chance.uniform(0.86, 1.14) + (0.16 if bristle == 0 else 0.0)
        light -= 0.22 if bristle == bristles - 1 else 0.0
        colour = tuple(min(255, max(0, round(255 * each * light))) for each in base)
        line = [
            ((px - offset * math.sin(a)) * side, (py + offset * math.cos(a)) * side)
            for px, py, a in path[: chance.randint(max(2, len(path) - 3), len(path))]
        ]
        thickness = max(1, round(side * width / (bristles - 1) * 1.3))
        draw.line(line, fill=colour, width=thickness, joint="curve")


def _path(x: float, y: float, length: float) -> list[tuple[float, float, float]]:
    """Points along the field from (x, y), each with its direction."""
    steps = 9
    path = []
    for _ in range(steps):
        angle, _ = _flow(x, y)
        path.append((x, y, angle))
        x += math.cos(angle) * length / steps
        y += math.sin(angle) * length / steps
    return path


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.rint(pixels.clip(0, 1) * 255).astype(np.uint8))
