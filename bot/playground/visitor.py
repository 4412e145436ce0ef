"""A person in the playground: what the chat page does, done over HTTP by a program.

`stylebot demo --once` and the end-to-end tests talk to the bot through this alone, so
that they see no more of it than somebody with a phone would.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

View = dict[str, Any]
"""A message as the client API shows it."""


class NotSeenInTime(TimeoutError):
    """What was waited for did not show up in the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tap on a button brought: Telegram's toast or alert, and how soon."""

    answered: bool
    text: str | None
    show_alert: bool
    seconds: float


def buttons(message: View) -> Iterator[dict[str, str]]:
    """The inline buttons below a message, row by row."""
    for row in message.get("keyboard") or ():
        yield from row


def button(message: View, label: str) -> dict[str, str] | None:
    """The first button whose text contains `label`, whatever its case."""
    wanted = label.casefold()
    return next((b for b in buttons(message) if wanted in b["text"].casefold()), None)


def words(message: View) -> str:
    """The text or caption of a message."""
    return message.get("text") or ""


class Visitor:
    """One user in one chat."""

    def __init__(self, http: httpx.AsyncClient, user_id: int, chat_id: int) -> None:
        self._http = http
        self._user_id = user_id
        self._chat_id = chat_id

    @property
    def _messages_url(self) -> str:
        return f"/api/chats/{self._chat_id}/messages"

    async def messages(self) -> list[View]:
        """The whole conversation, oldest first."""
        reply = await self._http.get(self._messages_url, params={"user": self._user_id})
        reply.raise_for_status()
        return list(reply.json()["messages"])

    async def say(self, text: str, **fields: str) -> View:
        """Sends a text message (or, with `kind=`, a sticker, voice, video…)."""
        return (await self._post({"text": text, **fields}, []))[0]

    async def send(
        self, *pictures: bytes, name: str = "photo.jpg", **fields: str
    ) -> list[View]:
        """Sends pictures: one alone, several as an album; `as_file="1"` as files."""
        return await self._post(fields, [("photo", (name, p)) for p in pictures])

    async def _post(
        self, fields: dict[str, str], files: list[tuple[str, tuple[str, bytes]]]
    ) -> list[View]:
        form = {"user": str(self._user_id), **fields}
        reply = await self._http.post(self._messages_url, data=form, files=files)
        reply.raise_for_status()
        return list(reply.json()["messages"])

    async def press(self, message: View, data: str) -> Answer:
        """Taps a button and waits for the bot's acknowledgement."""
        reply = await self._http.post(
            f"{self._messages_url}/{message['message_id']}/press",
            json={"user": self._user_id, "data": data},
            timeout=30,
        )
        reply.raise_for_status()
        return Answer(**reply.json())

    async def tap(self, message: View, label: str) -> Answer:
        """Taps the button that says `label`."""
        found = button(message, label)
        if found is None:
            known = ", ".join(b["text"] for b in buttons(message)) or "none"
            raise LookupError(f"no button says {label!r}; there are: {known}")
        return await self.press(message, found["data"])

    async def file(self, file_id: str) -> bytes:
        """The bytes of a picture or clip in the chat."""
        reply = await self._http.get(f"/api/files/{file_id}")
        reply.raise_for_status()
        return reply.content

    async def until(
        self, wanted: Callable[[View], bool], *, after: int = 0, timeout_s: float = 30
    ) -> View:
        """Waits for a message newer than message `after` that is as `wanted`.

        Raises `NotSeenInTime` with the end of the conversation.
        """
        deadline = time.monotonic() + timeout_s
        seq = await self._seq()
        while True:
            messages = await self.messages()
            for message in messages:
                if message["message_id"] > after and wanted(message):
                    return message
            if time.monotonic() >= deadline:
                raise NotSeenInTime(self._last_words(messages, timeout_s))
            seq = await self._next_event(seq, deadline)

    async def _seq(self) -> int:
        return await self._next_event(0, time.monotonic(), timeout_s=0)

    async def _next_event(self, seq: int, deadline: float, timeout_s: float = 5) -> int:
        left = min(timeout_s, max(deadline - time.monotonic(), 0))
        reply = await self._http.get(
            "/api/wait",
            params={"chat_id": self._chat_id, "after": seq, "timeout": left},
            timeout=left + 10,
        )
        reply.raise_for_status()
        return int(reply.json()["seq"])

    @staticmethod
    def _last_words(messages: list[View], timeout_s: float) -> str:
        tail = " | ".join(
            f"{m['from']['name']}: {words(m) or m['kind']}" for m in messages[-4:]
        )
        return f"not seen within {timeout_s:.0f} s; the chat ends with: {tail}"


async def knock(http: httpx.AsyncClient, timeout_s: float) -> None:
    """Waits until the bot has begun to fetch updates."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        calls = (await http.get("/api/calls")).json()["calls"]
        if any(call["method"].casefold() == "getupdates" for call in calls):
            return
        await asyncio.sleep(0.1)
    raise NotSeenInTime(f"the bot did not come up within {timeout_s:.0f} s")
