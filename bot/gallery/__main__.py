"""`python -m bot.gallery FOLDER`: draws the gallery anew.

Writes every style as `<slug>.png` and every page of the contact sheet. Given a photo
and what the engine made of it in one of the styles, the poster as well. The one in
`printed/` shows the playground's sample photo and came about by

    stylecore transfer photo.png impasto.png -o result.png --weights untrained \\
        --strength strong --edge 448
    python -m bot.gallery FOLDER photo.png impasto result.png
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from .poster import draw_poster
from .prints import PER_PAGE, POSTER, page_name, pages
from .sheet import draw_sheet
from .styles import STYLES

_QUALITY = 88


def main(arguments: list[str]) -> None:
    """Draws into the folder that is the first argument."""
    if len(arguments) not in (1, 4):
        sys.exit(__doc__)
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {style.slug: style.draw() for style in STYLES}
    for slug, picture in drawn.items():
        picture.save(folder / f"{slug}.png")
    for number, styles in enumerate(pages()):
        sheet = draw_sheet([drawn[s.slug] for s in styles], number * PER_PAGE + 1)
        sheet.save(folder / page_name(number), quality=_QUALITY)
    if len(arguments) > 1:
        photo, slug, result = arguments[1:]
        with Image.open(photo) as content, Image.open(result) as painted:
            poster = draw_poster(content.convert("RGB"), drawn[slug], painted)
        poster.save(folder / POSTER, quality=_QUALITY)


if __name__ == "__main__":
    main(sys.argv[1:])
