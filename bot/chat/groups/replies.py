"""`Replies`: messages that do not name the bot but answer it."""

from __future__ import annotations

import time
from dataclasses import replace
from enum import Enum, auto

from telegram import Message, Update

from ...storage.database import Transaction
from .. import store as chat_store
from ..clerk import Clerk
from ..desk import Context, Desk, owner_of
from ..drafts import Draft, Taken
from ..reception import Refused, attachment_of
from ..texts import Refusal, Stage
from . import store
from .arguments import StyleNames, style_called
from .arriving import Arrivals, why_none
from .pairing import Request, Shown, begin, fill

_WAITING = (Stage.PHOTO, Stage.PAINTING, Stage.SECOND)


class _Sense(Enum):
    """What a reply to the bot means."""

    ANSWER = auto()
    """It brings what the bot has asked this person for."""
    MISTAKEN = auto()
    """It answers a question to somebody else."""
    CHATTER = auto()


class Replies:
    """Pictures and style names that the bot has asked for."""

    def __init__(
        self, desk: Desk, clerk: Clerk, arrivals: Arrivals, styles: StyleNames
    ) -> None:
        self._desk = desk
        self._clerk = clerk
        self._arrivals = arrivals
        self._styles = styles

    async def message(self, update: Update, message: Message, context: Context) -> None:
        """Takes the message if it is an answer; else the bot stays silent."""
        draft = await chat_store.load_draft(self._desk.db, owner_of(update))
        if _continues_album(draft, message):
            await self.sibling(update, message)
            return
        sense = await self._sense(message, draft, context.bot.id)
        if sense is _Sense.ANSWER:
            await self._answer(update, message)
        elif sense is _Sense.MISTAKEN and attachment_of(message) is not None:
            words = self._desk.texts_of(update).group_asked_another(
                context.bot.username
            )
            await self._desk.say(update, words)

    async def _sense(self, message: Message, draft: Draft, bot_id: int) -> _Sense:
        source = message.reply_to_message
        if source is None or source.from_user is None or source.from_user.id != bot_id:
            return _Sense.CHATTER
        if source.forum_topic_created is not None or message.from_user is None:
            return _Sense.CHATTER
        if (message.text or "").startswith("/"):
            return _Sense.CHATTER  # a command, but not for this bot
        said = await store.said(self._desk.db, message.chat_id, source.message_id)
        if said is not None and said.user_id == message.from_user.id:
            return _to_own(message, said, draft)
        if attachment_of(message) is None:
            return _Sense.CHATTER
        if draft.stage in _WAITING:
            return _Sense.ANSWER
        asked = said is not None and said.is_question
        return _Sense.MISTAKEN if asked else _Sense.CHATTER

    async def sibling(self, update: Update, message: Message) -> None:
        """A further picture of an album from which one was taken."""
        await self._hold(update, message)
        try:
            shown = await self._arrivals.own(message)
        except Refused:
            await self._release(update, message)
        else:
            await self._take(update, shown)

    async def _answer(self, update: Update, message: Message) -> None:
        if attachment_of(message) is None:
            await self._answer_in_words(update, message)
            return
        self._desk.nods.see(message)
        await self._hold(update, message)
        try:
            shown = await self._arrivals.own(message)
        except Refused as exc:
            self._desk.nods.turn_away(message)
            await self._release(update, message)
            await self._ask_again(update, message, exc.why)
        else:
            await self._take(update, shown)

    async def _answer_in_words(self, update: Update, message: Message) -> None:
        """The name of a style will do; nothing else that is no picture."""
        style = await style_called(
            self._styles,
            (message.text or "").strip(),
            owner_of(update).user_id,
            self._desk.texts_of(update),
        )
        if style is None:
            await self._ask_again(update, message, why_none(message) or Refusal.TEXT)
            return
        request = Request(message_id=message.message_id, style=style)
        async with self._desk.db.transaction() as tx:
            draft = begin(await self._draft(tx, update), request, time.time())
            await chat_store.save_draft(tx, draft)
            if draft.card_due_at is None:
                await self._desk.ask(tx, draft, _key(update), "")
        self._wake()

    async def _take(self, update: Update, shown: Shown) -> None:
        async with self._desk.db.transaction() as tx:
            before = await self._draft(tx, update)
            draft, taken = fill(before, shown, time.time())
            await chat_store.save_draft(tx, draft)
            await self._respond(tx, update, draft, taken)
        self._wake()

    async def _respond(
        self, tx: Transaction, update: Update, draft: Draft, taken: Taken
    ) -> None:
        """What is complete, or may become so, is answered when it falls due."""
        texts = self._desk.texts_of(update)
        if taken is Taken.SAME_PICTURE and draft.stage is Stage.STRENGTH:
            words = texts.same_picture(draft.stage)
            await self._desk.owe_answer(tx, update, words)
        elif taken is Taken.SAME_PICTURE:
            words = texts.group_same_picture(draft.stage)
            await self._desk.ask(tx, draft, _key(update), "", group_text=words)
        elif draft.card_due_at is None and draft.stage is not Stage.STRENGTH:
            await self._desk.ask(tx, draft, _key(update), "")

    async def _ask_again(self, update: Update, message: Message, why: Refusal) -> None:
        async with self._desk.db.transaction() as tx:
            draft = replace(
                await self._draft(tx, update), request_message_id=message.message_id
            )
            await chat_store.save_draft(tx, draft)
            words = self._desk.texts_of(update).group_refusal(why, draft.stage)
            await self._desk.ask(tx, draft, _key(update), "", group_text=words)
        self._wake()

    async def _draft(self, tx: Transaction, update: Update) -> Draft:
        draft = await chat_store.load_draft(tx, owner_of(update))
        return replace(draft, language=self._desk.language_of(update))

    async def _hold(self, update: Update, message: Message) -> None:
        """An album is not answered while one of its pictures is being fetched."""
        if message.media_group_id is not None:
            async with self._desk.db.transaction() as tx:
                draft = await chat_store.load_draft(tx, owner_of(update))
                held = draft.holding(message.media_group_id, time.time())
                await chat_store.save_draft(tx, held)

    async def _release(self, update: Update, message: Message) -> None:
        if message.media_group_id is not None:
            async with self._desk.db.transaction() as tx:
                draft = await chat_store.load_draft(tx, owner_of(update))
                freed = draft.released(message.media_group_id, time.time())
                await chat_store.save_draft(tx, freed)
        self._clerk.wake()

    def _wake(self) -> None:
        self._desk.outbox.wake()
        self._clerk.wake()


def _to_own(message: Message, said: store.Said, draft: Draft) -> _Sense:
    """A reply to what the bot has said to the same person.

    Pictures may come late, but words below an old question are no answer to it.
    """
    if attachment_of(message) is None:
        answers = said.is_question and said.is_latest
    else:
        answers = said.is_question or said.is_card or draft.stage in _WAITING
    return _Sense.ANSWER if answers else _Sense.CHATTER


def _continues_album(draft: Draft, message: Message) -> bool:
    """A picture of the album that the draft is being made of."""
    return (
        message.media_group_id is not None
        and message.media_group_id == draft.album_id
        and (draft.card_due_at is not None or draft.stage is Stage.PAINTING)
        and attachment_of(message) is not None
    )


def _key(update: Update) -> str:
    return f"update:{update.update_id}"
