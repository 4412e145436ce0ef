"""Draws `features.jpg`: what the fields of a recipe do to one photo.

    python .github/pictures/features.py PAINTING OUT

Photo and first painting are the samples of the playground; PAINTING is the second, for
the picture in the README Munch's "The Scream" (public domain). Pictures that already
lie in OUT are not painted again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.playground.samples import SAMPLES
from stylecore import images
from stylecore.recipes import Colors, Init, preset
from stylecore.styles import Style, Styles
from stylecore.transfer import StyleTransfer

EDGE_PX: Final = 288
COLUMNS: Final = 4
GAP_PX, LABEL_PX = 10, 22


def main(second: Path, out: Path) -> None:
    """Paints what is missing, then puts all pictures on one sheet."""
    out.mkdir(parents=True, exist_ok=True)
    panels = {
        name: _once(draw, out / f"{name}.png")
        for name, draw in drawings(images.load(second)).items()
    }
    sheet(panels).save(out / "features.png")
    sheet(panels).save(out / "features.jpg", quality=88)


def _once(draw: Callable[[], Image.Image], path: Path) -> Image.Image:
    if not path.exists():
        draw().save(path)
    return Image.open(path)


def drawings(second: Image.Image) -> dict[str, Callable[[], Image.Image]]:
    """By label; the first is the photo itself."""
    photo, first = (
        images.fit(SAMPLES[name](), edge_px)
        for name, edge_px in (("content", EDGE_PX), ("style", 800))
    )
    second = images.fit(second, 800)
    engine = StyleTransfer(weights="untrained")

    def paint(styles: Styles, **fields: Any) -> Callable[[], Image.Image]:
        def painted() -> Image.Image:
            recipe = replace(preset("balanced"), **fields)
            *_, last = engine.run(photo, styles, recipe, edge_px=EDGE_PX)
            return last.picture()

        return painted

    sky = above_horizon(photo.size)
    ground = sky.point(lambda level: 255 - level)
    two = (Style(picture=second, region=sky), Style(picture=first, region=ground))
    around = around_the_village(photo.size)
    return {
        "photo": lambda: photo,
        "first painting": lambda: first,
        "second painting": lambda: second,
        "balanced": paint(first),
        "both: --blend 1,1": paint((first, second)),
        "a region for each": paint(two),
        "a region: all but the village": paint(Style(picture=second, region=around)),
        "a mask: the second's sky alone": paint(
            Style(picture=second, mask=upper_quarter(second.size))
        ),
        "--colors luminance": paint(first, colors=Colors.LUMINANCE),
        "--colors match": paint(second, colors=Colors.MATCH),
        "--style-scale 0.5": paint(first, style_scale=0.5),
        "--init noise --detail 0": paint(first, init=Init.NOISE, detail=0.0),
    }


def above_horizon(size: tuple[int, int]) -> Image.Image:
    """The sky, with a soft edge."""
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0], round(0.55 * size[1])))
    return mask.filter(ImageFilter.GaussianBlur(size[0] / 60))


def upper_quarter(size: tuple[int, int]) -> Image.Image:
    """Where The Scream has its sky."""
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0], round(0.25 * size[1])))
    return mask


def around_the_village(size: tuple[int, int]) -> Image.Image:
    """All but the village, with a soft edge."""
    width, height = size
    mask = Image.new("L", size, 255)
    box = (0.05 * width, 0.3 * height, 0.53 * width, 0.76 * height)
    ImageDraw.Draw(mask).ellipse(box, fill=0)
    return mask.filter(ImageFilter.GaussianBlur(width / 40))


def sheet(panels: Mapping[str, Image.Image]) -> Image.Image:
    """The panels in rows, each over its name."""
    cell = EDGE_PX
    row_px = round(cell * 0.75) + LABEL_PX + GAP_PX
    rows = -(-len(panels) // COLUMNS)
    size = (COLUMNS * (cell + GAP_PX) + GAP_PX, rows * row_px + GAP_PX)
    page = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=15)
    for number, (name, picture) in enumerate(panels.items()):
        row, column = divmod(number, COLUMNS)
        x, y = GAP_PX + column * (cell + GAP_PX), GAP_PX + row * row_px
        picture = picture.convert("RGB")
        picture.thumbnail((cell, round(cell * 0.75)), Image.Resampling.LANCZOS)
        page.paste(picture, (x + (cell - picture.width) // 2, y))
        draw.text((x + 2, y + round(cell * 0.75) + 2), name, fill="black", font=font)
    return page


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
