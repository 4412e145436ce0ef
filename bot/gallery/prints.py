"""Pictures that come with the bot, drawn ahead by `python -m bot.gallery`.

They show the whole gallery at once without drawing fifteen paintings first.
"""

from __future__ import annotations

import importlib.resources

from .sheet import COLUMNS
from .styles import STYLES, Style

PER_PAGE = 3 * COLUMNS
POSTER = "poster.jpg"
_FOLDER = "printed"


def pages() -> list[tuple[Style, ...]]:
    """The built-in styles, page by page."""
    starts = range(0, len(STYLES), PER_PAGE)
    return [STYLES[start : start + PER_PAGE] for start in starts]


def page_name(number: int) -> str:
    """The file of the contact sheet of page `number`, from 0."""
    return f"page-{number + 1}.jpg"


def read(name: str) -> bytes:
    """The JPEG of that name."""
    return (importlib.resources.files(__package__) / _FOLDER / name).read_bytes()
