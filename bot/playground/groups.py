"""`Groups`: what happens to chats rather than in them."""

from __future__ import annotations

from dataclasses import replace

from . import rights, wire
from .posting import Poster
from .updates import UpdateQueue
from .world import Chat, Json, Message, Permissions, Topic, User, World

FIRST_SUPERGROUP_ID = -1_000_000_000_000
GENERAL_ID = 1
"""Of the topic that is none: no other may have it."""
TOPIC_COLOUR = 7_322_096


class Groups:
    """People come, the bot goes, topics open, groups grow."""

    def __init__(self, *, world: World, poster: Poster, updates: UpdateQueue) -> None:
        self._world = world
        self._poster = poster
        self._updates = updates

    def add_person(self, name: str, language: str) -> User:
        """A new person with a private chat, who joins every group."""
        number = max(self._world.users) + 1
        letters = [one for one in name.lower() if one.isascii() and one.isalnum()]
        username = f"{''.join(letters) or 'person'}_{number}"
        person = User(id=number, name=name, username=username, language=language)
        self._world.users[number] = person
        private = Chat(id=number, type="private", members=[number], is_begun=False)
        self._world.chats[number] = private
        for chat in list(self._world.chats.values()):
            if not chat.is_private and chat.migrated_to is None:
                self._join(chat, person)
        self._poster.rearranged()
        return person

    def _join(self, chat: Chat, person: User) -> None:
        before = rights.membership(self._world, chat, person.id)
        chat.members.append(person.id)
        happening = {"new_chat_members": [wire.user_json(person)]}
        self._happen(chat, person.id, happening)
        self._tell_administrator(chat, person.id, before)

    def leave(self, chat: Chat, user_id: int) -> None:
        """A person goes, by their own wish."""
        before = rights.membership(self._world, chat, user_id)
        person = wire.user_json(self._world.user(user_id))
        self._happen(chat, user_id, {"left_chat_member": person})
        chat.members.remove(user_id)
        chat.administrators = [one for one in chat.administrators if one != user_id]
        self._tell_administrator(chat, user_id, before)
        self._poster.rearranged(chat)

    def _tell_administrator(self, chat: Chat, user_id: int, before: Json) -> None:
        """Only a bot that runs the group, and asks for it, learns this of others."""
        if chat.bot_status == "administrator":
            after = rights.membership(self._world, chat, user_id)
            self._updates.add("chat_member", self._change(chat, user_id, before, after))

    def set_language(self, user_id: int, language: str) -> None:
        """Switches the language of a person's client."""
        person = self._world.users[user_id]
        self._world.users[user_id] = replace(person, language=language)
        self._poster.rearranged()

    def set_bot_status(
        self, chat: Chat, user_id: int, status: str, permissions: Permissions
    ) -> None:
        """Blocks, removes, restricts, promotes or readmits the bot, which is told."""
        old = rights.bot_membership(self._world, chat)
        was_inside = chat.has_bot
        chat.bot_status = status
        chat.bot_permissions = permissions if status == "restricted" else {}
        new = rights.bot_membership(self._world, chat)
        if old != new:
            update = self._change(chat, user_id, old, new)
            self._updates.add("my_chat_member", update)
        if not chat.is_private and was_inside != chat.has_bot:
            self._bot_came_or_went(chat, user_id)
        self._poster.rearranged(chat)

    def _change(self, chat: Chat, user_id: int, old: Json, new: Json) -> Json:
        """A `ChatMemberUpdated`."""
        return {
            "chat": wire.chat_json(self._world, chat),
            "from": wire.user_json(self._world.user(user_id)),
            "date": self._poster.now(),
            "old_chat_member": old,
            "new_chat_member": new,
        }

    def _bot_came_or_went(self, chat: Chat, user_id: int) -> None:
        bot = wire.user_json(self._world.bot)
        if chat.has_bot:
            self._happen(chat, user_id, {"new_chat_members": [bot]})
        else:
            self._happen(chat, user_id, {"left_chat_member": bot})

    def permit(self, chat: Chat, permissions: Permissions) -> None:
        """Sets what ordinary members may do; bots are not told."""
        chat.permissions |= permissions
        self._poster.rearranged(chat)

    def promote(self, chat: Chat, user_id: int, *, administrator: bool) -> None:
        """Makes a member an administrator, or an ordinary member again."""
        before = rights.membership(self._world, chat, user_id)
        others = [one for one in chat.administrators if one != user_id]
        chat.administrators = [*others, user_id] if administrator else others
        self._tell_administrator(chat, user_id, before)
        self._poster.rearranged(chat)

    def open_topic(self, chat: Chat, user_id: int, name: str) -> Topic:
        """Opens a topic; the first one makes the group a forum."""
        chat.is_forum = True
        chat.last_message_id = max(chat.last_message_id, GENERAL_ID)
        topic = Topic(id=chat.last_message_id + 1, name=name)
        chat.topics[topic.id] = topic
        created = {"name": name, "icon_color": TOPIC_COLOUR}
        happening = {"forum_topic_created": created}
        self._happen(chat, user_id, happening, thread_id=topic.id)
        self._poster.rearranged(chat)
        return topic

    def set_topic_state(self, chat: Chat, topic: Topic, state: str) -> None:
        """Closes, reopens or deletes a topic with everything in it."""
        topic.is_closed = state == "closed"
        if state == "deleted":
            del chat.topics[topic.id]
            for message in list(chat.messages.values()):
                if message.thread_id == topic.id and not message.deleted:
                    self._poster.delete(message)
        self._poster.rearranged(chat)

    def migrate(self, chat: Chat, user_id: int) -> Chat:
        """Turns a group into a supergroup, which has another id and new numbers."""
        grown = Chat(
            id=self._next_supergroup_id(),
            type="supergroup",
            title=chat.title,
            members=list(chat.members),
            owner=chat.owner,
            administrators=list(chat.administrators),
            bot_status=chat.bot_status,
            permissions=dict(chat.permissions),
        )
        self._world.chats[grown.id] = grown
        self._happen(chat, user_id, {"migrate_to_chat_id": grown.id})
        chat.migrated_to = grown.id
        self._happen(grown, user_id, {"migrate_from_chat_id": chat.id})
        self._poster.rearranged()
        return grown

    def _next_supergroup_id(self) -> int:
        supergroups = [c for c in self._world.chats if c < FIRST_SUPERGROUP_ID]
        return min(supergroups, default=FIRST_SUPERGROUP_ID) - 1

    def _happen(
        self, chat: Chat, user_id: int, service: Json, *, thread_id: int | None = None
    ) -> None:
        self._poster.post(
            Message(
                message_id=0,
                chat_id=chat.id,
                sender=user_id,
                date=0,
                service=service,
                thread_id=thread_id,
            )
        )
