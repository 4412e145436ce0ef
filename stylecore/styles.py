"""`Style`: a painting to learn from, and where to learn and to paint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from .errors import PictureError
from .recipes import Recipe


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Style:
    """A painting, with masks or without.

    Both masks are read as greyscale: white counts fully, black not at all.
    """

    picture: Image.Image
    mask: Image.Image | None = None
    """Where in `picture` to learn; of its size. None: everywhere."""
    region: Image.Image | None = None
    """Where in the content to paint with it; of the content's size. None:
    everywhere. What lies in no style's region stays as it is in the content."""


Styles = Image.Image | Style | Sequence[Image.Image | Style]

_BLACK: Final = 8
"""Masks are often JPEGs, whose black is not quite 0."""


def as_styles(styles: Styles) -> tuple[Style, ...]:
    """What `StyleTransfer.run` takes for a style, as a tuple of `Style`."""
    if isinstance(styles, Image.Image | Style):
        styles = (styles,)
    return tuple(
        each if isinstance(each, Style) else Style(picture=each) for each in styles
    )


def check_styles(
    styles: tuple[Style, ...], content: Image.Image, recipe: Recipe
) -> None:
    """Raises `PictureError` unless styles, masks and the recipe's blend fit."""
    if not styles:
        raise PictureError("There is no style; give at least one picture.", "no_style")
    if recipe.blend and len(recipe.blend) != len(styles):
        raise PictureError(
            f"The blend has {len(recipe.blend)} weights for {len(styles)} styles; "
            "give one for each.",
            "blend",
        )
    for number, style in enumerate(styles, start=1):
        _check_mask(style.mask, f"The mask of style {number}", style.picture, "style")
        _check_mask(style.region, f"The region of style {number}", content, "content")


def _check_mask(
    mask: Image.Image | None, name: str, picture: Image.Image, role: str
) -> None:
    if mask is None:
        return
    if mask.size != picture.size:
        raise PictureError(
            f"{name} is {mask.width} × {mask.height} pixels but the {role} is "
            f"{picture.width} × {picture.height}; make them equally large.",
            "mask_size",
        )
    if not mask.convert("L").point(lambda level: level > _BLACK).getbbox():
        raise PictureError(f"{name} is black; paint white where it counts.", "mask")
