"""SQL of the languages people have chosen."""

from __future__ import annotations

from ...storage.database import Database


async def chosen_languages(db: Database) -> dict[int, str]:
    """Whoever has chosen a language in the settings, with that language."""
    rows = await db.fetch_all(
        "SELECT user_id, chosen_language FROM users WHERE chosen_language IS NOT NULL"
    )
    return {row["user_id"]: row["chosen_language"] for row in rows}
