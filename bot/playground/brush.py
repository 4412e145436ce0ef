"""`Brush`: shapes in the units of a finished picture, drawn on a larger one."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]


class Brush:
    """Draws on `picture`, whose pixels are 1 / `scale` units wide."""

    def __init__(
        self,
        picture: Image.Image,
        *,
        scale: float,
        origin: Point = (0.0, 0.0),
        size: float = 1.0,
    ) -> None:
        self._pen = ImageDraw.Draw(picture)
        self._scale = scale * size
        self._shift = (origin[0] * scale, origin[1] * scale)

    def polygon(self, *points: Point, fill: Colour) -> None:
        """A filled shape."""
        self._pen.polygon(self._places(points), fill=fill)

    def box(self, sides: tuple[float, float, float, float], fill: Colour) -> None:
        """A filled rectangle of left, top, right, bottom."""
        left, top, right, bottom = sides
        corners = self._places([(left, top), (right, bottom)])
        self._pen.rectangle(corners, fill=fill)

    def line(self, *points: Point, fill: Colour, width: float) -> None:
        """A line, at least one pixel wide."""
        pixels = max(1, round(width * self._scale))
        self._pen.line(self._places(points), fill=fill, width=pixels)

    def circle(self, centre: Point, radius: float, fill: Colour) -> None:
        """A disc."""
        self._pen.circle(self._places([centre])[0], radius * self._scale, fill=fill)

    def _places(self, points: Sequence[Point]) -> list[Point]:
        left, top = self._shift
        return [(left + x * self._scale, top + y * self._scale) for x, y in points]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """From `one` at share 0 to `other` at share 1."""
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue
