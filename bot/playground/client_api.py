"""The API of the chat page, of `stylebot demo --once` and of tests."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from . import views
from .asking import chat_of, group_of, json_of, message_of, person_of
from .backend import Backend
from .client_groups import GroupRoutes
from .client_inline import InlineRoutes
from .client_log import LogRoutes
from .errors import Refusal
from .samples import SAMPLES
from .user_posts import UserPosts
from .world import Chat, Message, World

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
            Route(f"{message}/edit", self._edit, methods=["POST"]),
            Route(f"{message}/delete", self._delete, methods=["POST"]),
            Route("/api/start", self._start, methods=["POST"]),
            Route("/api/files/{file_id}", self._file),
            Route("/samples/{name}.jpg", self._sample),
            *GroupRoutes(self._backend).routes(),
            *InlineRoutes(self._backend).routes(),
            *LogRoutes(self._backend).routes(),
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
                "users": [views.user_view(one) for one in world.users.values()],
                "chats": [views.chat_view(world, one) for one in world.chats.values()],
                "notice": world.notice,
                "commands": next(iter(world.profile.commands.values()), []),
                "seq": self._backend.events.seq,
            }
        )

    async def _notice(self, request: Request) -> Response:
        text = (await json_of(request)).get("text")
        self._backend.poster.notice(str(text) if text else None)
        return JSONResponse({"notice": self._state.notice})

    async def _messages(self, request: Request) -> Response:
        chat = self._chat(request, request.query_params.get("user"))
        shown = [m for m in chat.messages.values() if not m.deleted]
        return JSONResponse(
            {
                "messages": [views.view(self._state, message) for message in shown],
                "seq": self._backend.events.seq,
            }
        )

    async def _post(self, request: Request) -> Response:
        posted = await self._posts.read(request, self._chat)
        return JSONResponse(
            {"messages": [views.view(self._state, message) for message in posted]}
        )

    async def _press(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._chat(request, body.get("user"))
        message = self._message(chat, request)
        data = str(body.get("data", ""))
        if data not in message.pressable:
            raise Refusal(400, "This message never had a button with that data.")
        answer = await self._backend.callbacks.press(
            message, int(body["user"]), data, self._backend.config.press_timeout_s
        )
        return JSONResponse(answer)

    async def _edit(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._chat(request, body.get("user"))
        message = self._message(chat, request)
        self._posts.edit(message, int(body["user"]), str(body.get("text") or ""))
        return JSONResponse({"message": views.view(self._state, message)})

    async def _start(self, request: Request) -> Response:
        """What a link such as `t.me/<bot>?start=<payload>` does.

        With a `chat_id` it is `?startgroup=<payload>`: the bot joins that group.
        """
        body = await json_of(request)
        person = person_of(self._state, body.get("user"))
        payload = str(body.get("payload") or "")
        place = body.get("chat_id", person.id)
        chat = chat_of(self._state, place, person.id)
        if not chat.is_private:
            chat = group_of(self._state, place, person.id)
        posted = self._posts.start(chat, person.id, payload)
        return JSONResponse({"message": views.view(self._state, posted)})

    async def _delete(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._chat(request, body.get("user"))
        message = self._message(chat, request)
        if not chat.is_private and int(body["user"]) not in (
            message.sender,
            message.author,
        ):
            raise Refusal(403, "In a group only its author may delete a message.")
        if not message.deleted:
            self._backend.poster.delete(message)
        return JSONResponse({"deleted": True})

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

    async def _sample(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in SAMPLES:
            names = " and ".join(f"{one}.jpg" for one in SAMPLES)
            raise Refusal(404, f"The samples are {names}.")
        data = await self._backend.samples.jpeg(name)
        return Response(data, media_type="image/jpeg")

    def _chat(self, request: Request, user: Any) -> Chat:
        return chat_of(self._state, request.path_params["chat_id"], user)

    def _message(self, chat: Chat, request: Request) -> Message:
        return message_of(chat, request.path_params["message_id"])
