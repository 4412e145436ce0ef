"""`CardPictures`: the picture of a pair, photo left and painting right, on disk.

A pair may have two paintings, which are blended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import Protocol

import aiofiles
import aiofiles.os

from ..storage.errors import from_os_error

FOLDER = "cards"


class PairPainter(Protocol):
    """`executors.darkroom.Darkroom`, as far as cards need it."""

    async def pair_card(self, content: Path, *styles: Path) -> bytes: ...


class PictureFolder(Protocol):
    """`storage.pictures.PictureStore`, as far as cards need it."""

    def path(self, picture_id: str) -> Path: ...


class CardPictures:
    """Makes each card once and keeps it as `<data>/cards/<content>-<style>.jpg`, the
    name with the second style added if there is one."""

    def __init__(
        self, data_dir: Path, pictures: PictureFolder, darkroom: PairPainter
    ) -> None:
        self._data_dir = data_dir
        self._pictures = pictures
        self._darkroom = darkroom

    def relative(self, *pictures: str) -> str:
        """Where the card lies, or will lie, seen from the data folder."""
        return f"{FOLDER}/{'-'.join(pictures)}.jpg"

    def path(self, *pictures: str) -> Path:
        return self._data_dir / self.relative(*pictures)

    async def make(self, *pictures: str) -> Path:
        """The card's file, made if it is not there.

        The pictures are the photo, the painting, and the second painting if any.

        Raises `PictureError` if a picture cannot be shown, `StorageError` if
        the card cannot be kept.
        """
        path = self.path(*pictures)
        if await aiofiles.os.path.exists(path):
            return path
        jpeg = await self._darkroom.pair_card(
            *(self._pictures.path(each) for each in pictures)
        )
        await write_file(path, jpeg)
        return path

    async def sweep(self, older_than_s: float) -> int:
        """Deletes cards made before that; one that is needed again is made again."""
        before = time.time() - older_than_s
        return await asyncio.to_thread(_sweep, self._data_dir / FOLDER, before)


async def write_file(path: Path, data: bytes) -> None:
    """Writes a file that appears whole or not at all; raises `StorageError`."""
    temporary = path.with_name(f"{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        async with aiofiles.open(temporary, "wb") as file:
            await file.write(data)
        await aiofiles.os.replace(temporary, path)
    except OSError as exc:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise from_os_error(exc) from exc


def _sweep(folder: Path, before: float) -> int:
    if not folder.is_dir():
        return 0
    old = [entry.path for entry in os.scandir(folder) if entry.stat().st_mtime < before]
    for path in old:
        Path(path).unlink(missing_ok=True)
    return len(old)
