"""`UserPosts`: what people send from the chat page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from . import entities, wire
from .asking import (
    chat_of,
    check_alive,
    check_permitted,
    message_of,
    seconds,
    thread_of,
)
from .backend import Backend
from .errors import Refusal
from .files import Upload
from .formatting import MAX_CAPTION, MAX_TEXT
from .parameters import read_upload
from .user_media import MAX_ALBUM, YES, UserMedia
from .world import ANONYMOUS_ID, Chat, Json, Kind, Media, Message

MAX_PAUSE_S = 30.0
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


class UserPosts:
    """Turns forms of the page into messages."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._media = UserMedia(backend)

    async def read(
        self, request: Request, chat_of: Callable[[Request, Any], Chat]
    ) -> list[Message]:
        """The messages of one form, posted; two or more files make an album.

        Raises:
            Refusal: a sentence about what cannot be sent.
        """
        limit = self._backend.config.user_upload_bytes
        room = limit * MAX_ALBUM + 1024 * 1024
        if int(request.headers.get("content-length", "0")) > room:
            raise Refusal(413, f"Files over {limit >> 20} MiB do not fit here.")
        try:
            async with request.form(max_files=100) as form:
                chat = chat_of(request, form.get("user"))
                fields = {k: v for k, v in form.items() if isinstance(v, str)}
                parts = form.getlist("photo")
                uploads = [
                    await read_upload(part)
                    for part in parts
                    if isinstance(part, UploadFile) and (part.filename or part.size)
                ]
        except MultiPartException:
            raise Refusal(400, "The form cannot be read.") from None
        return await self._post(chat, fields, uploads)

    async def _post(
        self, chat: Chat, fields: dict[str, str], uploads: list[Upload]
    ) -> list[Message]:
        if fields.get("forward_from"):
            return [self._forward(chat, fields)]
        text, marks = _words(fields.get("text", ""), bool(uploads))
        draft = self._draft(chat, fields)
        media = await self._media.read(fields, uploads)
        if not media and not text:
            raise Refusal(400, "There is nothing to send.")
        if _make_album(media):
            draft.media_group_id = self._next_group()
        posted: list[Message] = []
        parts: Sequence[Media | None] = media or [None]
        for part in parts:
            check_permitted(chat, int(fields["user"]), part.kind if part else Kind.TEXT)
        pause_s = seconds(fields.get("pause_s", "0"))
        for part in parts:
            if posted:  # Telegram spreads the items of an album, too
                await asyncio.sleep(min(pause_s, MAX_PAUSE_S))
            message = replace(
                draft, text=text, entities=marks, media=part, pressable=set()
            )
            posted.append(self._backend.poster.post(message))
            text, marks = "", []  # an album has its caption on the first item
        return posted

    def _draft(self, chat: Chat, fields: dict[str, str]) -> Message:
        """Who says something where, without what is said."""
        check_alive(chat)
        user_id = int(fields["user"])
        anonymous = fields.get("anonymous") in YES
        if anonymous and not (
            chat.type == "supergroup" and chat.is_administrator(user_id)
        ):
            raise Refusal(403, "Only administrators of a supergroup can be anonymous.")
        reply_to = _reply(chat, fields.get("reply_to"))
        thread_id = thread_of(chat, fields.get("thread_id"))
        if reply_to is not None and not fields.get("thread_id"):
            thread_id = chat.messages[reply_to].thread_id
        return Message(
            message_id=0,
            chat_id=chat.id,
            sender=ANONYMOUS_ID if anonymous else user_id,
            author=user_id,
            date=0,
            reply_to=reply_to,
            thread_id=thread_id,
        )

    def _forward(self, chat: Chat, fields: dict[str, str]) -> Message:
        """What was said elsewhere, with the name of its author."""
        world = self._backend.world
        from_chat, _, message_id = fields["forward_from"].partition(":")
        source = chat_of(world, from_chat, fields["user"])
        origin = message_of(source, message_id)
        if origin.deleted or origin.service is not None:
            raise Refusal(400, "This message cannot be forwarded.")
        check_permitted(chat, int(fields["user"]), origin.kind)
        draft = self._draft(chat, fields)
        draft.text, draft.entities = origin.text, list(origin.entities)
        draft.media, draft.via_bot = origin.media, origin.via_bot
        draft.forward_origin = origin.forward_origin or wire.origin_json(world, origin)
        return self._backend.poster.post(draft)

    def edit(self, message: Message, user_id: int, words: str) -> None:
        """Other words for what somebody has said.

        Raises:
            Refusal: 403 for what others said, 400 for words that do not fit.
        """
        if message.deleted:
            raise Refusal(404, "There is no such message.")
        own = user_id == (message.author or message.sender)
        if not own or message.forward_origin or message.via_bot or message.service:
            raise Refusal(403, "Only its author may edit a message, and no forward.")
        text, marks = _words(words, message.media is not None)
        if not text and message.media is None:
            raise Refusal(400, "A message cannot become empty.")
        if (text, marks) == (message.text, message.entities):
            raise Refusal(400, "The message says that already.")
        message.text, message.entities = text, marks
        self._backend.poster.edited(message)

    def start(self, chat: Chat, user_id: int, payload: str) -> Message:
        """Presses START, which lifts a block and adds the bot to a group.

        Raises:
            Refusal: 400 for a payload that no link may have.
        """
        if not _PAYLOAD.fullmatch(payload):
            raise Refusal(400, "A start parameter has up to 64 of A-Z a-z 0-9 _ and -.")
        if not chat.has_bot:
            self._backend.groups.set_bot_status(chat, user_id, "member", {})
        name = "" if chat.is_private else f"@{self._backend.world.bot.username}"
        text = f"/start{name} {payload}".rstrip()
        message = self._draft(chat, {"user": str(user_id)})
        message.text, message.entities = text, entities.detect(text)
        return self._backend.poster.post(message)

    def _next_group(self) -> str:
        self._backend.world.album_count += 1
        return str(13_000_000_000_000_000 + self._backend.world.album_count)


def _make_album(media: list[Media]) -> bool:
    return len(media) > 1 and all(part.kind is not Kind.ANIMATION for part in media)


def _words(text: str, is_caption: bool) -> tuple[str, list[Json]]:
    trimmed = text.strip()
    limit, name = (MAX_CAPTION, "caption") if is_caption else (MAX_TEXT, "message")
    if len(trimmed) > limit:
        raise Refusal(400, f"A {name} has at most {limit} characters.")
    return trimmed, entities.detect(trimmed)


def _reply(chat: Chat, wanted: str | None) -> int | None:
    if not wanted:
        return None
    origin = chat.messages.get(int(wanted)) if wanted.isdigit() else None
    if origin is None or origin.deleted:
        raise Refusal(400, "The message to reply to is gone.")
    return origin.message_id
