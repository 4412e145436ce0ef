"""A database, jobs to put into it, and an observer that remembers what it was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot.jobs.job import Job, NewJob
from bot.jobs.observer import JobObserver
from bot.jobs.queue import JobQueue
from bot.storage.database import Database

Submit = Callable[..., Awaitable[Job]]


@pytest.fixture
async def db(tmp_path: Path):
    async with await Database.open(tmp_path / "data" / "bot.sqlite3") as database:
        yield database


@pytest.fixture
def queue(db: Database) -> JobQueue:
    return JobQueue(db, max_waiting=50, max_waiting_per_user=5)


@pytest.fixture
def new_job() -> Callable[..., NewJob]:
    """What user 1 asks for in a private chat; keywords change it."""

    def make(**changes: object) -> NewJob:
        fields: dict[str, object] = {
            "chat_id": 1,
            "thread_id": None,
            "user_id": 1,
            "language": "en",
            "reply_to": 10,
            "status_message_id": 11,
            "content": "content",
            "style": "style",
            "strength": "balanced",
            "clip": False,
            "edge_px": 64,
        }
        return NewJob(**(fields | changes))  # type: ignore[arg-type]  # by use

    return make


@pytest.fixture
def submit(db: Database, queue: JobQueue, new_job) -> Submit:
    """Queues a job in a transaction of its own, as the chat does."""
    numbers = iter(range(10_000))

    async def submit(key: str | None = None, **changes: object) -> Job:
        async with db.transaction() as tx:
            key = key or f"update:{next(numbers)}"
            job = await queue.submit(tx, new_job(**changes), key)
        queue.wake()
        return job

    return submit


class Memory(JobObserver):
    """Remembers every call as `(name, job id)`, and each job as it was last told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.jobs: dict[str, Job] = {}
        self.places: list[tuple[str, int | None]] = []
        self.freed_jobs: list[str] = []
        self.undo: str | None = None
        """The name of a call that shall fail, once."""

    def _note(self, name: str, job: Job) -> None:
        self.calls.append((name, job.id))
        self.jobs[job.id] = job
        if self.undo == name:
            self.undo = None
            raise RuntimeError("the chat has stumbled")

    def told(self, job_id: str) -> list[str]:
        """What was told of a job, without repetitions in a row."""
        names = [name for name, about in self.calls if about == job_id]
        return [a for a, b in zip(names, [None, *names], strict=False) if a != b]

    async def painted(self, tx, job):
        self._note("painted", job)

    async def failed(self, tx, job):
        self._note("failed", job)

    async def clip_ready(self, tx, job):
        self._note("clip_ready", job)

    async def clip_failed(self, tx, job):
        self._note("clip_failed", job)

    def committed(self, job):
        self._note("committed", job)

    async def queued(self, job, place):
        self.places.append((job.id, place))

    def started(self, job, event):
        self._note("started", job)

    def progress(self, job, preview):
        self._note("progress", job)

    def freed(self, job):
        self.freed_jobs.append(job.id)

    def cancelled(self, job):
        self._note("cancelled", job)


@pytest.fixture
def observer() -> Memory:
    return Memory()


class Folder:
    """A `PictureFolder` of PNG files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, picture_id: str) -> Path:
        return self.folder / f"{picture_id}.png"


@pytest.fixture
def pictures(tmp_path: Path) -> Folder:
    """`content` and `style`, 96 × 72 px."""
    image = Image.new("RGB", (96, 72), (40, 70, 160))
    ImageDraw.Draw(image).ellipse((24, 12, 72, 60), fill=(200, 50, 40))
    image.save(tmp_path / "content.png")
    image.rotate(180).point(lambda value: 255 - value).save(tmp_path / "style.png")
    return Folder(tmp_path)
