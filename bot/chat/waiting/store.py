"""SQL of the forecast."""

from __future__ import annotations

from dataclasses import dataclass

from ...storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A job that is in line or at work, as far as its length can be told from it."""

    id: str
    running: bool
    started_at: float | None
    strength: str
    edge_px: int | None
    continued: bool
    """It starts from a finished picture."""
    width: int | None
    height: int | None
    """The photo in pixels; None if it is not kept any more."""


async def line(db: Database) -> list[Waiting]:
    """Jobs at work, then those in line in the order in which they will be begun."""
    rows = await db.fetch_all(
        """
        SELECT jobs.id, jobs.state = 'running' AS running, jobs.started_at,
            jobs.strength, jobs.edge_px, parents.id IS NOT NULL AS continued,
            pictures.width, pictures.height
        FROM jobs
        LEFT JOIN pictures ON pictures.id = jobs.content
        LEFT JOIN jobs AS parents ON parents.id = jobs.parent
            AND parents.full_file IS NOT NULL
        WHERE jobs.state IN ('running', 'queued')
        ORDER BY running DESC, jobs.turn, jobs.rowid
        """
    )
    return [
        Waiting(
            id=row["id"],
            running=bool(row["running"]),
            started_at=row["started_at"],
            strength=row["strength"],
            edge_px=row["edge_px"],
            continued=bool(row["continued"]),
            width=row["width"],
            height=row["height"],
        )
        for row in rows
    ]
