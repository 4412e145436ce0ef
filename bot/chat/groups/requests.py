"""`Requests`: what the bot does about messages in groups. Most of them: nothing."""

from __future__ import annotations

import time
from dataclasses import replace

from telegram import Message, Update

from ...storage.database import Transaction
from .. import store as chat_store
from ..clerk import Clerk
from ..conversation import Conversation
from ..desk import Context, Desk, owner_of
from ..drafts import Draft
from ..inline.links import is_style_code
from ..styles.naming import Naming
from ..texts import Refusal, Stage, Texts
from . import store
from .addressing import STYLE, Call, call_in, is_a_copy
from .albums import Albums
from .arguments import StyleNames, style_called
from .arriving import Arrivals, Brought
from .pairing import NamedStyle, Request, begin
from .people import CHANNEL, is_administrator
from .replies import Replies
from .words import question


class Requests:
    """The handler of everything that is written in a group, edited or not."""

    def __init__(
        self,
        desk: Desk,
        clerk: Clerk,
        conversation: Conversation,
        arrivals: Arrivals,
        styles: StyleNames,
        naming: Naming,
    ) -> None:
        self._desk = desk
        self._clerk = clerk
        self._conversation = conversation
        self._arrivals = arrivals
        self._styles = styles
        self._naming = naming
        self._albums = Albums()
        self._replies = Replies(desk, clerk, arrivals, styles)

    async def message(self, update: Update, context: Context) -> None:
        """Does what the message asks for, if it asks this bot for anything."""
        message = update.effective_message
        if message is None or message.from_user is None or is_a_copy(message):
            return
        call = call_in(message, context.bot.username)
        if call is not None and await self._is_for_us(call, message, context):
            await self._follow(update, message, call, context)
        elif update.edited_message is None and call is None:
            await self._without_call(update, message, context)

    async def _is_for_us(self, call: Call, message: Message, context: Context) -> bool:
        """A bare command is for us if Telegram has picked us among the bots.

        To a bot that sees everything, it could be for any of them.
        """
        if call.named or call.command == STYLE:
            return True
        sees_all = context.bot.can_read_all_group_messages or await is_administrator(
            context.bot, message.chat_id, context.bot.id
        )
        return not sees_all

    async def _follow(
        self, update: Update, message: Message, call: Call, context: Context
    ) -> None:
        if update.edited_message is not None and call.command != STYLE:
            return
        texts, username = self._desk.texts_of(update), context.bot.username
        if message.from_user is not None and message.from_user.id == CHANNEL:
            await self._desk.say(update, texts.group_channel())
            return
        match call.command:
            case "style":
                await self._style(update, message, call, username)
            case "start" if is_style_code(call.argument):
                await self._style(update, message, call, username)
            case "help" | "start":
                await self._help(update, call, texts, username)
            case "cancel":
                await self._conversation.cancel(update, context)
            case "status":
                await self._conversation.status(update, context)
            case _ if call.named:
                await self._desk.say(update, texts.group_unknown_command(username))

    async def _help(
        self, update: Update, call: Call, texts: Texts, username: str
    ) -> None:
        """A link that adds the bot to a group starts it there, with a payload: unless
        that is the code of a style, the hello that comes with it is enough."""
        if call.command == "help" or not call.argument:
            await self._desk.say(update, texts.group_help(username))

    async def _without_call(
        self, update: Update, message: Message, context: Context
    ) -> None:
        """A picture of an album that is being taken, or an answer to a question."""
        if message.via_bot is not None or message.forward_origin is not None:
            return
        if message.media_group_id is not None:
            self._albums.remember(message)
        if message.text is not None and await self._naming.answer(update, context):
            return
        await self._replies.message(update, message, context)

    # /style

    async def _style(
        self, update: Update, message: Message, call: Call, username: str
    ) -> None:
        """Takes what the message brings and asks for the rest."""
        if await store.is_answered(self._desk.db, message.chat_id, message.message_id):
            return  # an edit of what was understood before
        if not call.by_name:
            self._desk.nods.see(message)
        style = await style_called(
            self._styles,
            call.argument,
            owner_of(update).user_id,
            self._desk.texts_of(update),
        )
        brought = await self._arrivals.brought(message)
        talk = call.by_name and message.text is not None and call.argument != ""
        if talk and style is None and brought == Brought():
            return  # people are talking about the bot
        unknown = call.argument if style is None and not call.by_name else ""
        await self._begin(update, message, brought, style, (unknown, username))
        for other in self._albums.of(message):
            await self._replies.sibling(update, other)

    async def _begin(
        self,
        update: Update,
        message: Message,
        brought: Brought,
        style: NamedStyle | None,
        unknown: tuple[str, str],
    ) -> None:
        request = Request(
            message_id=message.message_id,
            replied=brought.replied,
            own=brought.own,
            lacks_replied=brought.lacks_replied,
            wants_style=unknown[0] != "",
            style=style,
        )
        language = self._desk.language_of(update)
        async with self._desk.db.transaction() as tx:
            before = await chat_store.load_draft(tx, owner_of(update))
            draft = begin(replace(before, language=language), request, time.time())
            await chat_store.save_draft(tx, draft)
            if draft.card_due_at is None:
                await self._ask(tx, update, draft, brought.refused, unknown)
        self._desk.outbox.wake()
        self._clerk.wake()

    async def _ask(
        self,
        tx: Transaction,
        update: Update,
        draft: Draft,
        refused: Refusal | None,
        unknown: tuple[str, str],
    ) -> None:
        """Asks for what is missing, after a word on what could not be used."""
        if draft.stage is Stage.STRENGTH:
            return
        texts = self._desk.texts_of(update)
        said = [question(texts, draft)]
        if unknown[0]:
            said.insert(0, texts.group_unknown_style(*unknown))
        if refused is not None:
            said.insert(0, texts.refused(refused))
        key = f"update:{update.update_id}"
        await self._desk.ask(tx, draft, key, "", group_text="\n".join(said))
