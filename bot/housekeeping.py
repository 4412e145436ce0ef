"""`Housekeeping`: what is older than the retention time goes, once a day."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from .storage.errors import StorageError

log = logging.getLogger(__name__)

DAY_S = 86_400.0

Sweep = Callable[[float], Awaitable[int]]
"""Deletes what is older than so many seconds; returns how much that was."""


class Housekeeping:
    """Runs the sweeps at start and then daily, in the order in which they are given."""

    def __init__(
        self,
        sweeps: Mapping[str, Sweep],
        *,
        retention_days: int,
        every_s: float = DAY_S,
    ) -> None:
        """`sweeps`: what each deletes, for the log, and the sweep."""
        self._sweeps = sweeps
        self._retention_s = retention_days * DAY_S
        self._every_s = every_s

    async def run(self) -> None:
        """Sweeps until it is cancelled."""
        while True:
            await self.sweep()
            await asyncio.sleep(self._every_s)

    async def sweep(self) -> None:
        """One round; what fails is logged and waits for the next."""
        for what, sweep in self._sweeps.items():
            try:
                gone = await sweep(self._retention_s)
            except (StorageError, OSError) as exc:
                log.error("old %s could not be deleted: %s", what, type(exc).__name__)
            else:
                if gone:
                    log.info("deleted %d old %s", gone, what)


async def sweep_job_folders(jobs: Path, older_than_s: float) -> int:
    """Deletes the folders of jobs in `jobs` that nothing was written to since then."""
    return await asyncio.to_thread(_sweep_folders, jobs, time.time() - older_than_s)


def _sweep_folders(jobs: Path, before: float) -> int:
    if not jobs.is_dir():
        return 0
    old = [f for f in jobs.iterdir() if f.is_dir() and _last_written(f) < before]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _last_written(folder: Path) -> float:
    return max(path.stat().st_mtime for path in [folder, *folder.iterdir()])
