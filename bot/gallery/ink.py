"""Ink: mountains in mist, a pine, a boat, in one black ink on wet rice paper."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

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
    stain,
)
from .shapes import mask, ridge, spline, tapered

SIZE = (576, 768)
_PAPER: Colour = (238, 230, 212)
_INK: Colour = (92, 92, 100)
_SEAL: Colour = (186, 44, 34)
_RANGES = (
    # foot, height, bumps, darkness
    (330.0, 250.0, 2.2, 0.34),
    (400.0, 210.0, 3.4, 0.62),
    (500.0, 170.0, 2.6, 1.05),
    (610.0, 110.0, 3.0, 1.6),
)


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(41)
    fibre = fractal(rng, SIZE, (9, 120), 3) + fractal(rng, SIZE, (120, 9), 3) - 1
    sheet = np.asarray(_PAPER, np.float32) + 9 * fibre[..., None]
    sheet += 4 * (fractal(rng, SIZE, (3, 4))[..., None] - 0.5)
    wet = np.zeros((SIZE[1], SIZE[0]), np.float32)
    for foot, height, bumps, dark in _RANGES:
        wet = np.maximum(wet * 0.86, _range(rng, foot, height, bumps, dark))
    wet += _lake(rng)
    wet *= 0.8 + 0.4 * fractal(rng, SIZE, (40, 52), 4)
    dry = _pine(rng) + _boat() + _birds()
    tooth = 0.5 + 0.5 * np.tanh(grain(rng, SIZE) + 3 * fibre + 1.2)
    amount = np.clip(wet + 2.9 * dry * (0.75 + 0.25 * tooth), 0, 3.4)
    pixels = stain(sheet, _INK, amount)
    return _sealed(rng, pixels)


def _range(
    rng: np.random.Generator, foot: float, height: float, bumps: float, dark: float
) -> Field:
    """One chain: darkest at its ridge, dissolving into mist towards its foot."""
    y = axes(SIZE)[1]
    line = ridge(rng, SIZE[0], bumps, 6)
    peak = 0.35 + 0.65 * np.sin(np.linspace(0.4, 3.3, SIZE[0]) + bumps) ** 2
    top = (foot - height * (line * 0.75 + 0.25) * peak)[None, :]
    below = y - top
    inside = smoothstep(-1.5, 1.5, below)
    fade = np.exp(-np.clip(below, 0, None) / (0.42 * height))
    mist = fractal(rng, SIZE, (3, 7), 4)
    cracks = fractal(rng, SIZE, (46, 13), 4)
    slanted = np.roll(cracks, 7, 1) - cracks
    edge = np.exp(-((below / 3.2) ** 2)) * 0.5
    texture = 1 + 2.2 * np.clip(slanted + 0.02, 0, None) + 0.7 * (mist - 0.5)
    return np.asarray(dark * inside * (fade * texture + edge * mist), np.float32)


def _lake(rng: np.random.Generator) -> Field:
    """A few wet horizontal sweeps of the brush."""
    y = axes(SIZE)[1]
    streaks = fractal(rng, SIZE, (3, 90), 3)
    calm = smoothstep(575, 640, y) * (0.4 + 0.6 * smoothstep(768, 690, y))
    return np.asarray(0.9 * calm * smoothstep(0.62, 0.86, streaks), np.float32)


def _pine(rng: np.random.Generator) -> Field:
    """A leaning trunk from the lower right corner, and flat clouds of needles."""
    trunk = spline(
        [(560, 790), (520, 640), (470, 560), (486, 470), (420, 396), (372, 372)]
    )
    limbs = [
        tapered(trunk, 30, start=1.1, end=0.12),
        tapered(spline([(480, 560), (400, 530), (338, 548)]), 12, start=1, end=0.1),
        tapered(spline([(484, 470), (540, 420), (590, 410)]), 13, start=1, end=0.2),
        tapered(spline([(430, 404), (450, 350), (500, 320)]), 10, start=1, end=0.1),
    ]
    bark = pixels_of(mask(SIZE, *limbs)) * (
        0.45 + 0.75 * fractal(rng, SIZE, (60, 24), 3)
    )
    picture = Image.new("L", (SIZE[0] * 2, SIZE[1] * 2))
    pen = ImageDraw.Draw(picture)
    for x, y, wide in (
        (340, 540, 62),
        (392, 526, 50),
        (540, 408, 58),
        (366, 366, 66),
        (420, 384, 46),
        (500, 316, 52),
        (462, 340, 40),
        (566, 396, 44),
    ):
        _needles(rng, pen, (x, y), wide)
    needles = pixels_of(picture.resize(SIZE, Image.Resampling.BOX))
    cloud = blurred(needles, 7) * 0.9
    return np.asarray(np.maximum(bark, np.maximum(needles, cloud)), np.float32)


def _needles(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, at: tuple[int, int], wide: int
) -> None:
    """Fans of short strokes along a flat arch."""
    for share in np.linspace(-1, 1, 13):
        x = at[0] + share * wide
        y = at[1] - 0.24 * wide * (1 - share**2) + rng.normal(0, 3)
        for angle in np.linspace(0.15, np.pi - 0.15, 17):
            reach = rng.uniform(13, 24)
            tip = (x + reach * np.cos(angle), y - 0.8 * reach * np.sin(angle))
            shade = int(rng.integers(120, 255))
            pen.line((2 * x, 2 * y, 2 * tip[0], 2 * tip[1]), fill=shade, width=2)


def _boat() -> Field:
    hull = spline([(170, 698), (196, 712), (240, 714), (276, 698)])
    man = spline([(222, 704), (218, 688), (224, 676)])
    hat = np.array([(208, 678), (224, 664), (240, 678)], np.float32)
    pole = tapered(spline([(228, 670), (264, 648), (308, 722)]), 2.2, start=1, end=0.5)
    shapes = (tapered(hull, 9, start=0.3, end=0.3), tapered(man, 15, start=1, end=0.7))
    return pixels_of(mask(SIZE, *shapes, hat, pole)) * 0.8


def _birds() -> Field:
    wings = []
    for x, y, size in ((196, 148, 13), (232, 132, 10), (252, 158, 9), (176, 176, 8)):
        points = [(x - size, y - 0.5 * size), (x - 3, y), (x, y + 1)]
        wings += [tapered(spline(points), 3, start=0.2, end=1)]
        points = [(x, y + 1), (x + 3, y - 1), (x + size, y - 0.6 * size)]
        wings += [tapered(spline(points), 3, start=1, end=0.2)]
    return pixels_of(mask(SIZE, *wings)) * 0.6


def _sealed(rng: np.random.Generator, pixels: Field) -> Image.Image:
    """The painter's red stamp, worn at its edges."""
    stamp = Image.new("L", SIZE)
    pen = ImageDraw.Draw(stamp)
    pen.rounded_rectangle((52, 690, 92, 730), radius=6, fill=255)
    for box in ((59, 698, 85, 701), (59, 708, 69, 711), (75, 706, 78, 724)):
        pen.rectangle(box, fill=0)
    pen.rectangle((60, 716, 69, 724), outline=0, width=3)
    worn = pixels_of(stamp.filter(ImageFilter.GaussianBlur(0.7)))
    worn = worn * smoothstep(0.18, 0.34, fractal(rng, SIZE, (120, 160), 2))
    return image_of(blend(pixels, _SEAL, 0.88 * worn))
