"""Answers to buttons, and reactions to messages."""

from __future__ import annotations

from typing import Any

from ..callbacks import MAX_ANSWER
from ..errors import bad_request
from ..world import Chat, Message
from .call import Call

EMOJI = frozenset(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭"
)
EMOJI_MORE = frozenset("🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡")
JOINED = frozenset({"❤", "❤‍🔥", "✍", "☃", "⚡", "👨‍💻", "🤷", "🤷‍♂", "🤷‍♀"})
_VARIATION = "️"


async def answer_callback_query(call: Call) -> bool:
    """Ends the wait of whoever pressed a button."""
    text = call.parameters.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    call.backend.callbacks.answer(
        call.parameters.text("callback_query_id"),
        {
            "text": text or None,
            "show_alert": call.parameters.flag("show_alert"),
        },
    )
    return True


async def set_message_reaction(call: Call) -> bool:
    """One emoji of the bot on a message, or none."""
    chat = call.chat()
    message = _first_of_album(chat, call.message(chat, "react"))
    wanted: Any = call.parameters.parsed("reaction") or []
    if not isinstance(wanted, list):
        raise bad_request("can't parse reaction JSON object")
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = None
    for one in wanted:
        emoji = str(one.get("emoji", "")) if isinstance(one, dict) else ""
        if emoji.replace(_VARIATION, "") not in EMOJI | EMOJI_MORE | JOINED:
            raise bad_request("REACTION_INVALID")
    message.reaction = emoji
    call.backend.poster.reacted(message)
    return True


def _first_of_album(chat: Chat, message: Message) -> Message:
    """Where a reaction lands: an album shows it on its first item."""
    if message.media_group_id is None:
        return message
    return next(
        one
        for one in chat.messages.values()
        if one.media_group_id == message.media_group_id and not one.deleted
    )


METHODS = (answer_callback_query, set_message_reaction)
