"""Methods that put something new into a chat."""

from __future__ import annotations

import asyncio
from typing import Any

from .. import wire
from ..errors import bad_request
from ..keyboards import parse_markup
from ..world import Chat, Entity, Json, Kind, Media, Message
from .call import Call, caption_of
from .media import input_kind, input_media, sent_media

MAX_ALBUM = 10
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


async def send_message(call: Call) -> Json:
    """Words."""
    chat = call.writable_chat()
    text, marks = call.words()
    return _post(call, _draft(call, chat, text, marks))


async def send_photo(call: Call) -> Json:
    """A picture, recompressed."""
    return await _send_media(call, Kind.PHOTO)


async def send_document(call: Call) -> Json:
    """A file as it is."""
    return await _send_media(call, Kind.DOCUMENT)


async def send_animation(call: Call) -> Json:
    """A silent clip."""
    return await _send_media(call, Kind.ANIMATION)


async def send_video(call: Call) -> Json:
    """A clip."""
    return await _send_media(call, Kind.VIDEO)


async def _send_media(call: Call, kind: Kind) -> Json:
    chat = call.writable_chat()
    text, marks = call.caption()
    draft = _draft(call, chat, text, marks)
    draft.media = await sent_media(call, kind)
    return _post(call, draft)


async def send_media_group(call: Call) -> list[Json]:
    """An album; it carries no keyboard."""
    chat = call.writable_chat()
    items: Any = call.parameters.parsed("media")
    _check_album(items)
    captions = [caption_of(item) for item in items]
    reply_to = call.reply_target(chat)
    media = await asyncio.gather(*(input_media(call, item) for item in items))
    group = next_group(call) if len(items) > 1 else None
    return [
        _post(call, _album_item(call, chat, part, words, reply_to, group))
        for part, words in zip(media, captions, strict=True)
    ]


def _check_album(items: Any) -> None:
    if not items or not isinstance(items, list):
        raise bad_request("there are no messages to send")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    kinds = {input_kind(item) for item in items}
    if Kind.ANIMATION in kinds:
        raise bad_request(
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"
        )
    if Kind.DOCUMENT in kinds and len(kinds) > 1:
        raise bad_request("document can't be mixed with other media types")


def next_group(call: Call) -> str:
    """A new `media_group_id`."""
    call.world.album_count += 1
    return str(13_000_000_000_000_000 + call.world.album_count)


def _album_item(
    call: Call,
    chat: Chat,
    media: Media,
    words: tuple[str, list[Entity]],
    reply_to: int | None,
    group: str | None,
) -> Message:
    return Message(
        message_id=0,
        chat_id=chat.id,
        sender=call.world.bot.id,
        date=0,
        text=words[0],
        entities=words[1],
        media=media,
        reply_to=reply_to,
        media_group_id=group,
    )


async def copy_message(call: Call) -> Json:
    """The content of an earlier message, without its keyboard."""
    chat = call.writable_chat()
    source = call.world.chats.get(call.parameters.integer("from_chat_id"))
    if source is None:
        raise bad_request("chat not found")
    origin = call.message(source, "copy")
    text, marks = origin.text, origin.entities
    if "caption" in call.parameters.values and origin.media is not None:
        text, marks = call.caption()
    draft = _draft(call, chat, text, marks)
    draft.media = origin.media
    return {"message_id": _post(call, draft)["message_id"]}


async def send_chat_action(call: Call) -> bool:
    """Shows for some seconds what the bot is doing."""
    chat = call.writable_chat()
    action = call.parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.backend.poster.act(chat, action)
    return True


def _draft(call: Call, chat: Chat, text: str, marks: list[Entity]) -> Message:
    return Message(
        message_id=0,
        chat_id=chat.id,
        sender=call.world.bot.id,
        date=0,
        text=text,
        entities=marks,
        reply_to=call.reply_target(chat),
        keyboard=parse_markup(call.parameters.text("reply_markup")),
        caption_above=call.parameters.flag("show_caption_above_media"),
    )


def _post(call: Call, message: Message) -> Json:
    return wire.message_json(call.world, call.backend.poster.post(message))


METHODS = (
    send_message,
    send_photo,
    send_document,
    send_animation,
    send_video,
    send_media_group,
    copy_message,
    send_chat_action,
)
