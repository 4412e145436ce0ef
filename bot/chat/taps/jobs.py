"""`JobTaps`: Cancel, and the first buttons below a result."""

from __future__ import annotations

from dataclasses import replace

from stylecore.recipes import Strength

from ...jobs.errors import QueueFull, TooManyWaiting
from ...jobs.job import Job, JobState
from .. import debts, orders, store
from ..callbacks import Action
from ..desk import Desk
from ..drafts import Draft
from ..store import Card
from ..texts import Stage
from .refusals import no_room
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
        elif (twin := await orders.twin(self._desk, job, strength)) is not None:
            under_way = twin in _UNDER_WAY
            await tap.answer(
                tap.texts.toast_already_on_its_way()
                if under_way
                else tap.texts.toast_already_painted()
            )
        elif not await self._desk.pictures_kept(job.content, job.style):
            await tap.answer(tap.texts.toast_pictures_gone())
        else:
            await tap.answer()
            card = await orders.card_for(self._desk, job, strength)
            await self._paint_again(tap, card, job)

    async def _paint_again(self, tap: Tap, card: Card, job: Job) -> None:
        await self._desk.card_picture(card)
        try:
            await orders.paint_new_card(self._desk, card, tap.key, job)
        except (QueueFull, TooManyWaiting) as exc:
            await no_room(self._desk, tap, card, exc)

    async def _same_style(self, tap: Tap, job: Job) -> None:
        """Keeps the painting and asks for a photo."""
        card = await orders.card_for(self._desk, job, job.strength)
        await self._keep(
            tap,
            Draft(
                owner=card.owner,
                style=card.style,
                style_message_id=card.style_message_id,
            ),
        )

    async def _same_photo(self, tap: Tap, job: Job) -> None:
        """Keeps the photo and asks for a painting."""
        card = await orders.card_for(self._desk, job, job.strength)
        await self._keep(
            tap,
            Draft(
                owner=card.owner,
                content=card.content,
                content_message_id=card.content_message_id,
            ),
        )

    async def _keep(self, tap: Tap, draft: Draft) -> None:
        """Makes this half of a pair the person's draft."""
        kept = draft.content or draft.style or ""
        if not await self._desk.pictures.exists(kept):
            await tap.answer(tap.texts.toast_pictures_gone())
            return
        await tap.answer()
        texts = tap.texts
        needs_photo = draft.stage is Stage.PHOTO
        words = texts.send_new_photo() if needs_photo else texts.send_new_style()
        async with self._desk.db.transaction() as tx:
            before = await store.load_draft(tx, draft.owner)
            chosen = replace(draft, clip=before.clip, strength=before.strength)
            await store.save_draft(tx, replace(chosen, language=before.language))
            await self._desk.owe_text(tx, draft.owner, tap.key, words)
        self._desk.outbox.wake()

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
