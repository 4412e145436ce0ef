"""Hatching: an old town on its rock above a bridge, in crossed strokes of the pen."""

from __future__ import annotations

import itertools
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
    pixels_of,
    smoothstep,
)
from .shapes import blob, flat, ridge

SIZE = (768, 576)
_FINER = 2
_LARGE = (SIZE[0] * _FINER, SIZE[1] * _FINER)
_PAPER: Colour = (244, 234, 212)
_INK: Colour = (44, 34, 40)
_LAYERS = (
    # degrees, spacing in pixels, begins at this darkness
    (42.0, 5.0, 0.14),
    (-38.0, 5.2, 0.36),
    (4.0, 4.4, 0.56),
    (84.0, 4.2, 0.72),
)


def draw() -> Image.Image:
    """The drawing, `SIZE` RGB."""
    rng = np.random.default_rng(83)
    tones, lines = _scene(rng)
    dark = 1 - pixels_of(tones.resize(_LARGE, Image.Resampling.BILINEAR))
    dark += 0.10 * (fractal(rng, _LARGE, (6, 5), 4) - 0.5)
    ink = np.zeros_like(dark)
    for degrees, spacing, begins in _LAYERS:
        ink = np.maximum(ink, _strokes(rng, dark, degrees, spacing, begins))
    ink = np.maximum(ink, pixels_of(lines))
    ink = ink * (0.82 + 0.18 * fractal(rng, _LARGE, (90, 70), 2))
    small = Image.fromarray((ink * 255).astype(np.uint8)).resize(
        SIZE, Image.Resampling.BOX
    )
    sheet = (
        np.asarray(_PAPER, np.float32)
        + 7 * (fractal(rng, SIZE, (4, 3)) - 0.5)[..., None]
    )
    sheet = sheet + 2.4 * grain(rng, SIZE)[..., None]
    return image_of(blend(sheet, _INK, pixels_of(small)))


def _strokes(
    rng: np.random.Generator, dark: Field, degrees: float, spacing: float, begins: float
) -> Field:
    """Parallel strokes that swell with the darkness, break off and start anew."""
    x, y = (axis / _FINER for axis in axes(_LARGE))
    turn = math.radians(degrees)
    across = y * math.cos(turn) - x * math.sin(turn)
    along = x * math.cos(turn) + y * math.sin(turn)
    bent = across + 5 * (fractal(rng, _LARGE, (5, 4), 3) - 0.5)
    line = np.floor(bent / spacing)
    offset = np.abs(bent / spacing - line - 0.5)
    hand = np.sin(line * 12.9898 + degrees) * 43758.5453
    hand = hand - np.floor(hand)
    breaks = np.sin(along / 13 + hand * 41) + 0.6 * np.sin(along / 5.3 + hand * 17)
    excess = dark - begins - 0.05 * (breaks + 0.4)
    half_width = np.clip(0.05 + 0.34 * excess, 0, 0.30) * (excess > 0)
    return smoothstep(0.05, -0.05, offset - half_width) * (excess > 0)


def _scene(rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """The tones at drawing size, and the outlines, finer."""
    tones = Image.new("L", SIZE, 236)
    lines = Image.new("L", _LARGE)
    pens = _Pens(rng, tones, lines)
    _sky(rng, tones)
    _far_hills(rng, pens)
    _rock(rng, pens)
    _castle(pens)
    _town(rng, pens)
    _bridge(pens)
    _water(rng, tones)
    _near_trees(rng, pens)
    return tones.filter(ImageFilter.GaussianBlur(1.0)), lines


class _Pens:
    """Fills a shape with a tone and draws its outline by an unsteady hand."""

    def __init__(
        self, rng: np.random.Generator, tones: Image.Image, lines: Image.Image
    ) -> None:
        self._rng = rng
        self._tones = ImageDraw.Draw(tones)
        self._lines = ImageDraw.Draw(lines)

    def shape(self, points: Field, tone: int, width: int = 2) -> None:
        self._tones.polygon(flat(points), fill=tone)
        self._lines.polygon(flat(points * _FINER), fill=0)
        self.line(np.concatenate((points, points[:1])), width)

    def line(self, points: Field, width: int = 2) -> None:
        for one, other in itertools.pairwise(points):
            count = max(2, int(np.hypot(*(other - one)) / 9))
            path = one + (other - one) * np.linspace(-0.01, 1.01, count)[:, None]
            path = path + self._rng.normal(0, 0.35, path.shape)
            self._lines.line(flat(path * _FINER), fill=235, width=width, joint="curve")

    def box(self, sides: tuple[float, float, float, float], tone: int) -> None:
        left, top, right, low = sides
        corners = [(left, top), (right, top), (right, low), (left, low)]
        self.shape(np.asarray(corners, np.float32), tone)


def _sky(rng: np.random.Generator, tones: Image.Image) -> None:
    clouds = fractal(rng, SIZE, (4, 4), 4)
    y = axes(SIZE)[1]
    sky = 236 - 96 * smoothstep(0.46, 0.8, clouds) * smoothstep(330, 40, y)
    tones.paste(Image.fromarray(sky.astype(np.uint8)))


def _far_hills(rng: np.random.Generator, pens: _Pens) -> None:
    for level, swing, tone in ((300, 70, 212), (330, 46, 188)):
        top = level - swing * ridge(rng, SIZE[0], 3, 4)
        x = np.arange(0, SIZE[0] + 1, 6)
        outline = np.stack((x, top[np.minimum(x, SIZE[0] - 1)]), -1)
        ends = np.asarray([(SIZE[0] + 5, 420), (-5, 420)])
        pens.shape(np.concatenate((outline, ends)).astype(np.float32), tone)


def _rock(rng: np.random.Generator, pens: _Pens) -> None:
    top = [
        (90, 420),
        (130, 340),
        (150, 262),
        (200, 226),
        (320, 214),
        (420, 222),
        (462, 280),
        (520, 330),
        (560, 420),
    ]
    outline = np.asarray(top, np.float32)
    pens.shape(outline, 150)
    for _ in range(26):
        x, y = rng.uniform(130, 500), rng.uniform(250, 400)
        if y > 240 + abs(x - 320) * 0.55:
            step = rng.uniform(10, 30)
            dark = np.asarray(
                [
                    (x, y),
                    (x + step, y + 6),
                    (x + step * 0.7, y + 2 * step),
                    (x - 6, y + step),
                ]
            )
            pens.shape(dark.astype(np.float32), int(rng.integers(60, 120)), 1)


def _castle(pens: _Pens) -> None:
    for left, top, right, low, tone in (
        (196, 150, 250, 232, 200),
        (250, 172, 330, 226, 176),
        (330, 104, 368, 222, 196),
        (368, 160, 428, 226, 120),
        (286, 120, 318, 172, 204),
    ):
        pens.box((left, top, right, low), tone)
        shade = left + 0.6 * (right - left)
        pens.box((shade, top, right, low), max(30, tone - 110))
        for step in np.arange(left, right - 4, 11).tolist():
            pens.box((step, top - 7, step + 6, top), tone - 40)
    for x, y, wide, tall in ((349, 98, 25, 62), (302, 114, 21, 46), (223, 144, 32, 40)):
        roof = np.asarray([(x - wide, y), (x, y - tall), (x + wide, y)], np.float32)
        pens.shape(roof, 66)
    for x, y in (
        (214, 180),
        (272, 192),
        (300, 192),
        (346, 130),
        (346, 168),
        (396, 184),
        (300, 140),
    ):
        pens.box((x, y, x + 6, y + 12), 20)


def _town(rng: np.random.Generator, pens: _Pens) -> None:
    for row, base in ((0, 372), (1, 396), (2, 420)):
        x = 96.0 - 34 * row
        while x < 600 + 24 * row:
            wide, tall = rng.uniform(24, 44), rng.uniform(26, 50)
            top = base - tall
            pens.box((x, top, x + wide, base), int(rng.integers(190, 240)))
            pens.box((x + 0.72 * wide, top, x + wide, base), int(rng.integers(70, 110)))
            roof = [
                (x - 4, top),
                (x + 0.3 * wide, top - 17),
                (x + 0.8 * wide, top - 17),
                (x + wide + 4, top),
            ]
            pens.shape(np.asarray(roof, np.float32), int(rng.integers(60, 130)))
            for window in np.arange(x + 5, x + 0.66 * wide, 9).tolist():
                pens.box((window, top + 9, window + 4, top + 16), 24)
            x += wide + rng.uniform(-3, 9)


def _bridge(pens: _Pens) -> None:
    deck = np.asarray([(420, 398), (790, 366), (790, 388), (420, 420)], np.float32)
    pens.shape(
        np.asarray([(420, 400), (790, 372), (790, 470), (420, 450)], np.float32), 176
    )
    for x in (462, 552, 642, 732):
        y = 446 - 0.07 * (x - 420)
        angles = np.linspace(math.pi, 2 * math.pi, 16)
        arch = np.stack((x + 33 * np.cos(angles), y + 36 * np.sin(angles)), -1)
        foot = np.asarray([(x + 33, 474), (x - 33, 474)])
        pens.shape(np.concatenate((arch, foot)).astype(np.float32), 30)
    pens.shape(deck, 226)


def _water(rng: np.random.Generator, tones: Image.Image) -> None:
    """What stands above, darker, upside down and broken by ripples."""
    above = np.asarray(tones, np.float32)
    x, y = axes(SIZE)
    ripple = fractal(rng, SIZE, (7, 70), 3) - 0.5
    rows = np.clip(2 * 436 - y + 26 * ripple, 0, SIZE[1] - 1).astype(np.intp)
    columns = np.clip(x + 40 * ripple, 0, SIZE[0] - 1).astype(np.intp)
    mirrored = above[rows, columns] * 0.74 + 20 + 90 * np.clip(ripple, 0, 1)
    shore = smoothstep(436, 452, y + 10 * ripple)
    mixed = above + (mirrored - above) * shore
    tones.paste(Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8)))


def _near_trees(rng: np.random.Generator, pens: _Pens) -> None:
    bank = [(-10, 590), (-10, 520), (90, 512), (190, 530), (270, 560), (300, 590)]
    pens.shape(np.asarray(bank, np.float32), 96)
    trunk = [(44, 530), (54, 380), (40, 280), (66, 280), (74, 380), (84, 530)]
    pens.shape(np.asarray(trunk, np.float32), 50)
    for _ in range(70):
        x, y = rng.normal(54, 52), rng.normal(236, 62)
        tone = int(
            np.clip(120 + 0.9 * (54 - x) - 0.5 * (y - 236) + rng.normal(0, 30), 24, 222)
        )
        leaf = blob(
            rng,
            (x, y),
            (rng.uniform(10, 24), rng.uniform(8, 16)),
            wobble=0.35,
            knots=11,
        )
        pens.shape(leaf, tone, 1)
