"""`Favourites`: the styles of a person, and codes under which others can use them."""

from __future__ import annotations

from collections.abc import Mapping

from ...storage.database import Database
from ...storage.pictures import PictureStore
from ..styles.shelf import Shelf, StylePicture


class Favourites:
    """What a person saved and what they painted from."""

    def __init__(self, db: Database, pictures: PictureStore, shelf: Shelf) -> None:
        self._db = db
        self._pictures = pictures
        self._shelf = shelf

    async def of(self, user_id: int, limit: int) -> list[StylePicture]:
        """Saved styles, then those used before; each picture once."""
        saved = await self._shelf.saved(user_id)
        recent = await self._shelf.recent(user_id, limit)
        each_once = {style.picture: style for style in [*recent, *saved]}
        ordered = dict.fromkeys(style.picture for style in [*saved, *recent])
        return [each_once[picture] for picture in ordered][:limit]

    async def codes(
        self, user_id: int, named: Mapping[str, str | None]
    ) -> dict[str, str]:
        """For pictures with their names: a code that anybody can use.

        There is none for a picture that is no longer kept.
        """
        kept = [p for p in named if await self._pictures.exists(p)]
        if not kept:
            return {}
        async with self._db.transaction() as tx:
            return {
                picture: await self._shelf.share(tx, user_id, picture, named[picture])
                for picture in kept
            }
