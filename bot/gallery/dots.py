"""Dots: a Sunday on the river, in small round touches of pure colour."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .fields import Colour, Field, fractal, pixels_of
from .shapes import blob, flat

SIZE = (768, 576)
_FINER = 2
_LAYERS = (
    # spacing, radius, jitter of the colour
    (7.5, 5.2, 16.0),
    (5.2, 3.1, 23.0),
    (4.6, 2.2, 30.0),
)
_SKY: tuple[Colour, ...] = ((250, 214, 160), (168, 200, 226))


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(37)
    sketch = _sketch(rng).filter(ImageFilter.GaussianBlur(1.2))
    canvas = Image.new("RGB", (SIZE[0] * _FINER, SIZE[1] * _FINER), (240, 228, 200))
    pen, colours = ImageDraw.Draw(canvas), pixels_of(sketch)
    for spacing, radius, jitter in _LAYERS:
        _dab(rng, pen, colours, spacing, radius, jitter)
    return canvas.resize(SIZE, Image.Resampling.BOX)


def _dab(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    colours: Field,
    spacing: float,
    radius: float,
    jitter: float,
) -> None:
    """One layer: tones are pulled apart into neighbours on the wheel of colours."""
    y, x = np.mgrid[0 : SIZE[1] : spacing, 0 : SIZE[0] : spacing]
    places = rng.permutation(np.stack((x.ravel(), y.ravel()), -1))
    places += rng.uniform(-0.6 * spacing, 0.6 * spacing, places.shape)
    places = np.clip(places, 0, (SIZE[0] - 1, SIZE[1] - 1))
    columns, rows = places.astype(np.intp).T
    tones = colours[rows, columns]
    mean = tones.mean(-1, keepdims=True)
    tones = mean + 1.35 * (tones - mean) + rng.normal(0, jitter, tones.shape)
    complement = rng.random(len(tones)) < 0.07
    tones[complement] = 2 * mean[complement] - tones[complement]
    sizes = _FINER * radius * rng.uniform(0.7, 1.15, len(tones))
    whole = np.clip(tones, 0, 255).astype(int).tolist()
    spots = (places * _FINER).tolist()
    for (px, py), tone, size in zip(spots, whole, sizes.tolist(), strict=True):
        pen.circle((px, py), size, fill=tuple(tone))


def _sketch(rng: np.random.Generator) -> Image.Image:
    picture = Image.new("RGB", SIZE, _SKY[1])
    pen = ImageDraw.Draw(picture)
    for row in range(190):
        share = row / 190
        tone = tuple(round(b + (a - b) * share) for a, b in zip(*_SKY, strict=True))
        pen.line((0, row, SIZE[0], row), fill=tone)
    _far_shore(rng, pen)
    _river(rng, picture)
    pen.polygon(
        (0, 576, 0, 352, 170, 372, 420, 452, 620, 520, 700, 576), fill=(122, 150, 74)
    )
    pen.polygon((0, 576, 0, 456, 150, 468, 360, 540, 420, 576), fill=(52, 92, 78))
    for x, y, size in ((566, 262, 1.0), (668, 236, 0.62), (436, 226, 0.5)):
        _boat(pen, x, y, size)
    _tree(rng, pen)
    for x, y, size, dress in (
        (250, 452, 1.0, (196, 70, 84)),
        (306, 470, 1.1, (66, 74, 140)),
        (96, 420, 0.72, (236, 226, 206)),
        (404, 502, 0.62, (232, 150, 60)),
    ):
        _stroller(pen, x, y, size, dress)
    return picture


def _far_shore(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 186, SIZE[0], 208), fill=(150, 176, 96))
    for x in range(-10, SIZE[0] + 20, 23):
        tall = rng.uniform(14, 42)
        shape = blob(rng, (x, 190 - tall / 3), (20, tall))
        tone = ((84, 128, 110), (110, 146, 96), (96, 116, 146))[int(rng.integers(3))]
        pen.polygon(flat(shape), fill=tone)
    for x, tall in ((330, 26), (360, 20), (610, 30), (700, 22)):
        pen.rectangle((x, 200 - tall, x + 26, 202), fill=(246, 226, 198))
        pen.polygon(
            (x - 3, 200 - tall, x + 13, 188 - tall, x + 29, 200 - tall),
            fill=(206, 96, 70),
        )


def _river(rng: np.random.Generator, picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    waves = fractal(rng, (96, 120), (8, 60), 3)
    for row in range(206, SIZE[1], 3):
        share = (row - 206) / (SIZE[1] - 206)
        for step in range(96):
            wave = waves[(row - 206) // 4 % 120, step] - 0.5
            tone = (
                round(150 - 60 * share + 130 * wave),
                round(190 - 40 * share + 80 * wave),
                round(216 - 10 * share + 40 * wave),
            )
            pen.rectangle((8 * step, row, 8 * step + 8, row + 3), fill=tone)


def _boat(pen: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    shapes = (
        (((-66, 0), (62, 0), (44, 18), (-48, 18)), (128, 60, 48)),
        (((-4, -150), (-4, -8), (58, -8)), (252, 246, 226)),
        (((-12, -130), (-12, -10), (-50, -10)), (238, 200, 150)),
        (((-50, 22), (46, 22), (20, 96), (-20, 96)), (208, 206, 190)),
    )
    for shape, tone in shapes:
        pen.polygon([(x + dx * size, y + dy * size) for dx, dy in shape], fill=tone)


def _tree(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    pen.polygon((40, 440, 62, 200, 82, 200, 92, 440), fill=(86, 56, 74))
    pen.polygon((70, 270, 160, 170, 168, 178, 84, 296), fill=(86, 56, 74))
    crowns = (
        (20, 60, 120),
        (110, 84, 110),
        (190, 120, 84),
        (60, 140, 90),
        (150, 40, 90),
    )
    for drop, tone in ((18, (34, 78, 84)), (0, (70, 128, 62)), (-16, (170, 184, 74))):
        for x, y, size in crowns:
            for _ in range(16):
                dx, dy = rng.normal(0, 0.42 * size), rng.normal(0, 0.26 * size)
                reach = size * rng.uniform(0.1, 0.26) * (1 + 0.03 * drop)
                shape = blob(rng, (x + dx - drop, y + dy + drop), (reach, 0.7 * reach))
                pen.polygon(flat(shape), fill=tone)


def _stroller(
    pen: ImageDraw.ImageDraw, x: float, y: float, size: float, dress: Colour
) -> None:
    """A figure with a parasol, and the shadow it throws."""
    shade = [
        (x + dx * size, y + dy * size)
        for dx, dy in ((0, 62), (90, 74), (86, 84), (-14, 70))
    ]
    pen.polygon(shade, fill=(30, 70, 84))
    bell = ((-8, -14), (8, -14), (26, 64), (-24, 64))
    pen.polygon([(x + dx * size, y + dy * size) for dx, dy in bell], fill=dress)
    pen.rectangle((x - 9 * size, y - 42 * size, x + 9 * size, y - 8 * size), fill=dress)
    pen.circle((x, y - 54 * size), 9 * size, fill=(226, 178, 140))
    pen.ellipse(
        (x - 13 * size, y - 68 * size, x + 13 * size, y - 58 * size), fill=(60, 40, 50)
    )
    pen.line(
        (x + 14 * size, y - 92 * size, x + 10 * size, y - 18 * size),
        fill=(70, 40, 40),
        width=2,
    )
    top = (x - 30 * size, y - 122 * size, x + 58 * size, y - 62 * size)
    pen.pieslice(top, 180, 360, fill=(250, 216, 120))
    pen.pieslice(top, 180, 235, fill=(214, 120, 80))
