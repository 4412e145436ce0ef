"""Which commands somebody sees: the scopes and languages of `setMyCommands`."""

from __future__ import annotations

from collections.abc import Iterator

from .world import Chat, Json, User, World

Scope = tuple[str, int, int]
"""Its type, its chat and its user; 0 where the type has none."""


def scopes_of(chat: Chat, user: User) -> Iterator[Scope]:
    """The scopes that apply to a person in a chat, narrowest first."""
    if chat.is_private:
        yield "chat", chat.id, 0
        yield "all_private_chats", 0, 0
    else:
        runs_it = chat.is_administrator(user.id)
        yield "chat_member", chat.id, user.id
        if runs_it:
            yield "chat_administrators", chat.id, 0
        yield "chat", chat.id, 0
        if runs_it:
            yield "all_chat_administrators", 0, 0
        yield "all_group_chats", 0, 0
    yield "default", 0, 0


def commands_for(world: World, chat: Chat, user: User) -> list[Json]:
    """The first list there is: of each scope in the person's language, then in none."""
    language = user.language[:2]
    for scope in scopes_of(chat, user):
        for one in (language, ""):
            commands = world.profile.commands.get((scope, one))
            if commands:
                return commands
    return []
