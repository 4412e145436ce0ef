"""What every executor does: the definition of the contract in `executors/base.py`."""

from __future__ import annotations

import asyncio
import contextlib
import io
from pathlib import Path

import av
import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat

from bot.executors.base import (
    ClipReady,
    Event,
    Executor,
    Finished,
    PaintTask,
    Preview,
    Started,
    TaskFailed,
)

from .conftest import TaskFactory

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="session", params=["inline", "local"])
def executor(request: pytest.FixtureRequest) -> Executor:
    executor: Executor = request.getfixturevalue(request.param)
    return executor


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def painted(executor, make_task):
    """One task with a clip, painted once for all tests that look at its events."""
    task = make_task(clip=True, preview_interval_s=0.01)
    return task, await events_of(executor, task)


async def events_of(executor: Executor, task: PaintTask) -> list[Event]:
    async with asyncio.timeout(150):
        return [event async for event in executor.run(task)]


async def assert_free(executor: Executor, make_task: TaskFactory) -> None:
    """The executor begins another task."""
    async with (
        asyncio.timeout(60),
        contextlib.aclosing(executor.run(make_task())) as events,
    ):
        assert isinstance(await anext(events), Started)


async def test_events_come_in_order_and_the_clip_comes_last(painted):
    _, (started, *previews, finished, clip) = painted

    assert isinstance(started, Started)
    assert all(isinstance(preview, Preview) for preview in previews)
    assert isinstance(finished, Finished)
    assert isinstance(clip, ClipReady)
    assert [p.step for p in previews] == sorted({p.step for p in previews})
    assert all(p.step <= p.total and p.seconds_left >= 0 for p in previews)


async def test_results_are_whole_files_of_the_announced_size(painted):
    task, (started, *_, finished, clip) = painted

    assert (started.width, started.height) == (64, 48)
    with Image.open(finished.photo) as photo, Image.open(finished.full) as full:
        assert (photo.format, full.format) == ("JPEG", "PNG")
        assert photo.size == full.size == (finished.width, finished.height) == (64, 48)
    with av.open(str(clip.clip)) as video:
        assert len(video.streams) == 1
        [stream] = video.streams.video
        assert stream.codec.name == "h264"
        assert (stream.width, stream.height) == (clip.width, clip.height)
    assert 1 <= clip.seconds <= 4.1
    names = sorted(path.name for path in task.output.iterdir())
    assert names == ["clip.mp4", "full.png", "photo.jpg"]


async def test_pictures_so_far_are_shown_all_in_one_size(painted):
    shown = [e.jpeg for e in painted[1] if isinstance(e, Preview) and e.jpeg]

    assert shown
    for jpeg in shown:
        with Image.open(io.BytesIO(jpeg)) as image:
            assert (image.format, image.size) == ("JPEG", (64, 48))


async def test_without_a_clip_the_same_task_gives_the_same_picture_last(
    executor, painted, make_task
):
    task = make_task()
    *_, finished = await events_of(executor, task)

    assert isinstance(finished, Finished)
    assert finished.full.read_bytes() == (painted[0].output / "full.png").read_bytes()
    assert not (task.output / "clip.mp4").exists()


async def test_a_stronger_strength_moves_further_from_the_photo(
    executor, painted, make_task
):
    def distance(path: Path) -> float:
        with Image.open(painted[0].content) as photo, Image.open(path) as picture:
            there = photo.convert("RGB").resize(picture.size)
            return sum(ImageStat.Stat(ImageChops.difference(there, picture)).mean)

    wild = make_task(strength="wild")
    await events_of(executor, wild)

    balanced_file, wild_file = (task.output / "full.png" for task in (painted[0], wild))
    assert 0 < distance(balanced_file) < distance(wild_file)


async def test_from_a_finished_picture_it_takes_half_the_time_and_leaves_that_alone(
    executor, painted, make_task
):
    full = painted[0].output / "full.png"
    before = full.read_bytes()
    task = make_task(strength="wild", start=full, preview_interval_s=0.01)

    seconds, steps = announced(await events_of(executor, task))

    cold_seconds, cold_steps = announced(painted[1])
    assert 0 < seconds <= cold_seconds / 2
    assert 0 < steps <= cold_steps / 2
    assert (task.output / "full.png").read_bytes() != before == full.read_bytes()


def announced(events: list[Event]) -> tuple[float, int]:
    """The painting time foretold at the start, and the steps."""
    return (
        next(event.seconds_left for event in events if isinstance(event, Started)),
        next(event.total for event in events if isinstance(event, Preview)),
    )


async def test_from_a_smaller_picture_a_larger_one_takes_half_the_time(
    executor, painted, make_task
):
    cold = await announced_for(executor, make_task(edge_px=96))
    small = painted[0].output / "full.png"

    started, *_, finished = await events_of(
        executor, make_task(edge_px=96, start=small)
    )

    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert (started.width, started.height) == (cold.width, cold.height) == (96, 72)
    assert 0 < started.seconds_left <= cold.seconds_left / 2
    with Image.open(finished.full) as full, Image.open(small) as before:
        assert (full.size, before.size) == ((96, 72), (64, 48))


async def announced_for(executor: Executor, task: PaintTask) -> Started:
    """What the executor says as it begins; the task is not carried out."""
    async with contextlib.aclosing(executor.run(task)) as events:
        started = await anext(events)
    assert isinstance(started, Started)
    return started


async def test_the_photos_colours_are_kept_when_they_are_wanted(
    executor, painted, make_task
):
    task = make_task(colors="photo")
    await events_of(executor, task)

    def off(output: Path) -> float:
        """How far the colours are from the photo's, whatever the brightness."""
        photo = Image.open(task.content).convert("RGB").resize((64, 48))
        full = Image.open(output / "full.png")
        chroma = [x.convert("YCbCr").split()[1:] for x in (photo, full)]
        pairs = zip(*chroma, strict=True)
        return sum(ImageStat.Stat(ImageChops.difference(*p)).mean[0] for p in pairs)

    assert off(task.output) < 6 < 12 < off(painted[0].output)


async def test_a_second_style_is_blended_in_and_the_same_one_twice_changes_nothing(
    executor, painted, make_task
):
    same = make_task(second_style=painted[0].style)
    other = make_task(second_style=painted[0].content)
    only_other = make_task(style=painted[0].content)
    for task in (same, other, only_other):
        await events_of(executor, task)

    def distance(a: PaintTask, b: PaintTask) -> float:
        """The mean difference of two results, of 255."""
        first, second = (Image.open(task.output / "full.png") for task in (a, b))
        return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3

    assert distance(painted[0], same) < 1
    assert distance(painted[0], other) > 2 < distance(only_other, other)


@pytest.mark.parametrize("what", ["gone", "cut off", "of another shape"])
async def test_a_picture_that_cannot_be_started_from_means_a_cold_start(
    executor, painted, make_task, tmp_path, what
):
    cold = painted[0].output / "full.png"
    start = tmp_path / "start.png"
    if what == "cut off":
        start.write_bytes(cold.read_bytes()[:200])
    elif what == "of another shape":
        Image.new("RGB", (48, 64)).save(start)
    task = make_task(start=start)

    *_, finished = await events_of(executor, task)

    assert isinstance(finished, Finished)
    assert finished.full.read_bytes() == cold.read_bytes()


async def test_the_default_size_is_the_profiles(executor, make_task, tmp_path):
    profile = await executor.profile()
    large = tmp_path / "large.png"
    Image.new("RGB", (2 * profile.default_edge_px, 160)).save(large)
    async with contextlib.aclosing(
        executor.run(make_task(content=large, edge_px=None))
    ) as events:
        started = await anext(events)

    assert started.width == profile.default_edge_px


async def test_closing_stops_the_work_and_leaves_no_result(executor, make_task):
    task = make_task(preview_interval_s=0.01)
    async with contextlib.aclosing(executor.run(task)) as events:
        async for event in events:
            if isinstance(event, Preview):
                break

    await assert_free(executor, make_task)
    assert list(task.output.iterdir()) == []


async def test_cancelling_whoever_waits_stops_the_work_too(executor, make_task):
    task = make_task()
    begun = asyncio.Event()

    async def wait() -> None:
        async with contextlib.aclosing(executor.run(task)) as events:
            async for _ in events:
                begun.set()

    waiting = asyncio.create_task(wait())
    await asyncio.wait_for(begun.wait(), 60)
    waiting.cancel()
    await asyncio.wait([waiting], timeout=10)

    assert waiting.cancelled()
    await assert_free(executor, make_task)
    assert list(task.output.iterdir()) == []


async def test_a_task_beyond_the_slots_waits_for_its_turn(executor, make_task):
    async with contextlib.aclosing(executor.run(make_task())) as first:
        await anext(first)
        second = asyncio.create_task(assert_free(executor, make_task))
        await asyncio.wait([second], timeout=0.2)
        assert not second.done()

    await second


async def test_a_damaged_picture_fails_the_task_and_can_be_mended(
    executor, make_task, tmp_path
):
    task = make_task()
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(task.content.read_bytes()[:120])
    with pytest.raises(TaskFailed) as caught:
        await events_of(executor, make_task(content=damaged))

    assert (caught.value.code, caught.value.mendable) == ("damaged", True)


async def test_an_unforeseen_mishap_fails_the_task_alone(executor, make_task):
    with pytest.raises(TaskFailed) as caught:
        await events_of(executor, make_task(strength=None))

    assert (caught.value.code, caught.value.mendable) == ("engine", False)
    await assert_free(executor, make_task)
