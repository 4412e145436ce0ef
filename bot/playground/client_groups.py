"""The chat page's API for people and groups: who is there, and what they may."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import views
from .asking import chat_of, group_of, json_of, number, person_of
from .backend import Backend
from .commands import commands_for
from .errors import Refusal
from .rights import PERMISSIONS
from .world import Chat, Json, Permissions

MAX_TOPIC_NAME = 128
MAX_NAME = 64
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_STATUSES = ("member", "administrator", "restricted", "left", "kicked")


class GroupRoutes:
    """People, topics, rights, migration, and the bot's place in a chat."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._groups = backend.groups

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        chat = "/api/chats/{chat_id}"
        return [
            Route("/api/users", self._add_person, methods=["POST"]),
            Route("/api/users/{user}", self._set_language, methods=["POST"]),
            Route("/api/commands", self._commands),
            Route(f"{chat}/bot", self._bot_status, methods=["POST"]),
            Route(f"{chat}/topics", self._open_topic, methods=["POST"]),
            Route(f"{chat}/topics/{{topic:int}}", self._close_topic, methods=["POST"]),
            Route(f"{chat}/leave", self._leave, methods=["POST"]),
            Route(f"{chat}/migrate", self._migrate, methods=["POST"]),
            Route(f"{chat}/permissions", self._permit, methods=["POST"]),
            Route(f"{chat}/administrators", self._promote, methods=["POST"]),
        ]

    async def _add_person(self, request: Request) -> Response:
        body = await json_of(request)
        name = str(body.get("name") or "").strip()
        if not 1 <= len(name) <= MAX_NAME:
            raise Refusal(400, f"A name has 1 to {MAX_NAME} characters.")
        person = self._groups.add_person(name, _language(body.get("language", "en")))
        return JSONResponse(views.user_view(person))

    async def _set_language(self, request: Request) -> Response:
        person = person_of(self._backend.world, request.path_params["user"])
        language = _language((await json_of(request)).get("language"))
        self._groups.set_language(person.id, language)
        return JSONResponse(views.user_view(self._backend.world.users[person.id]))

    async def _commands(self, request: Request) -> Response:
        world, query = self._backend.world, request.query_params
        chat = chat_of(world, query.get("chat_id"), query.get("user"))
        person = person_of(world, query.get("user"))
        return JSONResponse({"commands": commands_for(world, chat, person)})

    async def _bot_status(self, request: Request) -> Response:
        """Blocks, removes, restricts, promotes or readmits the bot."""
        body = await json_of(request)
        status = body.get("status")
        if status not in _STATUSES:
            raise Refusal(400, f"The bot's status is one of {', '.join(_STATUSES)}.")
        chat = self._chat_to_arrange(request, body, str(status))
        flags = _permissions(body)
        self._groups.set_bot_status(chat, int(body["user"]), str(status), flags)
        return JSONResponse({"status": chat.bot_status})

    def _chat_to_arrange(self, request: Request, body: Json, status: str) -> Chat:
        chat_id = request.path_params["chat_id"]
        chat = chat_of(self._backend.world, chat_id, body.get("user"))
        if not chat.is_private:
            chat = group_of(self._backend.world, chat_id, body.get("user"))
        elif status not in ("member", "kicked"):
            raise Refusal(400, "In private the bot is a member, or kicked (blocked).")
        if status == "restricted" and chat.type != "supergroup":
            raise Refusal(400, "Only a supergroup can restrict a single member.")
        return chat

    async def _open_topic(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._group(request, body)
        name = str(body.get("name") or "").strip()
        if chat.type != "supergroup":
            raise Refusal(400, "Only a supergroup has topics.")
        if not 1 <= len(name) <= MAX_TOPIC_NAME:
            raise Refusal(400, f"A topic's name has 1 to {MAX_TOPIC_NAME} characters.")
        topic = self._groups.open_topic(chat, int(body["user"]), name)
        return JSONResponse({"thread_id": topic.id, "name": topic.name})

    async def _close_topic(self, request: Request) -> Response:
        """Closes, reopens or deletes a topic."""
        body = await json_of(request)
        chat = self._group(request, body)
        topic = chat.topics.get(request.path_params["topic"])
        state = body.get("state")
        if topic is None:
            raise Refusal(404, "There is no such topic.")
        if state not in ("open", "closed", "deleted"):
            raise Refusal(400, "A topic is open, closed or deleted.")
        self._groups.set_topic_state(chat, topic, str(state))
        return JSONResponse({"thread_id": topic.id, "state": state})

    async def _leave(self, request: Request) -> Response:
        body = await json_of(request)
        chat_id = request.path_params["chat_id"]
        chat = chat_of(self._backend.world, chat_id, body.get("user"))
        if chat.is_private or int(body["user"]) == chat.owner:
            raise Refusal(400, "Only members of a group leave it, its owner never.")
        self._groups.leave(chat, int(body["user"]))
        return JSONResponse({"members": chat.members})

    async def _migrate(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._group(request, body)
        if chat.type != "group":
            raise Refusal(400, "Only an ordinary group becomes a supergroup.")
        grown = self._groups.migrate(chat, int(body["user"]))
        return JSONResponse({"chat_id": grown.id})

    async def _permit(self, request: Request) -> Response:
        body = await json_of(request)
        chat = self._group(request, body)
        self._groups.permit(chat, _permissions(body))
        return JSONResponse(views.chat_view(self._backend.world, chat)["permissions"])

    async def _promote(self, request: Request) -> Response:
        """Makes a member an administrator, or takes that back."""
        body = await json_of(request)
        chat = self._group(request, body)
        member = number(body.get("member"), "member")
        if member not in chat.members:
            raise Refusal(404, "There is no such member.")
        wanted = bool(body.get("administrator", True))
        self._groups.promote(chat, member, administrator=wanted)
        return JSONResponse({"administrators": chat.administrators})

    def _group(self, request: Request, body: Json) -> Chat:
        chat_id = request.path_params["chat_id"]
        return group_of(self._backend.world, chat_id, body.get("user"))


def _permissions(body: Json) -> Permissions:
    return {name: bool(body[name]) for name in PERMISSIONS if name in body}


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Refusal(400, "A language is a code such as de or pt-br.")
    return value.lower()
