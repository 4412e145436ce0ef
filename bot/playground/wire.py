"""The world's objects as JSON, as the Bot API spells them."""

from __future__ import annotations

from .world import (
    ANONYMOUS_ID,
    Chat,
    Json,
    Kind,
    Media,
    Message,
    StoredFile,
    User,
    World,
)


def user_json(user: User) -> Json:
    """A `User`."""
    shown: Json = {
        "id": user.id,
        "is_bot": user.is_bot,
        "first_name": user.name,
        "username": user.username,
    }
    return shown if user.is_bot else {**shown, "language_code": user.language}


def chat_json(world: World, chat: Chat) -> Json:
    """A `Chat`; a private one is named after its person."""
    if chat.is_private:
        person = world.users[chat.members[0]]
        return {
            "id": chat.id,
            "type": chat.type,
            "first_name": person.name,
            "username": person.username,
        }
    shown: Json = {"id": chat.id, "type": chat.type, "title": chat.title}
    return {**shown, "is_forum": True} if chat.is_forum else shown


def message_json(world: World, message: Message, *, nested: bool = False) -> Json:
    """A `Message`; the one it replies to is nested one level deep."""
    chat = world.chats[message.chat_id]
    shown: Json = {
        "message_id": message.message_id,
        "date": message.date,
        "chat": chat_json(world, chat),
        "from": user_json(world.user(message.sender)),
    }
    shown |= _circumstances(world, chat, message)
    shown |= message.service or _content_json(message)
    if message.keyboard:
        shown["reply_markup"] = {"inline_keyboard": message.keyboard}
    # In a topic whatever is no reply comes as one to the message that opened it.
    origin = chat.messages.get(message.reply_to or message.thread_id or 0)
    if origin is not None and origin is not message and not (origin.deleted or nested):
        shown["reply_to_message"] = message_json(world, origin, nested=True)
    return shown


def _circumstances(world: World, chat: Chat, message: Message) -> Json:
    """When, where and how it was sent."""
    shown: Json = {}
    if message.edit_date:
        shown["edit_date"] = message.edit_date
    if message.media_group_id:
        shown["media_group_id"] = message.media_group_id
    if message.sender == ANONYMOUS_ID:
        shown["sender_chat"] = chat_json(world, chat)
    if message.via_bot:
        shown["via_bot"] = user_json(world.bot)
    if message.forward_origin:
        shown["forward_origin"] = message.forward_origin
    thread = message.thread_id or _reply_chain(chat, message)
    if thread:
        shown["message_thread_id"] = thread
    if message.thread_id:
        shown["is_topic_message"] = True
    return shown


def _reply_chain(chat: Chat, message: Message) -> int | None:
    """The first message of a chain of replies; only supergroups say so."""
    if chat.type != "supergroup":
        return None
    root = None
    while message.reply_to is not None and message.reply_to in chat.messages:
        root = message.reply_to
        message = chat.messages[root]
    return root


def origin_json(world: World, message: Message) -> Json:
    """The `MessageOrigin` of a forward of the message."""
    if message.sender == ANONYMOUS_ID:
        chat = chat_json(world, world.chats[message.chat_id])
        return {"type": "chat", "date": message.date, "sender_chat": chat}
    person = user_json(world.user(message.sender))
    return {"type": "user", "date": message.date, "sender_user": person}


def inaccessible_json(world: World, message: Message) -> Json:
    """An `InaccessibleMessage`, known by its date of 0."""
    chat = chat_json(world, world.chats[message.chat_id])
    return {"chat": chat, "message_id": message.message_id, "date": 0}


def _content_json(message: Message) -> Json:
    words, marks = "text", "entities"
    shown: Json = {}
    if message.media is not None:
        words, marks = "caption", "caption_entities"
        shown |= media_json(message.media)
        if message.caption_above:
            shown["show_caption_above_media"] = True
    if message.text:
        shown[words] = message.text
    if message.entities:
        shown[marks] = message.entities
    return shown


def media_json(media: Media) -> Json:
    """The fields of a message that carry its media."""
    if media.kind is Kind.PHOTO:
        return {"photo": [size_json(size) for size in media.files]}
    details = dict(media.details)
    if not media.files:
        return {media.kind.value: details}
    file = _file_json(media.main) | details
    if media.thumbnail is not None:
        file["thumbnail"] = size_json(media.thumbnail)
    if media.kind is Kind.ANIMATION:
        # Telegram repeats an animation as a document for old bots.
        document = {name: file[name] for name in file if name not in _CLIP_FIELDS}
        return {"animation": file, "document": document}
    return {media.kind.value: file}


_CLIP_FIELDS = ("width", "height", "duration")


def _file_json(file: StoredFile) -> Json:
    shown: Json = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "mime_type": file.mime,
    }
    if file.name:
        shown["file_name"] = file.name
    if file.width:
        shown |= {"width": file.width, "height": file.height}
    if file.duration_s:
        shown["duration"] = file.duration_s
    return shown


def size_json(file: StoredFile) -> Json:
    """A `PhotoSize`."""
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "width": file.width,
        "height": file.height,
    }
