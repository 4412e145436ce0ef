"""SQL on the table `jobs`. Every transition is one statement that names the state it
leaves; it returns the job as it has become, or None if it was in another state."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from ..storage.database import Database, Transaction
from .job import MAX_ATTEMPTS, Job, JobState, NewJob

_COLUMNS = {"photo": "photo_file", "full": "full_file"}
"""The fields of `Job` whose columns have another name."""

_FIELDS = tuple(field.name for field in fields(Job))


def from_row(row: sqlite3.Row) -> Job:
    values: dict[str, Any] = {name: row[_COLUMNS.get(name, name)] for name in _FIELDS}
    values["state"] = JobState(values["state"])
    values["clip"] = bool(values["clip"])
    return Job(**values)


async def _change(tx: Transaction, sql: str, values: dict[str, Any]) -> Job | None:
    row = await tx.fetch_one(sql, values)
    return from_row(row) if row else None


async def insert(
    tx: Transaction, job_id: str, new: NewJob, key: str, now: float
) -> Job:
    """Adds a job at the end of its owner's turns.

    A person who has no job in line or at work joins the turn that is on, behind
    those who were there before.
    """
    row = await tx.fetch_one(
        """
        INSERT INTO jobs (id, key, chat_id, thread_id, user_id, language, reply_to,
            status_message_id, content, style, strength, clip, edge_px, colors,
            second_style, style_name, parent, created_at, turn)
        VALUES (:id, :key, :chat_id, :thread_id, :user_id, :language, :reply_to,
            :status_message_id, :content, :style, :strength, :clip, :edge_px, :colors,
            :second_style, :style_name, :parent, :now,
            MAX(
                COALESCE(
                    (SELECT MAX(turn) FROM jobs WHERE state = 'running'),
                    (SELECT MIN(turn) FROM jobs WHERE state = 'queued'),
                    0),
                COALESCE(
                    (SELECT MAX(turn) + 1 FROM jobs
                     WHERE user_id = :user_id AND state IN ('queued', 'running')),
                    0)))
        RETURNING *
        """,
        {field.name: getattr(new, field.name) for field in fields(NewJob)}
        | {"id": job_id, "key": key, "now": now},
    )
    if row is None:
        raise RuntimeError("an INSERT returned no row")
    return from_row(row)


async def claim(tx: Transaction, now: float) -> Job | None:
    """`queued -> running`: the next in line."""
    return await _change(
        tx,
        """
        UPDATE jobs SET state = 'running', attempt = attempt + 1, started_at = :now
        WHERE state = 'queued' AND rowid = (
            SELECT rowid FROM jobs WHERE state = 'queued' ORDER BY turn, rowid LIMIT 1)
        RETURNING *
        """,
        {"now": now},
    )


async def paint(
    tx: Transaction,
    job_id: str,
    *,
    width: int,
    height: int,
    seconds: float,
    photo: str,
    full: str,
    now: float,
) -> Job | None:
    """`running -> painted`."""
    return await _change(
        tx,
        """
        UPDATE jobs SET state = 'painted', finished_at = :now, width = :width,
            height = :height, seconds = :seconds, photo_file = :photo,
            full_file = :full
        WHERE id = :id AND state = 'running' RETURNING *
        """,
        {
            **{"id": job_id, "width": width, "height": height, "seconds": seconds},
            **{"photo": photo, "full": full, "now": now},
        },
    )


async def deliver(tx: Transaction, job_id: str) -> Job | None:
    """`painted -> delivered`."""
    return await _change(
        tx,
        "UPDATE jobs SET state = 'delivered'"
        " WHERE id = :id AND state = 'painted' RETURNING *",
        {"id": job_id},
    )


async def fail(tx: Transaction, job_id: str, code: str, now: float) -> Job | None:
    """`running -> failed`."""
    return await _change(
        tx,
        "UPDATE jobs SET state = 'failed', finished_at = :now, error_code = :code"
        " WHERE id = :id AND state = 'running' RETURNING *",
        {"id": job_id, "code": code, "now": now},
    )


async def cancel(tx: Transaction, job_id: str, now: float) -> Job | None:
    """`queued or running -> cancelled`."""
    return await _change(
        tx,
        "UPDATE jobs SET state = 'cancelled', finished_at = :now"
        " WHERE id = :id AND state IN ('queued', 'running') RETURNING *",
        {"id": job_id, "now": now},
    )


async def requeue(tx: Transaction, job_id: str) -> Job | None:
    """`running -> queued`: its worker died; unless it has had its attempts."""
    return await _change(
        tx,
        "UPDATE jobs SET state = 'queued' WHERE id = :id AND state = 'running'"
        " AND attempt < :most RETURNING *",
        {"id": job_id, "most": MAX_ATTEMPTS},
    )


async def hand_back(tx: Transaction) -> int:
    """`running -> queued`, all of them: the bot stops, which is no failed attempt."""
    done = await tx.execute(
        "UPDATE jobs SET state = 'queued', attempt = attempt - 1"
        " WHERE state = 'running'"
    )
    return done.rowcount


async def recover(tx: Transaction, now: float) -> list[Job]:
    """`running -> queued` after a crash, or `-> failed` after the last attempt.

    Returns those that failed.
    """
    rows = await tx.fetch_all(
        """
        UPDATE jobs SET state = 'failed', finished_at = ?, error_code = 'worker_died'
        WHERE state = 'running' AND attempt >= ? RETURNING *
        """,
        (now, MAX_ATTEMPTS),
    )
    await tx.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")
    return [from_row(row) for row in rows]


async def add_clip(tx: Transaction, job_id: str, clip_file: str) -> Job | None:
    """Writes down the clip of a job that is painted, once."""
    return await _change(
        tx,
        "UPDATE jobs SET clip_file = :clip_file WHERE id = :id"
        " AND state IN ('painted', 'delivered') AND clip_file IS NULL RETURNING *",
        {"id": job_id, "clip_file": clip_file},
    )


async def want_clip(tx: Transaction, job_id: str, since: float) -> Job | None:
    """Writes down that a clip is to be sent; None if there will never be one.

    Once given up, or not made when the job ended before `since`, it is not tried again.
    """
    return await _change(
        tx,
        "UPDATE jobs SET clip = 1 WHERE id = :id AND state IN ('painted', 'delivered')"
        " AND (clip_file IS NOT NULL OR (error_code IS NULL AND finished_at > :since))"
        " RETURNING *",
        {"id": job_id, "since": since},
    )


async def give_up_clip(tx: Transaction, job_id: str) -> Job | None:
    """Writes down that there will be no clip, if one is waited for."""
    return await _change(
        tx,
        "UPDATE jobs SET error_code = 'clip' WHERE id = :id AND clip = 1"
        " AND state IN ('painted', 'delivered') AND clip_file IS NULL"
        " AND error_code IS NULL RETURNING *",
        {"id": job_id},
    )


async def clip_owed(
    source: Database | Transaction, since: float, at_work: Collection[str]
) -> Job | None:
    """A painted job whose clip is waited for while nobody is making it.

    A crash has swallowed the clip, or it was wanted only after that.
    """
    rows = await source.fetch_all(
        """
        SELECT * FROM jobs WHERE state IN ('painted', 'delivered') AND clip = 1
            AND clip_file IS NULL AND error_code IS NULL AND finished_at > ?
        ORDER BY finished_at
        """,
        (since,),
    )
    return next((from_row(row) for row in rows if row["id"] not in at_work), None)


async def remove(tx: Transaction, job_id: str) -> None:
    """Deletes a job altogether."""
    await tx.execute("DELETE FROM jobs WHERE id = ?", (job_id,))


async def forget_ended(tx: Transaction, before: float) -> int:
    """Deletes what ended before; what somebody waits for stays."""
    done = await tx.execute(
        "DELETE FROM jobs WHERE state NOT IN ('queued', 'running') AND finished_at < ?",
        (before,),
    )
    return done.rowcount


async def find(source: Database | Transaction, key: str) -> Job | None:
    row = await source.fetch_one("SELECT * FROM jobs WHERE key = ?", (key,))
    return from_row(row) if row else None


async def load(source: Database | Transaction, job_id: str) -> Job | None:
    row = await source.fetch_one("SELECT * FROM jobs WHERE id = ?", (job_id,))
    return from_row(row) if row else None


async def count_waiting(source: Database | Transaction) -> int:
    row = await source.fetch_one("SELECT COUNT(*) FROM jobs WHERE state = 'queued'")
    return int(row[0]) if row else 0


async def count_waiting_of(source: Database | Transaction, user_id: int) -> int:
    row = await source.fetch_one(
        "SELECT COUNT(*) FROM jobs WHERE user_id = ? AND state = 'queued'", (user_id,)
    )
    return int(row[0]) if row else 0


async def count_ahead(source: Database | Transaction, job_id: str) -> int | None:
    """How many jobs will be begun before this one; None if it does not wait."""
    row = await source.fetch_one(
        """
        SELECT (SELECT COUNT(*) FROM jobs AS other WHERE other.state = 'queued'
                AND (other.turn, other.rowid) < (mine.turn, mine.rowid))
        FROM jobs AS mine WHERE mine.id = ? AND mine.state = 'queued'
        """,
        (job_id,),
    )
    return int(row[0]) if row else None


async def first_in_line(source: Database | Transaction, limit: int) -> list[Job]:
    """The jobs that will be begun next, in that order."""
    rows = await source.fetch_all(
        "SELECT * FROM jobs WHERE state = 'queued' ORDER BY turn, rowid LIMIT ?",
        (limit,),
    )
    return [from_row(row) for row in rows]
