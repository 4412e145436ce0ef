"""The world's objects as JSON: for the bot as the Bot API spells them, and as the
views of the chat page.
"""

from __future__ import annotations

from . import entities
from .world import Chat, Json, Keyboard, Kind, Media, Message, StoredFile, User, World


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
    return {"id": chat.id, "type": chat.type, "title": chat.title}


def message_json(world: World, message: Message, *, nested: bool = False) -> Json:
    """A `Message`; the one it replies to is nested one level deep."""
    chat = world.chats[message.chat_id]
    shown: Json = {
        "message_id": message.message_id,
        "date": message.date,
        "chat": chat_json(world, chat),
        "from": user_json(world.user(message.sender)),
    }
    if message.edit_date:
        shown["edit_date"] = message.edit_date
    if message.media_group_id:
        shown["media_group_id"] = message.media_group_id
    shown |= _content_json(message)
    if message.keyboard:
        shown["reply_markup"] = {"inline_keyboard": message.keyboard}
    origin = chat.messages.get(message.reply_to or 0)
    if origin is not None and not origin.deleted and not nested:
        shown["reply_to_message"] = message_json(world, origin, nested=True)
    return shown


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


def view(world: World, message: Message) -> Json:
    """A message as the chat page draws it."""
    sender = world.user(message.sender)
    return {
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "date": message.date,
        "edit_date": message.edit_date,
        "from": {"id": sender.id, "name": sender.name, "is_bot": sender.is_bot},
        "kind": message.kind.value,
        "text": message.text or None,
        "html": entities.to_html(message.text, message.entities) or None,
        "reply_to": message.reply_to,
        "media_group_id": message.media_group_id,
        "photo": _photo_view(message.media),
        "animation": _clip_view(message.media, Kind.ANIMATION),
        "video": _clip_view(message.media, Kind.VIDEO),
        "document": _document_view(message.media),
        "keyboard": _keyboard_view(message.keyboard),
        "reaction": message.reaction,
    }


def _keyboard_view(keyboard: Keyboard | None) -> list[list[Json]] | None:
    if keyboard is None:
        return None
    return [[_button_view(button) for button in row] for row in keyboard]


_SHOWN = ("url", "style", "copy_text")


def _button_view(button: Json) -> Json:
    shown: Json = {"text": button["text"], "data": button.get("callback_data")}
    return shown | {name: button[name] for name in _SHOWN if name in button}


def _photo_view(media: Media | None) -> Json | None:
    if media is None or media.kind is not Kind.PHOTO:
        return None
    largest, small = media.files[-1], media.files[min(1, len(media.files) - 1)]
    return {
        "file_id": largest.file_id,
        "width": largest.width,
        "height": largest.height,
        "thumb_file_id": small.file_id,
    }


def _clip_view(media: Media | None, kind: Kind) -> Json | None:
    if media is None or media.kind is not kind:
        return None
    file = media.main
    return {
        "file_id": file.file_id,
        "width": file.width,
        "height": file.height,
        "duration": file.duration_s,
        "mime": file.mime,
        "thumb_file_id": media.thumbnail.file_id if media.thumbnail else None,
    }


def _document_view(media: Media | None) -> Json | None:
    if media is None or media.kind is not Kind.DOCUMENT:
        return None
    file = media.main
    return {
        "file_id": file.file_id,
        "name": file.name,
        "size": file.size,
        "mime": file.mime,
        "thumb_file_id": media.thumbnail.file_id if media.thumbnail else None,
    }
