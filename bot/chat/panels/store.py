"""SQL of what people have chosen."""

from __future__ import annotations

import time

from ...storage.database import Database, Transaction
from .preferences import CLIENT, Choice, Preferences, Size, What

_COLUMNS = {
    What.STRENGTH: "strength",
    What.SIZE: "size",
    What.COLORS: "colors",
    What.CLIP: "clip",
    What.LANGUAGE: "chosen_language",
}
_OF_DRAFTS = (What.STRENGTH, What.COLORS, What.CLIP)
"""What the pictures that somebody has already sent take over."""


async def preferences_of(source: Database | Transaction, user_id: int) -> Preferences:
    """What a person has chosen; nothing, if they never did."""
    row = await source.fetch_one("SELECT * FROM users WHERE user_id = ?", (user_id,))
    if row is None:
        return Preferences()
    return Preferences(
        strength=row["strength"],
        size=row["size"] or Size.USUAL.value,
        colors=row["colors"],
        clip=None if row["clip"] is None else bool(row["clip"]),
        language=row["chosen_language"],
    )


async def choose(
    tx: Transaction, user_id: int, client_language: str, choice: Choice
) -> None:
    """Writes a choice down, and into what the person has sent but not had painted."""
    column, value = _COLUMNS[choice.what], _value(choice)
    await tx.execute(
        f"""
        INSERT INTO users (user_id, language, seen_at, {column})
        VALUES (:user, :language, :now, :value)
        ON CONFLICT (user_id) DO UPDATE SET {column} = excluded.{column}
        """,  # noqa: S608 - our own names
        {
            **{"user": user_id, "language": client_language},
            **{"now": time.time(), "value": value},
        },
    )
    if choice.what in _OF_DRAFTS:
        await tx.execute(
            f"UPDATE drafts SET {column} = ? WHERE user_id = ?",  # noqa: S608 - ours
            (value, user_id),
        )


async def forget_strangers(tx: Transaction, before: float) -> int:
    """Deletes people who have chosen nothing and said hello before; returns how many.

    Of others, what they have chosen is kept until they want it gone.
    """
    chosen = " AND ".join(f"{column} IS NULL" for column in _COLUMNS.values())
    done = await tx.execute(
        f"DELETE FROM users WHERE seen_at < ? AND {chosen}",  # noqa: S608 - our names
        (before,),
    )
    return done.rowcount


def _value(choice: Choice) -> str | bool | None:
    if choice.what is What.CLIP:
        return choice.value == "on"
    return None if choice.value == CLIENT else choice.value
