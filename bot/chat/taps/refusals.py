"""What a tap is told that cannot be followed now."""

from __future__ import annotations

from ...jobs.errors import QueueFull, TooManyWaiting
from ..desk import Desk
from ..store import Card
from .tap import Tap


async def no_room(
    desk: Desk, tap: Tap, card: Card, exc: QueueFull | TooManyWaiting
) -> None:
    """Says that the pair is kept but cannot wait in line now."""
    words = (
        tap.texts.too_many_waiting(exc.limit)
        if isinstance(exc, TooManyWaiting)
        else tap.texts.queue_full()
    )
    reply_to = card.request_message_id
    await desk.say_to(card.owner, tap.key, words, reply_to=reply_to)
