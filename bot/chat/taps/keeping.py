"""`keep`: from a tap below a result to a draft that has one half of the next pair."""

from __future__ import annotations

from ..desk import Desk
from ..drafts import Draft
from ..store import Card, save_draft
from .tap import Tap


def begun_from(card: Card) -> Draft:
    """A draft without pictures that is to be painted like the card."""
    return Draft(
        owner=card.owner,
        clip=card.clip,
        strength=card.strength,
        colors=card.colors,
        language=card.language,
        request_message_id=card.request_message_id,
    )


async def keep(desk: Desk, tap: Tap, draft: Draft, words: str) -> None:
    """Answers the tap, makes this the person's draft and asks for what is missing.

    `words`: how it is asked in private.
    """
    pictures = (draft.content, draft.style, draft.second_style)
    if not await desk.pictures_kept(*filter(None, pictures)):
        await tap.answer(tap.texts.toast_pictures_gone())
        return
    await tap.answer()
    async with desk.db.transaction() as tx:
        await save_draft(tx, draft)
        await desk.ask(tx, draft, tap.key, words)
    desk.outbox.wake()
