"""Having things gone for good: everything of a person, or one result.

The rows go in one transaction, which also writes down which files are to follow; from
then on a crash only delays the rest.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...delivery.owed import Kind, Owed
from ...delivery.status import StatusEdit
from ...storage import erasure
from ...storage.shredder import Shredder
from ..desk import Desk
from ..groups.people import as_called
from ..store import Card
from ..taps.tap import Tap


async def forget_person(desk: Desk, shredder: Shredder, tap: Tap) -> None:
    """Deletes everything of the one who tapped, and then says so."""
    async with desk.db.transaction() as tx:
        jobs = await erasure.erase_person(tx, tap.update_id, tap.user_id)
        await erasure.erase_name(tx, as_called(tap.query.from_user.first_name))
    desk.languages.choose(tap.user_id, None)
    for card in _end(desk, jobs):
        _take_down(desk, card, tap.texts.erasing())
    await shredder.delete_files(tap.update_id)
    await _say_farewell(desk, tap)
    shredder.wake()


async def forget_result(
    desk: Desk, shredder: Shredder, update_id: int, job_id: str
) -> None:
    """Deletes one result with its files and what was sent of it; nothing is said."""
    async with desk.db.transaction() as tx:
        await erasure.erase_job(tx, update_id, job_id)
    _end(desk, [job_id])
    shredder.wake()


def _end(desk: Desk, jobs: Iterable[str]) -> list[Card]:
    """Stops the work on deleted jobs; returns the cards that showed it."""
    cards = []
    for job_id in jobs:
        card = desk.whereabouts.card_of(job_id)
        desk.whereabouts.forget(job_id)
        desk.queue.removed(job_id)
        cards += [card] if card is not None else []
    desk.queue.wake()
    return cards


def _take_down(desk: Desk, card: Card, words: str) -> None:
    if card.message_id is not None:
        edit = StatusEdit(
            chat_id=card.owner.chat_id, message_id=card.message_id, text=words
        )
        desk.board.show(edit, urgent=True)


async def _say_farewell(desk: Desk, tap: Tap) -> None:
    """The key is the one whose row `finish_erasure` empties once it is sent."""
    farewell = Owed(
        key=tap.key, chat_id=tap.user_id, kind=Kind.TEXT, text=tap.texts.forgotten()
    )
    async with desk.db.transaction() as tx:
        await desk.outbox.put(tx, farewell)
    desk.outbox.wake()
