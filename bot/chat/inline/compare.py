"""`Comparison`: before and after as an album, when somebody taps for it."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path, PurePosixPath
from typing import Protocol

import aiofiles.os

from stylecore.errors import PictureError

from ...delivery.owed import Kind, Owed, Part
from ...jobs.job import Job
from ..callbacks import Action
from ..cards import write_file
from ..desk import Desk
from ..drafts import Owner
from ..taps.tap import Handlers, Tap
from ..texts import Texts
from . import store
from .store import Painting

BEFORE = "before.jpg"

_MAX_EDGE_PX = 2560
"""More than this of a photo no client of Telegram shows."""
_IMPATIENCE_S = 15.0
"""Another tap so shortly after the first means the same album."""


class Scaler(Protocol):
    """`executors.darkroom.Darkroom`, as far as comparing needs it."""

    async def scale(self, path: Path, size: tuple[int, int]) -> bytes: ...


class Comparison:
    """Draws the photo in the size of the result, once, beside the result's file."""

    def __init__(self, desk: Desk, darkroom: Scaler) -> None:
        self._desk = desk
        self._darkroom = darkroom

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(jobs={Action.COMPARE: self._compare})

    async def _compare(self, tap: Tap, job: Job) -> None:
        """Sends photo and result to the chat in which the button is."""
        painting = await store.painting(self._desk.db, job.user_id, job.id)
        since = time.time() - _IMPATIENCE_S
        if painting is None or not await self._is_kept(painting, job):
            await tap.answer(tap.texts.toast_pictures_gone())
        elif await store.has_album_since(self._desk.db, job.id, since):
            await tap.answer(tap.texts.toast_compare_coming())
        else:
            await tap.answer()
            await self._send(tap, job, painting)

    async def _is_kept(self, painting: Painting, job: Job) -> bool:
        """Whether both halves can be shown."""
        after = self._desk.data_dir / painting.photo
        return (
            painting.file_id is not None or await aiofiles.os.path.exists(after)
        ) and await self._desk.pictures.exists(job.content)

    async def _send(self, tap: Tap, job: Job, painting: Painting) -> None:
        where, reply_to = _place(tap, job)
        try:
            before = await self._before(painting, job)
        except PictureError:
            await self._desk.say_to(where, tap.key, tap.texts.toast_pictures_gone())
            return
        album = Owed(
            key=tap.key,
            job_id=job.id,
            user_id=job.user_id,
            chat_id=where.chat_id,
            thread_id=where.thread_id or None,
            reply_to=reply_to,
            kind=Kind.ALBUM,
            parts=_parts(tap.texts, painting, before),
        )
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, album)
        self._desk.outbox.wake()

    async def _before(self, painting: Painting, job: Job) -> str:
        """The photo's file, made if it is not there; relative to the data folder.

        Raises `PictureError`, `StorageError`.
        """
        after = PurePosixPath(painting.photo)
        path = self._desk.data_dir / after.with_name(BEFORE)
        if not await aiofiles.os.path.exists(path):
            size = _size(painting.width, painting.height)
            photo = self._desk.pictures.path(job.content)
            await write_file(path, await self._darkroom.scale(photo, size))
            await asyncio.to_thread(_as_old_as, self._desk.data_dir / after, path)
        return str(after.with_name(BEFORE))


def _place(tap: Tap, job: Job) -> tuple[Owner, int | None]:
    """Where the tapped button is, and what to answer there: a result that was brought
    back in private may come from a group."""
    message = tap.query.message
    if message is not None and message.chat.id != job.chat_id:
        return Owner(chat_id=message.chat.id, user_id=job.user_id), None
    owner = Owner(
        chat_id=job.chat_id, user_id=job.user_id, thread_id=job.thread_id or 0
    )
    return owner, job.reply_to or None


def _parts(texts: Texts, painting: Painting, before: str) -> tuple[Part, Part]:
    known = painting.file_id if painting.kind is Kind.PHOTO else None
    after = texts.after(painting.strength, painting.style_name)
    return (
        Part(file=before, text=texts.before()),
        Part(file=painting.photo, file_id=known, text=after),
    )


def _size(width: int, height: int) -> tuple[int, int]:
    share = min(1.0, _MAX_EDGE_PX / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def _as_old_as(model: Path, path: Path) -> None:
    """Makes a new file, and its folder, look as old as another file in it.

    A result is kept for so long and no longer, however often it is looked at.
    """
    if model.exists():
        made = model.stat().st_mtime
        os.utime(path, (made, made))
        os.utime(path.parent, (made, made))
