"""SQL of looking back at results and passing them on: always one person's own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from ...delivery.owed import Kind
from ...storage.database import Database, Transaction

Source = Database | Transaction

# A file may have gone out more than once; what Telegram took last is what counts.
_PAINTINGS = """
    SELECT jobs.*, outbox.kind, outbox.file_id FROM jobs
    LEFT JOIN outbox ON outbox.id = (
        SELECT MAX(o.id) FROM outbox AS o
        WHERE o.job_id = jobs.id AND o.file = jobs.photo_file
            AND o.state = 'sent' AND o.file_id IS NOT NULL)
    WHERE jobs.user_id = ? AND jobs.state IN ('painted', 'delivered')
        AND jobs.photo_file IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """A result, and how Telegram keeps its picture."""

    job_id: str
    chat_id: int
    style: str
    """Picture id of the painting."""
    style_name: str | None
    strength: str
    width: int
    height: int
    photo: str
    """Path relative to the data folder; the file may be gone."""
    kind: Kind
    """Photo, or document if Telegram did not take it as a photo."""
    file_id: str | None
    """None: Telegram does not have it (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One of the files of a result, as Telegram keeps it."""

    kind: Kind
    file_id: str


async def paintings(
    source: Source, user_id: int, *, limit: int, offset: int = 0
) -> list[Painting]:
    """Results of a person, newest first."""
    rows = await source.fetch_all(
        f"{_PAINTINGS} ORDER BY jobs.finished_at DESC, jobs.id LIMIT ? OFFSET ?",
        (user_id, limit, offset),
    )
    return [_painting(row) for row in rows]


async def painting(source: Source, user_id: int, job_id: str) -> Painting | None:
    """One result; None if it is not this person's, or not painted."""
    row = await source.fetch_one(f"{_PAINTINGS} AND jobs.id = ?", (user_id, job_id))
    return _painting(row) if row else None


async def other_forms(source: Source, user_id: int, job_id: str) -> list[Form]:
    """The clip and the full file of a result, if they were sent."""
    rows = await source.fetch_all(
        """
        SELECT outbox.kind, outbox.file_id, MAX(outbox.id) FROM jobs
        JOIN outbox ON outbox.job_id = jobs.id
            AND outbox.file IN (jobs.clip_file, jobs.full_file)
        WHERE jobs.user_id = ? AND jobs.id = ?
            AND outbox.state = 'sent' AND outbox.file_id IS NOT NULL
        GROUP BY outbox.file ORDER BY outbox.file = jobs.full_file
        """,
        (user_id, job_id),
    )
    return [Form(kind=Kind(row["kind"]), file_id=row["file_id"]) for row in rows]


async def photo_ids(source: Source, picture_ids: Collection[str]) -> dict[str, str]:
    """What Telegram keeps pictures under, of those that it has as photos."""
    rows = await source.fetch_all(
        "SELECT id, file_id FROM pictures WHERE file_id IS NOT NULL"
        " AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(picture_ids)),),
    )
    return {row["id"]: row["file_id"] for row in rows}


async def has_album_since(source: Source, job_id: str, since: float) -> bool:
    """Whether before and after of a job are on their way, or were sent since then."""
    row = await source.fetch_one(
        "SELECT 1 FROM outbox WHERE job_id = ? AND kind = 'album'"
        " AND (state IN ('pending', 'sending') OR sent_at >= ?)",
        (job_id, since),
    )
    return row is not None


async def note_passed_on(
    tx: Transaction, user_id: int, picture: str, now: float
) -> None:
    """A style was really shared, not only offered: its code is kept from now on."""
    await tx.execute(
        "UPDATE styles SET used_at = ? WHERE user_id = ? AND kind = 'shared'"
        " AND picture = ?",
        (now, user_id, picture),
    )


async def shared_picture(source: Source, user_id: int, style_id: str) -> str | None:
    """The picture that a person has shared under a code."""
    row = await source.fetch_one(
        "SELECT picture FROM styles WHERE id = ? AND user_id = ? AND kind = 'shared'",
        (style_id, user_id),
    )
    return row["picture"] if row else None


async def forget_offers(tx: Transaction, before: float) -> int:
    """Deletes the codes that were made before and that nobody has ever used."""
    done = await tx.execute(
        "DELETE FROM styles WHERE kind = 'shared' AND used_at <= created_at"
        " AND created_at < ?",
        (before,),
    )
    return done.rowcount


def _painting(row: sqlite3.Row) -> Painting:
    return Painting(
        job_id=row["id"],
        chat_id=row["chat_id"],
        style=row["style"],
        style_name=row["style_name"],
        strength=row["strength"],
        width=row["width"],
        height=row["height"],
        photo=row["photo_file"],
        kind=Kind(row["kind"] or Kind.PHOTO),
        file_id=row["file_id"],
    )
