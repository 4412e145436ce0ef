"""SQL on the table `outbox`. Every transition names the state it leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ..storage.database import Database, Transaction
from .owed import Kind, Owed
from .rows import keyboard_from_json, keyboard_to_json, parts_from_json, parts_to_json


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A row of the outbox: what is owed, and how often it was tried."""

    id: int
    owed: Owed
    attempts: int
    duplicates_possible: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as Telegram has it."""

    message_id: int
    file_id: str | None


async def insert(tx: Transaction, owed: Owed, now: float) -> None:
    """Adds a debt unless its key is there already."""
    await tx.execute(
        """
        INSERT INTO outbox (key, job_id, chat_id, thread_id, reply_to, kind, text,
            file, file_id, file_name, parts, keyboard, placeholder, "after", width,
            height, duration, user_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (key) DO NOTHING
        """,
        (
            *(owed.key, owed.job_id, owed.chat_id, owed.thread_id, owed.reply_to),
            *(owed.kind, owed.text, owed.file, owed.file_id, owed.file_name),
            *(parts_to_json(owed.parts), keyboard_to_json(owed.keyboard)),
            *(owed.reply_placeholder, owed.after),
            *(owed.width, owed.height, owed.duration, owed.user_id, now),
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
    """The oldest debt of each chat that may be sent now, except of busy chats.

    In a group, where only so many messages are allowed, jobs come first.
    """
    rows = await db.fetch_all(
        """
        SELECT *, MIN(id + 1000000000000 * (chat_id < 0 AND job_id IS NULL))
        FROM outbox AS o
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
    tx: Transaction, debt: Debt, now: float, arrived: Sequence[Arrived]
) -> None:
    """`sending -> sent`; `arrived` are one message, or the parts of an album.

    Where the same file went out before in the same form, its new id is noted too: an
    older one may have gone stale.
    """
    owed = debt.owed
    if owed.kind is Kind.ALBUM:
        parts = [
            replace(part, file_id=came.file_id, message_id=came.message_id)
            for part, came in zip(owed.parts, arrived, strict=False)
        ]
        for part in parts:
            await _note_file_id(tx, part.file, part.kind, part.file_id)
        owed = replace(owed, parts=tuple(parts))
    else:
        owed = replace(owed, file_id=arrived[0].file_id)
        await _note_file_id(tx, owed.file, owed.kind, owed.file_id)
    await tx.execute(
        "UPDATE outbox SET state = 'sent', sent_at = ?, message_id = ?, file_id = ?,"
        " parts = ? WHERE id = ? AND state = 'sending'",
        (
            *(now, arrived[0].message_id, owed.file_id),
            *(parts_to_json(owed.parts), debt.id),
        ),
    )


async def _note_file_id(
    tx: Transaction, file: str | None, kind: Kind, file_id: str | None
) -> None:
    if file is not None and file_id is not None:
        await tx.execute(
            "UPDATE outbox SET file_id = ? WHERE file = ? AND kind = ?"
            " AND state = 'sent'",
            (file_id, file, kind),
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
        "UPDATE outbox SET state = 'pending', not_before = 0, kind = ?, thread_id = ?,"
        " text = ?, file = ?, file_id = ?, parts = ? WHERE id = ?"
        " AND state = 'sending'",
        (
            *(owed.kind, owed.thread_id, owed.text, owed.file, owed.file_id),
            *(parts_to_json(owed.parts), debt_id),
        ),
    )


async def move_chat(tx: Transaction, old_chat_id: int, new_chat_id: int) -> None:
    """A group has become a supergroup, in which no message has its old number."""
    await tx.execute(
        "UPDATE outbox SET chat_id = ?, thread_id = NULL, reply_to = NULL,"
        " message_id = NULL WHERE chat_id = ?",
        (new_chat_id, old_chat_id),
    )


async def give_up_chat(tx: Transaction, chat_id: int) -> None:
    """`pending -> undeliverable`, all of a chat in which the bot is no more."""
    await tx.execute(
        "UPDATE outbox SET state = 'undeliverable'"
        " WHERE chat_id = ? AND state = 'pending'",
        (chat_id,),
    )


async def places_of(
    source: Database | Transaction, job_id: str, key: str
) -> list[Place]:
    """All messages that were sent about a job, and under this key.

    Of an album that shows several jobs, these are its pictures of this one.
    """
    rows = await source.fetch_all(
        "SELECT job_id, chat_id, message_id, parts FROM outbox WHERE state = 'sent'"
        " AND (job_id = :job OR key = :key OR instr(parts, '/' || :job || '/') > 0)",
        {"job": job_id, "key": key},
    )
    return [
        Place(row["chat_id"], number)
        for row in rows
        for number in _numbers(row, job_id)
    ]


def _numbers(row: sqlite3.Row, job_id: str) -> set[int]:
    """The message of a row, or those of an album."""
    parts = parts_from_json(row["parts"])
    if parts and row["job_id"] is None:
        shown = [p for p in parts if f"/{job_id}/" in (p.file or "")]
        return {p.message_id for p in shown if p.message_id is not None}
    numbers = (row["message_id"], *(part.message_id for part in parts))
    return {number for number in numbers if number is not None}


async def sweep(tx: Transaction, before: float) -> int:
    """Deletes settled debts older than `before`; returns how many."""
    done = await tx.execute(
        "DELETE FROM outbox WHERE state IN ('sent', 'undeliverable')"
        " AND created_at < ?",
        (before,),
    )
    return done.rowcount


async def forget_file_ids(tx: Transaction) -> None:
    """Forgets what Telegram keeps our files under; what has no file is given up."""
    await tx.execute(
        "UPDATE outbox SET state = 'undeliverable' WHERE file_id IS NOT NULL"
        " AND file IS NULL AND state IN ('pending', 'sending')"
    )
    await tx.execute("UPDATE outbox SET file_id = NULL WHERE file_id IS NOT NULL")
    rows = await tx.fetch_all("SELECT id, parts FROM outbox WHERE parts IS NOT NULL")
    for row in rows:
        parts = [replace(p, file_id=None) for p in parts_from_json(row["parts"])]
        lost = any(part.file is None for part in parts)
        await tx.execute(
            "UPDATE outbox SET parts = ?, state = CASE WHEN ? AND state IN"
            " ('pending', 'sending') THEN 'undeliverable' ELSE state END WHERE id = ?",
            (parts_to_json(parts), lost, row["id"]),
        )


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
        user_id=row["user_id"],
        chat_id=row["chat_id"],
        thread_id=row["thread_id"],
        reply_to=row["reply_to"],
        kind=Kind(row["kind"]),
        text=row["text"],
        file=row["file"],
        file_id=row["file_id"],
        file_name=row["file_name"],
        parts=parts_from_json(row["parts"]),
        keyboard=keyboard_from_json(row["keyboard"]),
        reply_placeholder=row["placeholder"],
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
