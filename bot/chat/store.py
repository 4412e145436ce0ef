"""SQL of the chat: drafts, cards, and what people are told about jobs."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, fields, replace
from typing import Any

from ..executors.base import Palette
from ..storage.database import Database, Transaction
from .drafts import Draft, Owner
from .panels.store import preferences_of
from .texts import Stage

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
    colors: str = Palette.STYLE.value
    """A value of `executors.base.Palette`."""
    second_style: str | None = None
    """The painting that is blended in."""
    style_name: str | None = None
    """What the style is called, if it has a name."""
    edge_px: int | None = None
    """The longer side of the result; None: the executor's default."""
    request_message_id: int | None = None
    """In a group: the message of the owner that asked for it."""
    content_by: str | None = None
    """In a group: the name of the one whose photo it is; plain text."""
    style_by: str | None = None
    """As `content_by`, of the painting."""
    job_id: str | None = None
    """The last job begun from it."""
    message_id: int | None = None
    """None until Telegram has taken the card. Read only."""

    @property
    def reply_to(self) -> int:
        """The message that is answered; 0: none."""
        return self.request_message_id or self.content_message_id

    @property
    def pictures(self) -> tuple[str, ...]:
        """Picture ids: the photo, the painting, and the second painting if any."""
        pair = (self.content, self.style)
        return (*pair, self.second_style) if self.second_style else pair

    def swapped(self) -> Card:
        """Photo and painting exchanged."""
        return replace(
            self,
            content=self.style,
            content_message_id=self.style_message_id,
            style=self.content,
            style_message_id=self.content_message_id,
            style_name=None,
            content_by=self.style_by,
            style_by=self.content_by,
        )

    def shows(self, draft: Draft) -> bool:
        """Whether the draft holds the same pair, either way round, and is complete."""
        return (
            {self.content, self.style} == {draft.content, draft.style}
            and self.second_style == draft.second_style
            and not draft.blending
        )


_KEY = ("chat_id", "thread_id", "user_id")
_DRAFT = tuple(f.name for f in fields(Draft) if f.name != "owner")
_CARD = tuple(f.name for f in fields(Card) if f.name not in ("owner", "message_id"))
_FLAGS = frozenset({"clip", "blending"})
"""Columns with 0 or 1 for False or True."""


async def load_draft(source: Source, owner: Owner) -> Draft:
    """The draft; or an empty one, as its owner likes it."""
    row = await source.fetch_one(
        "SELECT * FROM drafts WHERE chat_id = ? AND thread_id = ? AND user_id = ?",
        (owner.chat_id, owner.thread_id, owner.user_id),
    )
    return await _as_liked(source, _draft(row) if row else Draft(owner=owner))


async def _as_liked(source: Source, draft: Draft) -> Draft:
    """Before its first picture a draft takes over what its owner has chosen."""
    if draft.stage is not Stage.PHOTO_FIRST:
        return draft
    return (await preferences_of(source, draft.owner.user_id)).over(draft)


async def save_draft(tx: Transaction, draft: Draft) -> None:
    values = {**_key(draft.owner), **_values(draft, _DRAFT), "updated_at": time.time()}
    await tx.execute(_insert("INSERT OR REPLACE INTO drafts", values), values)


async def due_drafts(source: Source, now: float) -> list[Draft]:
    """Drafts whose owners wait for an answer, longest first."""
    rows = await source.fetch_all(
        "SELECT * FROM drafts WHERE card_due_at <= ? ORDER BY card_due_at", (now,)
    )
    return [await _as_liked(source, _draft(row)) for row in rows]


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
    values = {**_key(card.owner), **_values(card, _CARD), "created_at": time.time()}
    await tx.execute(_insert("INSERT INTO cards", values), values)


async def change_card(tx: Transaction, card: Card) -> None:
    """Writes what a tap may change: everything but the owner and the id."""
    values = _values(card, _CARD)
    changes = ", ".join(f"{name} = :{name}" for name in values if name != "id")
    await tx.execute(
        f"UPDATE cards SET {changes} WHERE id = :id",  # noqa: S608 - our own names
        values,
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
        WHERE cards.chat_id = ? AND cards.thread_id = ? AND cards.user_id = ?
            AND cards.job_id IS NULL AND content IN (?, ?) AND style IN (?, ?)
        ORDER BY cards.created_at DESC LIMIT 1
        """,
        (
            *(draft.owner.chat_id, draft.owner.thread_id, draft.owner.user_id),
            *(draft.content, draft.style, draft.content, draft.style),
        ),
    )
    return _card(row) if row else None


async def twin_of(source: Source, card: Card, after: str) -> str | None:
    """The state of a job that paints what `card` shows, asked for since job `after`.

    None: there is none. Jobs that were stopped or failed do not count.
    """
    row = await source.fetch_one(
        """
        SELECT state FROM jobs
        WHERE user_id = :user_id AND content = :content AND style = :style
            AND second_style IS :second_style AND strength = :strength
            AND colors = :colors AND edge_px IS :edge_px
            AND state NOT IN ('cancelled', 'failed')
            AND created_at > (SELECT created_at FROM jobs WHERE id = :after)
        ORDER BY created_at DESC LIMIT 1
        """,
        {**_values(card, _CARD), "user_id": card.owner.user_id, "after": after},
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


async def picture_edge(source: Source, picture_id: str) -> int | None:
    """The longer side of a picture in px; None if it is not kept."""
    row = await source.fetch_one(
        "SELECT MAX(width, height) AS edge FROM pictures WHERE id = ?", (picture_id,)
    )
    return row["edge"] if row else None


async def note_user(tx: Transaction, user_id: int, language: str) -> None:
    await tx.execute(
        "INSERT INTO users (user_id, language, seen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET language = excluded.language,"
        " seen_at = excluded.seen_at",
        (user_id, language, time.time()),
    )


def _draft(row: sqlite3.Row) -> Draft:
    return Draft(owner=_owner(row), **_read(row, _DRAFT))


def _card(row: sqlite3.Row) -> Card:
    return Card(owner=_owner(row), message_id=row["message_id"], **_read(row, _CARD))


def _read(row: sqlite3.Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {n: bool(row[n]) if n in _FLAGS else row[n] for n in names}


def _values(value: Draft | Card, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _key(owner: Owner) -> dict[str, Any]:
    return {name: getattr(owner, name) for name in _KEY}


def _insert(verb: str, values: dict[str, Any]) -> str:
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"{verb} ({names}) VALUES ({places})"


def _owner(row: sqlite3.Row) -> Owner:
    return Owner(
        chat_id=row["chat_id"], user_id=row["user_id"], thread_id=row["thread_id"]
    )
