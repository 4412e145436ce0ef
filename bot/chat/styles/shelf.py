"""`Shelf`: every style there is for a person, by a code that buttons can carry.

`g_<slug>` is a built-in style, for everybody; `s_<id>` a row of `styles`, a saved one
for its owner alone, a shared one for whoever has the code; `p_<digits>` a painting
that the person has used before. A code that is not for a person finds nothing.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ...gallery.styles import STYLES, style_of
from ...storage.database import Database, Transaction
from ...storage.pictures import Measured, PictureStore
from ..groups.pairing import NamedStyle
from ..texts import LANGUAGES, Texts, texts_for
from . import store
from .names import same_name
from .store import Row, Used

MOST_SAVED = 50
"""A person can keep so many styles."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_ID_LENGTH = 12
_PICTURE_DIGITS = 16


class ShelfFull(Exception):
    """The person keeps as many styles as they can."""


class Painter(Protocol):
    """`executors.darkroom.Darkroom`, as far as the shelf needs it."""

    async def draw(self, slug: str) -> tuple[bytes, Measured]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePicture:
    """A style whose picture is there."""

    code: str
    picture: str
    name: str | None = None
    """As its owner calls it; plain text."""
    slug: str | None = None
    """Of a built-in style, whose name depends on the language."""

    @property
    def id(self) -> str:
        """What follows the kind in the code: of a saved style, the id of its row."""
        return self.code.partition("_")[2]

    def called(self, texts: Texts) -> str | None:
        """Its name as plain text; None: it has none."""
        return self.name if self.slug is None else texts.style_name(self.slug)


class Shelf:
    """Finds, keeps and shares styles."""

    def __init__(self, db: Database, pictures: PictureStore, painter: Painter) -> None:
        self._db = db
        self._pictures = pictures
        self._painter = painter
        self._drawing = asyncio.Lock()

    async def picture(self, code: str, user_id: int) -> StylePicture | None:
        """The style of a code, for this person; None if there is none.

        A built-in style is drawn when it is first wanted: a second or two. Raises
        `PictureError`, `StorageError` if that fails.
        """
        kind, _, rest = code.partition("_")
        match kind:
            case "g":
                return await self._built_in(rest)
            case "s":
                return await self._kept(rest, user_id)
            case "p":
                return await self._used_before(rest, user_id)
        return None

    async def saved(self, user_id: int) -> list[StylePicture]:
        """A person's own styles, newest first."""
        rows = await store.saved(self._db, user_id)
        found = [_of_row(row) for row in rows]
        return [each for each in found if await self._pictures.exists(each.picture)]

    async def recent(self, user_id: int, limit: int) -> list[StylePicture]:
        """What a person had painted from, each picture once, newest first."""
        used = await store.used(self._db, user_id, limit)
        found = [_of_used(each) for each in used]
        return [each for each in found if await self._pictures.exists(each.picture)]

    async def named(self, words: str, user_id: int) -> NamedStyle | None:
        """A person's own style called so, or a built-in one, in whatever language."""
        for each in await self.saved(user_id):
            if each.name is not None and same_name(each.name, words):
                return NamedStyle(each.picture, each.name)
        for slug, name in _built_in_names():
            if same_name(name, words) and (found := await self._built_in(slug)):
                return NamedStyle(found.picture, name)
        return None

    async def share(
        self, tx: Transaction, user_id: int, picture: str, name: str | None
    ) -> str:
        """A code under which anybody gets this picture as a style.

        It says nothing of who shared it; the same picture gets the same code again.
        """
        if (slug := await store.built_in_slug(tx, picture)) is not None:
            return f"g_{slug}"
        row = await store.find(tx, user_id, "shared", picture)
        if row is None:
            row = _new_row(user_id, picture, name, "shared")
            await store.add(tx, row, time.time())
        return f"s_{row.id}"

    async def save(
        self, tx: Transaction, user_id: int, picture: str, name: str | None
    ) -> tuple[StylePicture, bool]:
        """Keeps a picture as a style; says whether it is new.

        Raises `ShelfFull`.
        """
        row = await store.find(tx, user_id, "saved", picture)
        if row is not None:
            return _of_row(row), False
        if len(await store.saved(tx, user_id)) >= MOST_SAVED:
            raise ShelfFull
        row = _new_row(user_id, picture, name, "saved")
        await store.add(tx, row, time.time())
        return _of_row(row), True

    async def mine(self, style_id: str, user_id: int) -> StylePicture | None:
        """A saved style of this person, by the id of its row."""
        row = await store.load(self._db, style_id)
        if row is None or row.kind != "saved" or row.user_id != user_id:
            return None
        return _of_row(row)

    async def rename(
        self, tx: Transaction, style_id: str, user_id: int, name: str
    ) -> bool:
        """Gives a saved style of this person a name; False: they have no such style."""
        row = await store.load(tx, style_id)
        if row is None or row.kind != "saved" or row.user_id != user_id:
            return False
        await store.rename(tx, row, name)
        return True

    async def remove(self, style_id: str, user_id: int, kept_for_s: float) -> bool:
        """Deletes a saved style of this person; False: they have no such style.

        Its picture goes at once unless somebody needs it, or used it so lately.
        """
        if (style := await self.mine(style_id, user_id)) is None:
            return False
        async with self._db.transaction() as tx:
            await store.remove(tx, style_id)
        await self._pictures.release(style.picture, kept_for_s)
        return True

    async def is_built_in(self, picture: str) -> bool:
        """Whether a picture is one of the gallery."""
        return await store.built_in_slug(self._db, picture) is not None

    async def _kept(self, style_id: str, user_id: int) -> StylePicture | None:
        row = await store.load(self._db, style_id)
        if row is None or (row.kind == "saved" and row.user_id != user_id):
            return None
        if not await self._pictures.exists(row.picture):
            return None
        async with self._db.transaction() as tx:
            await store.touch(tx, row.id, time.time())
        return _of_row(row)

    async def _used_before(self, digits: str, user_id: int) -> StylePicture | None:
        if len(digits) != _PICTURE_DIGITS:
            return None
        found = await store.used_picture(self._db, user_id, digits)
        if found is None or not await self._pictures.exists(found.picture):
            return None
        return _of_used(found)

    async def _built_in(self, slug: str) -> StylePicture | None:
        if style_of(slug) is None:
            return None
        async with self._drawing:
            picture = await store.built_in_picture(self._db, slug)
            if picture is None or not await self._pictures.exists(picture):
                jpeg, info = await self._painter.draw(slug)
                picture = await self._pictures.put(jpeg, info)
                async with self._db.transaction() as tx:
                    await store.note_built_in(tx, slug, picture)
        return StylePicture(code=f"g_{slug}", picture=picture, slug=slug)


def _built_in_names() -> Iterator[tuple[str, str]]:
    """Slugs with each of their names."""
    for style in STYLES:
        for language in LANGUAGES:
            yield style.slug, texts_for(language).style_name(style.slug)
        yield style.slug, style.slug


def _new_row(user_id: int, picture: str, name: str | None, kind: str) -> Row:
    style_id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    return Row(id=style_id, user_id=user_id, name=name, picture=picture, kind=kind)


def _of_row(row: Row) -> StylePicture:
    return StylePicture(code=f"s_{row.id}", picture=row.picture, name=row.name)


def _of_used(used: Used) -> StylePicture:
    if used.slug is not None:
        return StylePicture(code=f"g_{used.slug}", picture=used.picture, slug=used.slug)
    if used.saved_id is not None:
        code = f"s_{used.saved_id}"
        return StylePicture(code=code, picture=used.picture, name=used.saved_name)
    code = f"p_{used.picture[:_PICTURE_DIGITS]}"
    return StylePicture(code=code, picture=used.picture, name=used.name)
