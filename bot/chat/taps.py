"""`Taps`: what the buttons do.

Every tap is answered, first of all: what can be said at once is read from the
database, which takes no turn; the work and its own messages follow.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from stylecore.recipes import Strength

from ..delivery.owed import Kind, Owed
from ..jobs.errors import QueueFull, TooManyWaiting
from ..jobs.job import Job, JobState
from . import orders, store
from .callbacks import Action, Press, UnknownButton, decode
from .desk import Context, Desk, language_of
from .drafts import Draft
from .keyboards import picture_digits
from .observer import ChatObserver
from .store import Card
from .texts import Stage, Texts, texts_for

log = logging.getLogger(__name__)

FULL_KEY = "full:"

_STRENGTHS = frozenset(strength.value for strength in Strength)
_UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
_PAINTED = (JobState.PAINTED, JobState.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One press of one button."""

    update_id: int
    query: CallbackQuery
    press: Press
    texts: Texts

    @property
    def key(self) -> str:
        """Names what this tap brings about, so that a replay brings it once."""
        return f"update:{self.update_id}"

    async def answer(self, words: str | None = None) -> None:
        """Ends the button's spinner; with words, shows them."""
        await answer(self.query, words)


async def answer(query: CallbackQuery, words: str | None) -> None:
    """A tap too old to be answered (after a restart, say) is acted on all the same."""
    try:
        await query.answer(words, show_alert=words is not None)
    except TelegramError as exc:
        log.info("a tap could not be answered: %s", type(exc).__name__)


class Taps:
    """The handler of callback queries."""

    def __init__(self, desk: Desk, observer: ChatObserver) -> None:
        self._desk = desk
        self._observer = observer
        self._card_actions = {
            Action.PAINT: self._paint,
            Action.CLIP: self._clip,
            Action.SWAP: self._swap,
        }
        self._job_actions = {
            Action.CANCEL: self._cancel,
            Action.AGAIN: self._again,
            Action.SAME_STYLE: self._same_style,
            Action.SAME_PHOTO: self._same_photo,
            Action.FULL: self._full,
        }

    async def tap(self, update: Update, _: Context) -> None:
        """Finds out what the button stands for, and does that."""
        query = update.callback_query
        if query is None:
            return
        texts = texts_for(language_of(update))
        try:
            press = decode(query.data)
        except UnknownButton:
            await answer(query, texts.toast_old())
            return
        tap = Tap(update_id=update.update_id, query=query, press=press, texts=texts)
        if press.action in self._card_actions:
            await self._on_card(tap)
        else:
            await self._on_job(tap)

    async def _on_card(self, tap: Tap) -> None:
        card = await store.load_card(self._desk.db, tap.press.subject)
        if card is None:
            await tap.answer(tap.texts.toast_old())
        elif card.owner.user_id != tap.query.from_user.id:
            await tap.answer(tap.texts.toast_not_yours())
        elif (problem := await self._problem(tap, card)) is not None:
            await tap.answer(problem)
        else:
            message = tap.query.message
            if card.message_id is None and message is not None:
                card = replace(card, message_id=message.message_id)
            await self._card_actions[tap.press.action](tap, card)

    async def _problem(self, tap: Tap, card: Card) -> str | None:
        """Why a card's buttons can do nothing; None: they can."""
        job = await self._desk.queue.get(card.job_id) if card.job_id else None
        if job is not None and job.state in _UNDER_WAY:
            return tap.texts.toast_already_on_its_way()
        if job is not None and job.state in _PAINTED:
            return tap.texts.toast_already_painted()
        if not await self._desk.pictures_kept(card.content, card.style):
            return tap.texts.toast_pictures_gone()
        return None

    async def _on_job(self, tap: Tap) -> None:
        job = await self._desk.queue.get(tap.press.subject)
        if job is None:
            await tap.answer(tap.texts.toast_old())
        elif job.user_id != tap.query.from_user.id:
            await tap.answer(tap.texts.toast_not_yours())
        else:
            await self._job_actions[tap.press.action](tap, job)

    # Buttons of a card

    async def _paint(self, tap: Tap, card: Card) -> None:
        """Begins a job; the card becomes its status."""
        if tap.press.argument not in _STRENGTHS:
            await tap.answer(tap.texts.toast_old())
            return
        await tap.answer()
        card = replace(card, strength=tap.press.argument)
        try:
            job = await orders.paint_card(self._desk, card, tap.key)
        except (QueueFull, TooManyWaiting) as exc:
            await self._no_room(tap, card, exc)
        else:
            self._observer.accepted(job, await self._desk.queue.place(job.id))

    async def _no_room(self, tap: Tap, card: Card, exc: Exception) -> None:
        """Says that the pair is kept but cannot wait in line now."""
        words = (
            tap.texts.too_many_waiting(exc.limit)
            if isinstance(exc, TooManyWaiting)
            else tap.texts.queue_full()
        )
        await self._desk.say_to(card.owner, tap.key, words)

    async def _clip(self, tap: Tap, card: Card) -> None:
        """Turns the clip on or off."""
        await tap.answer()
        changed = replace(card, clip=tap.press.argument == "on")
        if changed != card:
            await orders.change_card(self._desk, changed)
            self._desk.show_card(changed, tap.texts.card())

    async def _swap(self, tap: Tap, card: Card) -> None:
        """Exchanges photo and painting, unless they are already."""
        await tap.answer()
        if tap.press.argument == picture_digits(card.style):
            swapped = card.swapped()
            picture = await self._desk.card_picture(swapped)
            await orders.change_card(self._desk, swapped)
            self._desk.show_card(swapped, tap.texts.card(), picture=picture)

    # Buttons of a job

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
            await self._no_room(tap, card, exc)

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
        if await store.is_owed(self._desk.db, FULL_KEY + job.id):
            await tap.answer(tap.texts.toast_file_sent())
            return
        await tap.answer()
        file = Owed(
            key=FULL_KEY + job.id,
            job_id=job.id,
            chat_id=job.chat_id,
            thread_id=job.thread_id,
            reply_to=job.reply_to,
            kind=Kind.DOCUMENT,
            text=tap.texts.full_caption(job),
            file=job.full,
            file_name="painted.png",
        )
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, file)
        self._desk.outbox.wake()
