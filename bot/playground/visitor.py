"""A person in the playground: what the chat page does, done over HTTP by a program.

`stylebot demo --once` and the end-to-end tests talk to the bot through this alone, so
that they see no more of it than somebody with a phone would.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx

from .sightings import Answer as Answer
from .sightings import NotSeenInTime as NotSeenInTime
from .sightings import Offered as Offered
from .sightings import View as View
from .sightings import button as button
from .sightings import buttons as buttons
from .sightings import words as words


class Visitor:
    """One user in one chat, or in one topic of it.

    Raises `httpx.HTTPStatusError` where the page would say that something cannot be
    done; the sentence is in `error.response.json()["error"]`.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        user_id: int,
        chat_id: int,
        *,
        thread_id: int | None = None,
    ) -> None:
        self._http = http
        self.user_id = user_id
        self.chat_id = chat_id
        self.thread_id = thread_id

    def within(self, chat_id: int, thread_id: int | None = None) -> Visitor:
        """The same person in another chat or topic."""
        return Visitor(self._http, self.user_id, chat_id, thread_id=thread_id)

    @property
    def _chat_url(self) -> str:
        return f"/api/chats/{self.chat_id}"

    @property
    def _messages_url(self) -> str:
        return f"{self._chat_url}/messages"

    async def messages(self) -> list[View]:
        """The whole conversation, or that of the topic, oldest first."""
        reply = await self._http.get(self._messages_url, params={"user": self.user_id})
        reply.raise_for_status()
        found: list[View] = reply.json()["messages"]
        if self.thread_id is None:
            return found
        return [one for one in found if one["thread_id"] == self.thread_id]

    async def say(self, text: str, **fields: str) -> View:
        """Sends a text message (or, with `kind=`, a sticker, voice, video…).

        Further fields: `reply_to`, `thread_id`, `anonymous="1"` (administrators).
        """
        return (await self._send({"text": text, **fields}, []))[0]

    async def send(
        self, *pictures: bytes, name: str = "photo.jpg", **fields: str
    ) -> list[View]:
        """Sends pictures: one alone, several as an album; `as_file="1"` as files.

        Further fields: `text` (the caption), `pause_s` (between the items of an
        album), and those of `say`.
        """
        return await self._send(fields, [("photo", (name, p)) for p in pictures])

    async def _send(
        self, fields: dict[str, str], files: list[tuple[str, tuple[str, bytes]]]
    ) -> list[View]:
        form = {"user": str(self.user_id), **fields}
        if self.thread_id is not None:
            form.setdefault("thread_id", str(self.thread_id))
        reply = await self._http.post(self._messages_url, data=form, files=files)
        reply.raise_for_status()
        return list(reply.json()["messages"])

    async def _post(self, url: str, **body: object) -> Any:
        reply = await self._http.post(
            url, json={"user": self.user_id, **body}, timeout=30
        )
        reply.raise_for_status()
        return reply.json()

    async def forward(self, message: View, **fields: str) -> View:
        """Forwards a message of any chat into this one."""
        source = f"{message['chat_id']}:{message['message_id']}"
        return (await self._send({"forward_from": source, **fields}, []))[0]

    async def edit(self, message: View, text: str) -> View:
        """Changes the words or the caption of an own message."""
        url = f"{self._messages_url}/{message['message_id']}/edit"
        return dict((await self._post(url, text=text))["message"])

    async def delete(self, message: View) -> None:
        """Deletes a message: any in private, an own one in a group."""
        await self._post(f"{self._messages_url}/{message['message_id']}/delete")

    async def press(self, message: View, data: str) -> Answer:
        """Taps a button and waits for the bot's acknowledgement."""
        url = f"{self._messages_url}/{message['message_id']}/press"
        return Answer(**await self._post(url, data=data))

    async def tap(self, message: View, label: str) -> Answer:
        """Taps the button that says `label`."""
        found = button(message, label)
        if found is None or found["data"] is None:
            known = ", ".join(b["text"] for b in buttons(message)) or "none"
            raise LookupError(f"no button says {label!r}; there are: {known}")
        return await self.press(message, found["data"])

    async def start(self, payload: str = "") -> View:
        """Follows a link `t.me/<bot>?start=<payload>`: START in the private chat."""
        return dict((await self._post("/api/start", payload=payload))["message"])

    async def start_group(self, payload: str = "") -> View:
        """Follows `t.me/<bot>?startgroup=<payload>` and picks this group."""
        order = {"payload": payload, "chat_id": self.chat_id}
        return dict((await self._post("/api/start", **order))["message"])

    async def inline(self, query: str = "", offset: str = "") -> Offered:
        """Types the bot's name and `query` into this chat's field."""
        asked = {"chat_id": self.chat_id, "query": query, "offset": offset}
        return Offered(**await self._post("/api/inline", **asked))

    async def choose(
        self, offered: Offered, result_id: str, chat_id: int | None = None
    ) -> View:
        """Sends a result into this chat, or into another one."""
        url = f"/api/inline/{offered.query_id}/choose"
        where = self.chat_id if chat_id is None else chat_id
        thread = self.thread_id if where == self.chat_id else None
        sent = await self._post(
            url, chat_id=where, thread_id=thread, result_id=result_id
        )
        return dict(sent["message"])

    async def commands(self) -> list[dict[str, str]]:
        """The commands that this person sees in this chat."""
        asked = {"user": self.user_id, "chat_id": self.chat_id}
        reply = await self._http.get("/api/commands", params=asked)
        reply.raise_for_status()
        return list(reply.json()["commands"])

    async def speak(self, language: str) -> None:
        """Switches the language of the person's client, such as `de` or `pt-br`."""
        await self._post(f"/api/users/{self.user_id}", language=language)

    async def open_topic(self, name: str) -> Visitor:
        """Opens a topic, as an administrator; the person in that topic."""
        opened = await self._post(f"{self._chat_url}/topics", name=name)
        return self.within(self.chat_id, opened["thread_id"])

    async def set_topic(self, state: str) -> None:
        """Makes this topic `open`, `closed` or `deleted`, as an administrator."""
        await self._post(f"{self._chat_url}/topics/{self.thread_id}", state=state)

    async def migrate(self) -> Visitor:
        """Turns the group into a supergroup; the person in there."""
        grown = await self._post(f"{self._chat_url}/migrate")
        return self.within(grown["chat_id"])

    async def leave(self) -> None:
        """Leaves the group."""
        await self._post(f"{self._chat_url}/leave")

    async def permit(self, **permissions: bool) -> None:
        """Sets what members may do, such as `can_send_photos=False`."""
        await self._post(f"{self._chat_url}/permissions", **permissions)

    async def set_bot(self, status: str, **permissions: bool) -> None:
        """Makes the bot `member`, `administrator`, `restricted`, `left` or `kicked`.

        In private, `kicked` blocks the bot and `member` lifts that.
        """
        await self._post(f"{self._chat_url}/bot", status=status, **permissions)

    async def promote(self, user_id: int, *, administrator: bool = True) -> None:
        """Makes a member an administrator, or takes that back."""
        url = f"{self._chat_url}/administrators"
        await self._post(url, member=user_id, administrator=administrator)

    async def chat(self) -> View:
        """The chat: `title`, `members`, `permissions`, `topics`, `bot_status`, …"""
        world = (await self._http.get("/api/world")).json()
        return next(dict(one) for one in world["chats"] if one["id"] == self.chat_id)

    async def events(self, after: int = 0) -> list[View]:
        """What has happened in this chat: messages, edits, actions, reactions."""
        asked = {"chat_id": self.chat_id, "after": after, "timeout": 0}
        reply = await self._http.get("/api/wait", params=asked)
        reply.raise_for_status()
        return list(reply.json()["events"])

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
            params={"chat_id": self.chat_id, "after": seq, "timeout": left},
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


async def new_person(
    http: httpx.AsyncClient, name: str, language: str = "en"
) -> Visitor:
    """A further person, who has joined every group; in the private chat."""
    reply = await http.post("/api/users", json={"name": name, "language": language})
    reply.raise_for_status()
    user_id = int(reply.json()["id"])
    return Visitor(http, user_id, user_id)


async def knock(http: httpx.AsyncClient, timeout_s: float) -> None:
    """Waits until the bot has begun to fetch updates."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        calls = (await http.get("/api/calls")).json()["calls"]
        if any(call["method"].casefold() == "getupdates" for call in calls):
            return
        await asyncio.sleep(0.1)
    raise NotSeenInTime(f"the bot did not come up within {timeout_s:.0f} s")
