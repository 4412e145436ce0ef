"""Questions about chats and their members."""

from __future__ import annotations

from .. import wire
from ..errors import bad_request, forbidden
from ..world import Chat, Json
from .call import Call

RIGHTS = (
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
)
_MAY = (
    "can_send_messages",
    "can_send_photos",
    "can_send_documents",
    "can_send_videos",
    "can_send_other_messages",
    "can_invite_users",
)


async def get_chat(call: Call) -> Json:
    """What there is to know about a chat."""
    chat = call.chat()
    shown = wire.chat_json(call.world, chat) | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if not chat.is_private:
        shown["permissions"] = dict.fromkeys(_MAY, True)
    return shown


async def get_chat_member(call: Call) -> Json:
    """One member."""
    chat = call.chat()
    user_id = call.parameters.integer("user_id")
    if user_id != call.world.bot.id and user_id not in call.world.users:
        raise bad_request("invalid user_id specified")
    return _member(call, chat, user_id)


async def get_chat_administrators(call: Call) -> list[Json]:
    """Everybody with rights in a group."""
    chat = call.chat()
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    members = [_member(call, chat, one) for one in (*chat.members, call.world.bot.id)]
    return [one for one in members if one["status"] in ("creator", "administrator")]


async def leave_chat(call: Call) -> bool:
    """The bot goes."""
    chat = call.chat()
    if chat.is_private:
        raise forbidden("bot can't leave a private chat")
    chat.bot_status = "kicked"
    return True


def _member(call: Call, chat: Chat, user_id: int) -> Json:
    user = wire.user_json(call.world.user(user_id))
    if user_id == call.world.bot.id and chat.bot_status == "administrator":
        rights = dict.fromkeys(RIGHTS, True) | {"is_anonymous": False}
        return {"user": user, "status": "administrator", **rights}
    if user_id == chat.owner:
        return {"user": user, "status": "creator", "is_anonymous": False}
    inside = user_id in (*chat.members, call.world.bot.id)
    return {"user": user, "status": "member" if inside else "left"}


METHODS = (get_chat, get_chat_member, get_chat_administrators, leave_chat)
