"""Outlines: splines, ridges, blobs, and masks of them with smooth edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from .fields import Field, Size

Point = tuple[float, float]
_FINER = 3
"""Masks are drawn so much larger, for smooth edges."""


def spline(points: Sequence[Point], *, closed: bool = False, steps: int = 12) -> Field:
    """A smooth curve through the points, `(N, 2)`."""
    given = np.asarray(points, np.float32)
    ends = (given[-1:], given[:2]) if closed else (given[:1], given[-1:])
    knots = np.concatenate((ends[0], given, ends[1]))
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, None]
    parts = []
    for number in range(len(knots) - 3):
        a, b, c, d = knots[number : number + 4]
        bend = 2 * a - 5 * b + 4 * c - d
        parts.append(
            0.5 * (2 * b + (c - a) * t + bend * t**2 + (3 * b - 3 * c + d - a) * t**3)
        )
    return np.concatenate(parts if closed else [*parts, given[-1:]])


def blob(
    rng: np.random.Generator,
    centre: Point,
    radii: Point,
    *,
    wobble: float = 0.15,
    knots: int = 9,
    turn: float = 0.0,
) -> Field:
    """A closed shape that is nearly an ellipse, turned by `turn` radians."""
    angles = np.linspace(0, 2 * math.pi, knots, endpoint=False)
    reach = 1 + rng.uniform(-wobble, wobble, knots)
    x, y = radii[0] * reach * np.cos(angles), radii[1] * reach * np.sin(angles)
    turned_x = centre[0] + x * math.cos(turn) - y * math.sin(turn)
    turned_y = centre[1] + x * math.sin(turn) + y * math.cos(turn)
    pairs = list(zip(turned_x.tolist(), turned_y.tolist(), strict=True))
    return spline(pairs, closed=True, steps=8)


def ridge(rng: np.random.Generator, width: int, bumps: float, octaves: int) -> Field:
    """A skyline: heights in [0, 1] for each of `width` columns."""
    heights = np.zeros(width)
    for octave in range(octaves):
        count = max(2, round(bumps * 2**octave) + 2)
        knots = rng.random(count)
        places = np.linspace(0, width, count)
        heights += np.interp(np.arange(width), places, knots) * 0.5**octave
    soft = np.convolve(np.pad(heights, 4, mode="edge"), np.ones(9) / 9, "valid")
    return np.asarray((soft - soft.min()) / (soft.max() - soft.min()), np.float32)


def flat(points: Field) -> list[float]:
    """Points as Pillow takes them."""
    return np.asarray(points, np.float32).ravel().tolist()


def mask(size: Size, *outlines: Field) -> Image.Image:
    """What lies inside any of the outlines, white with smooth edges."""
    large = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    pen = ImageDraw.Draw(large)
    for outline in outlines:
        pen.polygon(flat(outline * _FINER), fill=255)
    return large.resize(size, Image.Resampling.BOX)


def tapered(points: Field, widest: float, *, start: float, end: float) -> Field:
    """The outline of a stroke: as wide as `start` and `end` shares at its ends."""
    along = np.gradient(points, axis=0)
    across = np.stack((-along[:, 1], along[:, 0]), -1)
    across /= np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-6
    t = np.linspace(0, 1, len(points))
    share = np.interp(t, (0, 0.5, 1), (start, 1, end))
    half = (0.5 * widest * share)[:, None] * across
    return np.concatenate((points + half, (points - half)[::-1]))


def distances(size: Size, outlines: Sequence[Field], reach: int) -> Field:
    """Pixels from the nearest of some closed outlines, at most `reach`."""
    found = Image.new("L", size, reach)
    pen = ImageDraw.Draw(found)
    rings = [flat(np.concatenate((outline, outline[:2]))) for outline in outlines]
    for distance in range(reach - 1, -1, -1):
        for ring in rings:
            pen.line(ring, fill=distance, width=2 * distance + 1, joint="curve")
    return np.asarray(found, np.float32)
