"""The chat page's API for inline mode: ask the bot anywhere, send what it offers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import views
from .asking import chat_of, check_alive, json_of, number, person_of, thread_of
from .backend import Backend


class InlineRoutes:
    """What happens after `@bot` is typed into a text field."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/api/inline", self._ask, methods=["POST"]),
            Route("/api/inline/{query_id}/choose", self._choose, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        body = await json_of(request)
        world = self._backend.world
        chat = chat_of(world, body.get("chat_id", body.get("user")), body.get("user"))
        person = person_of(world, body.get("user"))
        text, offset = str(body.get("query") or ""), str(body.get("offset") or "")
        query, answer = await self._backend.inline.ask(person, chat, text, offset)
        results = answer.results if answer else ()
        return JSONResponse(
            {
                "query_id": query.id,
                "answered": answer is not None,
                "results": [views.result_view(one) for one in results],
                "next_offset": answer.next_offset if answer else "",
                "button": answer.button if answer else None,
            }
        )

    async def _choose(self, request: Request) -> Response:
        body = await json_of(request)
        world = self._backend.world
        chat = chat_of(world, body.get("chat_id"), body.get("user"))
        check_alive(chat)
        message = self._backend.inline.choose(
            request.path_params["query_id"],
            str(body.get("result_id", "")),
            user_id=number(body.get("user"), "user"),
            chat=chat,
            thread_id=thread_of(chat, body.get("thread_id")),
        )
        return JSONResponse({"message": views.view(world, message)})
