"""`Shredder`: makes what was erased really gone, from the files and from the database.

SQLite overwrites what is deleted (`secure_delete`), but the log beside the database
remembers how it was; it is emptied as the last step of each erasure.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from pathlib import Path

from . import erasure
from .database import Database
from .erasure import Condemned
from .errors import StorageError
from .pictures import PictureStore

log = logging.getLogger(__name__)

_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0


class Shredder:
    """Keep `run` running; call `wake` after the commit of an erasure.

    Args:
        db: Where erasures are written down.
        pictures: Whose files `picture` names.
        cards: The folder of drawn pairs.
        jobs: The folder with one folder for each job.
    """

    def __init__(
        self, db: Database, pictures: PictureStore, *, cards: Path, jobs: Path
    ) -> None:
        self._db = db
        self._pictures = pictures
        self._cards = cards
        self._jobs = jobs
        self._wake = asyncio.Event()
        self._log_is_full = False

    def wake(self) -> None:
        """Says that there is something to erase."""
        self._wake.set()

    async def run(self) -> None:
        """Erases until it is cancelled; takes up what a killed process left behind."""
        pause_s = _PAUSE_S
        while True:
            self._wake.clear()
            try:
                done = await self.shred()
            except (StorageError, OSError) as error:
                log.error("something could not be erased: %s", type(error).__name__)
                done = False
            if done:
                await self._wake.wait()
            else:
                await _rest(self._wake, pause_s)
            pause_s = _PAUSE_S if done else min(2 * pause_s, _LONGEST_PAUSE_S)

    async def shred(self) -> bool:
        """One round; False if something waits for its last message to be sent.

        Raises `StorageError`, `OSError`; then another round is needed.
        """
        begun = await erasure.open_erasures(self._db)
        self._log_is_full = self._log_is_full or bool(begun)
        for update_id in begun:
            await self.delete_files(update_id)
        finished = [update_id for update_id in begun if await self._finish(update_id)]
        if self._log_is_full:
            await self._db.empty_log()
            self._log_is_full = False
        return len(finished) == len(begun)

    async def delete_files(self, update_id: int) -> None:
        """Deletes what the erasure of this update condemned; again does no harm.

        Raises `StorageError`, `OSError`.
        """
        condemned = await erasure.condemned_by(self._db, update_id)
        pictures = [each.name for each in condemned if each.kind == "picture"]
        await self._pictures.discard(pictures)
        await asyncio.to_thread(self._unlink, condemned)

    async def _finish(self, update_id: int) -> bool:
        async with self._db.transaction() as tx:
            return await erasure.finish_erasure(tx, update_id)

    def _unlink(self, condemned: list[Condemned]) -> None:
        """Folders of jobs, and the drawn pairs a condemned picture is in."""
        for each in condemned:
            if each.kind == "job":
                with contextlib.suppress(FileNotFoundError):
                    shutil.rmtree(self._jobs / each.name)
            elif self._cards.is_dir():
                for path in self._cards.glob(f"*{each.name}*"):
                    path.unlink(missing_ok=True)


async def _rest(wake: asyncio.Event, pause_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(pause_s):
            await wake.wait()
