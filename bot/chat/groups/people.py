"""Who is who in a group: names, people without a face, and who may press a button."""

from __future__ import annotations

import logging

from telegram import Bot, CallbackQuery, Message
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

log = logging.getLogger(__name__)

ANONYMOUS_ADMIN = 1_087_968_824
"""The sender of everything that administrators write in the name of their group."""
CHANNEL = 136_817_688
"""The sender of everything that people write in the name of a channel."""

_LONGEST_NAME = 32
_ADMINISTRATORS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})


def name_of(message: Message) -> str:
    """What the sender of a message is called; plain text, to be escaped."""
    if message.sender_chat is not None:
        return as_called(message.sender_chat.title)
    return as_called(message.from_user.first_name if message.from_user else None)


def as_called(name: str | None) -> str:
    """A name of one line and of bearable length."""
    name = " ".join((name or "").split()) or "?"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


async def may_press(query: CallbackQuery, owner_user_id: int, chat_id: int) -> bool:
    """Whether the one who pressed may press a button of `owner_user_id`.

    A button of an anonymous administrator may be pressed by every administrator of
    the chat, because a press comes with a face. If Telegram does not say who is one,
    nobody is.
    """
    if query.from_user.id == owner_user_id:
        return True
    if owner_user_id != ANONYMOUS_ADMIN:
        return False
    return await is_administrator(query.get_bot(), chat_id, query.from_user.id)


async def is_administrator(bot: Bot, chat_id: int, user_id: int) -> bool:
    """False as well if Telegram does not answer."""
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError as exc:
        log.info("the member is not known: %s", type(exc).__name__)
        return False
    return member.status in _ADMINISTRATORS
