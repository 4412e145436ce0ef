"""`StatusBoard`: the messages that show progress. Edits may be dropped, never late.

One task per message that has something to show. Only the newest edit of a message
is ever waiting; what it replaced is gone. In a group all messages share one pace, and
pictures come more seldom than words.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from .editor import StatusEdit, edit_message
from .errors import retry_after_s
from .rest import rest

__all__ = ["StatusBoard", "StatusEdit"]

log = logging.getLogger(__name__)

_MOST_REMEMBERED = 4096
_URGENT_TRIES = 5

Key = tuple[int, int]
OnMigrated = Callable[[int, int], Awaitable[None]]
"""Told the old and the new id of a group that has become a supergroup."""


@dataclass(slots=True)
class _Message:
    """What is waiting for one message, and what is known about it."""

    urgent: StatusEdit | None = None
    latest: StatusEdit | None = None
    shown: StatusEdit | None = None
    """The last edit that went through."""
    is_photo: bool = False
    free_at: float = 0.0
    picture_at: float = -math.inf
    tries: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class StatusBoard:
    """Shows the newest state of each message, at a pace that Telegram allows.

    Needs a running event loop. `bot` is called for edits only: a message that
    cannot be edited any more is left alone, never sent anew.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        interval_s: float = 3.0,
        group_interval_s: float = 10.0,
        group_picture_interval_s: float = 20.0,
        on_migrated: OnMigrated | None = None,
    ) -> None:
        self._bot = bot
        self._interval_s = interval_s
        self._group_interval_s = group_interval_s
        self._group_picture_interval_s = group_picture_interval_s
        self._on_migrated = on_migrated
        self._messages: dict[Key, _Message] = {}
        self._held_until: dict[int, float] = {}
        self._group_free_at: dict[int, float] = {}
        self._stopping = False

    def show(self, edit: StatusEdit, *, urgent: bool = False) -> None:
        """Remembers the edit and returns at once; the newest one wins.

        An urgent edit does not wait for the interval, and none that is not urgent
        can replace it while it waits.
        """
        if self._stopping:
            return
        message = self._remember((edit.chat_id, edit.message_id))
        if message.task is None and edit == message.shown:
            return
        if urgent:
            message.urgent, message.latest, message.tries = edit, None, 0
        else:
            message.latest = _with_photo_of(message.latest, edit)
        message.changed.set()
        if message.task is None:
            message.task = asyncio.create_task(
                self._serve(message), name=f"status {edit.chat_id}/{edit.message_id}"
            )

    def forget(self, chat_id: int) -> None:
        """Drops what waits to be shown in a chat."""
        for (chat, _), message in self._messages.items():
            if chat == chat_id:
                message.urgent = message.latest = None
                message.changed.set()

    async def stop(self, timeout_s: float = 2.0) -> None:
        """Gives urgent edits `timeout_s` to go out, drops the rest; idempotent."""
        self._stopping = True
        for message in self._messages.values():
            message.latest = None
            message.changed.set()
        tasks = [m.task for m in self._messages.values() if m.task is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _remember(self, key: Key) -> _Message:
        """The record of a message; forgets idle ones when there are too many."""
        message = self._messages.pop(key, None) or _Message()
        self._messages[key] = message
        if len(self._messages) > _MOST_REMEMBERED:
            idle = [k for k, m in self._messages.items() if m.task is None]
            for k in idle[: len(self._messages) - _MOST_REMEMBERED]:
                del self._messages[k]
        return message

    async def _serve(self, message: _Message) -> None:
        """Makes the edits of one message until none is left."""
        try:
            while edit := message.urgent or message.latest:
                message.changed.clear()
                wait_s = self._due(message, edit) - _now()
                if wait_s > 0:
                    await rest(message.changed, wait_s)
                    continue
                urgent = edit is message.urgent
                message.urgent = None
                message.latest = message.latest if urgent else None
                await self._attempt(message, edit, urgent)
        finally:
            message.task = None

    def _due(self, message: _Message, edit: StatusEdit) -> float:
        held_until = self._held_until.get(edit.chat_id, 0.0)
        if held_until < _now():
            self._held_until.pop(edit.chat_id, None)
        retrying = message.tries > 0
        if edit is message.urgent and not retrying:
            return held_until
        group_free_at = self._group_free_at.get(edit.chat_id, 0.0)
        if group_free_at < _now():
            self._group_free_at.pop(edit.chat_id, None)
        return max(held_until, message.free_at, group_free_at)

    async def _attempt(self, message: _Message, edit: StatusEdit, urgent: bool) -> None:
        group = edit.chat_id < 0
        pause_s = self._group_interval_s if group else self._interval_s
        if group and not urgent:
            self._group_free_at[edit.chat_id] = _now() + pause_s
            edit = self._sparing(message, edit)
        try:
            message.is_photo = await edit_message(
                self._bot, edit, is_photo=message.is_photo
            )
        except RetryAfter as error:
            self._held_until[edit.chat_id] = _now() + retry_after_s(error)
            _put_back(message, edit, urgent)
        except BadRequest as error:
            log.warning("status edit refused: %s", error.message)
        except ChatMigrated as error:
            if self._on_migrated is not None:
                await self._on_migrated(edit.chat_id, error.new_chat_id)
        except TelegramError as error:
            log.info("status edit failed: %s", type(error).__name__)
            message.tries += 1
            if urgent and message.tries < _URGENT_TRIES and not self._stopping:
                _put_back(message, edit, urgent)
                pause_s = min(2.0**message.tries / 2, pause_s)
            else:
                message.tries = 0
        else:
            message.tries, message.shown = 0, edit
            if edit.photo is not None:
                message.picture_at = _now()
        message.free_at = _now() + pause_s

    def _sparing(self, message: _Message, edit: StatusEdit) -> StatusEdit:
        """Without its picture, if the message had another one not long ago."""
        if _now() < message.picture_at + self._group_picture_interval_s:
            return replace(edit, photo=None)
        return edit


def _with_photo_of(before: StatusEdit | None, edit: StatusEdit) -> StatusEdit:
    """A newer edit without a picture keeps the picture that was still waiting."""
    if before is None or before.photo is None or edit.photo is not None:
        return edit
    return replace(edit, photo=before.photo)


def _put_back(message: _Message, edit: StatusEdit, urgent: bool) -> None:
    """Returns an edit that could not go out, unless a newer one has come."""
    if urgent:
        message.urgent = message.urgent or edit
    elif message.urgent is None:
        message.latest = _with_photo_of(edit, message.latest or edit)


def _now() -> float:
    return asyncio.get_running_loop().time()
