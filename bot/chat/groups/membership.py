"""`Membership`: the bot comes into a chat, goes, and the chat gets another id."""

from __future__ import annotations

import logging

from telegram import Chat, ChatMember, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import ChatMigrated, TelegramError

from ...delivery.owed import Kind, Owed
from ..desk import Context, Desk
from .moves import leave, move

log = logging.getLogger(__name__)

_INSIDE = frozenset(
    {
        ChatMemberStatus.MEMBER,
        ChatMemberStatus.ADMINISTRATOR,
        ChatMemberStatus.OWNER,
    }
)


class Membership:
    """The handler of `my_chat_member`, and of what groups report of themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def changed(self, update: Update, context: Context) -> None:
        """Says hello, or tidies up; a promotion is none of either."""
        change = update.my_chat_member
        if change is None:
            return
        was, is_inside = (
            _inside(change.old_chat_member),
            _inside(change.new_chat_member),
        )
        if is_inside and not was and change.chat.type != ChatType.PRIVATE:
            await self._say_hello(update, change.chat, context)
        elif was and not is_inside:
            await self._go(change.chat, context)

    async def migrated(self, update: Update, _: Context) -> None:
        """The service message of either chat; the other one, or an error of Telegram,
        may have come first."""
        message = update.effective_message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await move(self._desk, message.chat_id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await move(self._desk, message.migrate_from_chat_id, message.chat_id)

    async def _say_hello(self, update: Update, chat: Chat, context: Context) -> None:
        words = self._desk.texts_of(update).group_hello(context.bot.username)
        hello = Owed(
            key=f"hello:{update.update_id}",
            chat_id=chat.id,
            kind=Kind.TEXT,
            text=words,
        )
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, hello)
        self._desk.outbox.wake()

    async def _go(self, chat: Chat, context: Context) -> None:
        """Leaves, unless the group has only become another one."""
        if chat.type == ChatType.GROUP:
            try:
                await context.bot.get_chat(chat.id)
            except ChatMigrated as exc:
                await move(self._desk, chat.id, exc.new_chat_id)
                return
            except TelegramError as exc:
                log.info("a group is closed to the bot: %s", type(exc).__name__)
        await leave(self._desk, chat.id)


def _inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _INSIDE
