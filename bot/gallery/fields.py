"""Fields of numbers over a picture: noise, distances, colours, light."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Field = npt.NDArray[Any]
"""`(H, W)` float32, or `(H, W, 3)` RGB in 0 to 255."""
Colour = tuple[int, int, int]
Size = tuple[int, int]
"""Width and height in pixels."""


def axes(size: Size) -> tuple[Field, Field]:
    """Every pixel's x and y, `(H, W)` each."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return x, y


def fractal(
    rng: np.random.Generator,
    size: Size,
    cells: tuple[float, float],
    octaves: int = 4,
) -> Field:
    """Smooth noise in [0, 1]; its coarsest octave has `cells` bumps across and down."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        across, down = (max(2, round(count * 2**octave) + 1) for count in cells)
        coarse = Image.fromarray(rng.random((down, across), np.float32))
        total += np.asarray(coarse.resize(size, Image.Resampling.BICUBIC)) * 0.5**octave
    low, high = float(total.min()), float(total.max())
    return np.asarray((total - low) / (high - low), np.float32)


def grain(rng: np.random.Generator, size: Size) -> Field:
    """Independent noise in each pixel, mean 0, deviation 1."""
    return rng.standard_normal((size[1], size[0]), np.float32)


def smoothstep(low: float, high: float, values: Field) -> Field:
    """0 below `low`, 1 above `high`, an S between; falls where `low` is above."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def ramp(values: Field, stops: Sequence[Colour]) -> Field:
    """Colours `(..., 3)` of values in [0, 1] along evenly spaced stops."""
    places = np.linspace(0.0, 1.0, len(stops))
    channels = np.asarray(stops, np.float32).T
    mixed = [np.interp(values, places, channel) for channel in channels]
    return np.stack(mixed, -1).astype(np.float32)


def blend(below: Field, above: Field | Colour, cover: Field) -> Field:
    """`above` over `below` where `cover` `(H, W)` is 1."""
    share = cover[..., None]
    return np.asarray(below + (np.asarray(above, np.float32) - below) * share)


def stain(paper: Field, pigment: Colour, amount: Field) -> Field:
    """Transparent colour over `paper`: light passes it twice, as in watercolour."""
    filtered = np.asarray(pigment, np.float32) / 255.0
    return np.asarray(paper * np.maximum(filtered, 0.02) ** amount[..., None])


def blurred(values: Field, radius: int) -> Field:
    """Three box blurs, nearly a Gaussian; the edges are repeated outwards."""
    for axis in (0, 1) * 3:
        values = _boxed(values, radius, axis)
    return values


def _boxed(values: Field, radius: int, axis: int) -> Field:
    pad = [(0, 0)] * values.ndim
    pad[axis] = (radius + 1, radius)
    sums = np.cumsum(np.pad(values, pad, mode="edge"), axis, dtype=np.float64)
    count = values.shape[axis]
    width = 2 * radius + 1
    upper = np.take(sums, range(width, width + count), axis)
    lower = np.take(sums, range(count), axis)
    return np.asarray((upper - lower) / width, np.float32)


def light(height: Field, depth: float) -> Field:
    """How relief catches light from the upper left, in [-1, 1]; 0 where it is flat."""
    slope = np.gradient(height, axis=1) + np.gradient(height, axis=0)
    return np.asarray(np.tanh(-slope / depth), np.float32)


def sampled(picture: Field, x: Field, y: Field) -> Field:
    """`picture` at places that need not be whole pixels, between its edges."""
    high, wide = picture.shape[:2]
    x, y = np.clip(x, 0, wide - 1.001), np.clip(y, 0, high - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    across, down = x - left, y - top
    if picture.ndim == 3:
        across, down = across[..., None], down[..., None]
    upper = picture[top, left] * (1 - across) + picture[top, left + 1] * across
    lower = picture[top + 1, left] * (1 - across) + picture[top + 1, left + 1] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def pixels_of(picture: Image.Image) -> Field:
    """`(H, W, 3)`, or `(H, W)` in [0, 1] of a mask."""
    values = np.asarray(picture, np.float32)
    return values / 255.0 if picture.mode == "L" else values


def image_of(pixels: Field) -> Image.Image:
    """The picture of `(H, W, 3)` colours, cut off at 0 and 255."""
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))
