"""The world as the chat page draws it."""

from __future__ import annotations

import html

from . import entities, wire
from .inline_results import InlineResult
from .rights import permissions_json
from .world import ANONYMOUS_ID, Chat, Json, Keyboard, Kind, Media, Message, User, World


def view(world: World, message: Message) -> Json:
    """A message as the chat page draws it."""
    return {
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "thread_id": message.thread_id,
        "date": message.date,
        "edit_date": message.edit_date,
        "from": _sender_view(world, message),
        "kind": message.kind.value,
        **_words_view(world, message),
        "reply_to": message.reply_to,
        "media_group_id": message.media_group_id,
        "photo": _photo_view(message.media),
        "animation": _clip_view(message.media, Kind.ANIMATION),
        "video": _clip_view(message.media, Kind.VIDEO),
        "document": _document_view(message.media),
        "keyboard": _keyboard_view(message.keyboard),
        "reaction": message.reaction,
        "via_bot": world.bot.username if message.via_bot else None,
        "forwarded_from": _origin_view(message.forward_origin),
        "force_reply": _force_reply_view(message),
    }


def _sender_view(world: World, message: Message) -> Json:
    """Who is shown as the author; administrators may appear as their group."""
    if message.sender == ANONYMOUS_ID:
        title = world.chats[message.chat_id].title
        return {"id": ANONYMOUS_ID, "name": title, "is_bot": False}
    sender = world.user(message.sender)
    return {"id": sender.id, "name": sender.name, "is_bot": sender.is_bot}


def _words_view(world: World, message: Message) -> Json:
    if message.service is not None:
        sentence = _happening(world, message)
        return {"text": sentence, "html": html.escape(sentence)}
    return {
        "text": message.text or None,
        "html": entities.to_html(message.text, message.entities) or None,
    }


def _happening(world: World, message: Message) -> str:
    """A service message in words."""
    service = message.service or {}
    name = world.user(message.sender).name
    if "new_chat_members" in service:
        joined = ", ".join(one["first_name"] for one in service["new_chat_members"])
        return (
            f"{joined} joined the group"
            if joined == name
            else (f"{name} added {joined}")
        )
    if "left_chat_member" in service:
        gone = service["left_chat_member"]["first_name"]
        return f"{gone} left the group" if gone == name else f"{name} removed {gone}"
    if "forum_topic_created" in service:
        topic = service["forum_topic_created"]["name"]
        return f"{name} created the topic “{topic}”"
    return "The group became a supergroup"


def _origin_view(origin: Json | None) -> str | None:
    if origin is None:
        return None
    person = origin.get("sender_user")
    return str(person["first_name"] if person else origin["sender_chat"]["title"])


def _force_reply_view(message: Message) -> Json | None:
    asked = message.force_reply
    if asked is None:
        return None
    users = None if asked.users is None else list(asked.users)
    return {"placeholder": asked.placeholder, "users": users}


def user_view(person: User) -> Json:
    """A person in the page's list."""
    return {"id": person.id, "name": person.name, "language": person.language}


def result_view(result: InlineResult) -> Json:
    """A result of an inline query, as it is offered."""
    return {
        "id": result.id,
        "type": result.type,
        "title": result.title or None,
        "description": result.description or None,
        "html": entities.to_html(result.text, result.entities) or None,
        "photo": _photo_view(result.shown),
        "animation": _clip_view(result.shown, Kind.ANIMATION),
        "document": _document_view(result.shown),
        "keyboard": _keyboard_view(result.keyboard),
    }


def chat_view(world: World, chat: Chat) -> Json:
    """A chat in the page's list."""
    shown = wire.chat_json(world, chat)
    topics = [
        {"id": topic.id, "name": topic.name, "is_closed": topic.is_closed}
        for topic in chat.topics.values()
    ]
    return {
        "id": chat.id,
        "type": chat.type,
        "title": shown.get("title") or shown["first_name"],
        "members": chat.members,
        "owner": chat.owner,
        "administrators": chat.administrators,
        "bot_status": chat.bot_status,
        "permissions": None if chat.is_private else permissions_json(chat.permissions),
        "is_forum": chat.is_forum,
        "topics": topics,
        "migrated_to": chat.migrated_to,
    }


def _keyboard_view(keyboard: Keyboard | None) -> list[list[Json]] | None:
    if keyboard is None:
        return None
    return [[_button_view(button) for button in row] for row in keyboard]


_SHOWN = (
    "url",
    "style",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)


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
