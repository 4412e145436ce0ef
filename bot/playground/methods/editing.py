"""Methods that change or remove what is in a chat."""

from __future__ import annotations

import copy
from typing import Any

from .. import rights, wire
from ..errors import bad_request
from ..formatting import caption_of
from ..keyboards import parse_inline_keyboard
from ..world import Chat, Json, Kind, Message
from .call import Call, check_access, whole_number
from .media import input_kind, input_media, same_media

DELETABLE_S = 48 * 3600
MAX_DELETED = 100
_LASTING = {"forum_topic_created", "migrate_to_chat_id", "migrate_from_chat_id"}
"""Service messages that nobody deletes."""
_ALBUM_KINDS = (Kind.PHOTO, Kind.VIDEO)


Edited = Json | bool
"""The message; True where it was sent by inline mode."""


async def edit_message_text(call: Call) -> Edited:
    """New words for a message without media."""
    message = _editable(call)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    changed = copy.copy(message)
    changed.text, changed.entities = call.words()
    return _apply(call, message, changed)


async def edit_message_caption(call: Call) -> Edited:
    """New words under media; none take the caption away."""
    message = _editable(call)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    changed = copy.copy(message)
    changed.text, changed.entities = call.caption()
    changed.caption_above = call.parameters.flag("show_caption_above_media")
    return _apply(call, message, changed)


async def edit_message_media(call: Call) -> Edited:
    """Other media; a message of words becomes one with media."""
    message = _editable(call)
    item: Any = call.parameters.parsed("media")
    if not isinstance(item, dict):
        raise bad_request("input media is not specified")
    _check_new_media(call, message, item)
    changed = copy.copy(message)
    changed.text, changed.entities = caption_of(item)
    changed.media = await input_media(call, item)
    changed.caption_above = bool(item.get("show_caption_above_media"))
    if message.media_group_id and changed.media.kind not in _ALBUM_KINDS:
        raise bad_request("can't use the media type in the album")
    if message.deleted:
        raise bad_request("message to edit not found")
    return _apply(call, message, changed)


def _check_new_media(call: Call, message: Message, item: Json) -> None:
    """What may go into the message: no uploads after inline mode, no lacking rights."""
    kind = input_kind(item)
    if not message.inline_message_id:
        rights.check_may_become(call.world.chats[message.chat_id], kind)
    elif call.parameters.attached(str(item.get("media") or "")) is not None:
        raise bad_request("invalid message content specified")


async def edit_message_reply_markup(call: Call) -> Edited:
    """Another keyboard, or none."""
    message = _editable(call)
    return _apply(call, message, copy.copy(message))


def _editable(call: Call) -> Message:
    inline_id = call.parameters.text("inline_message_id")
    if inline_id:
        sent = call.world.inline_messages.get(inline_id)
        if sent is None or sent.deleted:
            raise bad_request("MESSAGE_ID_INVALID")
        return sent
    message = call.message(call.chat(), "edit")
    if message.sender != call.world.bot.id or message.had_markup:
        raise bad_request("message can't be edited")
    return message


def _apply(call: Call, message: Message, changed: Message) -> Edited:
    changed.keyboard = parse_inline_keyboard(call.parameters.text("reply_markup"))
    if not message.inline_message_id:  # an upload may have taken its time
        check_access(call.world.chats[message.chat_id])
    if _looks_the_same(message, changed):
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    message.text, message.entities = changed.text, changed.entities
    message.media, message.keyboard = changed.media, changed.keyboard
    message.caption_above = changed.caption_above
    call.backend.poster.edited(message)
    if message.inline_message_id:
        return True
    return wire.message_json(call.world, message)


def _looks_the_same(one: Message, other: Message) -> bool:
    return (
        same_media(one.media, other.media)
        and (one.text, one.entities) == (other.text, other.entities)
        and one.keyboard == other.keyboard
        and one.caption_above == other.caption_above
    )


async def delete_message(call: Call) -> bool:
    """Takes one message away."""
    chat = call.chat()
    message = call.message(chat, "delete")
    _check_deletable(call, chat, message)
    call.backend.poster.delete(message)
    return True


async def delete_messages(call: Call) -> bool:
    """Takes up to a hundred away; those that are gone are skipped."""
    chat = call.chat()
    numbers: Any = call.parameters.parsed("message_ids")
    if not isinstance(numbers, list) or not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > MAX_DELETED:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages.get(whole_number(number)) for number in numbers]
    present = [message for message in found if message and not message.deleted]
    for message in present:
        _check_deletable(call, chat, message)
    for message in present:
        call.backend.poster.delete(message)
    return True


def _check_deletable(call: Call, chat: Chat, message: Message) -> None:
    """Its own and, as an administrator or in private, those of others; not for ever."""
    own = message.sender == call.world.bot.id
    if message.service is not None and _LASTING & message.service.keys():
        raise bad_request("message can't be deleted")
    if not (own or chat.is_private or chat.bot_status == "administrator"):
        raise bad_request("message can't be deleted")
    if call.backend.poster.now() - message.date >= DELETABLE_S:
        for_all = "" if chat.type == "supergroup" else " for everyone"
        raise bad_request(f"message can't be deleted{for_all}")


METHODS = (
    edit_message_text,
    edit_message_caption,
    edit_message_media,
    edit_message_reply_markup,
    delete_message,
    delete_messages,
)
