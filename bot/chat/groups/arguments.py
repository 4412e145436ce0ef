"""`style_called`: the style that somebody calls by its name or its code."""

from __future__ import annotations

import re
from typing import Protocol

from ..styles.shelf import StylePicture
from ..texts import Texts
from .pairing import NamedStyle

_CODE = re.compile(r"[gs]_[a-z0-9_]{1,32}\Z")


class StyleNames(Protocol):
    """`styles.shelf.Shelf`, as far as groups need it."""

    async def named(self, words: str, user_id: int) -> NamedStyle | None: ...

    async def picture(self, code: str, user_id: int) -> StylePicture | None: ...


async def style_called(
    shelf: StyleNames, words: str, user_id: int, texts: Texts
) -> NamedStyle | None:
    """A style of the gallery, of this person, or shared; None: there is none like it.

    A code without a name is shown as it was written.
    """
    if not words:
        return None
    if _CODE.match(words):
        found = await shelf.picture(words, user_id)
        if found is not None:
            return NamedStyle(found.picture, found.called(texts) or words)
    return await shelf.named(words, user_id)
