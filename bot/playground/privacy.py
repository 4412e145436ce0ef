"""Which messages of a group a bot with privacy mode gets to see."""

from __future__ import annotations

from .entities import slice_of
from .world import Chat, Message, World


def bot_sees(
    world: World, chat: Chat, message: Message, *, mentions_delivered: bool
) -> bool:
    """Whether the message of a person is delivered to the bot.

    In private, and as an administrator, it sees everything. Otherwise only what
    happens in the chat, what was sent by its inline mode, replies to itself,
    commands for it, and (where `mentions_delivered`) its name.
    """
    if not chat.has_bot:
        return False
    if chat.is_private or chat.bot_status == "administrator":
        return True
    if message.service is not None or message.via_bot:
        return True
    origin = chat.messages.get(message.reply_to or 0)
    if origin is not None and origin.sender == world.bot.id:
        return True
    return any(
        _addresses(world, chat, entity["type"], slice_of(message.text, entity))
        and (entity["type"] != "mention" or mentions_delivered)
        for entity in message.entities
    )


def _addresses(world: World, chat: Chat, kind: str, words: str) -> bool:
    me = f"@{world.bot.username}".lower()
    if kind == "mention":
        return words.lower() == me
    if kind != "bot_command":
        return False
    _, at, addressee = words.partition("@")
    return f"@{addressee}".lower() == me if at else chat.bot_spoke_last
