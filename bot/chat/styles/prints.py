"""`Prints`: pictures for the chat that are no results: the poster, sheets of styles."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import aiofiles.os

from ...gallery import prints
from ...storage.pictures import PictureStore
from ..cards import FOLDER as CARDS
from ..cards import write_file
from .shelf import StylePicture

FOLDER = "gallery"
_DIGITS = 16


class SheetPainter(Protocol):
    """`executors.darkroom.Darkroom`, as far as sheets need it."""

    async def sheet(self, paths: Sequence[Path], first: int) -> bytes: ...


class Prints:
    """Everything it makes is a JPEG below the data folder, made once.

    What comes with the bot lies in `gallery/`; the sheets of a person's styles lie
    among the cards, which are swept, under names that begin with `sheets_of`.
    """

    def __init__(
        self, data_dir: Path, pictures: PictureStore, painter: SheetPainter
    ) -> None:
        self._data_dir = data_dir
        self._pictures = pictures
        self._painter = painter

    def path(self, relative: str) -> Path:
        return self._data_dir / relative

    async def poster(self) -> str:
        """What the bot does, in one picture. Raises `StorageError`."""
        return await self._shipped(prints.POSTER)

    async def built_in(self, page: int) -> str:
        """The sheet of a page of built-in styles. Raises `StorageError`."""
        return await self._shipped(prints.page_name(page))

    async def of_person(
        self, user_id: int, styles: Sequence[StylePicture], first: int
    ) -> str:
        """A sheet of a person's styles. Raises `PictureError`, `StorageError`."""
        seen = "".join([str(first), *(style.picture for style in styles)])
        digits = hashlib.sha256(seen.encode()).hexdigest()[:_DIGITS]
        relative = f"{CARDS}/{sheets_of(user_id)}{digits}.jpg"
        if not await aiofiles.os.path.exists(self.path(relative)):
            paths = [self._pictures.path(style.picture) for style in styles]
            jpeg = await self._painter.sheet(paths, first)
            await write_file(self.path(relative), jpeg)
        return relative

    async def forget(self, user_id: int) -> None:
        """Deletes every sheet of a person's styles."""
        await asyncio.to_thread(_unlink_all, self.path(CARDS), sheets_of(user_id))

    async def _shipped(self, name: str) -> str:
        """A print that came with the bot, at a name that changes with its contents."""
        jpeg = await asyncio.to_thread(prints.read, name)
        digits = hashlib.sha256(jpeg).hexdigest()[:_DIGITS]
        relative = f"{FOLDER}/{digits}-{name}"
        if not await aiofiles.os.path.exists(self.path(relative)):
            await write_file(self.path(relative), jpeg)
        return relative


def sheets_of(user_id: int) -> str:
    """How the names of the sheets of a person's styles begin."""
    return f"sheet-{user_id}-"


def _unlink_all(folder: Path, beginning: str) -> None:
    for path in folder.glob(f"{beginning}*"):
        path.unlink(missing_ok=True)
