"""What is kept of a person: in which tables, for how long, and how much of it.

Every table is named here, so that no new one is forgotten when somebody asks what is
kept of them, or wants it gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from .database import Database

KEPT_FOR_A_TIME = frozenset({"drafts", "cards", "jobs", "outbox", "senders", "updates"})
"""Tables with rows about people that go when they are old enough."""

KEPT_UNTIL_DELETED = frozenset({"styles", "users"})
"""Tables with rows about people that stay until these want them gone."""

KEPT_OF_A_PERSON = KEPT_FOR_A_TIME | KEPT_UNTIL_DELETED

KEPT_OF_NOBODY = frozenset({"pictures", "meta", "erasures", "condemned"})
"""Tables whose rows say nothing about who they belong to."""

USES = """
    SELECT content AS picture, user_id FROM drafts
    UNION SELECT style, user_id FROM drafts
    UNION SELECT second_style, user_id FROM drafts
    UNION SELECT content, user_id FROM cards
    UNION SELECT style, user_id FROM cards
    UNION SELECT second_style, user_id FROM cards
    UNION SELECT content, user_id FROM jobs
    UNION SELECT style, user_id FROM jobs
    UNION SELECT second_style, user_id FROM jobs
    UNION SELECT picture, user_id FROM styles
    UNION SELECT picture, user_id FROM senders
"""
PAIRS = """
    SELECT content, style, user_id FROM cards
    UNION SELECT content, style, user_id FROM drafts
    WHERE content IS NOT NULL AND style IS NOT NULL
"""
THEIR_JOBS = "SELECT id FROM jobs WHERE user_id = :user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much is kept of one person now."""

    pictures: int
    results: int
    messages: int
    saved_styles: int
    shared_styles: int


async def holdings_of(db: Database, user_id: int) -> Holdings:
    """Counts what is kept of a person."""
    row = await db.fetch_one(
        f"""
        SELECT
            (SELECT COUNT(*) FROM pictures WHERE id IN
                (SELECT picture FROM ({USES}) WHERE user_id = :user)) AS pictures,
            (SELECT COUNT(*) FROM jobs
                WHERE user_id = :user AND full_file IS NOT NULL) AS results,
            (SELECT COUNT(*) FROM outbox WHERE chat_id = :user OR user_id = :user
                OR job_id IN ({THEIR_JOBS})) AS messages,
            (SELECT COUNT(*) FROM styles
                WHERE user_id = :user AND kind = 'saved') AS saved_styles,
            (SELECT COUNT(*) FROM styles
                WHERE user_id = :user AND kind = 'shared') AS shared_styles
        """,  # noqa: S608 - nobody else's words
        {"user": user_id},
    )
    if row is None:
        raise RuntimeError("a SELECT of counts returned no row")
    return Holdings(**dict(row))
