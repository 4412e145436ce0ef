"""The bot learns from what it paints how long a picture takes."""

import asyncio

from bot.chat.texts import texts_for
from bot.executors.base import TaskFailed

from ..conftest import becomes, offer, painted

TEXTS = texts_for("en")


async def learned(studio, before, limit_s=10):
    async with asyncio.timeout(limit_s):
        while studio.painting_s() == before:  # noqa: ASYNC110 - it rings no bell
            await asyncio.sleep(0.02)
    return studio.painting_s()


async def test_a_painted_picture_corrects_what_is_said_of_the_machine(start, ada):
    service = await start(seconds=1.0)
    studio, engine = service.parts.desk.studio, service.parts.executor
    card = await offer(ada)
    before = studio.painting_s()
    steps = engine._profile.seconds_per_pixel_step

    await ada.tap(card, "Balanced")
    await painted(ada, card)
    after = await learned(studio, before)

    # A second's work on a picture of 128 × 96 pixels, and its files and clip.
    assert after > 1.0 > before
    assert engine._profile.seconds_per_pixel_step == steps


async def test_a_picture_that_fails_teaches_nothing(start, ada, monkeypatch):
    service = await start()
    studio = service.parts.desk.studio
    card = await offer(ada)
    before = studio.painting_s()

    async def fail(task):
        raise TaskFailed("engine", False)
        yield

    monkeypatch.setattr(service.parts.executor, "run", fail)
    await ada.tap(card, "Wild")
    await becomes(ada, card, lambda m: m["text"] == TEXTS.card_failed())

    assert studio.painting_s() == before
