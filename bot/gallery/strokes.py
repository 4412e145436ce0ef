"""Brush strokes that follow a sketch and a field of directions, with their relief."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .fields import Field, grain, image_of, light, pixels_of

_STEPS = 3
"""Steps of a stroke's path to either side of its middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brush:
    """One layer of strokes; lengths in pixels."""

    spacing: float
    width: float
    length: float
    jitter: float
    """How far colours stray from the sketch; standard deviation of 0 to 255."""
    bristles: int = 5


class Easel:
    """A canvas of colours and the height of the paint on it."""

    def __init__(
        self,
        rng: np.random.Generator,
        sketch: Image.Image,
        angles: Field,
        ground: tuple[int, int, int],
    ) -> None:
        """`angles`: the way of the brush at every pixel, in radians."""
        self._rng = rng
        self._sketch = pixels_of(sketch)
        self._angles = angles
        self._size = sketch.size
        self._colours = Image.new("RGB", sketch.size, ground)
        self._relief = Image.new("L", sketch.size, 90)
        self._pens = ImageDraw.Draw(self._colours), ImageDraw.Draw(self._relief)

    def paint(self, brush: Brush, where: Field | None = None) -> None:
        """Covers the canvas, or where `where` is above a chance in [0, 1]."""
        places = self._places(brush.spacing)
        if where is not None:
            columns, rows = places.astype(np.intp).T
            places = places[where[rows, columns] > self._rng.random(len(places))]
        columns, rows = places.astype(np.intp).T
        tones = self._broken(self._sketch[rows, columns], brush.jitter)
        lengths = brush.length * self._rng.uniform(0.6, 1.2, len(places))
        paths = self._paths(places, lengths.astype(np.float32))
        widths = brush.width * self._rng.uniform(0.7, 1.25, len(places))
        for path, tone, width in zip(paths, tones, widths.tolist(), strict=True):
            self._stroke(path, tone, width, brush.bristles)

    def finished(self, *, depth: float = 42.0, gloss: float = 36.0) -> Image.Image:
        """The painting in raking light, on linen."""
        soft = self._relief.filter(ImageFilter.GaussianBlur(0.8))
        height = np.asarray(soft, np.float32) + 3 * grain(self._rng, self._size)
        shade = light(height, depth)[..., None]
        pixels = pixels_of(self._colours.filter(ImageFilter.GaussianBlur(0.5)))
        return image_of(
            pixels * (1 + 0.3 * shade) + gloss * np.clip(shade - 0.35, 0, None)
        )

    def _places(self, spacing: float) -> Field:
        wide, high = self._size
        y, x = np.mgrid[0:high:spacing, 0:wide:spacing]
        grid = self._rng.permutation(np.stack((x.ravel(), y.ravel()), -1) + 0.0)
        grid += self._rng.uniform(-0.7 * spacing, 0.7 * spacing, grid.shape)
        return np.asarray(np.clip(grid, 0, (wide - 1, high - 1)), np.float32)

    def _broken(self, tones: Field, jitter: float) -> Field:
        """Each lighter or darker, warmer or cooler than in the sketch."""
        bright = self._rng.normal(0, jitter, len(tones))
        warm = self._rng.normal(0, 0.75 * jitter, len(tones))
        shift = np.stack((bright + warm, bright + 0.2 * warm, bright - warm), -1)
        return np.asarray(tones + shift, np.float32)

    def _paths(self, places: Field, lengths: Field) -> Field:
        """Points along the field, half a length to either side of each place."""
        back = self._walk(places, -lengths / (2 * _STEPS))
        ahead = self._walk(places, lengths / (2 * _STEPS))
        return np.stack([*back[::-1], places, *ahead], 1)

    def _walk(self, places: Field, steps: Field) -> list[Field]:
        points = []
        for _ in range(_STEPS):
            inside = np.clip(places, 0, (self._size[0] - 1, self._size[1] - 1))
            columns, rows = inside.astype(np.intp).T
            angle = self._angles[rows, columns]
            ahead = np.stack((np.cos(angle), np.sin(angle)), -1)
            places = places + steps[:, None] * ahead
            points.append(places)
        return points

    def _stroke(self, path: Field, tone: Field, width: float, bristles: int) -> None:
        """One touch: a body, and bristles with their own tone and height."""
        colours, heights = self._pens
        body = path.ravel().tolist()
        colours.line(body, fill=_whole(tone), width=max(1, round(width)))
        heights.line(body, fill=118, width=max(1, round(width)))
        along = path[-1] - path[0]
        across = np.array((-along[1], along[0])) / (np.hypot(*along) + 1e-6)
        places = ((np.arange(bristles) + 0.5) / bristles - 0.5) * width
        trails = (path[None] + (places[:, None] * across)[:, None]).reshape(
            bristles, -1
        )
        tones = tone[None] + self._rng.normal(0, 12, (bristles, 1))
        lifts = self._rng.integers(70, 235, bristles).tolist()
        for trail, shade, lift in zip(trails.tolist(), tones, lifts, strict=True):
            colours.line(trail, fill=_whole(shade), width=max(1, round(width / 9)))
            heights.line(trail, fill=lift, width=max(1, round(width / 9)))


def _whole(tone: Field) -> tuple[int, int, int]:
    red, green, blue = (min(255, max(0, int(value))) for value in tone.tolist())
    return red, green, blue
