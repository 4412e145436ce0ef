"""`Panels`: /settings, /language, /privacy and /forget."""

from __future__ import annotations

import time

from telegram import Update

from ...delivery.owed import Keyboard, Kind, Owed
from ...storage.belongings import holdings_of
from .. import store as chat_store
from ..desk import Context, Desk, owner_of
from ..drafts import Owner
from ..texts import Texts
from .keyboards import (
    ask_keyboard,
    forget_keyboard,
    language_keyboard,
    settings_keyboard,
)
from .preferences import Preferences
from .store import forget_strangers, preferences_of

COMMANDS = ("settings", "language", "privacy", "forget")


class Panels:
    """Message handlers; each owes one panel, in the private chat of its person."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def settings(self, update: Update, _: Context) -> None:
        """Shows what can be set."""
        user_id, texts = owner_of(update).user_id, self._desk.texts_of(update)
        chosen = await what_holds(self._desk, user_id)
        keyboard = settings_keyboard(texts, user_id, chosen)
        await self._show(update, texts.settings(), keyboard)

    async def language(self, update: Update, _: Context) -> None:
        """Shows the languages."""
        user_id, texts = owner_of(update).user_id, self._desk.texts_of(update)
        chosen = await preferences_of(self._desk.db, user_id)
        keyboard = language_keyboard(texts, user_id, chosen)
        await self._show(update, texts.choose_language(), keyboard)

    async def privacy(self, update: Update, _: Context) -> None:
        """Tells what is kept of the person, as counted now."""
        user_id, texts = owner_of(update).user_id, self._desk.texts_of(update)
        words = await self._what_is_kept(texts, user_id)
        await self._show(update, words, ask_keyboard(texts, user_id))

    async def _what_is_kept(self, texts: Texts, user_id: int) -> str:
        held = await holdings_of(self._desk.db, user_id)
        paragraphs = (
            texts.privacy_aged(
                self._desk.retention_days, held.pictures, held.results, held.messages
            ),
            texts.privacy_lasting(held.saved_styles, held.shared_styles),
            texts.privacy_others(),
            texts.privacy_deletion(),
        )
        return "\n\n".join(paragraphs)

    async def forget(self, update: Update, _: Context) -> None:
        """Asks whether everything is to be deleted."""
        user_id, texts = owner_of(update).user_id, self._desk.texts_of(update)
        keyboard = forget_keyboard(texts, user_id)
        await self._show(update, texts.forget_question(), keyboard)

    async def in_group(self, update: Update, context: Context) -> None:
        """Points to the private chat, if named: a group need not read along."""
        message = update.effective_message
        if message is not None and "@" in (message.text or "").split()[0]:
            words = self._desk.texts_of(update).in_private(context.bot.username)
            await self._desk.say(update, words)

    async def sweep(self, older_than_s: float) -> int:
        """Forgets people of whom there is nothing to remember; returns how many."""
        async with self._desk.db.transaction() as tx:
            return await forget_strangers(tx, time.time() - older_than_s)

    async def _show(self, update: Update, text: str, keyboard: Keyboard) -> None:
        panel = Owed(
            key=f"update:{update.update_id}",
            chat_id=owner_of(update).chat_id,
            kind=Kind.TEXT,
            text=text,
            keyboard=keyboard,
        )
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, panel)
        self._desk.outbox.wake()


async def what_holds(desk: Desk, user_id: int) -> Preferences:
    """What a person has chosen and, where they have not, what is usual with them."""
    chosen = await preferences_of(desk.db, user_id)
    draft = await chat_store.load_draft(
        desk.db, Owner(chat_id=user_id, user_id=user_id)
    )
    return chosen.with_habits(draft)
