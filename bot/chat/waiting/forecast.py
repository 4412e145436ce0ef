"""`Forecast`: when a picture in line will be begun, as things are now."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable

from ...storage.database import Database
from ..studio import Studio
from ..whereabouts import Whereabouts
from . import store
from .store import Waiting


class Forecast:
    """Plays the line through: what is at work ends, the next begins in its slot.

    Whoever joins the line later may still be begun earlier, because people take
    turns; that is not foreseen.
    """

    def __init__(self, db: Database, studio: Studio, whereabouts: Whereabouts) -> None:
        self._db = db
        self._studio = studio
        self._whereabouts = whereabouts

    async def starts_in(self, job_id: str) -> float | None:
        """Seconds until the job is begun; None: it does not wait, or the engine has
        not been measured yet."""
        profile = self._studio.profile
        if profile is None:
            return None
        line = await store.line(self._db)
        now = time.time()
        at_work = [self._left_s(job, now) for job in line if job.running]
        queued = [job for job in line if not job.running]
        lengths = ((job.id, self._length_s(job)) for job in queued)
        return _begins(job_id, at_work, lengths, profile.slots)

    def _length_s(self, job: Waiting) -> float:
        size = (job.width, job.height) if job.width and job.height else None
        return self._studio.occupied_s(
            job.strength, size, edge_px=job.edge_px, continued=job.continued
        )

    def _left_s(self, job: Waiting, now: float) -> float:
        """What the worker says, or what experience says if that is more."""
        usual_s = self._length_s(job) - (now - (job.started_at or now))
        said_s = self._whereabouts.seconds_left(job.id)
        return max(usual_s, said_s or 0.0, 0.0)


def _begins(
    job_id: str,
    at_work: Iterable[float],
    lengths: Iterable[tuple[str, float]],
    slots: int,
) -> float | None:
    """When a job gets a slot; jobs get the slot that is free first, in their order."""
    busy = sorted(at_work)[-slots:]
    free_at = [0.0] * (slots - len(busy)) + busy
    heapq.heapify(free_at)
    for each, seconds in lengths:
        begins = heapq.heappop(free_at)
        if each == job_id:
            return begins
        heapq.heappush(free_at, begins + seconds)
    return None
