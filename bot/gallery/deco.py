"""Deco: towers, sun rays and scallops in gold on midnight green."""

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
    ramp,
    smoothstep,
)
from .shapes import mask

SIZE = (560, 768)
_NIGHT: tuple[Colour, ...] = ((10, 34, 46), (16, 66, 76), (34, 110, 106))
_GOLD: tuple[Colour, ...] = (
    (110, 70, 24),
    (196, 140, 52),
    (250, 218, 140),
    (214, 158, 64),
)
_ROSE: Colour = (214, 96, 78)
_CREAM: Colour = (250, 234, 204)
_INK: Colour = (10, 20, 30)
_SUN = (280.0, 404.0)
_TOWERS = (
    # middle, half widths from the foot up, heights of the steps
    (280.0, (74, 60, 44, 28, 12, 3), (250, 80, 62, 48, 36, 54)),
    (142.0, (56, 42, 26, 10), (210, 66, 46, 40)),
    (418.0, (56, 42, 26, 10), (210, 66, 46, 40)),
    (46.0, (48, 34, 18), (150, 52, 34)),
    (514.0, (48, 34, 18), (150, 52, 34)),
)
_ORDER = (3, 4, 1, 2, 0)
_GROUND = 640


def draw() -> Image.Image:
    """The poster, `SIZE` RGB."""
    rng = np.random.default_rng(131)
    pixels, gold = _sky(rng)
    for number in _ORDER:
        pixels, lines = _tower(pixels, *_TOWERS[number])
        gold = np.maximum(gold * (1 - lines[1]), lines[0])
    pixels, gold = _scallops(pixels, gold)
    pixels, gold = _frame(pixels, gold)
    return _gilded(rng, pixels, np.clip(gold, 0, 1))


def _sky(rng: np.random.Generator) -> tuple[Field, Field]:
    """Rays that fade outwards, each shaded from one edge; and their golden edges."""
    x, y = axes(SIZE)
    dx, dy = x - _SUN[0], y - _SUN[1]
    distance, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
    ray = (angle / math.pi + 1) * 17
    share = ray - np.floor(ray)
    even = np.floor(ray) % 2
    tone = np.clip(0.25 + 0.55 * share * even + 0.2 * np.exp(-distance / 180), 0, 1)
    pixels = ramp(tone, _NIGHT)
    glow = np.exp(-np.clip(distance - 120, 0, None) / 95)
    pixels = blend(pixels, (238, 150, 92), 0.72 * glow * (0.55 + 0.45 * share))
    disc = smoothstep(142, 140, distance)
    bands = 0.5 + 0.5 * np.cos(distance / 142 * math.pi)
    pixels = blend(pixels, ramp(bands, ((206, 84, 68), (244, 168, 98), _CREAM)), disc)
    rim = smoothstep(2.2, 1.0, np.abs(distance - 143)) + smoothstep(
        1.5, 0.7, np.abs(distance - 152)
    )
    edge = np.minimum(share, 1 - share) * distance * math.pi / 17
    edges = smoothstep(1.6, 0.6, edge) * (distance > 160)
    stars = smoothstep(0.9985, 0.9995, rng.random((SIZE[1], SIZE[0]))) * (
        distance > 230
    )
    return pixels, np.maximum(np.maximum(rim, edges), blurred(stars, 1) * 3)


def _tower(
    pixels: Field, middle: float, halves: tuple[int, ...], heights: tuple[int, ...]
) -> tuple[Field, tuple[Field, Field]]:
    """A stepped tower; also its golden lines and what it covers."""
    x, y = axes(SIZE)
    gold, cover = np.zeros_like(x), np.zeros_like(x)
    low = float(_GROUND)
    for half, tall in zip(halves, heights, strict=True):
        top = low - tall
        left, right = middle - half, middle + half
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= low)
        place = (x - left) / (2 * half)
        fold = np.abs(place * max(2, half // 7) % 1 - 0.5) * 2
        shade = np.clip(
            0.10
            + 0.5 * (1 - (y - top) / tall) * 0.6
            + 0.32 * fold
            + 0.2 * (x < middle),
            0,
            1,
        )
        stone = ramp(shade, (_INK, (22, 58, 70), (92, 150, 140), (226, 206, 160)))
        pixels = blend(pixels, stone, inside.astype(np.float32))
        gold = np.where(inside, 0, gold)
        gold = np.maximum(gold, _outline(x, y, (left, top, right, low)))
        ribs = (
            smoothstep(1.2, 0.5, np.abs(fold - 1) * half / max(2, half // 7)) * inside
        )
        gold = np.maximum(gold, 0.6 * ribs)
        lamps = (
            (np.sin(y / 4.6) > 0.55)
            & (fold < 0.36)
            & (np.sin(y / 37 + place * 9) > -0.3)
        )
        pixels = blend(pixels, (255, 214, 120), 0.85 * (lamps & inside & (y > top + 8)))
        cover = np.maximum(cover, inside)
        low = top
    return pixels, (gold, cover)


def _outline(x: Field, y: Field, box: tuple[float, float, float, float]) -> Field:
    left, top, right, low = box
    away = np.maximum(np.maximum(left - x, x - right), np.maximum(top - y, y - low))
    return smoothstep(2.0, 0.8, np.abs(away))


def _scallops(pixels: Field, gold: Field) -> tuple[Field, Field]:
    """Fans in rows at the foot, each over the one above."""
    x, y = axes(SIZE)
    radius = 44.0
    for row in range(6):
        level = _GROUND + 24 * row + 20
        shift = radius * (row % 2)
        column = np.floor((x - shift) / (2 * radius))
        u = x - shift - (column + 0.5) * 2 * radius
        v = y - level - 8
        distance = np.hypot(u, v)
        inside = (distance < radius) & (v < 12)
        ribs = np.abs(np.sin(np.arctan2(v, u) * 9))
        tone = np.clip(distance / radius * 0.8 + 0.16 * ribs, 0, 1)
        stops = (
            ((10, 26, 36), (16, 74, 84), (60, 140, 128))
            if (row + 1) % 3
            else ((66, 26, 34), (150, 58, 54), (226, 130, 96))
        )
        pixels = blend(pixels, ramp(tone, stops), inside.astype(np.float32))
        gold = np.where(inside, 0, gold)
        for ring in (radius - 1.5, radius * 0.74, radius * 0.42):
            arc = smoothstep(2.0, 0.8, np.abs(distance - ring)) * (v < 12)
            gold = np.maximum(gold, arc * (distance < radius))
        gold = np.maximum(
            gold,
            smoothstep(0.16, 0.05, ribs) * 0.7 * (inside & (distance > radius * 0.42)),
        )
    return pixels, gold


def _frame(pixels: Field, gold: Field) -> tuple[Field, Field]:
    """A dark border with stepped corners and three golden lines."""
    x, y = axes(SIZE)
    u, v = np.minimum(x, SIZE[0] - 1 - x), np.minimum(y, SIZE[1] - 1 - y)
    away = np.minimum(u, v)
    for step, reach in ((58, 40), (76, 30)):
        away = np.minimum(away, np.maximum(u - step, v - step) + reach)
    border = smoothstep(27, 25, away)
    pixels = blend(pixels, _INK, border)
    gold = gold * (1 - border)
    for place, wide in ((26, 2.4), (18, 1.2), (10, 3.4)):
        gold = np.maximum(gold, smoothstep(wide, wide - 1.2, np.abs(away - place)))
    diamond = np.zeros_like(x)
    for cy in (150.0, 384.0, 618.0):
        diamond = np.maximum(diamond, smoothstep(15, 13, u + np.abs(y - cy) * 0.6))
    corners = np.asarray([(280, 26), (304, 54), (280, 82), (256, 54)], np.float32)
    return pixels, np.maximum(np.maximum(gold, diamond), pixels_of(mask(SIZE, corners)))


def _gilded(rng: np.random.Generator, pixels: Field, gold: Field) -> Image.Image:
    """Leaf that mirrors a bright room, on matt sprayed colour."""
    x, y = axes(SIZE)
    leaf = 0.5 + 0.5 * np.sin(x / 83 + y / 57 + 2.4 * fractal(rng, SIZE, (4, 5), 4))
    leaf = np.clip(leaf + 0.22 * (fractal(rng, SIZE, (90, 120), 2) - 0.5), 0, 1)
    relief = 0.35 * light(blurred(gold, 1) * 30, 16)
    metal = ramp(leaf, _GOLD) * (1 + relief)[..., None]
    sprayed = pixels * (1 + 0.11 * grain(rng, SIZE))[..., None]
    sprayed = sprayed * (0.92 + 0.16 * fractal(rng, SIZE, (4, 5), 3))[..., None]
    shade = np.roll(blurred(gold, 2), (2, 1), (0, 1)) * (1 - gold)
    return image_of(blend(sprayed * (1 - 0.4 * shade)[..., None], metal, gold))
