"""Questions about chats and their members."""

from __future__ import annotations

from .. import rights, wire
from ..errors import bad_request, forbidden
from ..world import ANONYMOUS_ID, Json
from .call import Call


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
        shown["permissions"] = rights.permissions_json(chat.permissions)
    return shown


async def get_chat_member(call: Call) -> Json:
    """One member."""
    chat = call.chat()
    user_id = call.parameters.integer("user_id")
    known = (call.world.bot.id, ANONYMOUS_ID, *call.world.users)
    if user_id not in known:
        raise bad_request("invalid user_id specified")
    return rights.membership(call.world, chat, user_id)


async def get_chat_administrators(call: Call) -> list[Json]:
    """Everybody with rights in a group."""
    chat = call.chat()
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    everybody = (*chat.members, call.world.bot.id)
    members = [rights.membership(call.world, chat, one) for one in everybody]
    return [one for one in members if one["status"] in ("creator", "administrator")]


async def leave_chat(call: Call) -> bool:
    """The bot goes."""
    chat = call.chat()
    if chat.is_private:
        raise forbidden("bot can't leave a private chat")
    call.backend.groups.set_bot_status(chat, call.world.bot.id, "left", {})
    return True


METHODS = (get_chat, get_chat_member, get_chat_administrators, leave_chat)
