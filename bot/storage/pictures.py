"""`PictureStore`: the pictures people sent, as files named by their own hash."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import aiofiles
import aiofiles.os

from . import store
from .database import Database
from .errors import StorageError, from_os_error

_INCOMING = ".incoming"


class Measured(Protocol):
    """What is known about a picture; `stylecore.images.PictureInfo` fits."""

    @property
    def format(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


class PictureStore:
    """Files in `folder` (0700), one row each in the table `pictures`.

    The same bytes are stored once. A file appears under its name only when all of
    it is on the disk.
    """

    def __init__(self, folder: Path, db: Database) -> None:
        self._folder = folder
        self._db = db
        self._turn = asyncio.Lock()  # a sweep must not delete what a put just found

    async def put(
        self,
        data: bytes,
        info: Measured,
        *,
        sender: int | None = None,
        photo_id: str | None = None,
    ) -> str:
        """Stores the bytes of a picture and returns its id, 32 hex digits.

        `sender`: the person on whose behalf, who may have it deleted. `photo_id`:
        what Telegram keeps it under. Raises `StorageFull`, `StorageError`.
        """
        picture_id = await asyncio.to_thread(_digest, data)
        async with self._turn:
            if not await aiofiles.os.path.exists(self.path(picture_id)):
                await self._write(data, self.path(picture_id))
            async with self._db.transaction() as tx:
                await store.record_picture(
                    tx,
                    picture_id=picture_id,
                    path=picture_id,
                    size=len(data),
                    info=info,
                    now=time.time(),
                )
                if sender is not None:
                    await store.record_sender(tx, picture_id, sender)
                if photo_id is not None:
                    await store.note_file_id(tx, picture_id, photo_id)
        return picture_id

    def path(self, picture_id: str) -> Path:
        """Where the picture lies, if it exists."""
        return self._folder / picture_id

    async def exists(self, picture_id: str) -> bool:
        """Whether both the row and the file are there."""
        return await store.knows_picture(
            self._db, picture_id
        ) and await aiofiles.os.path.exists(self.path(picture_id))

    @contextlib.asynccontextmanager
    async def incoming(self, data: bytes) -> AsyncIterator[Path]:
        """A file with `data` to look at before it is known to be a picture.

        It is gone after the block. Raises `StorageFull`, `StorageError`.
        """
        path = self._folder / _INCOMING / secrets.token_hex(8)
        await self._write(data, path)
        try:
            yield path
        finally:
            await _unlink(path)

    async def sweep(self, older_than_s: float) -> int:
        """Deletes pictures that no draft and no job needs; returns how many.

        A picture is spared for `older_than_s` after it was last sent, and as long
        after the last job that used it has ended. Files that a crash left behind
        go as well.
        """
        before = time.time() - older_than_s
        async with self._turn:
            async with self._db.transaction() as tx:
                gone = await store.forget_pictures(tx, before)
            kept = await store.all_pictures(self._db)
            litter = await asyncio.to_thread(_litter, self._folder, kept, before)
            for path in {*(self.path(picture_id) for picture_id in gone), *litter}:
                await _unlink(path)
        return len(gone)

    async def release(self, picture_id: str, kept_for_s: float) -> bool:
        """Deletes a picture at once unless somebody needs it; says whether.

        A job that ended within `kept_for_s` still does, and whatever shows it.
        """
        async with self._turn:
            async with self._db.transaction() as tx:
                before = time.time() - kept_for_s
                gone = await store.release_picture(tx, picture_id, before)
            if gone:
                await _unlink(self.path(picture_id))
        return gone

    async def discard(self, picture_ids: Iterable[str]) -> None:
        """Deletes files whose rows were deleted, unless they have come again."""
        async with self._turn:
            for picture_id in picture_ids:
                if not await store.knows_picture(self._db, picture_id):
                    await _unlink(self.path(picture_id))

    async def _write(self, data: bytes, path: Path) -> None:
        """Writes beside the target, syncs, renames; leaves nothing half done."""
        temporary = self._folder / _INCOMING / f"{secrets.token_hex(8)}.part"
        try:
            await asyncio.to_thread(_make_folders, self._folder)
            async with aiofiles.open(temporary, "wb") as file:
                await file.write(data)
                await file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            await aiofiles.os.replace(temporary, path)
            await asyncio.to_thread(_sync_folder, path.parent)
        except OSError as error:
            raise from_os_error(error) from error
        finally:
            await _unlink(temporary)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _make_folders(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / _INCOMING).mkdir(exist_ok=True, mode=0o700)


def _sync_folder(folder: Path) -> None:
    """Makes the rename itself outlive a power cut."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _litter(folder: Path, kept: set[str], before: float) -> list[Path]:
    """Old files without a row: cut off before the row, or after it was deleted."""
    return [
        path
        for path in [*folder.glob("*"), *folder.glob(f"{_INCOMING}/*")]
        if path.is_file() and path.name not in kept and path.stat().st_mtime < before
    ]


async def _unlink(path: Path) -> None:
    try:
        await aiofiles.os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(str(from_os_error(error))) from error
