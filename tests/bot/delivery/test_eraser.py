"""Taking messages back, and what there is to take back."""

import pytest

from bot.delivery import eraser, store
from bot.delivery.eraser import Eraser
from bot.delivery.owed import Kind, Owed, Part
from bot.delivery.store import Arrived, Place

PLACES = [Place(1, 10), Place(1, 11), Place(-5, 12)]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(eraser, "_PAUSE_S", 0.0)
    monkeypatch.setattr(eraser, "_LONGEST_PAUSE_S", 0.0)


async def test_each_message_is_deleted_in_its_chat(bot, telegram):
    assert await Eraser(bot).erase(PLACES) == []

    asked = [(c.method, c.chat_id, int(c.data["message_id"])) for c in telegram.calls]
    assert asked == [("deleteMessage", p.chat_id, p.message_id) for p in PLACES]


async def test_what_is_gone_counts_as_erased_and_what_is_too_old_stays(
    bot, telegram, answers
):
    telegram.script(
        "deleteMessage",
        answers.bad("message to delete not found"),
        answers.bad("message can't be deleted"),
    )

    assert await Eraser(bot).erase(PLACES) == [PLACES[1]]


async def test_a_flood_or_an_outage_is_sat_out_for_a_while(bot, telegram, answers):
    outage = answers.refusal(500, "Internal Server Error")
    telegram.script("deleteMessage", answers.flood(3), outage)

    assert await Eraser(bot).erase(PLACES[:1]) == []
    assert len(telegram.calls) == 3


async def test_after_three_failures_a_message_stays(bot, telegram, answers):
    outages = [answers.refusal(500, "Internal Server Error") for _ in range(3)]
    telegram.script("deleteMessage", *outages)

    assert await Eraser(bot).erase(PLACES) == PLACES[:1]


def photo(key, **more):
    return Owed(key=key, chat_id=1, kind=Kind.PHOTO, file="a.jpg", **more)


async def send(db, owed, *numbers):
    """Puts a message into the outbox as if it had been sent."""
    async with db.transaction() as tx:
        await store.insert(tx, owed, 0.0)
    [debt] = [d for d in await store.due(db, 1.0, ()) if d.owed.key == owed.key]
    async with db.transaction() as tx:
        assert await store.claim(tx, debt.id)
        arrived = [Arrived(number, "file") for number in numbers]
        await store.mark_sent(tx, debt, 0.0, arrived)


async def test_all_messages_about_a_job_are_found_and_no_others(db):
    parts = (Part(file="a.jpg"), Part(file="b.jpg"))
    album = Owed(key="b", chat_id=2, kind=Kind.ALBUM, parts=parts, job_id="mine")
    await send(db, photo("a", job_id="mine"), 20)
    await send(db, album, 30, 31)
    past = (Part(file="jobs/mine/photo.jpg"), Part(file="jobs/other/photo.jpg"))
    await send(db, Owed(key="h", chat_id=3, kind=Kind.ALBUM, parts=past), 60, 61)
    await send(db, photo("card:1"), 40)
    await send(db, photo("card:2"), 41)
    await send(db, photo("c", job_id="other"), 50)
    async with db.transaction() as tx:
        await store.insert(tx, photo("d", job_id="mine"), 0.0)  # not sent

    found = await store.places_of(db, "mine", "card:1")

    expected = {
        *(Place(1, 20), Place(2, 30), Place(2, 31), Place(1, 40)),
        Place(3, 60),
    }
    assert (len(found), set(found)) == (5, expected)
