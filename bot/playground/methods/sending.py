"""Methods that put something new into a chat."""

from __future__ import annotations

import asyncio
from typing import Any

from .. import rights, wire
from ..content import ForceReply
from ..entities import slice_of, to_html
from ..errors import bad_request
from ..formatting import MAX_TEXT, caption_of, formatted
from ..keyboards import parse_markup
from ..world import (
    ANONYMOUS_ID,
    Chat,
    Entity,
    Json,
    Kind,
    Media,
    Message,
    World,
)
from .call import Call, check_access
from .media import input_kind, input_media, sent_media

MIN_ALBUM = 2
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
    chat = call.chat()
    rights.check_may_send(chat, Kind.TEXT)
    text, marks = call.words()
    draft = _draft(call, chat, text, marks)
    call.backend.flood.pass_through(chat)
    return _post(call, draft)


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
    chat = call.chat()
    rights.check_may_send(chat, kind)
    text, marks = call.caption()
    draft = _draft(call, chat, text, marks)
    draft.media = await sent_media(call, kind)
    call.backend.flood.pass_through(chat)
    return _post(call, draft)


async def send_media_group(call: Call) -> list[Json]:
    """An album; it carries no keyboard."""
    chat = call.chat()
    items: Any = call.parameters.parsed("media")
    _check_album(items)
    for item in items:
        rights.check_may_send(chat, input_kind(item))
    captions = [caption_of(item) for item in items]
    place = call.place(chat)
    media = await asyncio.gather(*(input_media(call, item) for item in items))
    call.backend.flood.pass_through(chat, len(items))
    group = next_group(call)
    return [
        _post(call, _album_item(call, chat, part, words, place, group))
        for part, words in zip(media, captions, strict=True)
    ]


def _check_album(items: Any) -> None:
    if not items or not isinstance(items, list):
        raise bad_request("there are no messages to send")
    if len(items) < MIN_ALBUM:
        raise bad_request("an album must have 2-10 items")
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
    place: tuple[int | None, int | None],
    group: str,
) -> Message:
    return Message(
        message_id=0,
        chat_id=chat.id,
        sender=call.world.bot.id,
        date=0,
        text=words[0],
        entities=words[1],
        media=media,
        thread_id=place[0],
        reply_to=place[1],
        media_group_id=group,
    )


async def copy_message(call: Call) -> Json:
    """The content of an earlier message, without its keyboard."""
    chat = call.chat()
    source = call.world.chats.get(call.parameters.integer("from_chat_id"))
    if source is None:
        raise bad_request("chat not found")
    check_access(source)
    origin = call.message(source, "copy")
    if origin.service is not None:
        raise bad_request("message can't be copied")
    rights.check_may_send(chat, origin.kind)
    text, marks = origin.text, origin.entities
    if "caption" in call.parameters.values and origin.media is not None:
        text, marks = call.caption()
    draft = _draft(call, chat, text, marks)
    draft.media = origin.media
    call.backend.flood.pass_through(chat)
    return {"message_id": _post(call, draft)["message_id"]}


async def send_message_draft(call: Call) -> bool:
    """Shows words that are still being written, in private chats alone."""
    chat, thread = call.chat(), call.thread(call.chat())
    if not chat.is_private:
        raise bad_request("PEER_ID_INVALID")
    if not call.parameters.integer("draft_id"):
        raise bad_request("draft identifier must be non-zero")
    text, marks = formatted(call.parameters.values, "text", "entities")
    if len(text) > MAX_TEXT:
        raise bad_request("message is too long")
    call.backend.poster.draft(chat, thread, to_html(text, marks))
    return True


async def send_chat_action(call: Call) -> bool:
    """Shows for some seconds what the bot is doing."""
    chat, thread = call.chat(), call.thread(call.chat())
    action = call.parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.backend.poster.act(chat, action, thread)
    return True


def _draft(call: Call, chat: Chat, text: str, marks: list[Entity]) -> Message:
    markup = parse_markup(call.parameters.text("reply_markup"))
    thread_id, reply_to = call.place(chat)
    draft = Message(
        message_id=0,
        chat_id=chat.id,
        sender=call.world.bot.id,
        date=0,
        text=text,
        entities=marks,
        thread_id=thread_id,
        reply_to=reply_to,
        keyboard=markup.keyboard,
        had_markup=markup.is_other or markup.force_reply is not None,
        caption_above=call.parameters.flag("show_caption_above_media"),
    )
    if markup.force_reply is not None:
        draft.force_reply = _force_reply(call, chat, draft, markup.force_reply)
    return draft


def _force_reply(call: Call, chat: Chat, draft: Message, asked: Json) -> ForceReply:
    """The request for an answer: selective, it reaches only whom the message means."""
    placeholder = str(asked.get("input_field_placeholder", ""))
    if chat.is_private or not asked.get("selective"):
        return ForceReply(placeholder=placeholder)
    origin = chat.messages.get(draft.reply_to or 0)
    meant = {origin.sender} if origin else set()
    for entity in draft.entities:
        meant |= _mentioned(call.world, draft.text, entity)
    return ForceReply(
        placeholder=placeholder,
        users=tuple(one for one in (*chat.members, ANONYMOUS_ID) if one in meant),
    )


def _mentioned(world: World, text: str, entity: Entity) -> set[int]:
    if entity["type"] == "text_mention":
        return {int(entity["user"]["id"])}
    if entity["type"] != "mention":
        return set()
    name = slice_of(text, entity).removeprefix("@").lower()
    return {one.id for one in world.users.values() if one.username.lower() == name}


def _post(call: Call, message: Message) -> Json:
    check_access(call.world.chats[message.chat_id])  # an upload may have taken its time
    return wire.message_json(call.world, call.backend.poster.post(message))


METHODS = (
    send_message,
    send_photo,
    send_document,
    send_animation,
    send_video,
    send_media_group,
    copy_message,
    send_message_draft,
    send_chat_action,
)
