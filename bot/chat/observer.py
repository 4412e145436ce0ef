"""`ChatObserver`: what people see of their jobs.

What is owed (the picture, its clip, bad news) goes into the outbox with the very
transaction that changes the job. What is only shown (place, percent, the picture so
far) goes to the status board and may be dropped.
"""

from __future__ import annotations

import time
from pathlib import Path

from ..delivery.eraser import Eraser
from ..delivery.owed import Keyboard, Owed
from ..delivery.status import StatusEdit
from ..delivery.store import Place
from ..executors.base import Preview, Started
from ..jobs.job import Job, JobState
from ..jobs.observer import JobObserver
from ..storage.database import Transaction
from . import debts, store
from .desk import Desk
from .groups.words import done_words
from .keyboards import card_keyboard, job_keyboard, result_keyboard
from .store import Card
from .texts import texts_for

_HEAL_S = 120.0
"""A crash may have lost the last edit of jobs that ended so shortly before."""
_ALMOST_DONE = 0.995


class ChatObserver(JobObserver):
    """Speaks to the chat in which the job was asked for."""

    def __init__(self, desk: Desk, eraser: Eraser) -> None:
        self._desk = desk
        self._eraser = eraser
        self._expected: dict[str, float] = {}

    async def painted(self, tx: Transaction, job: Job) -> None:
        """Owes the picture."""
        card = await store.card_of_job(tx, job.id)
        untrained = self._desk.studio.untrained
        caption = debts.result_caption(job, untrained=untrained, card=card)
        keyboard = result_keyboard(texts_for(job.language), job)
        await self._desk.outbox.put(tx, debts.picture(job, caption, keyboard))

    async def clip_ready(self, tx: Transaction, job: Job) -> None:
        """Owes the clip, once the picture is through."""
        await self._desk.outbox.put(tx, debts.clip(job))

    async def clip_failed(self, tx: Transaction, job: Job) -> None:
        """Owes the news that there is no clip."""
        await self._desk.outbox.put(tx, debts.no_clip(job))

    async def failed(self, tx: Transaction, job: Job) -> None:
        """Owes the bad news."""
        self._expected.pop(job.id, None)
        await self._desk.outbox.put(tx, debts.failed(job))

    def committed(self, job: Job) -> None:
        self._show_ended(job)
        self._desk.outbox.wake()

    def cancelled(self, job: Job) -> None:
        self._expected.pop(job.id, None)
        self._show_ended(job)

    async def accepted(self, job: Job) -> None:
        """The tap that began the job has come through."""
        place = await self._desk.queue.place(job.id)
        words = await self._in_line(job, place) if place else None
        self._show(job, words or texts_for(job.language).starting(), urgent=True)

    async def queued(self, job: Job, place: int | None) -> None:
        words = await self._in_line(job, place)
        if words is not None:
            self._desk.whereabouts.note(job.id, None)
            self._show(job, words)

    async def _in_line(self, job: Job, place: int | None) -> str | None:
        """None: the job has been begun since it had that place."""
        texts, measured = texts_for(job.language), self._desk.studio.profile is not None
        if place == 1 and not measured:
            return texts.warming_up()
        seconds = await self._desk.forecast.starts_in(job.id)
        return None if measured and seconds is None else texts.queued(place, seconds)

    def started(self, job: Job, event: Started) -> None:
        self._expected[job.id] = event.seconds_left
        words = texts_for(job.language).progress(0.0, event.seconds_left)
        self._show(job, words)

    def progress(self, job: Job, preview: Preview) -> None:
        self._desk.whereabouts.note(job.id, preview)
        texts, share = texts_for(job.language), preview.step / max(preview.total, 1)
        words = (
            texts.finishing()
            if share >= _ALMOST_DONE
            else texts.progress(share, preview.seconds_left)
        )
        self._show(job, words, picture=preview.jpeg)

    def freed(self, job: Job) -> None:
        """How long that took makes the next forecast better."""
        expected_s = self._expected.pop(job.id, None)
        if expected_s is not None and job.started_at is not None:
            self._desk.studio.learn(expected_s, time.time() - job.started_at)

    async def settled(self, tx: Transaction, owed: Owed) -> None:
        """The outbox has sent something or given it up, in this transaction."""
        if owed.job_id is not None and owed.key == debts.PHOTO_KEY + owed.job_id:
            await self._desk.queue.delivered(tx, owed.job_id)

    async def sent(self, owed: Owed, message_id: int) -> None:
        """The outbox has sent something; a job's card can be edited from now on."""
        if owed.job_id is None:
            return
        job = await self._desk.queue.get(owed.job_id)
        if job is None:  # deleted while this was on its way
            await self._eraser.erase([Place(owed.chat_id, message_id)])
            return
        if not owed.key.startswith(store.CARD_KEY):
            return
        card = await store.load_card(self._desk.db, owed.key[len(store.CARD_KEY) :])
        if card is None:
            return
        self._desk.whereabouts.watch(owed.job_id, card)
        if job.state not in (JobState.QUEUED, JobState.RUNNING):
            self._show_ended(job)
        elif owed.keyboard != job_keyboard(texts_for(job.language), job.id):
            await self.accepted(job)  # a card that was sent again, as a group moved

    async def heal(self) -> None:
        """Shows again how jobs ended whose last edit a crash may have lost."""
        for job_id in await store.ended_since(self._desk.db, time.time() - _HEAL_S):
            card = await store.card_of_job(self._desk.db, job_id)
            job = await self._desk.queue.get(job_id)
            if card is not None and job is not None:
                self._desk.whereabouts.watch(job_id, card)
                self._show_ended(job)

    def _show_ended(self, job: Job) -> None:
        """The card shows the pair again, and how its job ended."""
        texts = texts_for(job.language)
        match job.state:
            case JobState.CANCELLED:
                self._end(job, texts.card_stopped(), live=True)
            case JobState.FAILED:
                self._end(job, texts.card_failed(), live=True)
            case _:
                card = self._desk.whereabouts.card_of(job.id)
                if card is not None:
                    self._end(job, done_words(texts, card, job))

    def _show(
        self,
        job: Job,
        text: str,
        *,
        picture: bytes | None = None,
        urgent: bool = False,
    ) -> None:
        card = self._desk.whereabouts.card_of(job.id)
        if card is not None:
            keyboard = job_keyboard(texts_for(job.language), job.id)
            self._edit(card, text, keyboard, picture=picture, urgent=urgent)

    def _end(self, job: Job, text: str, *, live: bool = False) -> None:
        """The last edit of a job; what may still be announced of it is ignored."""
        card = self._desk.whereabouts.card_of(job.id)
        if card is None:
            return
        self._desk.whereabouts.forget(job.id)
        keyboard = card_keyboard(texts_for(job.language), card) if live else ()
        picture = self._desk.card_pictures.path(*card.pictures)
        drawn = picture if picture.exists() else None
        self._edit(card, text, keyboard, picture=drawn, urgent=True)

    def _edit(
        self,
        card: Card,
        text: str,
        keyboard: Keyboard,
        *,
        picture: bytes | Path | None,
        urgent: bool = False,
    ) -> None:
        if card.message_id is None:
            return
        edit = StatusEdit(
            chat_id=card.owner.chat_id,
            message_id=card.message_id,
            text=text,
            photo=picture,
            keyboard=keyboard,
        )
        self._desk.board.show(edit, urgent=urgent)
