"""Charcoal: pears and a jug by a window, rubbed and drawn on rough paper."""

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
    pixels_of,
    smoothstep,
)
from .shapes import Point, mask, spline, tapered

SIZE = (768, 592)
_PAPER: Colour = (214, 204, 188)
_COAL: Colour = (28, 26, 28)
_CHALK: Colour = (250, 246, 236)
_LIGHT = (-0.62, -0.56, 0.55)
_TABLE = 402

_PEAR: list[Point] = [
    (0, -92),
    (18, -84),
    (26, -56),
    (40, -22),
    (62, 18),
    (58, 58),
    (26, 80),
    (-22, 82),
    (-56, 60),
    (-62, 20),
    (-42, -20),
    (-26, -56),
    (-18, -84),
]
_JUG: list[Point] = [
    (-50, -186),
    (50, -190),
    (44, -150),
    (50, -110),
    (86, -50),
    (92, 20),
    (70, 82),
    (0, 96),
    (-70, 82),
    (-92, 20),
    (-86, -50),
    (-50, -110),
    (-44, -150),
]
_APPLE: list[Point] = [
    (0, -44),
    (34, -54),
    (60, -22),
    (54, 24),
    (26, 52),
    (0, 48),
    (-26, 52),
    (-54, 24),
    (-60, -22),
    (-34, -54),
]
_THINGS = (
    # outline, x, y, size, turn, darkness of its own
    (_JUG, 330.0, 330.0, 1.32, 0.0, 0.42),
    (_PEAR, 536.0, 382.0, 1.22, 0.12, 0.12),
    (_PEAR, 176.0, 418.0, 1.0, -1.25, 0.20),
    (_APPLE, 424.0, 452.0, 1.0, 0.2, 0.34),
    (_PEAR, 640.0, 440.0, 0.9, 0.95, 0.16),
)


def draw() -> Image.Image:
    """The drawing, `SIZE` RGB."""
    rng = np.random.default_rng(97)
    dark, chalk = _room(rng)
    edges = _table_edge(rng)
    for shape, x, y, size, turn, own in _THINGS:
        outline = _placed(shape, (x, y), size, turn)
        dark = np.maximum(dark, _shadow(outline))
        inside = pixels_of(mask(SIZE, outline))
        tone, shine = _modelled(outline, inside, own)
        dark = dark + (tone - dark) * inside
        chalk = chalk * (1 - inside) + shine * inside
        edges = np.maximum(edges * (1 - 0.95 * inside), _contour(rng, outline))
    edges = np.maximum(edges, _details())
    return _on_paper(rng, dark, edges, chalk)


def _placed(shape: list[Point], at: Point, size: float, turn: float) -> Field:
    outline = spline(shape, closed=True) * size
    cos, sin = math.cos(turn), math.sin(turn)
    turned = outline @ np.asarray([[cos, sin], [-sin, cos]], np.float32)
    return np.asarray(turned + np.asarray(at, np.float32), np.float32)


def _room(rng: np.random.Generator) -> tuple[Field, Field]:
    """The wall in half shadow and a cloth with folds; darkness and chalk."""
    x, y = axes(SIZE)
    smudge = fractal(rng, SIZE, (4, 3), 4)
    beam = smoothstep(330, -60, np.abs(x - 150 - 0.5 * y))
    wall = 0.84 - 0.55 * beam + 0.22 * (smudge - 0.5)
    folds = np.sin(x / 46 + 1.6 * np.sin(y / 60) + 0.012 * y * np.sin(x / 130))
    cloth = (
        0.22
        + 0.20 * folds * smoothstep(_TABLE + 40, SIZE[1], y)
        + 0.18 * (smudge - 0.5)
    )
    cloth = cloth + 0.25 * smoothstep(300, 768, x)
    table = smoothstep(_TABLE - 2, _TABLE + 3, y + 6 * np.sin(x / 140))
    chalk = 0.5 * table * smoothstep(0.5, 1.0, folds) * smoothstep(560, 120, x)
    return wall + (cloth - wall) * table, np.asarray(chalk, np.float32)


def _shadow(outline: Field) -> Field:
    """What a thing throws on the cloth, to the right and towards us."""
    low, middle = outline[:, 1].max(), outline[:, 0].mean()
    flatter = (outline[:, 1] - low) * -0.28
    thrown = np.stack((outline[:, 0] + 2.6 * flatter + 14, low + 0.2 * flatter - 8), -1)
    wide = np.stack(
        (
            middle + 1.1 * (outline[:, 0] - middle) + 20,
            low - 8 + 0.14 * (outline[:, 1] - low + 60),
        ),
        -1,
    )
    shade = pixels_of(mask(SIZE, thrown.astype(np.float32), wide.astype(np.float32)))
    return blurred(shade, 7) * 0.86


def _modelled(outline: Field, inside: Field, own: float) -> tuple[Field, Field]:
    """Darkness and chalk of a round thing: an inflated outline in the light."""
    depth = np.zeros_like(inside)
    for radius in (5, 14, 28, 46):
        depth += blurred(inside, radius) * inside
    swollen = np.sqrt(np.clip(depth / 4 - 0.42, 0, None) / 0.58) * 92
    down, across = np.gradient(blurred(swollen, 3))
    length = np.sqrt(across**2 + down**2 + 1)
    lit = across * -_LIGHT[0] + down * -_LIGHT[1] + _LIGHT[2]
    facing = lit / length
    y = axes(SIZE)[1]
    reflected = 0.16 * smoothstep(outline[:, 1].max() - 46, outline[:, 1].max(), y)
    tone = own + 0.86 * smoothstep(0.86, -0.1, facing) - reflected
    return np.asarray(tone, np.float32), smoothstep(0.93, 0.995, facing)


def _contour(rng: np.random.Generator, outline: Field) -> Field:
    """The outline, searched for by two strokes of changing pressure."""
    strokes = []
    for _ in range(3):
        start = int(rng.integers(len(outline)))
        count = int(len(outline) * rng.uniform(0.6, 0.9))
        part = np.roll(outline, -start, 0)[:count] + rng.normal(0, 1.6, 2)
        strokes.append(tapered(part, rng.uniform(3.5, 6.5), start=0.1, end=0.3))
    return pixels_of(mask(SIZE, *(np.asarray(s, np.float32) for s in strokes))) * 0.95


def _table_edge(rng: np.random.Generator) -> Field:
    """Drawn three times over by a quick hand."""
    strokes = []
    for _ in range(3):
        y = _TABLE + rng.normal(0, 2)
        points = [(x, y + rng.normal(0, 1.5)) for x in range(-20, 800, 90)]
        strokes.append(tapered(spline(points), 2.5, start=0.3, end=1))
    return pixels_of(mask(SIZE, *strokes)) * 0.9


def _details() -> Field:
    """Stalks, and the jug's mouth and handle."""
    strokes = [
        tapered(spline([(520, 272), (524, 246), (542, 232)]), 8, start=0.8, end=1),
        tapered(spline([(86, 396), (60, 392), (44, 378)]), 7, start=0.8, end=1),
        tapered(spline([(426, 404), (430, 384), (446, 372)]), 6, start=0.6, end=1),
        tapered(spline([(710, 380), (730, 366), (748, 368)]), 6, start=0.8, end=1),
        tapered(
            spline([(266, 84), (330, 96), (394, 80), (330, 70), (266, 84)]),
            7,
            start=1,
            end=1,
        ),
        tapered(
            spline([(396, 120), (470, 120), (486, 210), (446, 262)]),
            19,
            start=0.7,
            end=0.5,
        ),
    ]
    return pixels_of(mask(SIZE, *(np.asarray(s, np.float32) for s in strokes))) * 0.9


def _on_paper(
    rng: np.random.Generator, dark: Field, edges: Field, chalk: Field
) -> Image.Image:
    """Coal stays on the teeth of the paper; where it was rubbed, it fills them."""
    y = axes(SIZE)[1]
    tooth = 0.55 * grain(rng, SIZE) + 2.6 * (fractal(rng, SIZE, (230, 180), 2) - 0.5)
    laid = 0.12 * np.sin(y * 2 * math.pi / 7)
    tooth = np.tanh(tooth + laid) * 0.5 + 0.5
    stroke = _side_strokes(rng)
    rubbed = blurred(dark, 3) * 0.46
    drawn = np.clip(dark * (0.72 + 0.5 * stroke), 0, 1)
    coal = rubbed + (1 - rubbed) * 0.92 * smoothstep(
        0.16, -0.16, tooth - 0.98 * drawn + 0.06
    )
    line = edges * smoothstep(0.95, 0.55, tooth * (1.25 - 0.4 * edges))
    pixels = (
        np.asarray(_PAPER, np.float32)
        + (5 * fractal(rng, SIZE, (5, 4)) + 7 * (tooth - 0.5))[..., None]
    )
    pixels = blend(pixels, _COAL, np.clip(np.maximum(coal, line), 0, 0.97))
    return image_of(blend(pixels, _CHALK, 0.85 * chalk * smoothstep(0.75, 0.4, tooth)))


def _side_strokes(rng: np.random.Generator) -> Field:
    """The way of the hand: broad parallel strokes from the upper right."""
    wide = (SIZE[0] + SIZE[1],) * 2
    bands = Image.fromarray(fractal(rng, wide, (6, 150), 3) - 0.5)
    turned = bands.rotate(52, Image.Resampling.BILINEAR)
    left, top = (wide[0] - SIZE[0]) // 2, (wide[1] - SIZE[1]) // 2
    return np.asarray(
        turned.crop((left, top, left + SIZE[0], top + SIZE[1])), np.float32
    )
