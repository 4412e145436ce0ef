"""`Taps`: from a press to the handler of its button.

Every tap is answered, first of all: what can be said at once is read from the
database, which takes no turn; the work and its own messages follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from telegram import CallbackQuery, Update

from ...jobs.job import JobState
from .. import store
from ..callbacks import UnknownButton, decode
from ..desk import Context, Desk
from ..groups.people import may_press
from ..store import Card
from .tap import Handlers, Tap, answer

_UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
_PAINTED = (JobState.PAINTED, JobState.DELIVERED)


class Taps:
    """The handler of callback queries."""

    def __init__(self, desk: Desk, handlers: Iterable[Handlers]) -> None:
        self._desk = desk
        self._handlers = Handlers()
        for each in handlers:
            self._handlers |= each

    async def tap(self, update: Update, _: Context) -> None:
        """Finds out what the button stands for, and does that."""
        query = update.callback_query
        if query is None:
            return
        texts = self._desk.texts_of(update)
        try:
            press = decode(query.data)
        except UnknownButton:
            await answer(query, texts.toast_old())
            return
        tap = Tap(update_id=update.update_id, query=query, press=press, texts=texts)
        if press.action in self._handlers.cards:
            await self._on_card(tap)
        elif press.action in self._handlers.jobs:
            await self._on_job(tap)
        else:
            await self._on_own(tap)

    async def _on_card(self, tap: Tap) -> None:
        card = await store.load_card(self._desk.db, tap.press.subject)
        if card is None:
            await tap.answer(tap.texts.toast_old())
        elif not await may_press(tap.query, card.owner.user_id, card.owner.chat_id):
            await tap.answer(tap.texts.toast_not_yours())
        elif (problem := await self._problem(tap, card)) is not None:
            await tap.answer(problem)
        else:
            card = _found(card, tap.query)
            await self._handlers.cards[tap.press.action](tap, card)

    async def _problem(self, tap: Tap, card: Card) -> str | None:
        """Why a card's buttons can do nothing; None: they can."""
        job = await self._desk.queue.get(card.job_id) if card.job_id else None
        if job is not None and job.state in _UNDER_WAY:
            return tap.texts.toast_already_on_its_way()
        if job is not None and job.state in _PAINTED:
            return tap.texts.toast_already_painted()
        if not await self._desk.pictures_kept(*card.pictures):
            return tap.texts.toast_pictures_gone()
        return None

    async def _on_job(self, tap: Tap) -> None:
        job = await self._desk.queue.get(tap.press.subject)
        if job is None:
            await tap.answer(tap.texts.toast_old())
        elif not await may_press(tap.query, job.user_id, job.chat_id):
            await tap.answer(tap.texts.toast_not_yours())
        else:
            await self._handlers.jobs[tap.press.action](tap, job)

    async def _on_own(self, tap: Tap) -> None:
        handler = self._handlers.own.get(tap.press.action)
        if handler is None or not tap.press.subject.isdigit():
            await tap.answer(tap.texts.toast_old())
        elif not await _may_press_own(tap.query, int(tap.press.subject)):
            await tap.answer(tap.texts.toast_not_yours())
        else:
            await handler(tap)


async def _may_press_own(query: CallbackQuery, owner: int) -> bool:
    """A panel belongs to the chat in which it stands."""
    message = query.message
    return await may_press(query, owner, message.chat.id if message else 0)


def _found(card: Card, query: CallbackQuery) -> Card:
    """The card, with the number of its message if the outbox does not know it.

    In a group that has moved, a number of the old one would mean another message.
    """
    message = query.message
    if card.message_id is not None or message is None:
        return card
    here = message.chat.id == card.owner.chat_id
    return replace(card, message_id=message.message_id) if here else card
