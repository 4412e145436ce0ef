import asyncio

import pytest

from bot.crew import Crew


async def forever(ended):
    try:
        await asyncio.Event().wait()
    finally:
        ended.append(True)


async def shortly():
    await asyncio.sleep(0)


async def failing():
    await asyncio.sleep(0)
    raise RuntimeError("a part has failed")


async def test_a_task_that_fails_ends_the_wait_with_its_error():
    crew = Crew()
    ended: list[bool] = []
    crew.start("steady", forever(ended))
    crew.start("weak", failing())

    with pytest.raises(RuntimeError, match="a part has failed"):
        await asyncio.wait_for(crew.until(asyncio.Event()), 5)

    await crew.dismiss()
    assert ended == [True]


async def test_a_task_that_is_done_does_not_end_the_wait():
    crew, stopping = Crew(), asyncio.Event()
    crew.start("short", shortly())
    asyncio.get_running_loop().call_later(0.05, stopping.set)

    await asyncio.wait_for(crew.until(stopping), 5)

    assert stopping.is_set()
    await crew.dismiss()
