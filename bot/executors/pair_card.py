"""The picture of a pair: the photo on the left, the painting on the right, or two."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

_WIDTH = 800
_MARGIN = 36
_GAP = 28
_TALLEST = 380
_LOWEST = 290
"""What is lower is cropped by chats at its sides."""
_NARROWEST = 0.68
_WIDEST = 1.6
"""Ratios of width to height; beyond these a thumbnail is cropped."""
_RADIUS = 22
_BADGE_RADIUS = 27
_FINER = 3
"""Masks are drawn so much larger, for smooth edges."""

_TOP = (244, 241, 236)
_BOTTOM = (228, 223, 215)
_SHADOW = (58, 50, 40)
_SIGN = (86, 78, 68)


def draw_pair_card(content: Image.Image, *styles: Image.Image) -> Image.Image:
    """An RGB image, 800 px wide and 290 to 452 px high, without words.

    All pictures get the same height, so that none seems to matter more.
    """
    pictures = (content, *styles)
    ratios = [_ratio(picture) for picture in pictures]
    room = _WIDTH - 2 * _MARGIN - _GAP * len(styles)
    height = min(_TALLEST, math.floor(room / sum(ratios)))
    card = _ground(max(_LOWEST, height + 2 * _MARGIN))
    top = (card.height - height) // 2
    widths = [round(ratio * height) for ratio in ratios]
    left = (_WIDTH - _GAP * len(styles) - sum(widths)) // 2
    seams = []
    for picture, width in zip(pictures, widths, strict=True):
        _hang(card, _crop(picture, (width, height)), (left, top))
        left += width + _GAP
        seams.append(left - _GAP // 2)
    for seam in seams[:-1]:
        _add_badge(card, (seam, card.height // 2))
    return card


def _ratio(picture: Image.Image) -> float:
    return min(_WIDEST, max(_NARROWEST, picture.width / picture.height))


def _crop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The middle of the picture, rather more from above than from below: faces."""
    coarse = min(picture.width // size[0], picture.height // size[1]) // 3
    if coarse > 1:
        picture = picture.reduce(coarse)
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, 0.3))


def _ground(height: int) -> Image.Image:
    """A soft neutral wall, a little lighter above."""
    slope = Image.linear_gradient("L").resize((_WIDTH, height))
    size = (_WIDTH, height)
    return Image.composite(
        Image.new("RGB", size, _BOTTOM), Image.new("RGB", size, _TOP), slope
    )


def _hang(card: Image.Image, picture: Image.Image, at: tuple[int, int]) -> None:
    """Puts a picture with round corners and a soft shadow onto the card."""
    mask = _round_mask(picture.size, _RADIUS)
    _add_shadow(card, mask, (at[0], at[1] + 7), blur=11, opacity=0.34)
    card.paste(picture, at, mask)


def _add_badge(card: Image.Image, centre: tuple[int, int]) -> None:
    """A white disc with a plus sign."""
    side = 2 * _BADGE_RADIUS
    at = (centre[0] - _BADGE_RADIUS, centre[1] - _BADGE_RADIUS)
    disc = _round_mask((side, side), _BADGE_RADIUS)
    _add_shadow(card, disc, (at[0], at[1] + 3), blur=6, opacity=0.4)
    card.paste((255, 255, 255), (at[0], at[1], at[0] + side, at[1] + side), disc)
    sign = Image.new("L", (side * _FINER, side * _FINER))
    draw, half = ImageDraw.Draw(sign), side * _FINER // 2
    long, thick = round(side * _FINER * 0.23), round(side * _FINER * 0.042)
    for dx, dy in ((long, thick), (thick, long)):
        box = (half - dx, half - dy, half + dx, half + dy)
        draw.rounded_rectangle(box, radius=thick, fill=255)
    sign = sign.resize((side, side), Image.Resampling.LANCZOS)
    card.paste(_SIGN, (at[0], at[1], at[0] + side, at[1] + side), sign)


def _round_mask(size: tuple[int, int], radius: int) -> Image.Image:
    large = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=radius * _FINER, fill=255)
    return large.resize(size, Image.Resampling.LANCZOS)


def _add_shadow(
    card: Image.Image,
    mask: Image.Image,
    at: tuple[int, int],
    *,
    blur: int,
    opacity: float,
) -> None:
    shade = Image.new("L", card.size)
    shade.paste(mask, at)
    shade = shade.filter(ImageFilter.GaussianBlur(blur))
    shade = ImageChops.multiply(shade, Image.new("L", card.size, round(255 * opacity)))
    card.paste(_SHADOW, (0, 0, *card.size), shade)
