"""Smooth random fields, the stuff of clouds, ridges, waves and brush strokes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Field = npt.NDArray[Any]
"""Floating-point numbers over a picture, or one per stroke."""


def fractal(
    rng: np.random.Generator,
    size: tuple[int, int],
    cells: tuple[float, float],
    octaves: int = 4,
) -> Field:
    """A field of `size` (width, height) in [0, 1].

    Its coarsest octave has `cells` (across, down) bumps; each further one doubles
    them at half the weight.
    """
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        across, down = (max(2, round(count * 2**octave) + 1) for count in cells)
        coarse = rng.random((down, across), np.float32)
        smooth = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(smooth) * 0.5**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


def smoothstep(low: float, high: float, values: Field) -> Field:
    """0 below `low`, 1 above `high`, an S between."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)
