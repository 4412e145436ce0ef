"""`Favourites`: the styles of a person, and codes under which others can use them."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ...storage.database import Database
from ...storage.pictures import PictureStore
from ..styles.shelf import Shelf, StylePicture
from . import store


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

        There is none for a picture that is no longer kept. A code has to be offered
        before anybody can choose it; `sweep` deletes those that nobody did.
        """
        kept = [p for p in named if await self._pictures.exists(p)]
        if not kept:
            return {}
        async with self._db.transaction() as tx:
            return {
                picture: await self._shelf.share(tx, user_id, picture, named[picture])
                for picture in kept
            }

    async def passed_on(self, user_id: int, result_id: str) -> None:
        """A result of inline mode was chosen."""
        kind, _, number = result_id.partition("_")
        if kind == "s":
            picture = await store.shared_picture(self._db, user_id, number)
        else:
            painting = await store.painting(self._db, user_id, number)
            picture = painting.style if painting else None
        if picture is not None:
            async with self._db.transaction() as tx:
                await store.note_passed_on(tx, user_id, picture, time.time())

    async def sweep(self, older_than_s: float) -> int:
        """Deletes codes that were offered so long ago and never used."""
        async with self._db.transaction() as tx:
            return await store.forget_offers(tx, time.time() - older_than_s)
