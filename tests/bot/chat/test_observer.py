"""What people see of a job that does not go as it should."""

from dataclasses import replace

import pytest

from bot.chat.texts import texts_for
from bot.executors.base import TaskFailed
from bot.playground.visitor import button, buttons, words

from .conftest import becomes, from_bot, is_card, is_result, offer, painted

TEXTS = texts_for("en")


@pytest.mark.parametrize("code", ["engine", "damaged", "disk_full"])
async def test_a_job_that_fails_is_said_so_and_can_be_tried_again(
    start, ada, monkeypatch, code
):
    service = await start()
    card = await offer(ada)

    async def fail(task):
        raise TaskFailed(code, False)
        yield

    with monkeypatch.context() as patch:
        patch.setattr(service.parts.executor, "run", fail)
        await ada.tap(card, "Wild")
        said = await ada.until(from_bot, after=card["message_id"])
        again = await becomes(ada, card, lambda m: words(m) == TEXTS.card_failed())
    await ada.tap(again, "Wild")

    assert words(said) == TEXTS.failed(code)
    assert said["reply_to"] == card["reply_to"]
    assert is_card(again)
    assert is_result(await painted(ada, card))


async def test_with_trained_weights_nothing_is_said_about_them(start, ada):
    service = await start()
    engine, studio = service.parts.executor, service.parts.desk.studio
    engine._profile = replace(await engine.profile(), weights="trained")
    studio.profile = await engine.profile()
    card = await offer(ada)

    await ada.tap(card, "Wild")
    result = await painted(ada, card)
    hello = await ada.say("/start")
    said = await ada.until(from_bot, after=hello["message_id"])

    assert "weights" not in words(result) + words(said)


async def test_a_last_edit_lost_in_a_crash_is_made_after_the_restart(start, ada):
    service = await start()
    card = await offer(ada)
    service.parts.desk.board.show = lambda *_, **__: None  # dies before it edits
    await ada.tap(card, "Wild")
    await painted(ada, card)
    del service.parts.desk.board.show
    stale = [m for m in await ada.messages() if m["message_id"] == card["message_id"]]

    await service.parts.observer.heal()
    healed = await becomes(ada, card, lambda m: "Painted in" in words(m))

    assert [b["text"] for b in buttons(stale[0])] == [b["text"] for b in buttons(card)]
    assert button(healed, "Wild") is None
