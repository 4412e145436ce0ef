"""The built-in styles: every one a picture drawn by a module of this folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from . import (
    charcoal,
    cubist,
    cutout,
    deco,
    dots,
    glass,
    hatching,
    impasto,
    ink,
    linocut,
    mosaic,
    night,
    stitch,
    watercolour,
    wave,
)


@dataclass(frozen=True, slots=True)
class Style:
    """One style; its name in people's languages is a sentence of the chat."""

    slug: str
    """Names it for ever: buttons and links carry it. `a-z`, at most 14."""
    draw: Callable[[], Image.Image]
    """Draws the painting, always the same: RGB, about 768 px, in a second or two."""


STYLES = (
    Style("impasto", impasto.draw),
    Style("night", night.draw),
    Style("wave", wave.draw),
    Style("watercolour", watercolour.draw),
    Style("dots", dots.draw),
    Style("glass", glass.draw),
    Style("mosaic", mosaic.draw),
    Style("ink", ink.draw),
    Style("cubist", cubist.draw),
    Style("charcoal", charcoal.draw),
    Style("deco", deco.draw),
    Style("linocut", linocut.draw),
    Style("cutout", cutout.draw),
    Style("hatching", hatching.draw),
    Style("stitch", stitch.draw),
)
"""In the order in which they are shown."""


def style_of(slug: str) -> Style | None:
    """The style of that name, if there is one."""
    return next((style for style in STYLES if style.slug == slug), None)
