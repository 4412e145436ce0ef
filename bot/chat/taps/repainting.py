"""`paint_again`: from a tap below a result to another picture of the same photo."""

from __future__ import annotations

from ...jobs.errors import QueueFull, TooManyWaiting
from ...jobs.job import Job, JobState
from .. import orders
from ..desk import Desk
from ..store import Card
from .refusals import no_room
from .tap import Tap


async def paint_again(desk: Desk, tap: Tap, job: Job, card: Card) -> None:
    """Answers the tap and paints what `card` shows, starting from the result of `job`.

    What was asked for since then is pointed to instead.
    """
    if (twin := await orders.twin(desk, job, card)) is not None:
        await tap.answer(
            tap.texts.toast_already_on_its_way()
            if twin in (JobState.QUEUED, JobState.RUNNING)
            else tap.texts.toast_already_painted()
        )
        return
    if not await desk.pictures_kept(*card.pictures):
        await tap.answer(tap.texts.toast_pictures_gone())
        return
    await tap.answer()
    await desk.card_picture(card)
    try:
        await orders.paint_new_card(desk, card, tap.key, job)
    except (QueueFull, TooManyWaiting) as exc:
        await no_room(desk, tap, card, exc)
