"""Buttons below a result when there is no room, and when there is no clip."""

import pytest

from bot.chat.texts import texts_for
from bot.jobs import store
from bot.playground.visitor import button, words

from .conftest import becomes, from_bot, jpeg, offer, painted

TEXTS = texts_for("en")


async def unfolded(visitor, result):
    await visitor.tap(result, "More")
    return await becomes(visitor, result, lambda m: button(m, "Less") is not None)


async def jobs(service):
    return await service.parts.desk.db.fetch_all("SELECT * FROM jobs")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_waiting_per_user": 1}, TEXTS.too_many_waiting(1)),
        ({"max_waiting": 1}, TEXTS.queue_full()),
    ],
)
async def test_without_room_in_line_a_result_says_so_and_keeps_its_buttons(
    start, ada, changes, said
):
    service = await start(seconds=3, **changes)
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await unfolded(ada, await painted(ada, card))
    running = await offer(ada, painting=jpeg("navy"))
    await ada.tap(running, "Wild")
    await becomes(ada, running, lambda m: "%" in words(m))
    await ada.tap(result, "Original colours")  # waits

    answer = await ada.tap(result, "Larger")
    refusal = await ada.until(lambda m: from_bot(m) and words(m) == said)

    assert answer.text is None
    assert refusal["message_id"] > running["message_id"]
    assert len(await jobs(service)) == 3
    assert (await becomes(ada, result, lambda _: True))["keyboard"] == result[
        "keyboard"
    ]


async def test_a_clip_that_was_given_up_is_not_promised(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await unfolded(ada, await painted(ada, card))
    async with service.parts.desk.db.transaction() as tx:
        await tx.execute(
            "UPDATE jobs SET clip = 1, clip_file = NULL, error_code = NULL"
        )
        [job] = [
            store.from_row(row) for row in await tx.fetch_all("SELECT * FROM jobs")
        ]
        assert await store.give_up_clip(tx, job.id)

    answer = await ada.tap(result, "Clip")

    assert answer.text == TEXTS.toast_clip_failed()
    assert not [m for m in await ada.messages() if m["animation"]]


async def test_a_clip_that_fails_though_it_was_wanted_is_owned_up_to(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await painted(ada, card)
    [row] = await jobs(service)

    async with service.parts.desk.db.transaction() as tx:
        await service.parts.observer.clip_failed(tx, store.from_row(row))
    service.parts.desk.outbox.wake()
    said = await ada.until(from_bot, after=result["message_id"])

    assert words(said) == TEXTS.clip_failed()
    assert said["reply_to"] == result["reply_to"]


async def test_nothing_larger_is_promised_while_the_engine_wakes_up(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await unfolded(ada, await painted(ada, card))
    service.parts.desk.studio.profile = None

    answer = await ada.tap(result, "Larger")

    assert answer.text == TEXTS.toast_waking_up()
    assert len(await jobs(service)) == 1
