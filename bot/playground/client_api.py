"""The API of the chat page, of `stylebot demo --once` and of tests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from . import wire
from .backend import Backend
from .errors import Refusal
from .faults import read_fault
from .samples import SAMPLES
from .user_posts import UserPosts
from .world import Chat, Json, Message, World

MAX_WAIT_S = 60.0
PING_S = 15.0
SHOWN_INLINE = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/ogg"}
)
"""Types a browser may show in place; anything else is a download."""


class ClientApi:
    """The routes below `/api` and `/samples`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._posts = UserPosts(backend)

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        message = "/api/chats/{chat_id}/messages/{message_id:int}"
        return [
            Route("/api/world", self._world),
            Route("/api/notice", self._notice, methods=["POST"]),
            Route("/api/chats/{chat_id}/messages", self._messages, methods=["GET"]),
            Route("/api/chats/{chat_id}/messages", self._post, methods=["POST"]),
            Route(f"{message}/press", self._press, methods=["POST"]),
            Route(f"{message}/delete", self._delete, methods=["POST"]),
            Route("/api/chats/{chat_id}/bot", self._bot_status, methods=["POST"]),
            Route("/api/events", self._events),
            Route("/api/wait", self._wait),
            Route("/api/files/{file_id}", self._file),
            Route("/api/calls", self._calls),
            Route("/api/faults", self._order_fault, methods=["POST"]),
            Route("/api/faults", self._clear_faults, methods=["DELETE"]),
            Route("/samples/{name}.jpg", self._sample),
        ]

    @property
    def _state(self) -> World:
        return self._backend.world

    async def _world(self, request: Request) -> Response:
        world = self._state
        bot = {
            "id": world.bot.id,
            "name": world.bot.name,
            "username": world.bot.username,
        }
        return JSONResponse(
            {
                "bot": bot,
                "users": [{"id": u.id, "name": u.name} for u in world.users.values()],
                "chats": [_chat_view(world, chat) for chat in world.chats.values()],
                "notice": world.notice,
                "commands": next(iter(world.profile.commands.values()), []),
                "seq": self._backend.events.seq,
            }
        )

    async def _notice(self, request: Request) -> Response:
        text = (await _json(request)).get("text")
        self._backend.poster.notice(str(text) if text else None)
        return JSONResponse({"notice": self._state.notice})

    async def _messages(self, request: Request) -> Response:
        chat = self._chat(request, request.query_params.get("user"))
        shown = [m for m in chat.messages.values() if not m.deleted]
        return JSONResponse(
            {
                "messages": [wire.view(self._state, message) for message in shown],
                "seq": self._backend.events.seq,
            }
        )

    async def _post(self, request: Request) -> Response:
        posted = await self._posts.read(request, self._chat)
        return JSONResponse(
            {"messages": [wire.view(self._state, message) for message in posted]}
        )

    async def _press(self, request: Request) -> Response:
        body = await _json(request)
        chat = self._chat(request, body.get("user"))
        message = _message(chat, request)
        data = str(body.get("data", ""))
        if data not in message.pressable:
            raise Refusal(400, "This message never had a button with that data.")
        answer = await self._backend.callbacks.press(
            message, int(body["user"]), data, self._backend.config.press_timeout_s
        )
        return JSONResponse(answer)

    async def _delete(self, request: Request) -> Response:
        body = await _json(request)
        chat = self._chat(request, body.get("user"))
        message = _message(chat, request)
        if not chat.is_private and message.sender != int(body["user"]):
            raise Refusal(403, "In a group only its author may delete a message.")
        if not message.deleted:
            self._backend.poster.delete(message)
        return JSONResponse({"deleted": True})

    async def _bot_status(self, request: Request) -> Response:
        """Blocks, removes, promotes or readmits the bot."""
        body = await _json(request)
        chat = self._chat(request, body.get("user"))
        status = body.get("status")
        if status not in ("member", "administrator", "kicked"):
            raise Refusal(400, "The bot's status is member, administrator or kicked.")
        self._posts.change_bot_status(chat, int(body["user"]), str(status))
        return JSONResponse({"status": chat.bot_status})

    async def _events(self, request: Request) -> Response:
        user = _number(request.query_params.get("user"), "user")
        last = request.headers.get("last-event-id")
        after = _number(last or request.query_params.get("after", "0"), "after")
        return StreamingResponse(
            self._stream(user, after),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _stream(self, user: int, seq: int) -> AsyncIterator[str]:
        log = self._backend.events
        yield ": hello\n\n"
        while not log.closed:
            found = await log.wait(seq, lambda event: self._sees(user, event), PING_S)
            if not found:
                yield ": still here\n\n"
            for event in found:
                seq = event["seq"]
                yield f"id: {seq}\ndata: {json.dumps(event)}\n\n"

    def _sees(self, user: int, event: Json) -> bool:
        chat = self._state.chats.get(event["chat_id"])
        return chat is None or user in chat.members

    async def _wait(self, request: Request) -> Response:
        query = request.query_params
        wanted = query.get("chat_id")
        chat_id = None if wanted is None else _number(wanted, "chat_id")
        after = _number(query.get("after", "0"), "after")
        found = await self._backend.events.wait(
            after,
            lambda event: chat_id is None or event["chat_id"] == chat_id,
            min(_seconds(query.get("timeout", "20")), MAX_WAIT_S),
        )
        seq = found[-1]["seq"] if found else max(after, 0)
        return JSONResponse({"seq": seq, "events": found})

    async def _file(self, request: Request) -> Response:
        file = self._backend.files.find(request.path_params["file_id"])
        if file is None:
            raise Refusal(404, "There is no such file.")
        inline = file.mime in SHOWN_INLINE and "download" not in request.query_params
        return FileResponse(
            self._backend.files.location(file),
            media_type=file.mime if inline else "application/octet-stream",
            filename=file.name,
            content_disposition_type="inline" if inline else "attachment",
            headers={
                "x-content-type-options": "nosniff",
                "cache-control": "private, max-age=31536000, immutable",
            },
        )

    async def _calls(self, request: Request) -> Response:
        calls = self._backend.calls
        after = _number(request.query_params.get("after", "0"), "after")
        return JSONResponse({"seq": calls.seq, "calls": list(calls.after(after))})

    async def _order_fault(self, request: Request) -> Response:
        self._backend.faults.order(read_fault(await _json(request)))
        return JSONResponse({"ordered": True})

    async def _clear_faults(self, request: Request) -> Response:
        self._backend.faults.clear()
        return JSONResponse({"ordered": False})

    async def _sample(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in SAMPLES:
            names = " and ".join(f"{one}.jpg" for one in SAMPLES)
            raise Refusal(404, f"The samples are {names}.")
        data = await self._backend.samples.jpeg(name)
        return Response(data, media_type="image/jpeg")

    def _chat(self, request: Request, user: Any) -> Chat:
        """The chat of the path, as seen by a member.

        Raises:
            Refusal: 404 without such a chat, 403 for people outside of it.
        """
        chat_id = _number(request.path_params["chat_id"], "chat_id")
        chat = self._state.chats.get(chat_id)
        if chat is None:
            raise Refusal(404, "There is no such chat.")
        if _number(user, "user") not in chat.members:
            raise Refusal(403, "Only members of this chat see it.")
        return chat


async def refused(request: Request, error: Exception) -> Response:
    """A `Refusal`, or Starlette's own, as JSON with a sentence."""
    if isinstance(error, Refusal):
        return JSONResponse({"error": error.sentence}, error.status)
    if isinstance(error, HTTPException):
        return JSONResponse({"error": error.detail}, error.status_code)
    raise error


def _chat_view(world: World, chat: Chat) -> Json:
    shown = wire.chat_json(world, chat)
    return {
        "id": chat.id,
        "type": chat.type,
        "title": shown.get("title") or shown["first_name"],
        "members": chat.members,
        "bot_status": chat.bot_status,
    }


def _message(chat: Chat, request: Request) -> Message:
    message = chat.messages.get(request.path_params["message_id"])
    if message is None:
        raise Refusal(404, "There is no such message.")
    return message


async def _json(request: Request) -> Json:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Refusal(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "The body is not a JSON object.")
    return body


def _number(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refusal(400, f"The parameter {name} must be a whole number.") from None


def _seconds(value: str) -> float:
    try:
        return max(0.0, float(value))
    except ValueError:
        raise Refusal(400, "The parameter timeout must be a number.") from None
