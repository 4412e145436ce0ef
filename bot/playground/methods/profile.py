"""What the bot says about itself: commands, name, descriptions, menu button."""

from __future__ import annotations

import re
from typing import Any

from ..commands import Scope
from ..errors import bad_request
from ..world import Json
from .call import Call

MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_NAME = 64
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_SCOPES = (
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
)
_OF_A_CHAT = ("chat", "chat_administrators", "chat_member")


async def set_my_commands(call: Call) -> bool:
    """The list behind the menu, per scope and language."""
    commands: Any = call.parameters.parsed("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    listed = [_command(one) for one in commands]
    key = _key(call)
    if listed:
        call.world.profile.commands[key] = listed
    else:
        call.world.profile.commands.pop(key, None)
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """The list of exactly this scope and language."""
    return call.world.profile.commands.get(_key(call), [])


async def delete_my_commands(call: Call) -> bool:
    """Forgets the list of this scope and language."""
    call.world.profile.commands.pop(_key(call), None)
    return True


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(given.get("command", "")), given.get("description")
    if not _COMMAND.fullmatch(name.removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not (
        1 <= len(description) <= MAX_COMMAND_DESCRIPTION
    ):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


def _key(call: Call) -> tuple[Scope, str]:
    scope: Any = call.parameters.parsed("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    kind, chat_id, user_id = str(scope["type"]), 0, 0
    if kind in _OF_A_CHAT:
        chat_id = _whole(scope.get("chat_id"), "chat_id")
        if chat_id not in call.world.chats:
            raise bad_request("chat not found")
    if kind == "chat_member":
        user_id = _whole(scope.get("user_id"), "user_id")
        if user_id not in call.world.users:
            raise bad_request("user not found")
    return (kind, chat_id, user_id), _language(call)


def _whole(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        reason = f'Field "{name}" must be of type Number'
        raise bad_request(f"can't parse BotCommandScope: {reason}") from None


def _language(call: Call) -> str:
    language = call.parameters.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


async def set_my_name(call: Call) -> bool:
    """The name, up to 64 characters."""
    return _set_text(call, "name", MAX_NAME)


async def set_my_description(call: Call) -> bool:
    """The text in an empty chat, up to 512 characters."""
    return _set_text(call, "description", MAX_DESCRIPTION)


async def set_my_short_description(call: Call) -> bool:
    """The text on the profile, up to 120 characters."""
    return _set_text(call, "short_description", MAX_SHORT_DESCRIPTION)


async def get_my_name(call: Call) -> Json:
    """The name, in that language or else at all."""
    return {"name": _text(call, "name") or call.world.bot.name}


async def get_my_description(call: Call) -> Json:
    """The text in an empty chat."""
    return {"description": _text(call, "description")}


async def get_my_short_description(call: Call) -> Json:
    """The text on the profile."""
    return {"short_description": _text(call, "short_description")}


def _set_text(call: Call, name: str, limit: int) -> bool:
    text = call.parameters.text(name)
    if len(text) > limit:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    call.world.profile.texts[name, _language(call)] = text
    return True


def _text(call: Call, name: str) -> str:
    texts = call.world.profile.texts
    return texts.get((name, _language(call))) or texts.get((name, ""), "")


async def set_chat_menu_button(call: Call) -> bool:
    """The button left of the text field."""
    button: Any = call.parameters.parsed("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in (
        "commands",
        "web_app",
        "default",
    ):
        raise bad_request("can't parse menu button: unsupported type specified")
    call.world.profile.menu_buttons[call.parameters.integer("chat_id")] = button
    return True


async def get_chat_menu_button(call: Call) -> Json:
    """The button of this chat, or of all."""
    buttons = call.world.profile.menu_buttons
    chat_id = call.parameters.integer("chat_id")
    return buttons.get(chat_id) or buttons.get(0) or {"type": "commands"}


METHODS = (
    set_my_commands,
    get_my_commands,
    delete_my_commands,
    set_my_name,
    get_my_name,
    set_my_description,
    get_my_description,
    set_my_short_description,
    get_my_short_description,
    set_chat_menu_button,
    get_chat_menu_button,
)
