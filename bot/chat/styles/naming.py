"""`Naming`: asks for the name of a saved style and takes the answer."""

from __future__ import annotations

from telegram import Message, Update

from ...delivery.owed import Kind, Owed
from ...storage.database import Transaction
from ..desk import Context, Desk, owner_of
from ..drafts import Owner
from ..groups.words import is_group
from . import store
from .names import LONGEST, clean_name
from .shelf import Shelf


class Naming:
    """The question is a message of ours; whoever replies to it has answered it."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf

    async def ask(
        self,
        tx: Transaction,
        owner: Owner,
        style_id: str,
        update_id: int,
        words: str,
        placeholder: str,
        *,
        reply_to: int | None = None,
    ) -> None:
        """Owes the question; `reply_to`: in a group, a message of the owner's."""
        question = Owed(
            key=f"{store.NAMING_KEY}{style_id}:{update_id}",
            chat_id=owner.chat_id,
            user_id=owner.user_id,
            thread_id=owner.thread_id or None,
            reply_to=reply_to,
            kind=Kind.TEXT,
            text=words,
            reply_placeholder=placeholder,
        )
        await self._desk.outbox.put(tx, question)

    async def answer(self, update: Update, _: Context) -> bool:
        """Takes a reply as a name; False if it answers no question of ours."""
        message = update.effective_message
        question = message.reply_to_message if message else None
        if message is None or question is None:
            return False
        asked = (message.chat_id, question.message_id)
        style_id = await store.asked_to_name(self._desk.db, *asked)
        if style_id is None:
            return False
        await self._name(update, message, style_id)
        return True

    async def _name(self, update: Update, message: Message, style_id: str) -> None:
        """Somebody else's answer, or one about a style that is gone, names nothing."""
        owner, texts = owner_of(update), self._desk.texts_of(update)
        style = await self._shelf.mine(style_id, owner.user_id)
        if style is None:
            if not is_group(owner.chat_id):
                await self._desk.say(update, texts.style_gone())
            return
        name = clean_name(message.text or "")
        async with self._desk.db.transaction() as tx:
            if name is None:
                await self.ask(
                    tx,
                    owner,
                    style_id,
                    update.update_id,
                    texts.name_unfit(LONGEST),
                    texts.name_placeholder(),
                    reply_to=message.message_id,
                )
            elif await self._shelf.rename(tx, style_id, owner.user_id, name):
                await self._desk.owe_answer(tx, update, texts.named(name))
        self._desk.outbox.wake()
