"""Having rows gone, with the files that nobody else needs.

An erasure is begun in one transaction with the deletion of the rows; `Shredder` then
deletes the files, and finishes it when no trace is left.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from dataclasses import dataclass

from .belongings import PAIRS, THEIR_JOBS, USES
from .database import Database, Transaction

_THEIR_CARDS = "SELECT 'card:' || id FROM cards WHERE user_id = :user"


async def erase_person(tx: Transaction, update_id: int, user_id: int) -> list[str]:
    """Deletes every row about a person, and condemns the files nobody else needs.

    Returns the ids of their jobs, whose work is to be stopped. What belongs to an
    update that is still being handled goes with it; `Shredder` does the rest.
    """
    user = {"user": user_id, "update_id": update_id}
    await begin_erasure(tx, update_id)
    await _condemn_pairs(tx, user)
    # Sheets of their styles lie among the cards, under names that begin like this.
    await _condemn(tx, update_id, "pair", [f"sheet-{user_id}-"])
    jobs = [row["id"] for row in await tx.fetch_all(THEIR_JOBS, user)]
    await _condemn(tx, update_id, "job", jobs)
    await tx.execute(
        f"""
        DELETE FROM outbox WHERE chat_id = :user OR user_id = :user
            OR job_id IN ({THEIR_JOBS}) OR key IN ({_THEIR_CARDS})
        """,  # noqa: S608 - nobody else's words
        user,
    )
    await _erase_pictures(tx, user)
    for table in ("drafts", "cards", "jobs", "styles", "users", "senders"):
        await tx.execute(f"DELETE FROM {table} WHERE user_id = :user", user)  # noqa: S608
    await _erase_set_aside(tx, user_id)
    return jobs


async def erase_name(tx: Transaction, name: str) -> None:
    """Takes a name out of what others have, and out of what they were told.

    Nobody knows whose name it was, so that of a namesake goes as well.
    """
    for table in ("cards", "drafts"):
        await tx.execute(
            f"UPDATE {table} SET content_by = NULL, style_by = NULL"  # noqa: S608 - ours
            " WHERE :name IN (content_by, style_by)",
            {"name": name},
        )
    await tx.execute(
        "UPDATE outbox SET text = '' WHERE state IN ('sent', 'undeliverable')"
        " AND (instr(text, ?) OR instr(text, ?))",
        (name, html.escape(name)),
    )


async def erase_job(tx: Transaction, update_id: int, job_id: str) -> None:
    """Deletes a job with its messages, and condemns its files.

    The pictures it was painted from stay, for they may be in use.
    """
    await begin_erasure(tx, update_id)
    await _condemn(tx, update_id, "job", [job_id])
    await tx.execute(
        "DELETE FROM outbox WHERE job_id = :job OR instr(parts, '/' || :job || '/') > 0"
        " OR key IN (SELECT 'card:' || id FROM cards WHERE job_id = :job)",
        {"job": job_id},
    )
    await tx.execute("DELETE FROM cards WHERE job_id = ?", (job_id,))
    await tx.execute("DELETE FROM jobs WHERE id = ?", (job_id,))


async def begin_erasure(tx: Transaction, update_id: int) -> None:
    """Writes down that something is to go; the same update asks only once."""
    await tx.execute(
        "INSERT INTO erasures (update_id) VALUES (?) ON CONFLICT DO NOTHING",
        (update_id,),
    )


async def _condemn_pairs(tx: Transaction, user: dict[str, int]) -> None:
    """The drawn cards of pairs that nobody else has, either way round."""
    await tx.execute(
        f"""
        INSERT INTO condemned (update_id, kind, name)
        SELECT :update_id, 'pair', content || '-' || style
        FROM (SELECT content, style, user_id FROM ({PAIRS})
              UNION SELECT style, content, user_id FROM ({PAIRS})) AS mine
        WHERE user_id = :user AND NOT EXISTS (
            SELECT 1 FROM ({PAIRS}) AS other WHERE other.user_id != :user
            AND other.content IN (mine.content, mine.style)
            AND other.style IN (mine.content, mine.style))
        ON CONFLICT DO NOTHING
        """,  # noqa: S608 - nobody else's words
        user,
    )


async def _erase_pictures(tx: Transaction, user: dict[str, int]) -> None:
    """Those that the person used and nobody else does; the bot's own are in `meta`."""
    rows = await tx.fetch_all(
        f"""
        DELETE FROM pictures
        WHERE id IN (SELECT picture FROM ({USES}) WHERE user_id = :user)
          AND id NOT IN (SELECT picture FROM ({USES})
                         WHERE user_id != :user AND picture IS NOT NULL)
          AND id NOT IN (SELECT value FROM meta)
        RETURNING id
        """,  # noqa: S608 - nobody else's words
        user,
    )
    await _condemn(tx, user["update_id"], "picture", [row["id"] for row in rows])


async def _condemn(
    tx: Transaction, update_id: int, kind: str, names: Iterable[str]
) -> None:
    await tx.executemany(
        "INSERT INTO condemned (update_id, kind, name) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(update_id, kind, name) for name in names],
    )


async def _erase_set_aside(tx: Transaction, user_id: int) -> None:
    """Empties what nobody will handle any more of what the person sent."""
    rows = await tx.fetch_all(
        "SELECT update_id, payload FROM updates"
        " WHERE state = 'quarantined' AND payload != ''"
    )
    theirs = [(r["update_id"],) for r in rows if _mentions(r["payload"], user_id)]
    await tx.executemany("UPDATE updates SET payload = '' WHERE update_id = ?", theirs)


def _mentions(payload: str, user_id: int) -> bool:
    """Whether a person, or their chat, stands anywhere in an update."""
    try:
        return _contains(json.loads(payload), user_id)
    except (ValueError, RecursionError):
        return str(user_id) in payload


def _contains(value: object, user_id: int) -> bool:
    if isinstance(value, dict):
        return value.get("id") == user_id or any(
            _contains(part, user_id) for part in value.values()
        )
    return isinstance(value, list) and any(_contains(part, user_id) for part in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condemned:
    """A file, or a folder of files, that is to go."""

    kind: str
    name: str


async def open_erasures(db: Database) -> list[int]:
    """The updates that asked for something that is not quite gone yet."""
    rows = await db.fetch_all("SELECT update_id FROM erasures ORDER BY update_id")
    return [row["update_id"] for row in rows]


async def condemned_by(db: Database, update_id: int) -> list[Condemned]:
    """The files of an erasure that nobody has brought anew meanwhile."""
    rows = await db.fetch_all(
        f"""
        SELECT kind, name FROM condemned WHERE update_id = :update_id AND CASE kind
            WHEN 'picture' THEN name NOT IN (SELECT id FROM pictures)
            WHEN 'pair' THEN name NOT IN (SELECT content || '-' || style
                FROM ({PAIRS}) UNION SELECT style || '-' || content FROM ({PAIRS}))
            ELSE name NOT IN (SELECT id FROM jobs) END
        """,  # noqa: S608 - nobody else's words
        {"update_id": update_id},
    )
    return [Condemned(kind=row["kind"], name=row["name"]) for row in rows]


async def finish_erasure(tx: Transaction, update_id: int) -> bool:
    """Takes an erasure off the list, with what it left in its own update and answer.

    False if these are still on their way.
    """
    waiting = await tx.fetch_one(
        "SELECT 1 FROM updates WHERE update_id = :id AND state = 'open' UNION"
        " SELECT 1 FROM outbox WHERE key = :key AND state IN ('pending', 'sending')",
        {"id": update_id, "key": f"update:{update_id}"},
    )
    if waiting is not None:
        return False
    await tx.execute(
        "UPDATE updates SET payload = '' WHERE update_id = ?", (update_id,)
    )
    # The key stays: it keeps a repetition of the update from being answered again.
    await tx.execute(
        "UPDATE outbox SET chat_id = 0, user_id = NULL, thread_id = NULL,"
        " reply_to = NULL, message_id = NULL, text = '', keyboard = '[]',"
        " placeholder = NULL WHERE key = ?",
        (f"update:{update_id}",),
    )
    await tx.execute("DELETE FROM condemned WHERE update_id = ?", (update_id,))
    await tx.execute("DELETE FROM erasures WHERE update_id = ?", (update_id,))
    return True
