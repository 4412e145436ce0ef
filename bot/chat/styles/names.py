"""What people call their styles: any words, on one line, not too long."""

from __future__ import annotations

import unicodedata

LONGEST = 32


def clean_name(words: str) -> str | None:
    """The words as a name, plain text; None if nothing, or too much, is left.

    Signs that cannot be seen, or that turn what follows around, are left out.
    """
    seen = (" " if char.isspace() else char for char in words)
    shown = [c for c in seen if c == " " or unicodedata.category(c)[0] not in "CZ"]
    name = " ".join("".join(shown).split())
    return name if 0 < len(name) <= LONGEST else None


def same_name(one: str, other: str) -> bool:
    """Whether two names are meant to be the same, whatever their case."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
