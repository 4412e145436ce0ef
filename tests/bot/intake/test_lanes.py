import asyncio
import time

import pytest

from bot.intake.lanes import Lanes


class Work:
    """Notes what begins and ends; `gate` lets it end."""

    def __init__(self):
        self.begun = []
        self.ended = []
        self.gate = asyncio.Event()

    async def __call__(self, item):
        self.begun.append(item)
        await self.gate.wait()
        self.ended.append(item)


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def work():
    return Work()


async def test_one_lane_goes_in_order_and_one_at_a_time(work):
    lanes = Lanes(work, 10)
    for n in range(3):
        lanes.put("a", n)
    await settle()
    assert work.begun == [0]

    work.gate.set()
    await settle()
    assert work.ended == [0, 1, 2]


async def test_slow_lane_delays_no_other_lane(work):
    async def handle(item):
        if item == "slow":
            await asyncio.Event().wait()
        await work(item)

    lanes = Lanes(handle, 10)
    work.gate.set()
    lanes.put("a", "slow")
    lanes.put("b", "fast")
    await settle()

    assert work.ended == ["fast"]
    await lanes.close(0)


async def test_no_more_lanes_move_than_agreed(work):
    lanes = Lanes(work, 2)
    for lane in "abcd":
        lanes.put(lane, lane)
    await settle()
    assert work.begun == ["a", "b"]

    work.gate.set()
    await settle()
    assert work.ended == ["a", "b", "c", "d"]


async def test_lane_that_was_empty_can_be_used_again(work):
    lanes = Lanes(work, 2)
    work.gate.set()
    for n in range(3):
        lanes.put("a", n)
        await settle()

    assert work.ended == [0, 1, 2]
    assert not lanes._waiting


async def test_closing_lets_work_end_and_begins_nothing_new(work):
    lanes = Lanes(work, 2)
    for n in range(3):
        lanes.put("a", n)
    await settle()
    closing = asyncio.create_task(lanes.close(5))
    await settle()
    work.gate.set()
    await closing

    assert work.ended == [0]


async def test_closing_does_not_wait_for_ever(work):
    lanes = Lanes(work, 2)
    lanes.put("a", 1)
    await settle()
    begun = time.monotonic()
    await lanes.close(0.1)
    await lanes.close(0.1)

    assert work.ended == []
    assert time.monotonic() - begun < 1
