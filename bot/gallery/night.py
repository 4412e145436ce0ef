"""Night: stars and a crescent moon stir the sky above a harbour town."""

from __future__ import annotations

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
    ramp,
    sampled,
    smoothstep,
)
from .shapes import ridge

SIZE = (768, 592)
_SHORE = 404
_SKY: tuple[Colour, ...] = (
    (10, 18, 62),
    (22, 52, 128),
    (38, 92, 170),
    (92, 152, 196),
    (186, 210, 190),
)
_GLOW: tuple[Colour, ...] = ((60, 120, 170), (214, 190, 92), (252, 222, 110))
_STARS = (
    # x, y, reach, turn
    (602.0, 112.0, 108.0, 1.0),
    (118.0, 92.0, 62.0, -1.0),
    (268.0, 56.0, 40.0, 1.0),
    (338.0, 214.0, 88.0, -1.0),
    (206.0, 236.0, 46.0, 1.0),
    (478.0, 58.0, 44.0, -1.0),
    (706.0, 262.0, 50.0, -1.0),
    (500.0, 262.0, 42.0, 1.0),
    (54.0, 250.0, 44.0, 1.0),
)


def draw() -> Image.Image:
    """The painting, `SIZE` RGB."""
    rng = np.random.default_rng(23)
    wild = _lights(_water(rng, _sky(rng)))
    still = _town(rng, wild)
    across, down = _flow(rng)
    streaks = _combed(grain(rng, SIZE), across, down, 15, 1.0)
    ribbons = _combed(fractal(rng, SIZE, (80, 60), 2) - 0.5, across, down, 13, 1.9)
    built = smoothstep(4, 30, np.abs(still - wild).max(-1))
    colours = blend(_combed(still, across, down, 4, 2.0), still, 0.8 * built)
    height = streaks / streaks.std() + 1.4 * ribbons / ribbons.std()
    shade = light(height * 16, 34)[..., None]
    paint = colours * (1 + 0.10 * height[..., None]) + 15 * height[..., None]
    return image_of(paint * (1 + 0.22 * shade) + 10 * shade)


def _sky(rng: np.random.Generator) -> Field:
    x, y = axes(SIZE)
    bands = fractal(rng, SIZE, (5, 4), 5)
    for sx, sy, reach, turn in _STARS:
        dx, dy = x - sx, y - sy
        distance = np.hypot(dx, dy)
        spiral = np.sin(distance / reach * 9 - turn * np.arctan2(dy, dx))
        bands = bands + 0.26 * spiral * np.exp(-((distance / reach / 1.5) ** 2))
    tone = 0.12 + 0.62 * bands + 0.16 * y / _SHORE
    return ramp(np.clip(tone, 0, 1), _SKY)


def _lights(colours: Field) -> Field:
    x, y = axes(SIZE)
    for sx, sy, reach, _ in _STARS[1:]:
        distance = np.hypot(x - sx, y - sy) / reach
        rings = 0.6 + 0.4 * np.cos(distance * 15)
        glow = np.clip(np.exp(-distance * 2.1) * (0.65 + 0.5 * rings), 0, 1)
        colours = blend(colours, ramp(glow, _GLOW), np.clip(glow * 1.5, 0, 1))
        colours = blend(colours, (255, 246, 196), smoothstep(0.24, 0.14, distance))
    sx, sy, reach, _ = _STARS[0]
    distance = np.hypot(x - sx, y - sy) / reach
    glow = np.exp(-distance * 1.3) * (0.85 + 0.25 * np.cos(distance * 16))
    colours = blend(
        colours, ramp(np.clip(glow, 0, 1), _GLOW), np.clip(glow * 1.3, 0, 1)
    )
    disc = smoothstep(0.45, 0.41, distance)
    bite = smoothstep(0.40, 0.44, np.hypot(x - sx - 24, y - sy + 12) / reach)
    return blend(colours, (255, 206, 84), disc * bite)


def _water(rng: np.random.Generator, colours: Field) -> Field:
    """The lake mirrors the sky and draws the lights out downwards."""
    x, y = axes(SIZE)
    ripple = fractal(rng, SIZE, (10, 60), 3) - 0.5
    mirrored = sampled(_lights(colours), x + 46 * ripple, 2 * _SHORE - y + 12 * ripple)
    dark = blend(mirrored, (12, 26, 74), np.full_like(x, 0.42))
    return blend(colours, dark, smoothstep(_SHORE - 1, _SHORE + 1, y))


def _town(rng: np.random.Generator, colours: Field) -> Field:
    picture = Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    hills = _SHORE - 30 - 74 * ridge(rng, SIZE[0], 3, 3)
    for x, top in enumerate(hills.tolist()):
        pen.line((x, top, x, _SHORE), fill=(24, 40, 92))
        pen.line((x, top, x, top + 3), fill=(70, 104, 160))
    for x in range(14, SIZE[0] - 30, 27):
        wide, tall = int(rng.integers(18, 32)), int(rng.integers(22, 52))
        _house(rng, pen, x + int(rng.integers(-5, 5)), wide, tall)
    pen.polygon(
        (420, _SHORE, 420, 320, 434, 262, 448, 320, 448, _SHORE), fill=(14, 20, 48)
    )
    _boat(pen, 214, 500, 1.0)
    _boat(pen, 590, 456, 0.6)
    return pixels_of(picture.filter(ImageFilter.GaussianBlur(0.7)))


def _house(
    rng: np.random.Generator, pen: ImageDraw.ImageDraw, x: int, wide: int, tall: int
) -> None:
    top = _SHORE - tall
    pen.rectangle((x, top, x + wide, _SHORE + 4), fill=(18, 26, 62))
    roof: Colour = ((62, 48, 92), (40, 56, 108), (92, 58, 78))[int(rng.integers(3))]
    pen.polygon((x - 3, top, x + wide / 2, top - 15, x + wide + 3, top), fill=roof)
    for row in range(top + 7, _SHORE - 10, 15):
        for column in range(x + 5, x + wide - 6, 10):
            if rng.random() < 0.62:
                pen.rectangle((column, row, column + 5, row + 7), fill=(255, 196, 72))
                glint = _SHORE + (_SHORE - row) * 1.2
                pen.line(
                    (column + 2, glint, column + 2, glint + 34),
                    fill=(222, 162, 74),
                    width=4,
                )


def _boat(pen: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    hull = ((-46, 0), (46, 0), (32, 16), (-34, 16))
    sail = ((-2, -96), (-2, -6), (38, -6))
    for shape, tone in ((hull, (10, 14, 40)), (sail, (226, 204, 158))):
        pen.polygon([(x + dx * size, y + dy * size) for dx, dy in shape], fill=tone)
    pen.line((x - 2, y - 100 * size, x - 2, y), fill=(10, 14, 40), width=3)


def _flow(rng: np.random.Generator) -> tuple[Field, Field]:
    """Which way the paint runs at every pixel, of length 1."""
    x, y = axes(SIZE)
    drift = fractal(rng, SIZE, (3, 2), 3) - 0.5
    across, down = np.ones_like(x), 1.9 * drift + 0.28 * np.sin(x / 88)
    for sx, sy, reach, turn in _STARS:
        dx, dy = x - sx, y - sy
        distance = np.hypot(dx, dy) + 1
        pull = 3.6 * turn * np.exp(-((distance / reach) ** 2))
        across, down = across - pull * dy / distance, down + pull * dx / distance
    calm = smoothstep(_SHORE - 60, _SHORE, y)
    down = down * (1 - calm) + calm * 0.16 * np.sin(x / 21 + y / 9)
    across = across * (1 - calm) + calm
    length = np.hypot(across, down) + 1e-6
    return across / length, down / length


def _combed(
    values: Field, across: Field, down: Field, steps: int, step: float
) -> Field:
    """The mean of `values` along the flow, so many steps to either side."""
    total = values.copy()
    for way in (step, -step):
        x, y = axes(SIZE)
        for _ in range(steps):
            column = np.clip(x, 0, SIZE[0] - 1).astype(np.intp)
            row = np.clip(y, 0, SIZE[1] - 1).astype(np.intp)
            x, y = x + way * across[row, column], y + way * down[row, column]
            column = np.clip(x, 0, SIZE[0] - 1).astype(np.intp)
            row = np.clip(y, 0, SIZE[1] - 1).astype(np.intp)
            total += values[row, column]
    return np.asarray(total / (2 * steps + 1), np.float32)
