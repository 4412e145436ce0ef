"""Who hears their place in line, and when."""

import asyncio
import contextlib

import pytest

from bot.jobs import herald as herald_module
from bot.jobs.herald import Herald


@pytest.fixture
async def herald(queue, observer, monkeypatch):
    """Runs; tells the first in line again after a tenth of a second."""
    monkeypatch.setattr(herald_module, "_AGAIN_S", 0.1)
    monkeypatch.setattr(herald_module, "_CALM_S", 0.02)
    herald = Herald(queue, observer)
    task = asyncio.create_task(herald.run())
    yield herald
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def until(condition, limit_s=5):
    async with asyncio.timeout(limit_s):
        while not condition():  # noqa: ASYNC110 - what is told rings no bell
            await asyncio.sleep(0.01)


async def line_of(submit, count):
    return [(await submit(user_id=number)).id for number in range(count)]


async def test_far_from_the_head_only_thinning_places_are_told(
    herald, queue, observer, submit
):
    jobs = await line_of(submit, 12)
    await until(lambda: (jobs[10], 11) in observer.places)

    assert [place for _, place in observer.places[:9]] == [1, 2, 3, 4, 5, 6, 7, 9, 11]


async def test_the_first_in_line_hear_it_again_and_the_others_do_not(
    herald, observer, submit
):
    jobs = await line_of(submit, 12)
    await until(lambda: observer.places.count((jobs[0], 1)) >= 4)

    told = [place for _, place in observer.places]
    assert told.count(7) >= 3
    assert told.count(9) == told.count(11) == 1
    assert 8 not in told


async def test_nobody_in_line_means_nothing_to_tell_and_nothing_to_read(
    herald, queue, observer, submit, monkeypatch
):
    (job,) = await line_of(submit, 1)
    await until(lambda: observer.places)
    await queue.cancel(job)
    await until(lambda: not herald._told)
    told = len(observer.places)
    reads: list[object] = []
    monkeypatch.setattr("bot.jobs.store.first_in_line", reads.append)
    await asyncio.sleep(0.3)

    assert (len(observer.places), reads) == (told, [])
