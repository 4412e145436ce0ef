"""SQL of the chat: drafts, cards, and what people are told about jobs."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, replace

from ..storage.database import Database, Transaction
from .drafts import Draft, Owner

Source = Database | Transaction

CARD_KEY = "card:"
"""A card is owed under this and its id; the outbox knows which message it became."""

_CARDS = f"""
    SELECT cards.*, outbox.message_id FROM cards
    LEFT JOIN outbox ON outbox.key = '{CARD_KEY}' || cards.id
"""  # noqa: S608 - nobody else's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A row of the table `cards`: a pair of pictures shown with buttons."""

    id: str
    owner: Owner
    language: str
    content: str
    content_message_id: int
    style: str
    style_message_id: int
    clip: bool
    strength: str
    job_id: str | None = None
    """The last job begun from it."""
    message_id: int | None = None
    """None until Telegram has taken the card. Read only."""

    def swapped(self) -> Card:
        """Photo and painting exchanged."""
        return replace(
            self,
            content=self.style,
            content_message_id=self.style_message_id,
            style=self.content,
            style_message_id=self.content_message_id,
        )

    def shows(self, draft: Draft) -> bool:
        """Whether the draft holds the same pair, either way round."""
        return {self.content, self.style} == {draft.content, draft.style}


async def load_draft(source: Source, owner: Owner) -> Draft:
    """The draft, or an empty one."""
    row = await source.fetch_one(
        "SELECT * FROM drafts WHERE chat_id = ? AND thread_id = ? AND user_id = ?",
        (owner.chat_id, owner.thread_id, owner.user_id),
    )
    return _draft(row) if row else Draft(owner=owner)


async def save_draft(tx: Transaction, draft: Draft) -> None:
    await tx.execute(
        """
        INSERT OR REPLACE INTO drafts (
            chat_id, thread_id, user_id, content, content_message_id,
            style, style_message_id, album_id, album_extra, clip, strength,
            note, card_due_at, language, updated_at
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(draft.owner.chat_id, draft.owner.thread_id, draft.owner.user_id),
            *(draft.content, draft.content_message_id),
            *(draft.style, draft.style_message_id, draft.album_id, draft.album_extra),
            *(draft.clip, draft.strength, draft.note, draft.card_due_at),
            *(draft.language, time.time()),
        ),
    )


async def due_drafts(source: Source, now: float) -> list[Draft]:
    """Drafts whose owners wait for an answer, longest first."""
    rows = await source.fetch_all(
        "SELECT * FROM drafts WHERE card_due_at <= ? ORDER BY card_due_at", (now,)
    )
    return [_draft(row) for row in rows]


async def next_due(source: Source) -> float | None:
    """When the next draft falls due; None: none is waiting."""
    row = await source.fetch_one("SELECT MIN(card_due_at) AS due FROM drafts")
    return row["due"] if row else None


async def forget_drafts(tx: Transaction, before: float) -> int:
    """Deletes drafts and cards nobody has touched since `before`."""
    gone = await tx.execute(
        "DELETE FROM drafts WHERE updated_at < ? AND card_due_at IS NULL", (before,)
    )
    await tx.execute(
        """
        DELETE FROM cards WHERE created_at < ? AND id NOT IN (
            SELECT cards.id FROM cards JOIN jobs ON jobs.id = cards.job_id
            WHERE jobs.state IN ('queued', 'running')
        )
        """,
        (before,),
    )
    return gone.rowcount


async def add_card(tx: Transaction, card: Card) -> None:
    await tx.execute(
        """
        INSERT INTO cards (
            id, chat_id, thread_id, user_id, language, content, content_message_id,
            style, style_message_id, clip, strength, job_id, created_at
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            *(card.id, card.owner.chat_id, card.owner.thread_id, card.owner.user_id),
            *(card.language, card.content, card.content_message_id),
            *(card.style, card.style_message_id, card.clip, card.strength),
            *(card.job_id, time.time()),
        ),
    )


async def change_card(tx: Transaction, card: Card) -> None:
    """Writes what a tap may change."""
    await tx.execute(
        """
        UPDATE cards SET content = ?, content_message_id = ?, style = ?,
            style_message_id = ?, clip = ?, strength = ?, job_id = ?
        WHERE id = ?
        """,
        (
            *(card.content, card.content_message_id),
            *(card.style, card.style_message_id),
            *(card.clip, card.strength, card.job_id, card.id),
        ),
    )


async def load_card(source: Source, card_id: str) -> Card | None:
    row = await source.fetch_one(f"{_CARDS} WHERE cards.id = ?", (card_id,))
    return _card(row) if row else None


async def card_of_job(source: Source, job_id: str) -> Card | None:
    """The card whose message shows how far the job is."""
    row = await source.fetch_one(f"{_CARDS} WHERE cards.job_id = ?", (job_id,))
    return _card(row) if row else None


async def cards_at_work(source: Source) -> list[Card]:
    """The cards of all jobs that are waited for."""
    rows = await source.fetch_all(
        f"{_CARDS} JOIN jobs ON jobs.id = cards.job_id"
        " WHERE jobs.state IN ('queued', 'running')"
    )
    return [_card(row) for row in rows]


async def open_card(source: Source, draft: Draft) -> Card | None:
    """The newest card of the draft's pair that no job was begun from."""
    row = await source.fetch_one(
        f"""
        {_CARDS}
        WHERE cards.chat_id = ? AND cards.thread_id = ? AND user_id = ?
            AND cards.job_id IS NULL AND content IN (?, ?) AND style IN (?, ?)
        ORDER BY cards.created_at DESC LIMIT 1
        """,
        (
            *(draft.owner.chat_id, draft.owner.thread_id, draft.owner.user_id),
            *(draft.content, draft.style, draft.content, draft.style),
        ),
    )
    return _card(row) if row else None


async def twin_of(
    source: Source, *, user_id: int, content: str, style: str, strength: str, after: str
) -> str | None:
    """The state of a job like this, asked for since job `after`; None: there is none.

    Jobs that were stopped or failed do not count.
    """
    row = await source.fetch_one(
        """
        SELECT state FROM jobs
        WHERE user_id = ? AND content = ? AND style = ? AND strength = ?
            AND state NOT IN ('cancelled', 'failed')
            AND created_at > (SELECT created_at FROM jobs WHERE id = ?)
        ORDER BY created_at DESC LIMIT 1
        """,
        (user_id, content, style, strength, after),
    )
    return row["state"] if row else None


async def open_jobs(source: Source, owner: Owner) -> list[str]:
    """Ids of the jobs a person waits for in a chat, oldest first."""
    rows = await source.fetch_all(
        "SELECT id FROM jobs WHERE state IN ('queued', 'running') AND chat_id = ?"
        " AND COALESCE(thread_id, 0) = ? AND user_id = ? ORDER BY created_at",
        (owner.chat_id, owner.thread_id, owner.user_id),
    )
    return [row["id"] for row in rows]


async def jobs_in_line(source: Source) -> int:
    """How many pictures wait, of everybody."""
    row = await source.fetch_one(
        "SELECT COUNT(*) AS waiting FROM jobs WHERE state = 'queued'"
    )
    return row["waiting"] if row else 0


async def ended_since(source: Source, since: float) -> list[str]:
    """Ids of the jobs that ended lately, whose last edit a crash may have lost."""
    rows = await source.fetch_all(
        "SELECT id FROM jobs WHERE state NOT IN ('queued', 'running')"
        " AND finished_at >= ?",
        (since,),
    )
    return [row["id"] for row in rows]


async def is_owed(source: Source, key: str) -> bool:
    """Whether a message of this key is in the outbox, sent or not."""
    row = await source.fetch_one("SELECT 1 FROM outbox WHERE key = ?", (key,))
    return row is not None


async def note_user(tx: Transaction, user_id: int, language: str) -> None:
    await tx.execute(
        "INSERT INTO users (user_id, language, seen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET language = excluded.language,"
        " seen_at = excluded.seen_at",
        (user_id, language, time.time()),
    )


def _draft(row: sqlite3.Row) -> Draft:
    return Draft(
        owner=_owner(row),
        content=row["content"],
        content_message_id=row["content_message_id"],
        style=row["style"],
        style_message_id=row["style_message_id"],
        album_id=row["album_id"],
        album_extra=row["album_extra"],
        clip=bool(row["clip"]),
        strength=row["strength"],
        note=row["note"],
        card_due_at=row["card_due_at"],
        language=row["language"],
    )


def _card(row: sqlite3.Row) -> Card:
    return Card(
        id=row["id"],
        owner=_owner(row),
        language=row["language"],
        content=row["content"],
        content_message_id=row["content_message_id"],
        style=row["style"],
        style_message_id=row["style_message_id"],
        clip=bool(row["clip"]),
        strength=row["strength"],
        message_id=row["message_id"],
        job_id=row["job_id"],
    )


def _owner(row: sqlite3.Row) -> Owner:
    return Owner(
        chat_id=row["chat_id"], user_id=row["user_id"], thread_id=row["thread_id"]
    )
