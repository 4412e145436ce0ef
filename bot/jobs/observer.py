"""`JobObserver`: who has to hear what becomes of a job."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..executors.base import Preview, Started
from ..storage.database import Transaction
from .job import Job


class JobObserver(ABC):
    """Told by the dispatcher.

    What is owed to people is told inside the transaction that changes the job, so
    that both happen or neither; an exception undoes both. What is only shown is told
    by plain calls that must not block and may be forgotten.
    """

    @abstractmethod
    async def painted(self, tx: Transaction, job: Job) -> None:
        """The picture is there: `job.photo` and `job.full`."""

    @abstractmethod
    async def failed(self, tx: Transaction, job: Job) -> None:
        """The job is given up, for the reason `job.error_code`."""

    @abstractmethod
    async def clip_ready(self, tx: Transaction, job: Job) -> None:
        """The clip that is wanted is there too: `job.clip_file`."""

    @abstractmethod
    async def clip_failed(self, tx: Transaction, job: Job) -> None:
        """There will be no clip, though one is wanted."""

    @abstractmethod
    def committed(self, job: Job) -> None:
        """The transaction of one of the above has been committed."""

    @abstractmethod
    async def queued(self, job: Job, place: int | None) -> None:
        """The job waits; `place` 1 is begun next."""

    @abstractmethod
    def started(self, job: Job, event: Started) -> None:
        """A worker has begun."""

    @abstractmethod
    def progress(self, job: Job, preview: Preview) -> None:
        """The worker is this far."""

    @abstractmethod
    def freed(self, job: Job) -> None:
        """The worker is done with a job that it has painted, clip and all."""

    @abstractmethod
    def cancelled(self, job: Job) -> None:
        """The job has been cancelled, and the change committed."""
