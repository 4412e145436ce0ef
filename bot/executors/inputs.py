"""`Inputs`: what one task paints from: pictures, recipe and size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from PIL import Image

from stylecore import images
from stylecore.errors import PictureError
from stylecore.limits import Limits
from stylecore.recipes import Colors, Recipe, preset

from .base import PaintTask, Palette

_COLORS = {Palette.STYLE: Colors.STYLE, Palette.PHOTO: Colors.LUMINANCE}
_OWN_LIMITS = Limits(max_bytes=200_000_000)
"""For pictures that were painted here."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """The pictures of a task, read and fitted to each other."""

    content: Image.Image
    styles: tuple[Image.Image, ...]
    """One, or two that count the same."""
    recipe: Recipe
    edge_px: int
    size: tuple[int, int]
    """Width and height of the result."""
    start: Image.Image | None

    @classmethod
    def read(cls, task: PaintTask, default_edge_px: int) -> Self:
        """Raises `PictureError` or `OSError` if a picture other than the start cannot
        be read."""
        content = images.load(task.content)
        paths = [task.style] + ([task.second_style] if task.second_style else [])
        edge_px = task.edge_px or default_edge_px
        start = _start(task, content)
        return cls(
            content=content,
            styles=tuple(images.load(path) for path in paths),
            recipe=_recipe(task, continued=start is not None),
            edge_px=edge_px,
            size=images.size_to_fit(content.size, edge_px),
            start=start,
        )


def _recipe(task: PaintTask, *, continued: bool) -> Recipe:
    colors = _COLORS[Palette(task.colors)]
    return replace(preset(task.strength), colors=colors, continued=continued)


def _start(task: PaintTask, content: Image.Image) -> Image.Image | None:
    """The picture to start from; None if it is gone, cut off or of another shape."""
    if task.start is None:
        return None
    try:
        picture = images.load(task.start, _OWN_LIMITS)
    except (PictureError, OSError):
        return None
    shape = images.size_to_fit(content.size, max(picture.size))
    return picture if picture.size == shape else None
