"""`Call`: one call of the bot, and the questions that many methods ask of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .. import entities
from ..backend import Backend
from ..errors import bad_request, forbidden
from ..parameters import Parameters
from ..world import Chat, Entity, Json, Message, World

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100


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
        if chat.bot_status == "kicked":
            raise forbidden(
                "bot was blocked by the user"
                if chat.is_private
                else f"bot was kicked from the {chat.type} chat"
            )
        return chat

    def writable_chat(self) -> Chat:
        """The chat it names, to send something there.

        Raises:
            ApiError: as `chat`, and 400 for a topic that does not exist.
        """
        chat = self.chat()
        if self.parameters.integer("message_thread_id"):
            raise bad_request("message thread not found")
        return chat

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


def caption_of(values: Json) -> tuple[str, list[Entity]]:
    """The caption among the fields of a call or an `InputMedia`.

    Raises:
        ApiError: 400 when it is too long or not parsable.
    """
    text, marks = formatted(values, "caption", "caption_entities")
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, marks


def formatted(values: Json, words: str, marks: str) -> tuple[str, list[Entity]]:
    """Text and entities from the fields `words`, `marks` and `parse_mode`."""
    source = str(values.get(words) or "")
    mode = str(values.get("parse_mode") or "").lower()
    if not mode:
        text, given = source, _given_entities(values.get(marks), source)
    elif mode == "html":
        text, given = entities.parse_html(source)
    else:
        raise bad_request("unsupported parse_mode")
    text, given = entities.strip(text, given)
    return text, entities.merge_detected(text, given)[:MAX_ENTITIES]


def _given_entities(given: Any, text: str) -> list[Entity]:
    try:
        listed = json.loads(given) if isinstance(given, str) and given else given
    except ValueError:
        raise bad_request("can't parse entities JSON object") from None
    if not listed:
        return []
    end = entities.utf16_length(text)
    for entity in listed:
        if not isinstance(entity, dict) or "type" not in entity:
            raise bad_request("can't parse entities: Object expected")
        start, length = entity.get("offset"), entity.get("length")
        if not (isinstance(start, int) and isinstance(length, int)):
            raise bad_request("can't parse entities: Field must be a Number")
        if start < 0 or length < 1 or start + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end "
                f"of the text at UTF-16 offset {start + length}"
            )
    return [dict(entity) for entity in listed]
