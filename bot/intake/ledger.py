"""`Ledger`: every update is written here before Telegram hears that we have it."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from ..storage.database import Database
from ..storage.errors import StorageFull
from . import store
from .store import StoredUpdate

MAX_REPLAYS = 3
"""An update that was begun this often by processes that then died is set aside."""

OnFull = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]
"""Told the raw updates for which there is no room."""


class Ledger:
    """Updates, `open` until they are handled.

    An update that comes again, as it does after a crash, is known by its id: ids
    are compared for equality only, because Telegram restarts them at will.
    """

    def __init__(self, db: Database, *, on_full: OnFull | None = None) -> None:
        self._db = db
        self._on_full = on_full

    async def store(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Commits raw updates, all or none; returns how many were new.

        Raises `StorageError`: then none of them may be acknowledged.
        """
        try:
            return await self._store(updates)
        except StorageFull:
            if self._on_full is not None:
                await self._on_full(updates)
            raise

    async def _store(self, updates: Sequence[Mapping[str, Any]]) -> int:
        now = time.time()
        rows = [
            StoredUpdate(
                update_id=update["update_id"],
                payload=json.dumps(update, ensure_ascii=False),
                received_at=now,
            )
            for update in updates
        ]
        async with self._db.transaction() as tx:
            return await store.insert(tx, rows)

    async def oldest_open(self, limit: int) -> list[StoredUpdate]:
        """Open updates in the order in which they came."""
        return await store.oldest_open(self._db, limit)

    async def begin_again(self, update_id: int) -> bool:
        """Counts a replay; False if there were too many, and it is quarantined."""
        async with self._db.transaction() as tx:
            attempts = await store.count_attempt(tx, update_id)
            if attempts > MAX_REPLAYS:
                await store.quarantine(tx, update_id)
        return attempts <= MAX_REPLAYS

    async def done(self, update_id: int) -> None:
        """The update is handled; its payload is dropped."""
        async with self._db.transaction() as tx:
            await store.mark_done(tx, update_id)

    async def quarantine(self, update_id: int) -> None:
        """The update cannot be handled; it is kept, and not tried again."""
        async with self._db.transaction() as tx:
            await store.quarantine(tx, update_id)

    async def counts(self) -> dict[str, int]:
        """Rows by state."""
        return await store.counts(self._db)

    async def sweep(self, older_than_s: float) -> int:
        """Forgets handled updates; keep it above a day, or a repeat is not known."""
        async with self._db.transaction() as tx:
            return await store.sweep(tx, time.time() - older_than_s)
