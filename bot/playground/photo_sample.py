"""The sample photo: a village on a mountain lake at dusk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from . import photo_shore
from .brush import Brush, Colour
from .noise import Field, fractal, smoothstep
from .photo_shore import HORIZON, SCALE

SIZE = (960, 720)
SUN = (655, 352)

_W = round(SIZE[0] * SCALE)
_H = round(SIZE[1] * SCALE)
_SHORE = round(HORIZON * SCALE)

_SKY: Sequence[tuple[float, Colour]] = (
    (0.0, (38, 58, 112)),
    (0.4, (98, 106, 158)),
    (0.72, (214, 150, 148)),
    (0.9, (250, 178, 122)),
    (1.0, (255, 204, 140)),
)
_RIDGES: Sequence[tuple[float, float, float, Colour, Colour]] = (
    # crest, roughness, bumps across, colour at the crest, colour at the foot
    (128, 270, 4.2, (122, 110, 152), (216, 166, 156)),
    (262, 140, 5.5, (80, 82, 124), (164, 136, 152)),
    (338, 70, 7.0, (48, 58, 86), (98, 92, 116)),
)


def draw() -> Image.Image:
    """The photo, always the same, `SIZE` RGB."""
    rng = np.random.default_rng(1891)
    land = _clouded(rng, _gradient(_SKY))
    land = _sunlit(land)
    for ridge in _RIDGES:
        land = _mountains(rng, land, *ridge)
    picture = _to_image(land)
    photo_shore.trees(rng, picture)
    photo_shore.village(rng, picture)
    picture = _lake(rng, picture)
    _boats(rng, picture)
    photo_shore.pier(picture)
    return _developed(rng, picture)


def _gradient(stops: Sequence[tuple[float, Colour]]) -> Field:
    at = np.linspace(0.0, _H / _SHORE, _H)
    places = [place for place, _ in stops]
    columns = [
        np.interp(at, places, [colour[channel] for _, colour in stops])
        for channel in range(3)
    ]
    column = np.stack(columns, -1).astype(np.float32)
    return np.repeat(column[:, None, :], _W, axis=1)


def _grid() -> tuple[Field, Field]:
    """Coordinates x `(1, W)` and y `(H, 1)`, in the units of `SIZE`."""
    x = np.arange(_W, dtype=np.float32)[None, :] / np.float32(SCALE)
    y = np.arange(_H, dtype=np.float32)[:, None] / np.float32(SCALE)
    return x, y


def _clouded(rng: np.random.Generator, sky: Field) -> Field:
    x, y = _grid()
    billows = fractal(rng, (_W, _H), (3.0, 9.0), 6)
    streaks = fractal(rng, (_W, _H), (2.0, 22.0), 5)
    cover = smoothstep(0.44, 0.74, 0.62 * billows + 0.38 * streaks)
    cover *= 0.9 * smoothstep(-90.0, 90.0, y) * (1 - smoothstep(300.0, 400.0, y))
    near = np.exp(-(((x - SUN[0]) / 420) ** 2))
    warmth = smoothstep(60.0, 330.0, y) * (0.45 + 0.55 * near)
    shade = smoothstep(0.55, 0.95, billows)
    lit = np.array((255, 172, 132), np.float32)
    dim = np.array((132, 124, 166), np.float32)
    colour = dim + (lit - dim) * (warmth * (1 - 0.45 * shade))[..., None]
    clouded: Field = sky + (colour - sky) * cover[..., None]
    return clouded


def _sunlit(sky: Field) -> Field:
    x, y = _grid()
    distance = np.hypot((x - SUN[0]) / 1.5, y - SUN[1])
    halo = 0.7 * np.exp(-distance / 80) + 0.35 * np.exp(-distance / 260)
    glow = np.array((255, 190, 112), np.float32)
    lit = sky + (glow - sky) * np.clip(halo, 0, 1)[..., None]
    disc = 1 - smoothstep(15.0, 17.5, np.hypot(x - SUN[0], y - SUN[1]))
    white = np.array((255, 240, 196), np.float32)
    sunny: Field = lit + (white - lit) * disc[..., None]
    return sunny


def _mountains(
    rng: np.random.Generator,
    land: Field,
    crest: float,
    rough: float,
    bumps: float,
    top: Colour,
    foot: Colour,
) -> Field:
    x, y = _grid()
    folds = fractal(rng, (_W, 2), (bumps, 1), 3)[0]
    crags = fractal(rng, (_W, 2), (bumps * 6, 1), 5)[0]
    height = 0.8 * (1 - np.abs(2 * folds - 1)) + 0.2 * crags
    height *= 1 - 0.8 * np.exp(-(((x[0] - SUN[0]) / 125) ** 2))
    ridge = crest + rough * (1 - height)
    body = smoothstep(-0.5, 0.5, y - ridge[None, :])
    depth = np.clip((y - ridge[None, :]) / (HORIZON - crest), 0, 1)
    start, end = np.array(top, np.float32), np.array(foot, np.float32)
    colour = start + (end - start) * (depth**1.3)[..., None]
    slopes = fractal(rng, (_W, _H), (bumps * 2, 7), 7)
    relief = np.diff(slopes, axis=1, prepend=slopes[:, :1]) * _W / 120
    towards = np.tanh((SUN[0] - x) / 160) * relief * (1 - 0.75 * depth)
    colour += (towards * 400)[..., None] * np.array((1.0, 0.72, 0.55), np.float32)
    covered: Field = land + (colour - land) * body[..., None]
    return covered


def _to_image(pixels: Field) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _lake(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """The lower part replaced by water that mirrors the upper one."""
    pixels = np.asarray(picture, np.float32)
    x, y = _grid()
    below = np.clip(y - HORIZON, 0, None)
    near = below / (SIZE[1] - HORIZON)
    ripples = fractal(rng, (_W, _H), (9, 90), 4) - 0.5
    swell = fractal(rng, (_W, _H), (4, 34), 3) - 0.5
    bend = (ripples * (3 + 26 * near) + swell * 18 * near) * SCALE
    source_y = _SHORE - below * SCALE * 1.08 + bend * 1.2
    source_x = x * SCALE + bend * 0.55
    rows = np.clip(source_y, 0, _SHORE - 1).astype(np.intp)
    columns = np.clip(source_x, 0, _W - 1).astype(np.intp)
    mirror = pixels[rows, columns]
    deep = np.array((34, 52, 84), np.float32)
    share = 0.16 + 0.5 * near + 0.5 * np.clip(ripples, -0.2, 0.3) * near
    water = mirror * 0.94 + (deep - mirror * 0.94) * np.clip(share, 0, 1)[..., None]
    water += _glitter(rng, x, near)[..., None] * np.array((255, 186, 112), np.float32)
    shown = np.where((below > 0)[..., None], water, pixels)
    mist = np.exp(-(((y - HORIZON) / 7) ** 2)) * 0.22
    shown += (np.array((236, 190, 164), np.float32) - shown) * mist[..., None]
    return _to_image(shown)


def _glitter(rng: np.random.Generator, x: Field, near: Field) -> Field:
    """The path of the low sun on the water."""
    sparks = fractal(rng, (_W, _H), (26, 150), 3)
    width = 34 + 90 * near
    path = np.exp(-(((x - SUN[0]) / width) ** 2))
    shine = smoothstep(0.5, 0.72, sparks) * path * (1 - 0.75 * near)
    return np.asarray(np.where(near > 0, 0.85 * shine, 0), np.float32)


def _boats(rng: np.random.Generator, picture: Image.Image) -> None:
    for x, y, size, hull, sail in (
        (560, 428, 0.5, (58, 60, 84), (236, 206, 182)),
        (742, 450, 0.82, (64, 48, 56), (246, 200, 160)),
        (196, 474, 1.0, (140, 62, 50), None),
        (398, 520, 1.35, (52, 84, 104), None),
    ):
        layer = Image.new("RGBA", picture.size)
        pen = Brush(layer, scale=SCALE, origin=(x, y), size=size)
        photo_shore.boat(pen, hull, sail)
        _afloat(rng, picture, layer, y)


def _afloat(
    rng: np.random.Generator, picture: Image.Image, layer: Image.Image, y: float
) -> None:
    """Puts a boat and its trembling mirror image on the water at height `y`."""
    line = round((y + 2) * SCALE)
    reach = min(_H - line, line, 260)
    mirror = np.asarray(layer.crop((0, line - reach, _W, line)))[::-1]
    depth = np.arange(reach, dtype=np.float32)[:, None]
    ripples = fractal(rng, (_W, reach), (9, max(4.0, reach / 7)), 3) - 0.5
    bend = ripples * (5 + depth * 0.16)
    columns = np.clip(np.arange(_W)[None, :] + bend, 0, _W - 1).astype(np.intp)
    rows = np.clip(depth + bend * 0.8, 0, reach - 1).astype(np.intp)
    wavy = mirror[rows, columns].copy()
    wavy[..., :3] = (wavy[..., :3] * 0.72 + np.array((14, 22, 38))).astype(np.uint8)
    wavy[..., 3] = (wavy[..., 3] * (0.78 * np.exp(-depth / 130))).astype(np.uint8)
    reflected = Image.fromarray(wavy, "RGBA")
    picture.paste(reflected, (0, line), reflected)
    picture.paste(layer, (0, 0), layer)


def _developed(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """What a lens and a film add: bloom, falling corners, grain."""
    small = picture.resize(SIZE, Image.Resampling.LANCZOS)
    pixels: Field = np.asarray(small, np.float32)
    bright = np.clip(pixels - 176, 0, None) * (255 / 79)
    blurred = _to_image(bright).filter(ImageFilter.GaussianBlur(9))
    bloom = np.asarray(blurred, np.float32) * 0.34
    pixels = 255 - (255 - pixels) * (255 - bloom) / 255
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)
    away = np.hypot((x - SIZE[0] / 2) / SIZE[0], (y - SIZE[1] / 2) / SIZE[1])
    pixels *= (1 - 0.42 * away**2)[..., None]
    grain = rng.normal(0, 2.0, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    return _to_image(pixels + grain)
