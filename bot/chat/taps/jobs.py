"""`JobTaps`: Cancel, and the first buttons below a result."""

from __future__ import annotations

from dataclasses import replace

from stylecore.recipes import Strength

from ...jobs.job import Job, JobState
from .. import debts, orders, store
from ..callbacks import Action
from ..desk import Desk
from .keeping import begun_from, keep
from .repainting import paint_again
from .tap import Handlers, Tap

_STRENGTHS = frozenset(strength.value for strength in Strength)
_UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


class JobTaps:
    """Cancel, another strength, another half of the pair, and the file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(
            jobs={
                Action.CANCEL: self._cancel,
                Action.AGAIN: self._again,
                Action.SAME_STYLE: self._same_style,
                Action.SAME_PHOTO: self._same_photo,
                Action.FULL: self._full,
            }
        )

    async def _cancel(self, tap: Tap, job: Job) -> None:
        """Stops the job."""
        if job.state not in _UNDER_WAY:
            await tap.answer(tap.texts.toast_nothing_to_stop())
            return
        await tap.answer()
        await self._desk.queue.cancel(job.id)

    async def _again(self, tap: Tap, job: Job) -> None:
        """Paints the same pair at another strength, with a card of its own."""
        strength = tap.press.argument
        if strength not in _STRENGTHS:
            await tap.answer(tap.texts.toast_old())
            return
        card = await orders.card_for(self._desk, job)
        await paint_again(self._desk, tap, job, replace(card, strength=strength))

    async def _same_style(self, tap: Tap, job: Job) -> None:
        """Keeps the painting, or both, and asks for a photo."""
        card = await orders.card_for(self._desk, job)
        draft = replace(
            begun_from(card),
            style=card.style,
            style_message_id=card.style_message_id,
            style_by=card.style_by,
            style_name=card.style_name,
            second_style=card.second_style,
        )
        await keep(self._desk, tap, draft, tap.texts.send_new_photo())

    async def _same_photo(self, tap: Tap, job: Job) -> None:
        """Keeps the photo and asks for a painting."""
        card = await orders.card_for(self._desk, job)
        draft = replace(
            begun_from(card),
            content=card.content,
            content_message_id=card.content_message_id,
            content_by=card.content_by,
        )
        await keep(self._desk, tap, draft, tap.texts.send_new_style())

    async def _full(self, tap: Tap, job: Job) -> None:
        """Sends the file with every pixel, once."""
        if job.full is None or not (self._desk.data_dir / job.full).exists():
            await tap.answer(tap.texts.toast_pictures_gone())
            return
        if await store.is_owed(self._desk.db, debts.FULL_KEY + job.id):
            await tap.answer(tap.texts.toast_file_sent())
            return
        await tap.answer()
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, debts.full(job))
        self._desk.outbox.wake()
