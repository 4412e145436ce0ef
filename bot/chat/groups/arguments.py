"""`StyleNames`: the style that somebody calls by its name or its code."""

from __future__ import annotations

from typing import Protocol

from .pairing import NamedStyle


class StyleNames(Protocol):
    """The shelf of styles, as far as groups need it."""

    async def named(self, words: str, user_id: int) -> NamedStyle | None:
        """A style of the gallery or of this person; None: there is none like it."""
        ...
