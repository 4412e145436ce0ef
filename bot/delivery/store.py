"""SQL on the table `outbox`. Every transition names the state it leaves."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from ..storage.database import Database, Transaction
from .owed import Button, Keyboard, Kind, Owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A row of the outbox: what is owed, and how often it was tried."""

    id: int
    owed: Owed
    attempts: int
    duplicates_possible: int


async def insert(tx: Transaction, owed: Owed, now: float) -> None:
    """Adds a debt unless its key is there already."""
    await tx.execute(
        """
        INSERT INTO outbox (key, job_id, chat_id, thread_id, reply_to, kind, text,
            file, file_name, keyboard, "after", width, height, duration, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO NOTHING
        """,
        (
            *(owed.key, owed.job_id, owed.chat_id, owed.thread_id, owed.reply_to),
            *(owed.kind, owed.text, owed.file, owed.file_name),
            *(_keyboard_to_json(owed.keyboard), owed.after),
            *(owed.width, owed.height, owed.duration, now),
        ),
    )


async def recover(tx: Transaction) -> int:
    """Takes back what a killed process was sending; returns how many rows."""
    done = await tx.execute(
        "UPDATE outbox SET state = 'pending', not_before = 0,"
        " duplicates_possible = duplicates_possible + 1 WHERE state = 'sending'"
    )
    return done.rowcount


async def due(db: Database, now: float, busy_chats: Collection[int]) -> list[Debt]:
    """The oldest debt of each chat that may be sent now, except of busy chats."""
    rows = await db.fetch_all(
        """
        SELECT *, MIN(id) FROM outbox AS o
        WHERE state = 'pending' AND not_before <= ?
          AND ("after" IS NULL OR NOT EXISTS (
               SELECT 1 FROM outbox AS first
               WHERE first.key = o."after" AND first.state IN ('pending', 'sending')))
        GROUP BY chat_id ORDER BY id
        """,
        (now,),
    )
    return [_from_row(row) for row in rows if row["chat_id"] not in busy_chats]


async def next_due(db: Database, now: float) -> float | None:
    """When the next debt that still has to wait becomes due; None if none does."""
    row = await db.fetch_one(
        "SELECT MIN(not_before) AS at FROM outbox"
        " WHERE state = 'pending' AND not_before > ?",
        (now,),
    )
    return row["at"] if row else None


async def claim(tx: Transaction, debt_id: int) -> bool:
    """`pending -> sending`; False if it is no longer pending."""
    done = await tx.execute(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1"
        " WHERE id = ? AND state = 'pending'",
        (debt_id,),
    )
    return done.rowcount == 1


async def mark_sent(
    tx: Transaction, debt_id: int, now: float, message_id: int, file_id: str | None
) -> None:
    """`sending -> sent`."""
    await tx.execute(
        "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, file_id = ?"
        " WHERE id = ? AND state = 'sending'",
        (now, message_id, file_id, debt_id),
    )


async def mark_undeliverable(tx: Transaction, debt_id: int) -> None:
    """`pending | sending -> undeliverable`."""
    await tx.execute(
        "UPDATE outbox SET state = 'undeliverable'"
        " WHERE id = ? AND state IN ('pending', 'sending')",
        (debt_id,),
    )


async def put_back(
    tx: Transaction, debt_id: int, not_before: float, *, maybe_sent: bool
) -> None:
    """`sending -> pending`, to be tried again at `not_before`."""
    await tx.execute(
        "UPDATE outbox SET state = 'pending', not_before = ?,"
        " duplicates_possible = duplicates_possible + ?"
        " WHERE id = ? AND state IN ('pending', 'sending')",
        (not_before, int(maybe_sent), debt_id),
    )


async def hold_chat(tx: Transaction, chat_id: int, until: float) -> None:
    """Makes all pending debts of a chat wait."""
    await tx.execute(
        "UPDATE outbox SET not_before = MAX(not_before, ?)"
        " WHERE chat_id = ? AND state = 'pending'",
        (until, chat_id),
    )


async def change_form(tx: Transaction, debt_id: int, owed: Owed) -> None:
    """`sending -> pending` in another form, due at once."""
    await tx.execute(
        "UPDATE outbox SET state = 'pending', not_before = 0, kind = ?, thread_id = ?"
        " WHERE id = ? AND state = 'sending'",
        (owed.kind, owed.thread_id, debt_id),
    )


async def move_chat(tx: Transaction, old_chat_id: int, new_chat_id: int) -> None:
    """A group has become a supergroup: its unsent debts go to the new id."""
    await tx.execute(
        "UPDATE outbox SET chat_id = ?, thread_id = NULL, reply_to = NULL,"
        " state = 'pending', not_before = 0"
        " WHERE chat_id = ? AND state IN ('pending', 'sending')",
        (new_chat_id, old_chat_id),
    )


async def sweep(tx: Transaction, before: float) -> int:
    """Deletes settled debts older than `before`; returns how many."""
    done = await tx.execute(
        "DELETE FROM outbox WHERE state IN ('sent', 'undeliverable')"
        " AND created_at < ?",
        (before,),
    )
    return done.rowcount


async def counts(db: Database) -> dict[str, int]:
    """How many debts are in each state, and how often one may have gone out twice."""
    rows = await db.fetch_all(
        "SELECT state, COUNT(*) AS n FROM outbox GROUP BY state"
        " UNION ALL SELECT 'duplicates_possible',"
        " COALESCE(SUM(duplicates_possible), 0) FROM outbox"
    )
    return {row["state"]: row["n"] for row in rows}


def _from_row(row: sqlite3.Row) -> Debt:
    owed = Owed(
        key=row["key"],
        job_id=row["job_id"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        reply_to=row["reply_to"],
        kind=Kind(row["kind"]),
        text=row["text"],
        file=row["file"],
        file_name=row["file_name"],
        keyboard=_keyboard_from_json(row["keyboard"]),
        after=row["after"],
        width=row["width"],
        height=row["height"],
        duration=row["duration"],
    )
    return Debt(
        id=row["id"],
        owed=owed,
        attempts=row["attempts"],
        duplicates_possible=row["duplicates_possible"],
    )


def _keyboard_to_json(keyboard: Keyboard) -> str:
    return json.dumps([[[b.text, b.data] for b in row] for row in keyboard])


def _keyboard_from_json(text: str) -> Keyboard:
    return tuple(tuple(Button(*pair) for pair in row) for row in json.loads(text))
