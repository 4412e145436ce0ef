"""What becomes of a job, and who hears of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable

import pytest

from bot.executors.base import (
    EngineProfile,
    Event,
    Executor,
    Finished,
    PaintTask,
    Preview,
    Started,
    TaskFailed,
    WorkerDied,
)
from bot.executors.inline import InlineExecutor
from bot.jobs import store
from bot.jobs.dispatcher import Dispatcher
from bot.jobs.job import MAX_ATTEMPTS, JobState


class Unlucky(Executor):
    """Fails the next tasks, each after its first event of a kind."""

    def __init__(self, *mishaps: tuple[type[Event], Exception]) -> None:
        self._mishaps = list(mishaps)
        self.tasks: list[PaintTask] = []
        self._inline = InlineExecutor(seconds=0.1)

    async def start(self) -> None:
        await self._inline.start()

    async def profile(self) -> EngineProfile:
        return await self._inline.profile()

    async def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
        self.tasks.append(task)
        kind, error = self._mishaps.pop(0) if self._mishaps else (Started, None)
        async for event in self._inline.run(task):
            yield event
            if error is not None and isinstance(event, kind):
                raise error

    async def close(self) -> None:
        await self._inline.close()


@pytest.fixture
async def dispatch(queue, observer, pictures, tmp_path):
    """Starts a dispatcher on an executor; stops all of them at the end."""
    started = []

    async def dispatch(executor: Executor, preview_interval_s: float = 0.01):
        dispatcher = Dispatcher(
            queue,
            executor,
            observer,
            pictures=pictures,
            data_dir=tmp_path,
            preview_interval_s=preview_interval_s,
        )
        started.append(dispatcher)
        await dispatcher.start()
        return dispatcher

    yield dispatch
    for dispatcher in started:
        await dispatcher.stop()


async def until(condition: Callable[[], object], limit_s: float = 20.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def test_a_job_is_painted_and_its_files_are_where_the_row_says(
    submit, queue, observer, dispatch, tmp_path
):
    job = await submit()
    await dispatch(InlineExecutor(seconds=0.1))
    await until(lambda: "committed" in observer.told(job.id))

    done = await queue.get(job.id)
    assert observer.told(job.id) == ["started", "progress", "painted", "committed"]
    assert (done.state, done.attempt) == (JobState.PAINTED, 1)
    assert (done.width, done.height) == (64, 48)
    assert done.photo == f"jobs/{job.id}/photo.jpg"
    assert done.full == f"jobs/{job.id}/full.png"
    assert (tmp_path / done.photo).exists()
    assert (tmp_path / done.full).exists()
    assert observer.jobs[job.id] == done


async def test_the_clip_follows_the_picture(submit, observer, dispatch, tmp_path):
    job = await submit(clip=True)
    await dispatch(InlineExecutor(seconds=0.1))
    await until(lambda: "clip_ready" in observer.told(job.id))

    names = observer.told(job.id)
    assert names[names.index("painted") :][:3] == ["painted", "committed", "clip_ready"]
    assert (tmp_path / observer.jobs[job.id].clip_file).exists()


async def test_a_job_that_comes_later_is_begun_at_once(submit, observer, dispatch):
    await dispatch(InlineExecutor(seconds=0.05))
    job = await submit()
    await until(lambda: "committed" in observer.told(job.id), limit_s=5)


async def test_as_many_jobs_run_at_once_as_there_are_slots(submit, observer, dispatch):
    jobs = [await submit(user_id=user) for user in range(3)]
    await dispatch(InlineExecutor(seconds=30, slots=2))
    await until(lambda: len(observer.calls) >= 2 and observer.told(jobs[1].id))

    assert [bool(observer.told(job.id)) for job in jobs] == [True, True, False]


async def test_a_job_whose_worker_dies_is_tried_again_and_finished(
    submit, queue, observer, dispatch
):
    job = await submit()
    await dispatch(Unlucky((Preview, WorkerDied()), (Started, WorkerDied())))
    await until(lambda: "committed" in observer.told(job.id))

    assert (await queue.get(job.id)).attempt == 3
    assert "failed" not in observer.told(job.id)


async def test_a_job_that_kills_every_worker_fails_after_its_attempts(
    submit, queue, observer, dispatch
):
    job, next_job = await submit(), await submit()
    await dispatch(Unlucky(*[(Started, WorkerDied())] * MAX_ATTEMPTS))
    await until(lambda: "committed" in observer.told(next_job.id))

    failed = await queue.get(job.id)
    assert (failed.state, failed.error_code) == (JobState.FAILED, "worker_died")
    assert failed.attempt == MAX_ATTEMPTS
    assert observer.told(job.id)[-2:] == ["failed", "committed"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TaskFailed("weights", False), "weights"),
        (OSError(28, "full"), "disk_full"),
        (ZeroDivisionError(), "engine"),
    ],
)
async def test_a_job_that_cannot_succeed_fails_with_its_reason_and_leaves_nothing(
    submit, queue, observer, dispatch, tmp_path, error, code
):
    job = await submit()
    await dispatch(Unlucky((Preview, error)))
    await until(lambda: "committed" in observer.told(job.id))

    failed = await queue.get(job.id)
    assert (failed.state, failed.error_code) == (JobState.FAILED, code)
    assert failed.attempt == 1
    await until(lambda: not (tmp_path / "jobs" / job.id).exists())


async def test_cancelling_a_running_job_frees_its_slot_for_the_next(
    submit, queue, observer, dispatch
):
    job = await submit()
    await dispatch(InlineExecutor(seconds=30))
    await until(lambda: "progress" in observer.told(job.id))

    assert await queue.cancel(job.id) is True
    next_job = await submit()
    await until(lambda: "started" in observer.told(next_job.id), limit_s=5)

    assert observer.told(job.id) == ["started", "progress", "cancelled"]
    assert (await queue.get(job.id)).state is JobState.CANCELLED


async def test_a_cancelled_job_is_not_restarted_after_a_crash(
    submit, queue, observer, dispatch, db
):
    job = await submit()
    async with db.transaction() as tx:
        await store.claim(tx, 0.0)
    await queue.cancel(job.id)

    await dispatch(InlineExecutor(seconds=0.05))
    other = await submit()
    await until(lambda: "committed" in observer.told(other.id))

    assert observer.told(job.id) == []


async def test_a_job_that_was_running_at_a_crash_is_painted_after_the_restart(
    submit, queue, observer, dispatch, db
):
    job = await submit()
    async with db.transaction() as tx:
        await store.claim(tx, 0.0)

    await dispatch(InlineExecutor(seconds=0.05))
    await until(lambda: "committed" in observer.told(job.id))

    assert (await queue.get(job.id)).attempt == 2


async def test_a_job_that_crashes_the_bot_again_and_again_is_given_up(
    submit, queue, observer, dispatch, db
):
    job = await submit()
    async with db.transaction() as tx:
        for _ in range(MAX_ATTEMPTS):
            assert await store.recover(tx, 0.0) == []
            await store.claim(tx, 0.0)

    await dispatch(InlineExecutor(seconds=0.05))

    assert observer.told(job.id) == ["failed", "committed"]
    assert (await queue.get(job.id)).error_code == "worker_died"


async def test_stopping_hands_a_running_job_back_without_counting_the_attempt(
    submit, queue, observer, dispatch
):
    job = await submit()
    dispatcher = await dispatch(InlineExecutor(seconds=30))
    await until(lambda: "progress" in observer.told(job.id))

    started = time.monotonic()
    await dispatcher.stop()
    await dispatcher.stop()

    assert time.monotonic() - started < 5
    back = await queue.get(job.id)
    assert (back.state, back.attempt) == (JobState.QUEUED, 0)


async def test_a_job_is_filmed_though_nobody_wants_its_clip_to_be_sent(
    submit, queue, observer, dispatch, tmp_path
):
    job, next_job = await submit(clip=False), await submit()
    await dispatch(InlineExecutor(seconds=0.1))
    await until(lambda: "committed" in observer.told(next_job.id))

    done = await queue.get(job.id)
    assert (tmp_path / done.clip_file).exists()
    assert observer.told(job.id)[-2:] == ["painted", "committed"]


async def test_a_clip_wanted_while_it_is_being_made_is_told_of_when_it_is_there(
    submit, queue, observer, dispatch
):
    job = await submit(clip=False)

    class LateClip(Unlucky):
        async def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
            async for event in super().run(task):
                yield event
                if isinstance(event, Finished):
                    async with queue.db.transaction() as tx:
                        wanted = await queue.want_clip(tx, job.id)
                    assert wanted.clip_file is None

    await dispatch(LateClip())
    await until(lambda: "clip_ready" in observer.told(job.id))

    assert observer.jobs[job.id].clip_file


@pytest.fixture
async def clipless_job(submit, queue, db):
    """Makes jobs that a crash has ended between the picture and the clip."""

    async def clipless_job(**changes):
        job = await submit(**changes)
        async with db.transaction() as tx:
            await store.claim(tx, 0.0)
            await store.paint(
                tx,
                job.id,
                width=8,
                height=6,
                seconds=1.0,
                photo="p",
                full="f",
                now=time.time(),
            )
            await queue.delivered(tx, job.id)
        return job

    return clipless_job


async def test_a_clip_swallowed_by_a_crash_is_made_after_the_restart(
    clipless_job, queue, observer, dispatch
):
    job = await clipless_job(clip=True)

    await dispatch(InlineExecutor(seconds=0.05))
    await until(lambda: "committed" in observer.told(job.id))

    assert observer.told(job.id) == ["clip_ready", "committed"]
    assert (await queue.get(job.id)).state is JobState.DELIVERED


async def test_a_clip_nobody_wants_is_made_after_a_crash_only_when_it_is_wanted(
    clipless_job, submit, queue, observer, dispatch, db
):
    job = await clipless_job(clip=False)
    executor = Unlucky()
    await dispatch(executor)
    other = await submit()
    await until(lambda: "committed" in observer.told(other.id))
    assert [task.job_id for task in executor.tasks] == [other.id]

    async with db.transaction() as tx:
        assert (await queue.want_clip(tx, job.id)).clip
    queue.wake()
    await until(lambda: "committed" in observer.told(job.id))

    assert observer.told(job.id) == ["clip_ready", "committed"]


async def test_a_clip_that_cannot_be_made_is_owned_up_to_and_the_picture_stays(
    submit, queue, observer, dispatch, db
):
    job, next_job = await submit(clip=True), await submit()
    await dispatch(Unlucky((Finished, WorkerDied())))
    await until(lambda: "committed" in observer.told(next_job.id))

    done = await queue.get(job.id)
    assert (done.state, done.error_code) == (JobState.PAINTED, "clip")
    assert observer.told(job.id)[-2:] == ["clip_failed", "committed"]
    async with db.transaction() as tx:
        assert await store.clip_owed(tx, 0.0, ()) is None
        assert await queue.want_clip(tx, job.id) is None


async def test_a_job_that_is_deleted_while_it_is_filmed_leaves_nothing(
    submit, queue, observer, dispatch, db, tmp_path
):
    job = await submit()

    class Slow(Unlucky):
        async def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
            async for event in super().run(task):
                yield event
                if isinstance(event, Finished) and task.job_id == job.id:
                    await asyncio.sleep(60)

    await dispatch(Slow())
    await until(lambda: "committed" in observer.told(job.id))
    async with db.transaction() as tx:
        await queue.remove(tx, job.id)
    queue.removed(job.id)
    next_job = await submit()
    await until(lambda: "committed" in observer.told(next_job.id), limit_s=10)

    assert await queue.get(job.id) is None
    assert not (tmp_path / "jobs" / job.id).exists()


async def test_state_and_notice_are_written_together_or_not_at_all(
    submit, queue, observer, dispatch
):
    observer.undo = "painted"
    job = await submit()
    await dispatch(InlineExecutor(seconds=0.05))
    await until(lambda: "committed" in observer.told(job.id))

    # The notice of the picture stumbled, so the job was never `painted`.
    assert observer.told(job.id)[-2:] == ["failed", "committed"]
    assert (await queue.get(job.id)).state is JobState.FAILED


async def test_people_in_line_hear_their_place_when_it_moves(
    submit, queue, observer, dispatch
):
    first = await submit(user_id=1)
    await dispatch(InlineExecutor(seconds=30))
    await until(lambda: "started" in observer.told(first.id))
    second, third = await submit(user_id=2), await submit(user_id=3)
    await until(lambda: (third.id, 2) in observer.places)

    await queue.cancel(second.id)
    await until(lambda: (third.id, 1) in observer.places)

    assert observer.places == [(second.id, 1), (third.id, 2), (third.id, 1)]


@pytest.fixture
async def painted_job(submit, observer, dispatch):
    """A finished job; the dispatcher that painted it has stopped."""
    job = await submit()
    dispatcher = await dispatch(InlineExecutor(seconds=0.05))
    await until(lambda: "committed" in observer.told(job.id))
    await dispatcher.stop()
    return observer.jobs[job.id]


async def test_another_strength_starts_from_the_finished_picture_and_leaves_it_alone(
    painted_job, submit, observer, dispatch, tmp_path
):
    original = tmp_path / painted_job.full
    before = original.read_bytes(), original.stat().st_mtime_ns
    job = await submit(strength="wild", parent=painted_job.id)
    executor = Unlucky()
    await dispatch(executor)
    await until(lambda: "committed" in observer.told(job.id))

    assert [task.start for task in executor.tasks] == [original]
    assert (original.read_bytes(), original.stat().st_mtime_ns) == before
    assert observer.jobs[job.id].full == f"jobs/{job.id}/full.png"
    assert (tmp_path / observer.jobs[job.id].full).read_bytes() != before[0]


async def test_a_job_whose_worker_dies_starts_from_the_finished_picture_again(
    painted_job, submit, observer, dispatch, tmp_path
):
    job = await submit(strength="wild", parent=painted_job.id)
    executor = Unlucky((Preview, WorkerDied()))
    await dispatch(executor)
    await until(lambda: "committed" in observer.told(job.id))

    assert [task.start for task in executor.tasks] == 2 * [tmp_path / painted_job.full]


@pytest.mark.parametrize(
    "changes",
    [{"content": "style"}, {"style": "content"}, {"parent": "gone"}],
)
async def test_a_picture_of_another_pair_is_no_start(
    painted_job, submit, observer, dispatch, changes
):
    job = await submit(**{"strength": "wild", "parent": painted_job.id} | changes)
    executor = Unlucky()
    await dispatch(executor)
    await until(lambda: "committed" in observer.told(job.id))

    assert [task.start for task in executor.tasks] == [None]


@pytest.mark.parametrize(
    "changes", [{"edge_px": 80}, {"colors": "photo"}, {"second_style": "content"}]
)
async def test_the_same_larger_recoloured_or_blended_starts_from_the_picture(
    painted_job, submit, observer, dispatch, tmp_path, changes
):
    job = await submit(parent=painted_job.id, **changes)
    executor = Unlucky()
    await dispatch(executor)
    await until(lambda: "committed" in observer.told(job.id))

    [task] = executor.tasks
    assert task.start == tmp_path / painted_job.full
    assert (task.edge_px, task.colors) == (job.edge_px, job.colors)
    second = tmp_path / "content.png" if job.second_style else None
    assert task.second_style == second


async def test_a_finished_picture_that_is_no_longer_kept_means_a_cold_start(
    painted_job, submit, observer, dispatch, tmp_path
):
    (tmp_path / painted_job.full).unlink()
    job = await submit(strength="wild", parent=painted_job.id)
    executor = Unlucky()
    await dispatch(executor)
    await until(lambda: "committed" in observer.told(job.id))

    assert [task.start for task in executor.tasks] == [None]
    assert "failed" not in observer.told(job.id)
