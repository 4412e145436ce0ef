"""Requests of the chat page: what they name, and sentences where that is nothing."""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .errors import Refusal
from .rights import person_may_send
from .world import Chat, Json, Kind, Message, User, World


async def refused(request: Request, error: Exception) -> Response:
    """A `Refusal`, or Starlette's own, as JSON with a sentence."""
    if isinstance(error, Refusal):
        return JSONResponse({"error": error.sentence}, error.status)
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code)
    raise error


async def json_of(request: Request) -> Json:
    """The body.

    Raises:
        Refusal: 400 for anything but an object.
    """
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Refusal(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body is not a JSON object.")
    return body


def number(value: Any, name: str) -> int:
    """A whole number.

    Raises:
        Refusal: 400 for anything else.
    """
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refusal(400, f"The parameter {name} must be a whole number.") from None


def seconds(value: str) -> float:
    """A time, at least 0.

    Raises:
        Refusal: 400 for anything else.
    """
    try:
        return max(0.0, float(value))
    except ValueError:
        raise Refusal(400, "A time must be a number of seconds.") from None


def chat_of(world: World, chat_id: Any, user: Any) -> Chat:
    """A chat, as seen by a member.

    Raises:
        Refusal: 404 without such a chat, 403 for people outside of it.
    """
    chat = world.chats.get(number(chat_id, "chat_id"))
    if chat is None:
        raise Refusal(404, "There is no such chat.")
    if number(user, "user") not in chat.members:
        raise Refusal(403, "Only members of this chat see it.")
    return chat


def group_of(world: World, chat_id: Any, user: Any) -> Chat:
    """A group, as seen by somebody who runs it.

    Raises:
        Refusal: as `chat_of`, 400 for a private chat, 403 for ordinary members.
    """
    chat = chat_of(world, chat_id, user)
    if chat.is_private:
        raise Refusal(400, "This is a private chat, not a group.")
    if not chat.is_administrator(int(user)):
        raise Refusal(403, "Only administrators of the group may do this.")
    check_alive(chat)
    return chat


def check_alive(chat: Chat) -> None:
    """The chat has not moved.

    Raises:
        Refusal: 400 for a group that is a supergroup now.
    """
    if chat.migrated_to is not None:
        raise Refusal(400, "This group has become a supergroup; write there.")


def check_permitted(chat: Chat, user_id: int, kind: Kind) -> None:
    """The person may send that kind into the chat.

    Raises:
        Refusal: 403 where members may not.
    """
    if not person_may_send(chat, user_id, kind):
        raise Refusal(403, f"Members of this group may not send this: {kind}.")


def thread_of(chat: Chat, value: Any) -> int | None:
    """A topic that is open for everybody; None for General.

    Raises:
        Refusal: 404 without such a topic, 403 for a closed one.
    """
    if value in (None, "", "0"):
        return None
    topic = chat.topics.get(number(value, "thread_id"))
    if topic is None:
        raise Refusal(404, "There is no such topic.")
    if topic.is_closed:
        raise Refusal(403, "This topic is closed.")
    return topic.id


def person_of(world: World, user: Any) -> User:
    """A person.

    Raises:
        Refusal: 404 for somebody who does not exist.
    """
    person = world.users.get(number(user, "user"))
    if person is None:
        raise Refusal(404, "There is no such person.")
    return person


def message_of(chat: Chat, message_id: Any) -> Message:
    """A message, deleted ones included.

    Raises:
        Refusal: 404 without such a message.
    """
    message = chat.messages.get(number(message_id, "message_id"))
    if message is None:
        raise Refusal(404, "There is no such message.")
    return message
