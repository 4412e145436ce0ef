"""What becomes of a chat's affairs when it gets another id, or closes to the bot."""

from __future__ import annotations

import logging

from ...storage.database import Transaction
from ...storage.errors import StorageError
from ..desk import Desk
from . import store

log = logging.getLogger(__name__)


async def move(desk: Desk, old: int, new: int) -> None:
    """A group has become a supergroup. Told twice, it has nothing left to do."""
    try:
        async with desk.db.transaction() as tx:
            await desk.outbox.move(tx, old, new)
            await move_with(desk, tx, old, new)
    except StorageError as exc:
        log.error("a group could not be moved: %s", exc)
        raise
    desk.outbox.wake()


async def move_with(desk: Desk, tx: Transaction, old: int, new: int) -> None:
    """As `move`, in the transaction in which the outbox moves what is owed."""
    await store.move_chat(tx, old, new)
    await store.owe_cards_again(tx, new)
    desk.whereabouts.move(old, new)
    desk.board.forget(old)


async def leave(desk: Desk, chat_id: int) -> None:
    """The bot was thrown out, or blocked: nothing is done for that chat any more."""
    jobs = await store.open_jobs_of_chat(desk.db, chat_id)
    for job_id in jobs:
        # First, or the end of each job would be shown there.
        desk.whereabouts.forget(job_id)
    desk.board.forget(chat_id)
    async with desk.db.transaction() as tx:
        await store.forget_drafts_of_chat(tx, chat_id)
        await desk.outbox.give_up(tx, chat_id)
    for job_id in jobs:
        await desk.queue.cancel(job_id)
