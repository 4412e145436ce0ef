"""SQL of groups: what was answered, what was asked of whom, and chats that change."""

from __future__ import annotations

from dataclasses import dataclass

from ...storage.database import Database, Transaction
from ..store import CARD_KEY

Source = Database | Transaction

PRIVATE_KEY = "private:"
"""What a group does not allow is owed to a person in private under this and its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the bot, as the outbox knows it."""

    key: str
    user_id: int | None
    """Whom it is for."""
    is_question: bool
    """It opened a reply for that person."""
    is_latest: bool
    """Nothing else was said to that person there since."""

    @property
    def is_card(self) -> bool:
        return self.key.startswith(CARD_KEY)


async def said(source: Source, chat_id: int, message_id: int) -> Said | None:
    """What the bot said with a message; None: it is not known any more."""
    row = await source.fetch_one(
        """
        SELECT key, user_id, placeholder, NOT EXISTS (
            SELECT 1 FROM outbox AS later WHERE later.chat_id = outbox.chat_id
                AND later.user_id = outbox.user_id AND later.id > outbox.id
        ) AS is_latest
        FROM outbox WHERE chat_id = ? AND message_id = ?
        """,
        (chat_id, message_id),
    )
    if row is None:
        return None
    return Said(
        key=row["key"],
        user_id=row["user_id"],
        is_question=row["placeholder"] is not None,
        is_latest=bool(row["is_latest"]),
    )


async def is_answered(source: Source, chat_id: int, message_id: int) -> bool:
    """Whether the bot has replied to a message, or is about to."""
    row = await source.fetch_one(
        "SELECT 1 FROM outbox WHERE chat_id = ? AND reply_to = ?",
        (chat_id, message_id),
    )
    return row is not None


async def user_of_job(source: Source, job_id: str | None) -> int | None:
    """Who asked for a job."""
    row = await source.fetch_one("SELECT user_id FROM jobs WHERE id = ?", (job_id,))
    return row["user_id"] if row else None


async def language_of(
    source: Source, *, job_id: str | None, chat_id: int, user_id: int | None
) -> str | None:
    """The language of a job, or else of what a person does in a chat."""
    row = await source.fetch_one(
        """
        SELECT COALESCE(
            (SELECT language FROM jobs WHERE id = ?),
            (SELECT language FROM drafts WHERE chat_id = ? AND user_id = ? LIMIT 1)
        ) AS language
        """,
        (job_id, chat_id, user_id),
    )
    return row["language"] if row else None


async def open_jobs_of_chat(source: Source, chat_id: int) -> list[str]:
    """Ids of the jobs of everybody in a chat that are not done yet."""
    rows = await source.fetch_all(
        "SELECT id FROM jobs WHERE chat_id = ? AND state IN ('queued', 'running')",
        (chat_id,),
    )
    return [row["id"] for row in rows]


async def forget_drafts_of_chat(tx: Transaction, chat_id: int) -> None:
    """Deletes what everybody in a chat has begun."""
    await tx.execute("DELETE FROM drafts WHERE chat_id = ?", (chat_id,))


async def move_chat(tx: Transaction, old: int, new: int) -> None:
    """Drafts, cards and jobs go to the chat that a group has become.

    Numbers of messages mean nothing there. A draft that was begun in the new chat
    already is the newer one.
    """
    await tx.execute(
        "UPDATE OR IGNORE drafts SET chat_id = ?, request_message_id = NULL,"
        " content_message_id = content_message_id * 0,"
        " style_message_id = style_message_id * 0, album_id = NULL"
        " WHERE chat_id = ?",
        (new, old),
    )
    await forget_drafts_of_chat(tx, old)
    await tx.execute(
        "UPDATE cards SET chat_id = ?, request_message_id = NULL,"
        " content_message_id = 0, style_message_id = 0 WHERE chat_id = ?",
        (new, old),
    )
    await tx.execute(
        "UPDATE jobs SET chat_id = ?, thread_id = NULL, reply_to = 0,"
        " status_message_id = 0 WHERE chat_id = ?",
        (new, old),
    )


async def owe_cards_again(tx: Transaction, chat_id: int) -> None:
    """`sent -> pending`: cards of jobs that are not done, whose message is lost."""
    await tx.execute(
        f"""
        UPDATE outbox SET state = 'pending', not_before = 0, sent_at = NULL,
            job_id = (SELECT job_id FROM cards WHERE key = '{CARD_KEY}' || cards.id)
        WHERE chat_id = ? AND state = 'sent' AND message_id IS NULL AND key IN (
            SELECT '{CARD_KEY}' || cards.id FROM cards
            JOIN jobs ON jobs.id = cards.job_id
            WHERE jobs.state IN ('queued', 'running'))
        """,  # noqa: S608 - nobody else's words
        (chat_id,),
    )


async def try_private_again(tx: Transaction, user_id: int) -> int:
    """`undeliverable -> pending`: what a person gets in private instead of a group,
    but could not get before they had opened that chat."""
    done = await tx.execute(
        "UPDATE outbox SET state = 'pending', not_before = 0"
        " WHERE chat_id = ? AND state = 'undeliverable' AND key LIKE ? || '%'",
        (user_id, PRIVATE_KEY),
    )
    return done.rowcount
