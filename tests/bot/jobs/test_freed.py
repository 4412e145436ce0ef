"""When a worker is said to be free again."""

import asyncio

import pytest

from bot.executors.base import TaskFailed
from bot.executors.inline import InlineExecutor
from bot.jobs.dispatcher import Dispatcher
from bot.jobs.job import JobState


@pytest.fixture
async def dispatch(queue, observer, pictures, tmp_path):
    """Starts a dispatcher with an executor; it is stopped after the test."""
    started = []

    async def start(executor):
        dispatcher = Dispatcher(
            queue, executor, observer, pictures=pictures, data_dir=tmp_path
        )
        await dispatcher.start()
        started.append(dispatcher)

    yield start
    for dispatcher in started:
        await dispatcher.stop()


class Failing(InlineExecutor):
    """Fails the jobs whose ids it is given."""

    def __init__(self, *ids):
        super().__init__(seconds=0.05)
        self.ids = ids

    async def run(self, task):
        if task.job_id in self.ids:
            raise TaskFailed("engine", False)
        async for event in super().run(task):
            yield event


async def until(condition, limit_s=10):
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - what is told rings no bell
            await asyncio.sleep(0.01)


async def test_a_worker_is_free_when_the_clip_is_there_too(
    submit, queue, observer, dispatch
):
    job = await submit(clip=True)
    await dispatch(InlineExecutor(seconds=0.05))
    await until(lambda: observer.freed_jobs)

    assert observer.freed_jobs == [job.id]
    assert "clip_ready" in observer.told(job.id)


async def test_a_job_that_brings_no_picture_frees_nobody(
    submit, queue, observer, dispatch
):
    bad, good = await submit(user_id=1), await submit(user_id=2)
    await dispatch(Failing(bad.id))
    await until(lambda: observer.freed_jobs)

    assert observer.freed_jobs == [good.id]
    assert (await queue.get(bad.id)).state is JobState.FAILED
