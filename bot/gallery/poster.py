"""The poster: in one picture, what the bot does. A photo, a painting, the result."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFilter, ImageOps

SIZE = (1080, 860)
_FINER = 2
_WALL = ((250, 246, 238), (232, 225, 214))
_SHADOW = (64, 54, 42)
_SIGN = (150, 120, 84)
_SMALL = (330, 248)
_LARGE = (640, 480)
_PHOTO_AT = (96, 42)
_PAINTING_AT = (654, 42)
_RESULT_AT = (220, 348)


def draw_poster(
    photo: Image.Image, painting: Image.Image, result: Image.Image
) -> Image.Image:
    """Photo plus painting above, the painted photo below; RGB, `SIZE`, no words."""
    poster = _wall()
    _hang(poster, photo, _SMALL, _PHOTO_AT)
    _hang(poster, painting, _SMALL, _PAINTING_AT)
    _hang(poster, result, _LARGE, _RESULT_AT, frame=12)
    signs = Image.new("L", (SIZE[0] * _FINER, SIZE[1] * _FINER))
    pen = ImageDraw.Draw(signs)
    _plus(pen, (540, 166), 30, 8)
    _arrow(pen, (150, 318), (104, 470), (186, 560))
    _arrow(pen, (930, 318), (976, 470), (894, 560))
    poster.paste(_SIGN, (0, 0), signs.resize(SIZE, Image.Resampling.BOX))
    return poster


def _wall() -> Image.Image:
    slope = Image.linear_gradient("L").resize(SIZE)
    light, dark = (Image.new("RGB", SIZE, tone) for tone in _WALL)
    return Image.composite(dark, light, slope)


def _hang(
    poster: Image.Image,
    picture: Image.Image,
    size: tuple[int, int],
    at: tuple[int, int],
    frame: int = 8,
) -> None:
    """A picture in a white frame with a soft shadow."""
    box = (
        at[0] - frame,
        at[1] - frame,
        at[0] + size[0] + frame,
        at[1] + size[1] + frame,
    )
    shade = Image.new("L", SIZE)
    lower = (box[0] + 3, box[1] + 10, box[2] + 3, box[3] + 12)
    ImageDraw.Draw(shade).rectangle(lower, fill=110)
    poster.paste(_SHADOW, (0, 0), shade.filter(ImageFilter.GaussianBlur(10)))
    ImageDraw.Draw(poster).rectangle(box, fill=(255, 255, 255))
    poster.paste(ImageOps.fit(picture, size, Image.Resampling.LANCZOS), at)


def _plus(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], reach: int, thick: int
) -> None:
    for across, down in ((reach, thick), (thick, reach)):
        box = (at[0] - across, at[1] - down, at[0] + across, at[1] + down)
        scaled = [side * _FINER for side in box]
        pen.rounded_rectangle(scaled, radius=thick * _FINER, fill=255)


def _arrow(
    pen: ImageDraw.ImageDraw,
    start: tuple[int, int],
    bend: tuple[int, int],
    end: tuple[int, int],
) -> None:
    """A bent line with a head, drawn as a row of discs."""
    for step in range(121):
        t = step / 120
        x, y = (
            (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
            for a, b, c in zip(start, bend, end, strict=True)
        )
        pen.circle((x * _FINER, y * _FINER), 7 * _FINER, fill=255)
    way = math.atan2(end[1] - bend[1], end[0] - bend[0])
    head = []
    for turn, reach in ((0.0, 24), (2.3, 26), (-2.3, 26)):
        head.append(
            (
                (end[0] + reach * math.cos(way + turn)) * _FINER,
                (end[1] + reach * math.sin(way + turn)) * _FINER,
            )
        )
    pen.polygon(head, fill=255)
