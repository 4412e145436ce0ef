"""SQL of styles: saved, shared, used before, and built in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from ...storage.database import Database, Transaction

Source = Database | Transaction

NAMING_KEY = "naming:"
"""A question for a name is owed under this, the style's id and the update's."""

_BUILT_IN = "style:"
"""`meta` knows a built-in style's picture under this and its slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table `styles`."""

    id: str
    user_id: int
    name: str | None
    picture: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A painting that a person had painted from."""

    picture: str
    name: str | None
    """What it was called then."""
    saved_id: str | None
    """The person's saved style of the same picture."""
    saved_name: str | None
    slug: str | None
    """The built-in style of the same picture."""


async def load(source: Source, style_id: str) -> Row | None:
    row = await source.fetch_one("SELECT * FROM styles WHERE id = ?", (style_id,))
    return _row(row) if row else None


async def find(source: Source, user_id: int, kind: str, picture: str) -> Row | None:
    """The row of a person's picture, if it is saved (or shared) already."""
    row = await source.fetch_one(
        "SELECT * FROM styles WHERE user_id = ? AND kind = ? AND picture = ?",
        (user_id, kind, picture),
    )
    return _row(row) if row else None


async def saved(source: Source, user_id: int) -> list[Row]:
    """A person's saved styles, newest first."""
    rows = await source.fetch_all(
        "SELECT * FROM styles WHERE user_id = ? AND kind = 'saved'"
        " ORDER BY created_at DESC, id",
        (user_id,),
    )
    return [_row(row) for row in rows]


async def add(tx: Transaction, row: Row, now: float) -> None:
    await tx.execute(
        "INSERT INTO styles (id, user_id, name, picture, kind, created_at, used_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (row.id, row.user_id, row.name, row.picture, row.kind, now, now),
    )


async def rename(tx: Transaction, row: Row, name: str) -> None:
    """Gives a style, and what its owner shared of it, a new name."""
    await tx.execute(
        "UPDATE styles SET name = ? WHERE user_id = ? AND picture = ?",
        (name, row.user_id, row.picture),
    )


async def touch(tx: Transaction, style_id: str, now: float) -> None:
    await tx.execute("UPDATE styles SET used_at = ? WHERE id = ?", (now, style_id))


async def remove(tx: Transaction, style_id: str) -> None:
    await tx.execute("DELETE FROM styles WHERE id = ?", (style_id,))


async def used(source: Source, user_id: int, limit: int) -> list[Used]:
    """What a person had painted from, each picture once, newest first."""
    rows = await source.fetch_all(
        """
        SELECT jobs.style AS picture, jobs.style_name AS name,
            mine.id AS saved_id, mine.name AS saved_name,
            substr(meta.key, :skipped) AS slug, MAX(jobs.created_at)
        FROM jobs JOIN pictures ON pictures.id = jobs.style
        LEFT JOIN styles AS mine ON mine.picture = jobs.style
            AND mine.user_id = jobs.user_id AND mine.kind = 'saved'
        LEFT JOIN meta ON meta.value = jobs.style AND meta.key LIKE :pattern
        WHERE jobs.user_id = :user AND jobs.state NOT IN ('failed', 'cancelled')
        GROUP BY jobs.style ORDER BY MAX(jobs.created_at) DESC LIMIT :limit
        """,
        {
            "user": user_id,
            "limit": limit,
            "pattern": f"{_BUILT_IN}%",
            "skipped": len(_BUILT_IN) + 1,
        },
    )
    names = ("picture", "name", "saved_id", "saved_name", "slug")
    return [Used(**{name: row[name] for name in names}) for row in rows]


async def used_picture(source: Source, user_id: int, digits: str) -> Used | None:
    """The painting a person had painted from whose id begins with `digits`."""
    row = await source.fetch_one(
        """
        SELECT style AS picture, style_name AS name FROM jobs
        WHERE user_id = ? AND substr(style, 1, ?) = ? ORDER BY created_at DESC LIMIT 1
        """,
        (user_id, len(digits), digits),
    )
    if row is None:
        return None
    found = {"saved_id": None, "saved_name": None, "slug": None}
    return Used(picture=row["picture"], name=row["name"], **found)


async def built_in_picture(source: Source, slug: str) -> str | None:
    """The id of the picture that a built-in style was drawn as."""
    row = await source.fetch_one(
        "SELECT value FROM meta WHERE key = ?", (_BUILT_IN + slug,)
    )
    return row["value"] if row else None


async def built_in_slug(source: Source, picture: str) -> str | None:
    """The built-in style whose picture this is."""
    row = await source.fetch_one(
        "SELECT key FROM meta WHERE value = ? AND key LIKE ?",
        (picture, f"{_BUILT_IN}%"),
    )
    return str(row["key"])[len(_BUILT_IN) :] if row else None


async def note_built_in(tx: Transaction, slug: str, picture: str) -> None:
    await tx.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_BUILT_IN + slug, picture),
    )


async def asked_to_name(source: Source, chat_id: int, message_id: int) -> str | None:
    """The id of the style whose name a message of ours asked for."""
    row = await source.fetch_one(
        "SELECT key FROM outbox WHERE chat_id = ? AND message_id = ? AND key LIKE ?",
        (chat_id, message_id, f"{NAMING_KEY}%"),
    )
    return str(row["key"]).split(":")[1] if row else None


def _row(row: sqlite3.Row) -> Row:
    names = ("id", "user_id", "name", "picture", "kind")
    return Row(**{name: row[name] for name in names})
