"""`Arrivals`: /start, with or without something in the link that led here."""

from __future__ import annotations

from telegram import Update

from .. import store
from ..clerk import Clerk
from ..conversation import Conversation
from ..desk import Context, Desk, owner_of
from ..styles.putting import put_style
from ..styles.shelf import Shelf, StylePicture
from . import links
from .history import History


class Arrivals:
    """The handler of /start."""

    def __init__(
        self,
        desk: Desk,
        shelf: Shelf,
        clerk: Clerk,
        conversation: Conversation,
        history: History,
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._clerk = clerk
        self._conversation = conversation
        self._history = history

    async def start(self, update: Update, context: Context) -> None:
        """Puts the style of a link in place; without one says hello."""
        payload = next(iter(context.args or ()), "")
        if payload == links.HISTORY:
            await self._history.show(update, context)
        elif links.is_style_code(payload):
            await self._with_style(update, context, payload)
        else:
            await self._conversation.start(update, context)

    async def _with_style(self, update: Update, context: Context, code: str) -> None:
        owner = owner_of(update)
        style = await self._shelf.picture(code, owner.user_id)
        if style is None:
            words = self._desk.texts_of(update).link_expired()
            await self._desk.say_to(owner, f"update:{update.update_id}:link", words)
            await self._conversation.start(update, context)
        else:
            await self._bring(update, style)

    async def _bring(self, update: Update, style: StylePicture) -> None:
        owner = owner_of(update)
        async with self._desk.db.transaction() as tx:
            language = self._desk.language_of(update)
            await store.note_user(tx, owner.user_id, language)
            await put_style(
                self._desk,
                tx,
                owner,
                style,
                key=f"update:{update.update_id}",
                language=language,
            )
        self._desk.outbox.wake()
        self._clerk.wake()
