"""`call_in`: what a message of a group asks of the bot, if it asks anything."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot, Message, MessageEntity, Update

STYLE = "style"

_CHANNEL_POSTS = 777_000
"""Brings the posts of a linked channel into its group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command for the bot, or its name, which counts as /style."""

    command: str
    """Without the slash, in lower case."""
    argument: str = ""
    """What follows on the same line."""
    named: bool = True
    """It says which bot is meant; a bare command may be meant for another one."""
    by_name: bool = False
    """There was only the bot's name: people may be talking about it."""


@dataclass(frozen=True, slots=True)
class _Found:
    entity: MessageEntity
    words: str


def call_in(message: Message, username: str) -> Call | None:
    """The call in a text or caption; None: the bot is not spoken to.

    A text must begin with it, so that people can talk about the bot; a caption may
    have it anywhere. What was forwarded, or sent by the bot on somebody's behalf,
    speaks to nobody.
    """
    if message.forward_origin is not None or message.via_bot is not None:
        return None
    text = message.text or message.caption or ""
    for found in _entities(message):
        if message.text is not None and _before(text, found.entity).strip():
            return None
        call = _read(found.words, _after(text, found.entity), username)
        if call is not None:
            return call
    return None


def speaks_to(update: Update, bot: Bot) -> bool:
    """Whether somebody expects an answer: in private and to a tap, always."""
    message, chat = update.effective_message, update.effective_chat
    if message is None or chat is None or chat.type == chat.PRIVATE:
        return True
    if update.callback_query is not None or call_in(message, bot.username) is not None:
        return True
    source = message.reply_to_message
    author = source.from_user if source is not None else None
    return author is not None and author.id == bot.id


def is_a_copy(message: Message) -> bool:
    """The group's copy of a post in its channel: nobody asks for anything."""
    user = message.from_user
    return bool(message.is_automatic_forward) or (
        user is not None and user.id == _CHANNEL_POSTS
    )


def _entities(message: Message) -> list[_Found]:
    kinds: list[str | None] = [MessageEntity.BOT_COMMAND, MessageEntity.MENTION]
    parse = message.parse_entities if message.text else message.parse_caption_entities
    found = [_Found(entity, words) for entity, words in parse(kinds).items()]
    return sorted(found, key=lambda each: each.entity.offset)


def _read(words: str, rest: str, username: str) -> Call | None:
    argument = next(iter(rest.strip().splitlines()), "").strip()
    if words.startswith("@"):
        mine = words[1:].casefold() == username.casefold()
        if not mine:
            return None
        return Call(command=STYLE, argument=argument, by_name=True)
    command, at, addressee = words[1:].partition("@")
    if at and addressee.casefold() != username.casefold():
        return None
    return Call(command=command.casefold(), argument=argument, named=bool(at))


# Offsets of entities are in UTF-16 units, two bytes each.


def _before(text: str, entity: MessageEntity) -> str:
    return text.encode("utf-16-le")[: 2 * entity.offset].decode("utf-16-le")


def _after(text: str, entity: MessageEntity) -> str:
    end = 2 * (entity.offset + entity.length)
    return text.encode("utf-16-le")[end:].decode("utf-16-le")
