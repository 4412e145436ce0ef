"""SQL on the tables that belong to nobody else: `pictures` and `meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .database import Database, Transaction

if TYPE_CHECKING:
    from .pictures import Measured


_NEEDED = """
    WITH needed (id) AS (
        SELECT content FROM drafts WHERE content IS NOT NULL
        UNION SELECT style FROM drafts WHERE style IS NOT NULL
        UNION SELECT second_style FROM drafts WHERE second_style IS NOT NULL
        UNION SELECT content FROM jobs
            WHERE COALESCE(finished_at, :before) >= :before
        UNION SELECT style FROM jobs
            WHERE COALESCE(finished_at, :before) >= :before
        UNION SELECT second_style FROM jobs WHERE second_style IS NOT NULL
            AND COALESCE(finished_at, :before) >= :before
        UNION SELECT picture FROM styles
    )
"""


async def record_picture(
    tx: Transaction,
    *,
    picture_id: str,
    path: str,
    size: int,
    info: Measured,
    now: float,
) -> None:
    """Adds a row, or renews the time of the one that is there."""
    await tx.execute(
        """
        INSERT INTO pictures (id, path, bytes, width, height, format, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at
        """,
        (picture_id, path, size, info.width, info.height, info.format, now),
    )


async def record_sender(tx: Transaction, picture_id: str, user_id: int) -> None:
    """Writes down who brought a picture, once."""
    await tx.execute(
        "INSERT INTO senders (picture, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (picture_id, user_id),
    )


async def knows_picture(db: Database, picture_id: str) -> bool:
    row = await db.fetch_one("SELECT 1 FROM pictures WHERE id = ?", (picture_id,))
    return row is not None


async def all_pictures(db: Database) -> set[str]:
    return {row["id"] for row in await db.fetch_all("SELECT id FROM pictures")}


async def forget_pictures(tx: Transaction, before: float) -> list[str]:
    """Deletes the rows nobody has needed since `before`; returns their ids.

    What is a style of somebody's is needed for as long as it is one.
    """
    rows = await tx.fetch_all(
        f"""
        {_NEEDED} DELETE FROM pictures
        WHERE created_at < :before AND id NOT IN (SELECT id FROM needed)
        RETURNING id
        """,  # noqa: S608 - nobody else's words
        {"before": before},
    )
    await tx.execute(
        "DELETE FROM senders WHERE picture NOT IN (SELECT id FROM pictures)"
    )
    return [row["id"] for row in rows]


async def release_picture(tx: Transaction, picture_id: str, before: float) -> bool:
    """Deletes the row if nobody has needed the picture since; says whether."""
    rows = await tx.fetch_all(
        f"""
        {_NEEDED},
        shown (id) AS (SELECT style FROM cards UNION SELECT content FROM cards)
        DELETE FROM pictures WHERE id = :picture
            AND id NOT IN (SELECT id FROM needed) AND id NOT IN (SELECT id FROM shown)
        RETURNING id
        """,  # noqa: S608 - nobody else's words
        {"before": before, "picture": picture_id},
    )
    if rows:
        await tx.execute("DELETE FROM senders WHERE picture = ?", (picture_id,))
    return bool(rows)


async def note_file_id(tx: Transaction, picture_id: str, file_id: str) -> None:
    """Under this id Telegram keeps the same picture, as a photo."""
    await tx.execute(
        "UPDATE pictures SET file_id = ? WHERE id = ?", (file_id, picture_id)
    )


async def forget_picture_file_ids(tx: Transaction) -> None:
    """Another bot cannot use them."""
    await tx.execute("UPDATE pictures SET file_id = NULL")


async def get_meta(db: Database | Transaction, key: str) -> str | None:
    row = await db.fetch_one("SELECT value FROM meta WHERE key = ?", (key,))
    return row["value"] if row else None


async def set_meta(tx: Transaction, key: str, value: str) -> None:
    await tx.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
