"""`Books`: writes down what became of each attempt, until it is written.

After a request has left, a full disk must not turn into a second copy for the
receiver: the outcome is kept in memory and written as soon as there is room.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from ..storage.database import Database, Transaction, finish
from ..storage.errors import StorageError
from . import store
from .owed import Owed, OwedState
from .store import Arrived, Debt

log = logging.getLogger(__name__)

Settle = Callable[[Transaction, Owed, OwedState], Awaitable[None]]
Detour = Callable[[Transaction, Owed], Awaitable[Owed | None]]
Move = Callable[[Transaction, int, int], Awaitable[None]]
Write = Callable[[Transaction], Awaitable[None]]

_LONGEST_PAUSE_S = 60.0


class Books:
    """The transitions of a debt, each in a transaction of its own."""

    def __init__(
        self,
        db: Database,
        first_pause_s: float,
        *,
        settle: Settle | None = None,
        detour: Detour | None = None,
        move: Move | None = None,
    ) -> None:
        self._db = db
        self._settle = settle
        self._detour = detour
        self._move = move
        self._first_pause_s = first_pause_s

    async def recover(self) -> int:
        """Takes back what a killed process was sending; returns how many."""
        async with self._db.transaction() as tx:
            return await store.recover(tx)

    async def claim(self, debt: Debt) -> None:
        """Raises `StorageError` if it cannot be claimed; then it must not be sent."""
        async with self._db.transaction() as tx:
            if not await store.claim(tx, debt.id):
                raise StorageError(f"message {debt.id} is no longer pending")

    async def sent(self, debt: Debt, arrived: Sequence[Arrived]) -> None:
        """`arrived`: the message, or those of an album in their order."""

        async def write(tx: Transaction) -> None:
            await store.mark_sent(tx, debt, time.time(), arrived)
            await self._tell(tx, debt, OwedState.SENT)

        await self._write(debt, write)

    async def undeliverable(self, debt: Debt) -> None:
        async def write(tx: Transaction) -> None:
            await store.mark_undeliverable(tx, debt.id)
            await self._tell(tx, debt, OwedState.UNDELIVERABLE)

        await self._write(debt, write)

    async def again(self, debt: Debt, *, maybe_sent: bool) -> None:
        """Due again after a pause that grows with the attempts."""
        pause_s = self._first_pause_s * 2.0 ** min(debt.attempts, 10)
        not_before = time.time() + min(pause_s, _LONGEST_PAUSE_S)

        async def write(tx: Transaction) -> None:
            await store.put_back(tx, debt.id, not_before, maybe_sent=maybe_sent)

        await self._write(debt, write)

    async def hold_chat(self, debt: Debt, pause_s: float) -> None:
        """Makes the debt, and all others of its chat, wait."""
        until = time.time() + pause_s

        async def write(tx: Transaction) -> None:
            await store.put_back(tx, debt.id, until, maybe_sent=False)
            await store.hold_chat(tx, debt.owed.chat_id, until)

        await self._write(debt, write)

    async def in_form(self, debt: Debt, owed: Owed) -> None:
        """Due at once in another form."""

        async def write(tx: Transaction) -> None:
            await store.change_form(tx, debt.id, owed)

        await self._write(debt, write)

    async def in_chat(self, debt: Debt, chat_id: int) -> None:
        """Moves the chat to the one that it has become; the debt is due at once."""
        before = debt.owed.chat_id

        async def write(tx: Transaction) -> None:
            await store.move_chat(tx, before, chat_id)
            await store.put_back(tx, debt.id, 0, maybe_sent=False)
            if self._move is not None:
                await self._move(tx, before, chat_id)

        await self._write(debt, write)

    async def not_allowed(self, debt: Debt) -> None:
        """Due in another form if there is a detour, else undeliverable."""

        async def write(tx: Transaction) -> None:
            other = await self._detour(tx, debt.owed) if self._detour else None
            if other is not None:
                await store.change_form(tx, debt.id, other)
            else:
                await store.mark_undeliverable(tx, debt.id)
                await self._tell(tx, debt, OwedState.UNDELIVERABLE)

        await self._write(debt, write)

    async def _tell(self, tx: Transaction, debt: Debt, state: OwedState) -> None:
        if self._settle is not None:
            await self._settle(tx, debt.owed, state)

    async def _write(self, debt: Debt, write: Write) -> None:
        """Tries until it is written; a cancellation interrupts the pauses only."""
        pause_s = self._first_pause_s
        while True:
            try:
                await finish(self._write_once(write))
            except StorageError as error:
                log.error("message %d: outcome not recorded: %s", debt.id, error)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                return

    async def _write_once(self, write: Write) -> None:
        async with self._db.transaction() as tx:
            await write(tx)
