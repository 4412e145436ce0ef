"""The forecast against a line that is played through in simulated time."""

import heapq
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.chat.drafts import Owner
from bot.chat.store import Card
from bot.chat.studio import Studio
from bot.chat.waiting import forecast as forecast_module
from bot.chat.waiting.forecast import Forecast
from bot.chat.whereabouts import Whereabouts
from bot.executors.base import EngineProfile, Preview
from bot.jobs import store as jobs_store
from bot.jobs.job import NewJob
from bot.jobs.queue import JobQueue
from bot.storage.database import Database

PHOTOS = {"wide": (4000, 2000), "square": (3000, 3000), "small": (300, 200)}


@dataclass
class Clock:
    now: float = 1_000_000.0

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(forecast_module, "time", clock)
    return clock


@pytest.fixture
async def db(tmp_path: Path):
    async with await Database.open(tmp_path / "bot.sqlite3") as opened:
        async with opened.transaction() as tx:
            for name, (width, height) in PHOTOS.items():
                await tx.execute(
                    "INSERT INTO pictures (id, path, bytes, width, height, format,"
                    " created_at) VALUES (?, ?, 1, ?, ?, 'jpeg', 0)",
                    (name, name, width, height),
                )
        yield opened


def studio_of(slots):
    studio = Studio(untrained=False)
    studio.profile = EngineProfile(
        device="a machine",
        weights="trained",
        default_edge_px=400,
        largest_edge_px=1600,
        seconds_per_pixel_step=2e-6,
        slots=slots,
    )
    return studio


class Line:
    """A line of jobs, and a machine that is slower than it believes itself to be."""

    def __init__(self, db, clock, slots, *, slowness=1.4, clip_s=2.0):
        self.db, self.clock, self.slots = db, clock, slots
        self.slowness, self.clip_s = slowness, clip_s
        self.studio, self.whereabouts = studio_of(slots), Whereabouts()
        self.forecast = Forecast(db, self.studio, self.whereabouts)
        self.queue = JobQueue(db, max_waiting=500, max_waiting_per_user=500)
        self.begun = {}
        self.free_at: list[tuple[float, Any]] = [(clock.now, None)] * slots

    async def join(self, number, **changes):
        async with self.db.transaction() as tx:
            job = await self.queue.submit(tx, new_job(number, **changes), str(number))
        return job.id

    def expected_s(self, job):
        """What the engine would say as it begins; the truth is something else."""
        plain = studio_of(self.slots)
        return plain.occupied_s(
            job.strength,
            PHOTOS[job.content],
            edge_px=job.edge_px,
            continued=job.parent is not None,
        )

    async def begins(self, job_id):
        """The forecast for a job that has one."""
        seconds = await self.forecast.starts_in(job_id)
        assert seconds is not None
        return seconds

    async def turn(self):
        """The next slot that is free takes the next job; False if none waits."""
        at, done = heapq.heappop(self.free_at)
        self.clock.now = max(self.clock.now, at)
        if done is not None:
            await self._finish(done)
        async with self.db.transaction() as tx:
            job = await jobs_store.claim(tx, self.clock.now)
        if job is None:
            heapq.heappush(self.free_at, (at, None))
            return False
        self.begun[job.id] = self.clock.now
        occupied_s = self.slowness * self.expected_s(job) + self.clip_s
        heapq.heappush(self.free_at, (self.clock.now + occupied_s, job))
        return True

    async def _finish(self, job):
        self.studio.learn(self.expected_s(job), self.clock.now - job.started_at)
        async with self.db.transaction() as tx:
            await jobs_store.fail(tx, job.id, "engine", self.clock.now)


def new_job(number, **changes):
    fields = {
        **{"chat_id": number, "thread_id": None, "user_id": number, "language": "en"},
        **{"reply_to": 1, "status_message_id": 2, "content": "wide", "style": "q"},
        **{"strength": "balanced", "clip": False, "edge_px": None},
    }
    return NewJob(**{**fields, **changes})


def a_card():
    return Card(
        id="c" * 12,
        owner=Owner(chat_id=1, user_id=1),
        language="en",
        content="wide",
        content_message_id=1,
        style="q",
        style_message_id=2,
        clip=False,
        strength="balanced",
    )


KINDS: list[dict[str, Any]] = [
    {"strength": "subtle"},
    {"strength": "wild", "content": "square"},
    {"strength": "strong", "edge_px": 800},
    {"content": "small"},
    {"strength": "balanced", "edge_px": 200},
]


@pytest.mark.parametrize("slots", [1, 3])
async def test_after_a_few_pictures_the_forecast_is_right_within_a_tenth(
    db, clock, slots
):
    line = Line(db, clock, slots)
    for number in range(60):
        await line.join(number, **KINDS[number % len(KINDS)])
    for _ in range(20):
        await line.turn()

    at = clock.now
    waiting = [job.id for job in await jobs_store.first_in_line(db, 100)]
    promised = {job_id: await line.begins(job_id) for job_id in waiting}
    while await line.turn():
        pass

    assert len(promised) == 40
    for job_id, seconds in promised.items():
        waited_s = line.begun[job_id] - at
        assert seconds == pytest.approx(waited_s, rel=0.1, abs=8)


async def test_what_the_line_is_made_of_counts_and_not_only_its_length(db, clock):
    quick, slow = (Line(db, clock, 1) for _ in range(2))
    for number in range(4):
        await quick.join(number, content="small", strength="subtle")
    last = await quick.join(4)
    short = await quick.begins(last)
    for number in range(5, 9):
        await slow.join(number, edge_px=1600, strength="wild")
    last = await slow.join(9)

    long = await slow.begins(last)

    assert long > 10 * short


async def test_a_picture_that_goes_on_from_another_takes_less(db, clock):
    line = Line(db, clock, 1)
    parent = await line.join(1)
    async with db.transaction() as tx:
        await jobs_store.claim(tx, clock.now)
        await jobs_store.paint(
            tx,
            parent,
            width=400,
            height=200,
            seconds=1.0,
            photo="p",
            full="f",
            now=clock.now,
        )
    await line.join(2, parent=parent)
    after_continued = await line.join(3)
    await line.join(4)
    after_cold = await line.join(5)

    continued_s = await line.begins(after_continued)
    cold_s = await line.begins(after_cold)

    assert 0 < continued_s < (cold_s - continued_s) / 2


async def test_what_is_being_painted_is_reckoned_by_how_far_it_is(db, clock):
    line = Line(db, clock, 1)
    running = await line.join(1)
    await line.turn()
    following = await line.join(2)
    whole_s = await line.begins(following)

    clock.now += 0.5 * whole_s
    half_s = await line.begins(following)
    line.whereabouts.watch(running, a_card())
    slow = Preview(step=1, total=10, seconds_left=9 * whole_s)
    line.whereabouts.note(running, slow)
    late_s = await line.begins(following)

    assert half_s == pytest.approx(0.5 * whole_s)
    assert late_s == pytest.approx(9 * whole_s, rel=0.01)


async def test_an_idle_slot_means_at_once(db, clock):
    line = Line(db, clock, 2)
    await line.join(1)
    await line.turn()

    assert await line.begins(await line.join(2)) == 0


async def test_nothing_is_promised_before_the_engine_is_measured(db, clock):
    line = Line(db, clock, 1)
    line.studio.profile = None

    assert await line.forecast.starts_in(await line.join(1)) is None


async def test_whoever_does_not_wait_is_promised_nothing(db, clock):
    line = Line(db, clock, 1)
    running = await line.join(1)
    await line.turn()

    assert await line.forecast.starts_in(running) is None
    assert await line.forecast.starts_in("nobodysjob12") is None
