"""The sample painting: a wind-blown tree under a low sun, in thick short strokes.

A small plain picture of the scene gives the colours, a field of directions says which
way the wind blows, and several thousand strokes from broad to fine follow both. Each
also leaves its bristles in a height map, which raking light then turns into relief.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .brush import Colour, mixed
from .noise import Field, fractal

SIZE = (960, 720)
SUN = (662, 214)
HORIZON = 432
TREE = (268, 520)

_W = SIZE[0]
_H = SIZE[1]

_PASSES: Sequence[tuple[float, float, float, float]] = (
    # spacing, half width, length, jitter of the colour
    (19.0, 10.5, 92.0, 0.6),
    (12.0, 5.6, 58.0, 1.0),
    (11.5, 3.4, 40.0, 1.25),
)
_VORTICES: Sequence[tuple[float, float, float, float]] = (
    # x, y, reach, turn
    (SUN[0], SUN[1], 215.0, 1.0),
    (250.0, 120.0, 130.0, -1.0),
    (900.0, 70.0, 120.0, -1.0),
    (455.0, 330.0, 90.0, -0.9),
)
_ULTRAMARINE: Colour = (24, 52, 148)
_COBALT: Colour = (40, 104, 196)
_TURQUOISE: Colour = (70, 176, 190)
_CHROME: Colour = (250, 200, 40)
_ORANGE: Colour = (240, 128, 28)
_VERMILION: Colour = (206, 60, 36)
_LEMON: Colour = (255, 240, 140)
_VIOLET: Colour = (86, 52, 132)
_VIRIDIAN: Colour = (22, 92, 78)


def draw() -> Image.Image:
    """The painting, always the same, `SIZE` RGB."""
    rng = np.random.default_rng(1888)
    sketch = np.asarray(_sketch().filter(ImageFilter.GaussianBlur(3)), np.float32)
    angles = _directions(rng)
    canvas = Image.new("RGB", SIZE, (84, 62, 52))
    relief = Image.new("L", SIZE, 90)
    pens = ImageDraw.Draw(canvas), ImageDraw.Draw(relief)
    for layer in _PASSES:
        _paint(rng, pens, sketch, angles, layer)
    return _lit(rng, canvas, relief)


def _sketch() -> Image.Image:
    """The scene in flat colours."""
    picture = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(picture)
    _sky(pen)
    _fields(pen)
    _tree(pen)
    return picture


def _sky(pen: ImageDraw.ImageDraw) -> None:
    stops = (_ULTRAMARINE, _COBALT, _COBALT, _TURQUOISE)
    for top in range(0, HORIZON, 6):
        share = top / HORIZON * (len(stops) - 1)
        low = min(int(share), len(stops) - 2)
        tone = mixed(stops[low], stops[low + 1], share - low)
        pen.rectangle((0, top, _W, top + 6), fill=tone)
    for x, y, reach, _ in _VORTICES[1:]:
        for ring in range(5, 0, -1):
            tone = (_TURQUOISE, _ULTRAMARINE, (196, 226, 206), _COBALT, _VIOLET)[
                ring - 1
            ]
            pen.circle((x, y), reach * ring / 7, fill=tone)
    rings = (_LEMON, _CHROME, _ORANGE, _CHROME, _VERMILION, _ORANGE, _TURQUOISE)
    for ring in range(len(rings), 0, -1):
        pen.circle(SUN, 20 + 21 * ring, fill=rings[ring - 1])
    pen.circle(SUN, 34, fill=(255, 248, 200))


def _fields(pen: ImageDraw.ImageDraw) -> None:
    hills = ((0.0, _VIOLET), (22.0, (52, 84, 150)), (46.0, _VIRIDIAN))
    xs = np.linspace(0, _W, 60)
    for drop, tone in hills:
        ridge = HORIZON - 34 + drop + 20 * np.sin(xs / (120 + drop) + drop)
        points = [(float(x), float(y)) for x, y in zip(xs, ridge, strict=True)]
        pen.polygon([*points, (_W, _H), (0, _H)], fill=tone)
    bands = (_CHROME, _ORANGE, _CHROME, _VERMILION, _ORANGE, _LEMON, _ORANGE, _VIRIDIAN)
    for number in range(18):
        near = (number / 18) ** 1.5
        base = HORIZON + 40 + near * (_H - HORIZON)
        wave = 12 + 34 * near
        edge = base + wave * np.sin(xs / (90 + 130 * near) + number * 0.7)
        points = [(float(x), float(y)) for x, y in zip(xs, edge, strict=True)]
        tone = bands[number % len(bands)]
        pen.polygon([*points, (_W, _H), (0, _H)], fill=tone)


def _tree(pen: ImageDraw.ImageDraw) -> None:
    x, y = TREE
    dark: Colour = (48, 24, 62)
    trunk = [(x - 34, y + 96), (x - 8, y - 10), (x + 18, y - 130), (x + 60, y - 130)]
    pen.polygon([*trunk, (x + 28, y - 10), (x + 26, y + 96)], fill=dark)
    crown = (
        (150, -196, 70, _VIRIDIAN),
        (60, -226, 84, (20, 82, 76)),
        (-38, -186, 64, _VIRIDIAN),
        (60, -158, 62, (18, 66, 84)),
        (120, -168, 56, (20, 76, 78)),
        (206, -232, 40, (58, 132, 70)),
        (10, -262, 44, (70, 140, 66)),
        (122, -262, 46, (98, 156, 60)),
        (-58, -218, 26, (120, 164, 58)),
        (182, -196, 24, (226, 158, 40)),
        (74, -212, 24, (206, 92, 40)),
        (-6, -168, 20, (226, 158, 40)),
    )
    for dx, dy, radius, tone in crown:
        pen.ellipse(
            (
                x + dx - radius * 1.25,
                y + dy - radius * 0.72,
                x + dx + radius * 1.25,
                y + dy + radius * 0.72,
            ),
            fill=tone,
        )


def _directions(rng: np.random.Generator) -> Field:
    """The way of the brush at every pixel, in radians."""
    x = np.arange(_W, dtype=np.float32)[None, :]
    y = np.arange(_H, dtype=np.float32)[:, None]
    drift = fractal(rng, SIZE, (3, 3), 3) - 0.5
    across = 1.0 + 0 * (x + y)
    down = 1.5 * drift
    for vx, vy, reach, turn in _VORTICES:
        dx, dy = x - vx, y - vy
        distance = np.hypot(dx, dy) + 1.0
        pull = 3.4 * turn * np.exp(-((distance / reach) ** 2))
        across = across - pull * (dy + 0.2 * dx) / distance
        down = down + pull * (dx - 0.2 * dy) / distance
    angles = np.arctan2(down, across)
    near = np.clip((y - HORIZON) / (_H - HORIZON), 0, 1)
    ground = 0.55 * np.cos(x / (90 + 130 * near) + near * 9) + 0.5 * drift
    angles = np.where(y > HORIZON + 10, ground, angles)
    crown = ((x - TREE[0] - 75) / 190) ** 2 + ((y - TREE[1] + 215) / 95) ** 2
    leaves = 0.9 * np.sin(x / 46) - 0.45 + 0.9 * np.cos(y / 38)
    angles = np.where(crown < 1, leaves, angles)
    lean = TREE[0] + 8 - 0.28 * (y - TREE[1])
    trunk = (np.abs(x - lean) < 30) & (y > TREE[1] - 125) & (y < TREE[1] + 90)
    return np.asarray(np.where(trunk, -1.3, angles), np.float32)


def _paint(
    rng: np.random.Generator,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    sketch: Field,
    angles: Field,
    layer: tuple[float, float, float, float],
) -> None:
    spacing, half_width, length, jitter = layer
    places = _places(rng, spacing)
    columns, rows = places.astype(np.intp).T
    tones = _broken(rng, sketch[rows, columns], jitter)
    lengths = length * rng.uniform(0.6, 1.2, len(places)).astype(np.float32)
    paths = _paths(angles, places, lengths)
    widths = half_width * rng.uniform(0.7, 1.2, len(places))
    for path, tone, width in zip(paths, tones, widths.tolist(), strict=True):
        _stroke(rng, pens, path, tone, width)


def _places(rng: np.random.Generator, spacing: float) -> Field:
    """Shuffled and shaken points of a grid, `(N, 2)`."""
    y, x = np.mgrid[0:_H:spacing, 0:_W:spacing]
    grid = rng.permutation(np.stack((x.ravel(), y.ravel()), -1))
    grid += rng.uniform(-0.7 * spacing, 0.7 * spacing, grid.shape)
    places: Field = np.clip(grid, 0, (_W - 1, _H - 1)).astype(np.float32)
    return places


def _broken(rng: np.random.Generator, tones: Field, jitter: float) -> Field:
    """Colours `(N, 3)`: each lighter or darker, warmer or cooler than in the sketch."""
    light = rng.normal(0, 20 * jitter, len(tones))
    warm = rng.normal(0, 15 * jitter, len(tones))
    shift = np.stack((light + warm, light + 0.2 * warm, light - warm), -1)
    return np.asarray(tones + shift, np.float32)


def _paths(angles: Field, places: Field, lengths: Field) -> Field:
    """Points along the field, from half a length before each place to half behind."""
    back = _walk(angles, places, -lengths / 6)
    return np.stack([*back[::-1], places, *_walk(angles, places, lengths / 6)], 1)


def _walk(angles: Field, places: Field, steps: Field) -> list[Field]:
    points = []
    for _ in range(3):
        columns, rows = np.clip(places, 0, (_W - 1, _H - 1)).astype(np.intp).T
        angle = angles[rows, columns]
        ahead = np.stack((np.cos(angle), np.sin(angle)), -1)
        places = places + steps[:, None] * ahead
        points.append(places)
    return points


def _stroke(
    rng: np.random.Generator,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    path: Field,
    tone: Field,
    half_width: float,
) -> None:
    """One touch of the brush: a body, and bristles with their own tone and height."""
    colours, heights = pens
    body = path.ravel().tolist()
    colours.line(body, fill=_colour(tone), width=round(2 * half_width))
    heights.line(body, fill=118, width=round(2 * half_width))
    count = max(3, round(half_width * 0.9))
    along = path[-1] - path[0]
    across = np.array((-along[1], along[0])) / (np.hypot(*along) + 1e-6)
    places = (2 * (np.arange(count) + 0.5) / count - 1) * half_width
    trails = (path[None] + (places[:, None] * across)[:, None]).reshape(count, -1)
    tones = tone[None] + rng.normal(0, 13, (count, 1))
    lifts = rng.integers(70, 235, count).tolist()
    for trail, shade, lift in zip(trails.tolist(), tones, lifts, strict=True):
        colours.line(trail, fill=_colour(shade), width=2)
        heights.line(trail, fill=lift, width=2)


def _colour(tone: Field) -> Colour:
    red, green, blue = (min(255, max(0, int(value))) for value in tone.tolist())
    return red, green, blue


def _lit(
    rng: np.random.Generator, canvas: Image.Image, relief: Image.Image
) -> Image.Image:
    """Light from the upper left over thick paint on coarse linen."""
    height = np.asarray(relief.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    x, y = np.arange(_W)[None, :], np.arange(_H)[:, None]
    height = height + 5 * np.sin(x * 1.6) * np.sin(y * 1.6)
    height += rng.normal(0, 3, height.shape)
    slope = np.gradient(height, axis=1) + np.gradient(height, axis=0)
    light = np.tanh(-slope / 42)
    smooth = canvas.filter(ImageFilter.GaussianBlur(0.5))
    pixels = np.asarray(smooth, np.float32)
    pixels = pixels * (1 + 0.30 * light)[..., None]
    pixels += (38 * np.clip(light - 0.35, 0, None))[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
