"""`Clerk`: gives the answers that no single update triggers.

An album is answered when it has been quiet for a while, and a pair of pictures with a
card that takes a moment to draw. What is owed stands in the table `drafts`, so a
restart answers late rather than never.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from dataclasses import replace

from ..storage.database import Transaction
from ..storage.errors import StorageError
from . import store
from .desk import Desk, new_card
from .drafts import Draft
from .groups.words import card_words
from .keyboards import card_keyboard
from .panels.sizes import edge_of
from .panels.store import preferences_of
from .store import Card
from .texts import Stage, texts_for

log = logging.getLogger(__name__)

_LONGEST_NAP_S = 30.0
_PAUSE_AFTER_ERROR_S = 2.0


class Clerk:
    """Keep `run` running and call `wake` whenever a draft has fallen due."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Says that a draft has a new due time; call it after the commit."""
        self._wake.set()

    async def run(self) -> None:
        """Answers until it is cancelled."""
        while True:
            self._wake.clear()
            try:
                pause_s = await self.answer_due()
            except StorageError as exc:
                log.error("answers must wait: %s", exc)
                pause_s = _PAUSE_AFTER_ERROR_S
            await _wait(self._wake, pause_s)

    async def answer_due(self) -> float:
        """Answers every draft that is due; returns how long to rest."""
        for draft in await store.due_drafts(self._desk.db, time.time()):
            try:
                await self._answer(draft)
            except StorageError:
                raise
            except Exception:  # noqa: BLE001 - the edge: one draft must not block all
                await self._apologise(draft)
        due = await store.next_due(self._desk.db)
        if due is None:
            return _LONGEST_NAP_S
        return min(max(due - time.time(), 0.0), _LONGEST_NAP_S)

    async def _answer(self, seen: Draft) -> None:
        """The card is drawn before the transaction, which takes nothing for granted."""
        if seen.stage is Stage.STRENGTH and not seen.same_pictures:
            await self._desk.card_picture(new_card(seen))
        async with self._desk.db.transaction() as tx:
            draft = await store.load_draft(tx, seen.owner)
            if draft != seen:
                return  # something came in meanwhile; it is due again
            if draft.same_pictures:
                await self._refuse_same(tx, draft)
            elif draft.stage is Stage.STRENGTH:
                await self._give_card(tx, draft)
            else:
                await self._ask(tx, draft)
        self._desk.outbox.wake()

    async def _give_card(self, tx: Transaction, draft: Draft) -> None:
        texts, card = texts_for(draft.language), await self._new_card(tx, draft)
        caption = card_words(texts, card, draft.note or "")
        await self._desk.owe_card(tx, card, caption, card_keyboard(texts, card))
        await store.save_draft(tx, replace(draft, card_due_at=None, note=None))

    async def _new_card(self, tx: Transaction, draft: Draft) -> Card:
        """In the size that its owner has chosen."""
        chosen = await preferences_of(tx, draft.owner.user_id)
        return replace(new_card(draft), edge_px=edge_of(chosen.size, self._desk.studio))

    async def _ask(self, tx: Transaction, draft: Draft) -> None:
        """An album that brought only one picture that can be used."""
        texts = texts_for(draft.language)
        known = draft.stage is Stage.PAINTING
        words = texts.took_photo() if known else texts.next_step(draft.stage)
        await self._desk.ask(tx, draft, _key(draft), words)
        await store.save_draft(tx, replace(draft, card_due_at=None, note=None))

    async def _refuse_same(self, tx: Transaction, draft: Draft) -> None:
        texts = texts_for(draft.language)
        alone = replace(draft, style=None, style_message_id=None, style_by=None)
        await self._desk.ask(
            tx,
            alone,
            _key(draft),
            texts.same_picture(Stage.PAINTING),
            group_text=texts.group_same_picture(Stage.PAINTING),
        )
        await store.save_draft(tx, replace(alone, card_due_at=None, note=None))

    async def _apologise(self, draft: Draft) -> None:
        number = secrets.token_hex(3)
        log.error("mishap %s over a draft", number, exc_info=True)
        async with self._desk.db.transaction() as tx:
            words = texts_for(draft.language).apology(number)
            asked = draft.request_message_id
            await self._desk.owe_text(
                tx, draft.owner, _key(draft), words, reply_to=asked
            )
            await store.save_draft(tx, replace(draft, card_due_at=None))
        self._desk.outbox.wake()


def _key(draft: Draft) -> str:
    """Names the answer to a draft that has fallen due."""
    owner = draft.owner
    return f"due:{owner.chat_id}:{owner.user_id}:{draft.card_due_at}"


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
