"""SQL on the table `updates`. Every transition names the state it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..storage.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpdate:
    """An update of Telegram as it came, and when it came."""

    update_id: int
    payload: str
    received_at: float


async def insert(tx: Transaction, updates: Iterable[StoredUpdate]) -> int:
    """Adds updates; those that are known already stay as they are."""
    done = await tx.executemany(
        "INSERT INTO updates (update_id, payload, received_at) VALUES (?, ?, ?)"
        " ON CONFLICT (update_id) DO NOTHING",
        [(u.update_id, u.payload, u.received_at) for u in updates],
    )
    return done.rowcount


async def oldest_open(db: Database, limit: int) -> list[StoredUpdate]:
    rows = await db.fetch_all(
        "SELECT update_id, payload, received_at FROM updates WHERE state = 'open'"
        " ORDER BY received_at, update_id LIMIT ?",
        (limit,),
    )
    return [StoredUpdate(**dict(row)) for row in rows]


async def count_attempt(tx: Transaction, update_id: int) -> int:
    """One more replay of an open update; returns how many there were with it."""
    row = await tx.fetch_one(
        "UPDATE updates SET attempts = attempts + 1"
        " WHERE update_id = ? AND state = 'open' RETURNING attempts",
        (update_id,),
    )
    return row["attempts"] if row else 0


async def mark_done(tx: Transaction, update_id: int) -> None:
    """`open -> done`; what was in it is nobody's business any more."""
    await tx.execute(
        "UPDATE updates SET state = 'done', payload = ''"
        " WHERE update_id = ? AND state = 'open'",
        (update_id,),
    )


async def quarantine(tx: Transaction, update_id: int) -> None:
    """`open -> quarantined`; the payload is kept for whoever looks into it."""
    await tx.execute(
        "UPDATE updates SET state = 'quarantined'"
        " WHERE update_id = ? AND state = 'open'",
        (update_id,),
    )


async def sweep(tx: Transaction, before: float) -> int:
    """Deletes rows that are not open and older than `before`; returns how many."""
    done = await tx.execute(
        "DELETE FROM updates WHERE state != 'open' AND received_at < ?", (before,)
    )
    return done.rowcount


async def counts(db: Database) -> dict[str, int]:
    rows = await db.fetch_all("SELECT state, COUNT(*) AS n FROM updates GROUP BY state")
    return {row["state"]: row["n"] for row in rows}
