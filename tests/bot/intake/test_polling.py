import asyncio
import contextlib

import pytest
from starlette.responses import Response

from bot.intake.polling import Polling
from bot.storage.errors import StorageFull


@pytest.fixture
async def poll(bot, ledger):
    """Runs a poller; returns the list of times it stored something."""
    tasks = []

    def start(**options):
        stored = []
        polling = Polling(bot, ledger, poll_s=1, first_pause_s=0.05, **options)
        tasks.append(asyncio.create_task(polling.run(lambda: stored.append(1))))
        return stored

    yield start
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_update_is_stored_before_it_is_acknowledged(
    poll, telegram, ledger, states, make_message, monkeypatch
):
    seen = []
    store = ledger.store

    async def watched(updates):
        seen.append(list(telegram.acknowledged))
        return await store(updates)

    monkeypatch.setattr(ledger, "store", watched)
    telegram.push(make_message(41), make_message(42))
    stored = poll()
    await telegram.until(lambda: telegram.acknowledged == [41, 42])

    assert seen == [[]]
    assert await states() == {41: "open", 42: "open"}
    assert stored == [1]


async def test_kinds_of_updates_are_always_named(poll, telegram):
    poll(allowed_updates=["message", "callback_query"])
    await telegram.until(lambda: telegram.polls)

    assert telegram.polls[0]["allowed_updates"] == '["message", "callback_query"]'
    assert "offset" not in telegram.polls[0]


async def test_update_that_cannot_be_stored_stays_with_telegram(
    poll, telegram, ledger, states, make_message, monkeypatch
):
    store, full = ledger.store, True

    async def no_room(updates):
        if full:
            raise StorageFull("no room left for the database")
        return await store(updates)

    monkeypatch.setattr(ledger, "store", no_room)
    telegram.push(make_message(1))
    poll()
    await telegram.until(lambda: len(telegram.polls) >= 3)
    assert telegram.acknowledged == []
    assert all("offset" not in asked for asked in telegram.polls)

    full = False
    await telegram.until(lambda: telegram.acknowledged == [1])
    assert await states() == {1: "open"}


async def test_malformed_update_holds_up_no_other(poll, telegram, states, make_message):
    telegram.push(make_message(1), {"update_id": 2, "message": "?"}, make_message(3))
    poll()
    await telegram.until(lambda: telegram.acknowledged == [1, 2, 3])

    assert set(await states()) == {1, 2, 3}


@pytest.mark.parametrize(
    "mishap",
    [
        (409, "Conflict: terminated by other getUpdates request"),
        (500, "Internal Server Error"),
        (401, "Unauthorized"),
        (404, "Not Found"),
    ],
    ids=lambda mishap: str(mishap[0]),
)
async def test_mishap_is_waited_out(poll, telegram, make_message, refuse, mishap):
    telegram.mishaps.extend(refuse(*mishap) for _ in range(3))
    telegram.push(make_message(1))
    poll()

    await telegram.until(lambda: telegram.acknowledged == [1])
    assert len(telegram.polls) == 5


async def test_page_of_a_broken_gateway_is_waited_out(poll, telegram, make_message):
    telegram.mishaps.append(Response("<html>Bad Gateway</html>", 502))
    telegram.mishaps.append(Response("<html>fine?</html>", 200))
    telegram.push(make_message(1))
    poll()

    await telegram.until(lambda: telegram.acknowledged == [1])


async def test_webhook_in_the_way_is_removed_with_its_updates_kept(
    poll, telegram, make_message, refuse
):
    telegram.mishaps.append(
        refuse(409, "Conflict: can't use getUpdates method while webhook is active")
    )
    telegram.push(make_message(1))
    poll()
    await telegram.until(lambda: telegram.acknowledged == [1])

    [(method, data)] = telegram.calls
    assert method == "deleteWebhook"
    assert data.get("drop_pending_updates", "false") == "false"


async def test_lower_numbers_after_a_quiet_week_are_not_missed(
    poll, telegram, make_message, states
):
    telegram.push(make_message(900_000))
    poll()
    await telegram.until(lambda: telegram.acknowledged == [900_000])
    count = len(telegram.polls)
    await telegram.until(lambda: len(telegram.polls) > count)
    telegram.push(make_message(12))

    await telegram.until(lambda: 12 in telegram.acknowledged)
    assert await states() == {900_000: "open", 12: "open"}
