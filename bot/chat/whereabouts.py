"""`Whereabouts`: which card shows how far a job is, and how far that is.

In memory, because progress is announced many times a second; filled again from the
database at start.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..executors.base import Preview
from ..storage.database import Database
from . import store
from .store import Card


@dataclass(slots=True)
class _Watched:
    card: Card
    progress: Preview | None = None
    noted_at: float = 0.0


class Whereabouts:
    """Only knows jobs that are waited for."""

    def __init__(self) -> None:
        self._jobs: dict[str, _Watched] = {}

    async def load(self, db: Database) -> None:
        """Reads what is known of the jobs that a restart found open."""
        for card in await store.cards_at_work(db):
            if card.job_id is not None:
                self.watch(card.job_id, card)

    def watch(self, job_id: str, card: Card) -> None:
        """A job begins, or its card has become a message."""
        known = self._jobs.get(job_id)
        if known is None:
            self._jobs[job_id] = _Watched(card)
        else:
            known.card = card

    def note(self, job_id: str, progress: Preview | None) -> None:
        """The job has come so far; None: it starts from the beginning."""
        if job_id in self._jobs:
            self._jobs[job_id].progress = progress
            self._jobs[job_id].noted_at = time.monotonic()

    def card_of(self, job_id: str) -> Card | None:
        known = self._jobs.get(job_id)
        return known.card if known else None

    def progress_of(self, job_id: str) -> Preview | None:
        known = self._jobs.get(job_id)
        return known.progress if known else None

    def seconds_left(self, job_id: str) -> float | None:
        """How long the worker has yet to paint, as it said last; None: not known."""
        known = self._jobs.get(job_id)
        if known is None or known.progress is None:
            return None
        since_s = time.monotonic() - known.noted_at
        return max(0.0, known.progress.seconds_left - since_s)

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """A group has become a supergroup, in which no card is a message yet."""
        for known in self._jobs.values():
            owner = known.card.owner
            if owner.chat_id == old_chat_id:
                moved = replace(owner, chat_id=new_chat_id)
                known.card = replace(known.card, owner=moved, message_id=None)

    def forget(self, job_id: str) -> None:
        """Nobody waits for the job any more."""
        self._jobs.pop(job_id, None)
