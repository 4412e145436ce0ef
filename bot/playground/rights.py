"""Who is what in a group, and what that allows."""

from __future__ import annotations

from . import wire
from .errors import bad_request
from .world import ANONYMOUS_ID, Chat, Json, Kind, Permissions, World

ADMINISTRATOR_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
    "can_react_to_messages",
)
_NEEDED = {
    Kind.TEXT: ("can_send_messages", "text messages"),
    Kind.LOCATION: ("can_send_messages", "locations"),
    Kind.PHOTO: ("can_send_photos", "photos"),
    Kind.DOCUMENT: ("can_send_documents", "documents"),
    Kind.ANIMATION: ("can_send_other_messages", "animations"),
    Kind.VIDEO: ("can_send_videos", "videos"),
    Kind.STICKER: ("can_send_other_messages", "stickers"),
    Kind.VOICE: ("can_send_voice_notes", "voice notes"),
}
_FORBIDDEN_EDITS = {
    Kind.PHOTO: "CHAT_SEND_PHOTOS_FORBIDDEN",
    Kind.DOCUMENT: "CHAT_SEND_DOCS_FORBIDDEN",
    Kind.ANIMATION: "CHAT_SEND_GIFS_FORBIDDEN",
    Kind.VIDEO: "CHAT_SEND_VIDEOS_FORBIDDEN",
}


def permissions_json(granted: Permissions) -> Json:
    """Every permission; what `granted` does not mention is allowed."""
    return {name: granted.get(name, True) for name in PERMISSIONS}


def bot_may(chat: Chat, permission: str) -> bool:
    """Whether the bot, as what it is in the chat, has the permission."""
    if chat.is_private or chat.bot_status == "administrator":
        return True
    if not chat.permissions.get(permission, True):
        return False
    if chat.bot_status == "restricted":
        return chat.bot_permissions.get(permission, True)
    return True


def check_may_send(chat: Chat, kind: Kind) -> None:
    """The bot may send something of that kind.

    Raises:
        ApiError: 400 in Telegram's words.
    """
    permission, things = _NEEDED[kind]
    if not bot_may(chat, permission):
        raise bad_request(f"not enough rights to send {things} to the chat")


def person_may_send(chat: Chat, user_id: int, kind: Kind) -> bool:
    """Whether a person, as what they are in the chat, may send that kind."""
    if chat.is_private or chat.is_administrator(user_id):
        return True
    permission, _ = _NEEDED.get(kind, _NEEDED[Kind.TEXT])
    return chat.permissions.get(permission, True)


def check_may_become(chat: Chat, kind: Kind) -> None:
    """The bot may turn a message of its own into one of that kind.

    Raises:
        ApiError: 400 in Telegram's words.
    """
    if kind in _FORBIDDEN_EDITS and not bot_may(chat, _NEEDED[kind][0]):
        raise bad_request(_FORBIDDEN_EDITS[kind])


def bot_membership(world: World, chat: Chat) -> Json:
    """The `ChatMember` that the bot is in the chat."""
    shown: Json = {"user": wire.user_json(world.bot), "status": chat.bot_status}
    match chat.bot_status:
        case "kicked":
            shown["until_date"] = 0
        case "administrator":
            shown |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
            shown |= {"can_be_edited": False, "is_anonymous": False}
        case "restricted":
            shown |= permissions_json(chat.bot_permissions)
            shown |= {"is_member": True, "until_date": 0}
    return shown


def membership(world: World, chat: Chat, user_id: int) -> Json:
    """The `ChatMember` that anybody is in the chat."""
    if user_id == world.bot.id:
        return bot_membership(world, chat)
    user = wire.user_json(world.user(user_id))
    if user_id == chat.owner:
        return {"user": user, "status": "creator", "is_anonymous": False}
    if user_id in chat.administrators or user_id == ANONYMOUS_ID:
        rights = dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
        rights |= {"can_be_edited": False, "is_anonymous": user_id == ANONYMOUS_ID}
        return {"user": user, "status": "administrator", **rights}
    inside = user_id in chat.members
    return {"user": user, "status": "member" if inside else "left"}
