"""`Call`: one call of the bot, and the questions that many methods ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ..backend import Backend
from ..errors import bad_request, forbidden, migrated
from ..formatting import MAX_TEXT, caption_of, formatted
from ..parameters import Parameters
from ..world import Chat, Entity, Message, World


@dataclass(frozen=True, slots=True)
class Call:
    """The parameters of a call, and where it acts."""

    backend: Backend
    parameters: Parameters

    @property
    def world(self) -> World:
        """The state it acts on."""
        return self.backend.world

    def chat(self) -> Chat:
        """The chat it names.

        Raises:
            ApiError: 400 for none, 403 where the bot was blocked or kicked.
        """
        wanted = self.parameters.text("chat_id")
        if not wanted:
            raise bad_request("chat_id is empty")
        chat = self.world.chats.get(self.parameters.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        check_access(chat)
        return chat

    def thread(self, chat: Chat) -> int | None:
        """The topic it names.

        Raises:
            ApiError: 400 for anything that is no topic; General is none.
        """
        number = self.parameters.integer("message_thread_id")
        if not number:
            return None
        topic = chat.topics.get(number)
        if topic is None:
            raise bad_request("message thread not found")
        return number

    def place(self, chat: Chat) -> tuple[int | None, int | None]:
        """The topic and the message to reply to: a reply goes to its original's topic.

        Raises:
            ApiError: as `thread` and `reply_target`, and 400 for a closed topic.
        """
        thread, reply_to = self.thread(chat), self.reply_target(chat)
        if thread is None and reply_to is not None:
            thread = chat.messages[reply_to].thread_id
        topic = chat.topics.get(thread or 0)
        if topic and topic.is_closed and chat.bot_status != "administrator":
            raise bad_request("TOPIC_CLOSED")
        return thread, reply_to

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message it names.

        Raises:
            ApiError: 400 "message to `purpose` not found".
        """
        number = self.parameters.integer("message_id")
        if number <= 0:
            raise bad_request("message identifier is not specified")
        return find_message(chat, number, purpose)

    def reply_target(self, chat: Chat) -> int | None:
        """The message to reply to.

        Raises:
            ApiError: 400 when it is gone and the call insists on it.
        """
        wanted = self.parameters.parsed("reply_parameters") or {
            "message_id": self.parameters.integer("reply_to_message_id"),
            "allow_sending_without_reply": self.parameters.flag(
                "allow_sending_without_reply"
            ),
        }
        if not isinstance(wanted, dict):
            raise bad_request("object expected as reply parameters")
        number = whole_number(wanted.get("message_id") or 0)
        if not number:
            return None
        origin = chat.messages.get(number)
        if origin is not None and not origin.deleted:
            return number
        if wanted.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

    def words(self) -> tuple[str, list[Entity]]:
        """The text of a message.

        Raises:
            ApiError: 400 when it is empty, too long or not parsable.
        """
        text, marks = formatted(self.parameters.values, "text", "entities")
        if not text:
            raise bad_request("message text is empty")
        if len(text) > MAX_TEXT:
            raise bad_request("message is too long")
        return text, marks

    def caption(self) -> tuple[str, list[Entity]]:
        """The caption, which may be empty; errors as in `caption_of`."""
        return caption_of(self.parameters.values)


Method = Callable[[Call], Awaitable[Any]]


def check_access(chat: Chat) -> None:
    """The bot is in the chat, and the chat is alive.

    Raises:
        ApiError: 403 where it was blocked or has left, 400 for a group that has moved.
    """
    if chat.bot_status == "kicked":
        raise forbidden(
            "bot was blocked by the user"
            if chat.is_private
            else f"bot was kicked from the {chat.type} chat"
        )
    if not chat.is_begun:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)


def whole_number(value: Any) -> int:
    """A message identifier out of JSON.

    Raises:
        ApiError: 400 for anything but a number.
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad_request("message identifier must be a Number") from None


def find_message(chat: Chat, number: int, purpose: str) -> Message:
    """A message that is still there.

    Raises:
        ApiError: 400 "message to `purpose` not found".
    """
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request(f"message to {purpose} not found")
    return message
