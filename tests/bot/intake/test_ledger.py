import pytest

from bot.intake.ledger import MAX_REPLAYS
from bot.storage.errors import StorageError


async def test_update_is_stored_once_and_stays_what_it_was(ledger, make_message):
    assert await ledger.store([make_message(1, "é"), make_message(2)]) == 2
    assert await ledger.store([make_message(2, "other"), make_message(3)]) == 1

    rows = await ledger.oldest_open(10)
    assert [row.update_id for row in rows] == [1, 2, 3]
    assert '"text": "hi"' in rows[1].payload
    assert '"é"' in rows[0].payload


async def test_order_is_that_of_arrival_not_of_the_numbers(ledger, make_message):
    """After a quiet week, Telegram starts its numbers anew."""
    await ledger.store([make_message(900)])
    await ledger.store([make_message(5), make_message(4)])

    assert [row.update_id for row in await ledger.oldest_open(9)] == [900, 4, 5]
    assert len(await ledger.oldest_open(2)) == 2


async def test_batch_is_stored_whole_or_not_at_all(ledger, states, make_message):
    with pytest.raises(StorageError):
        await ledger.store([make_message(1), {"update_id": None}, {"update_id": "x"}])

    assert await states() == {}


async def test_done_update_is_known_when_it_comes_again(ledger, states, make_message):
    await ledger.store([make_message(1)])
    await ledger.done(1)

    assert await ledger.store([make_message(1)]) == 0
    assert await states() == {1: "done"}
    assert await ledger.oldest_open(9) == []


async def test_words_of_people_are_dropped_when_they_are_handled(
    ledger, db, make_message
):
    await ledger.store([make_message(1, "private")])
    await ledger.done(1)

    assert (await db.fetch_one("SELECT payload FROM updates"))["payload"] == ""


async def test_update_that_is_begun_too_often_is_set_aside(
    ledger, states, make_message
):
    await ledger.store([make_message(1)])

    begun = [await ledger.begin_again(1) for _ in range(MAX_REPLAYS + 1)]

    assert begun == [True] * MAX_REPLAYS + [False]
    assert await states() == {1: "quarantined"}


async def test_finished_updates_do_not_change_any_more(ledger, states, make_message):
    await ledger.store([make_message(1), make_message(2)])
    await ledger.done(1)
    await ledger.quarantine(2)
    await ledger.quarantine(1)
    await ledger.done(2)

    assert await states() == {1: "done", 2: "quarantined"}
    assert await ledger.counts() == {"done": 1, "quarantined": 1}


async def test_sweep_spares_open_and_recent_updates(ledger, states, make_message):
    await ledger.store([make_message(1), make_message(2)])
    await ledger.done(1)

    assert await ledger.sweep(3600) == 0
    assert await ledger.sweep(-1) == 1
    assert await states() == {2: "open"}
