"""What only worker processes can do: die, hang, start badly, outlive nobody."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.executors.base import (
    PaintTask,
    TaskFailed,
    WorkerDied,
)
from bot.executors.local import LocalExecutor
from bot.jobs.dispatcher import Dispatcher
from bot.jobs.job import JobState, NewJob
from bot.jobs.observer import JobObserver
from bot.jobs.queue import JobQueue
from bot.storage.database import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")


NEW_JOB = NewJob(
    chat_id=1,
    thread_id=None,
    user_id=1,
    language="en",
    reply_to=10,
    status_message_id=11,
    content="content",
    style="style",
    strength="balanced",
    clip=False,
    edge_px=64,
)


async def until(condition: Callable[[], object], limit_s: float = 60.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def seconds_until_attempt(queue: JobQueue, job_id: str, attempt: int) -> float:
    started = time.monotonic()
    while True:
        job = await queue.get(job_id)
        if job is not None and job.attempt == attempt:
            return time.monotonic() - started
        await asyncio.sleep(0.01)


class Silent(JobObserver):
    """Remembers what has been painted and calls `on_progress`."""

    def __init__(self, on_progress: Callable[[], None]) -> None:
        self.on_progress = on_progress
        self.done = asyncio.Event()

    async def painted(self, tx, job):
        self.done.set()

    async def failed(self, tx, job):
        self.done.set()

    async def clip_ready(self, tx, job):
        pass

    async def clip_failed(self, tx, job):
        pass

    def committed(self, job):
        pass

    async def queued(self, job, place):
        pass

    def started(self, job, event):
        pass

    def progress(self, job, preview):
        self.on_progress()

    def freed(self, job):
        pass

    def cancelled(self, job):
        pass


class Folder:
    """The two pictures of a task, by these names."""

    def __init__(self, task: PaintTask) -> None:
        self.files = {"content": task.content, "style": task.style}

    def path(self, picture_id: str) -> Path:
        return self.files[picture_id]


async def test_a_killed_worker_is_noticed_at_once_and_the_next_one_paints_its_job(
    local, make_task, tmp_path
):
    await local.profile()
    pids: list[int] = []
    killed = asyncio.Event()

    def kill_once() -> None:
        if not pids:
            pids.extend(local.pids)
            os.kill(pids[0], signal.SIGKILL)
            killed.set()

    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        queue, observer = JobQueue(db), Silent(kill_once)
        dispatcher = Dispatcher(
            queue,
            local,
            observer,
            pictures=Folder(make_task()),
            data_dir=tmp_path,
            preview_interval_s=0.1,
        )
        await dispatcher.start()
        async with db.transaction() as tx:
            job = await queue.submit(tx, NEW_JOB, "update:1")
        queue.wake()
        async with asyncio.timeout(150):
            await killed.wait()
            noticed_s = await seconds_until_attempt(queue, job.id, 2)
            await observer.done.wait()
        await dispatcher.stop()
        done = await queue.get(job.id)

    assert noticed_s < 2
    assert done is not None
    assert (done.state, done.attempt) == (JobState.PAINTED, 2)
    assert (tmp_path / (done.photo or "?")).exists()
    assert local.pids != pids


async def test_the_event_loop_stays_free_while_a_worker_paints(local, make_task):
    await local.profile()
    delays = []
    async with contextlib.aclosing(local.run(make_task(edge_px=96))) as events:
        started = await anext(events)
        assert started.width == 96
        for _ in range(40):
            before = time.monotonic()
            await asyncio.sleep(0.01)
            delays.append(time.monotonic() - before - 0.01)

    assert sorted(delays)[-4] < 0.1


async def test_the_profile_tells_what_was_measured(local):
    profile = await local.profile()

    assert "CPU core" in profile.device
    assert (profile.weights, profile.slots) == ("untrained", 1)
    assert 256 <= profile.default_edge_px <= 1280
    assert 1e-9 < profile.seconds_per_pixel_step < 1e-3


async def test_a_worker_on_the_cpu_steps_back_behind_the_chat(local):
    await local.profile()
    [pid] = local.pids
    assert os.getpriority(os.PRIO_PROCESS, pid) == 10


async def test_the_bot_itself_never_loads_torch():
    code = (
        "import sys, bot.executors.local, bot.executors.inline, bot.executors.darkroom;"
        "sys.exit('torch' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0


async def test_without_weights_nobody_waits_for_a_worker(tmp_path, make_task):
    executor = LocalExecutor(weights=tmp_path / "missing.safetensors", device="cpu")
    await executor.start()
    async with asyncio.timeout(90):
        with pytest.raises(TaskFailed) as caught:
            await executor.profile()
        assert (caught.value.code, caught.value.mendable) == ("weights", False)
        with pytest.raises(TaskFailed):
            await anext(executor.run(make_task()))
    await executor.close()


async def test_a_worker_that_hangs_is_killed_and_its_task_can_be_tried_again(
    make_task,
):
    executor = LocalExecutor(weights="untrained", device="cpu", silence_s=1.0)
    await executor.start()
    await executor.profile()
    [pid] = executor.pids
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(WorkerDied):
        await anext(executor.run(make_task()))

    await until(lambda: executor.pids and executor.pids != [pid])
    await executor.close()
    assert not _exists(pid)


async def test_workers_that_die_before_they_are_ready_are_replaced_ever_more_slowly():
    executor = LocalExecutor(weights="untrained", device="cpu")
    await executor.start()
    for _ in range(3):
        await until(lambda: executor.pids)
        os.kill(executor.pids[0], signal.SIGKILL)
        await until(lambda: not executor.pids)
    async with asyncio.timeout(10):
        with pytest.raises(TaskFailed) as caught:
            await executor.profile()

    assert caught.value.code == "engine"
    await executor.close()


async def test_closing_in_the_middle_of_a_task_ends_every_process(make_task):
    executor = LocalExecutor(weights="untrained", device="cpu")
    await executor.start()
    await until(lambda: executor.pids)
    pids = executor.pids
    started = time.monotonic()
    await executor.close()
    await executor.close()

    assert time.monotonic() - started < 3
    assert not any(_exists(pid) for pid in pids)
    with pytest.raises(WorkerDied):
        await anext(executor.run(make_task()))


_BOT = """
import asyncio
from pathlib import Path
from bot.executors.base import PaintTask, Preview
from bot.executors.local import LocalExecutor

async def main():
    executor = LocalExecutor(weights="untrained", device="cpu")
    await executor.start()
    task = PaintTask(
        job_id="a", content=Path({content!r}), style=Path({style!r}), clip=False,
        strength="wild", edge_px=1280, seed=0, output=Path({output!r}),
        preview_interval_s=0.1,
    )
    async for event in executor.run(task):
        if isinstance(event, Preview):
            print(*executor.pids, flush=True)

asyncio.run(main())
"""


async def test_a_bot_killed_in_mid_job_leaves_no_worker_behind(make_task):
    task = make_task()
    code = _BOT.format(
        content=str(task.content), style=str(task.style), output=str(task.output)
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=subprocess.PIPE
    )
    async with asyncio.timeout(90):
        assert bot.stdout is not None
        worker = int(await bot.stdout.readline())
    assert _exists(worker)
    bot.kill()
    killed = time.monotonic()
    await until(lambda: not _exists(worker), limit_s=10)
    await bot.communicate()

    # Within a second on a quiet machine; here it may have to wait for its turn.
    assert time.monotonic() - killed < 5


def _exists(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
