"""`UpdateQueue`: what waits for the bot, until it confirms or it expires."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from .errors import conflict
from .world import Json, PendingUpdate, World

MAX_POLL_S = 50
MAX_BATCH = 100
LIFETIME_S = 24 * 3600.0
LIFETIMES_S = {
    "callback_query": 150.0,
    "inline_query": 30.0,
    "chosen_inline_result": 600.0,
}
"""Seconds after which an update is dropped; every other kind has `LIFETIME_S`."""
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when asked for."""


class UpdateQueue:
    """The queue of one bot; its contents are in the world."""

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        self._world = world
        self._clock = clock
        self._changed = asyncio.Event()
        self._poller: asyncio.Event | None = None
        self.closed = False

    def add(self, kind: str, payload: Json) -> int | None:
        """Queues an update; its number, or None when the bot does not want the kind."""
        if not self.wants(kind):
            return None
        update_id = self._world.next_update_id
        self._world.next_update_id += 1
        self._world.pending.append(
            PendingUpdate(
                update_id=update_id,
                payload={"update_id": update_id, kind: payload},
                expires_at=self._clock() + LIFETIMES_S.get(kind, LIFETIME_S),
            )
        )
        self._wake()
        return update_id

    def wants(self, kind: str) -> bool:
        """Whether `allowed_updates` lets the kind through."""
        allowed = self._world.allowed_updates
        return kind not in ON_REQUEST if allowed is None else kind in allowed

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remembers `allowed_updates`; None leaves it, an empty list resets it."""
        if kinds is not None:
            self._world.allowed_updates = frozenset(kinds) or None

    @property
    def is_polled(self) -> bool:
        """Whether a poll waits right now."""
        return self._poller is not None

    def close(self) -> None:
        """Ends every poll, now and later."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def pending(self) -> list[PendingUpdate]:
        """What is neither confirmed nor expired, oldest first."""
        now = self._clock()
        self._world.pending = [u for u in self._world.pending if u.expires_at > now]
        return self._world.pending

    def confirm(self, offset: int) -> None:
        """Forgets what `offset` confirms; negative counts from the end."""
        pending = self.pending()
        if offset < 0:
            self._world.pending = pending[offset:]
        elif offset > 0:
            self._world.pending = [u for u in pending if u.update_id >= offset]

    def changed(self) -> Coroutine[Any, Any, bool]:
        """To be awaited: returns after the next update from now on, or the end."""
        return self._changed.wait()

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """`getUpdates`: a batch, as soon as there is one.

        Raises:
            ApiError: 409 when another poll begins while this one waits.
        """
        terminated = asyncio.Event()
        if self._poller is not None:
            self._poller.set()
            self._wake()
        self._poller = terminated
        self.confirm(offset)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    while not (self.pending() or self.closed or terminated.is_set()):
                        await self._changed.wait()
            if terminated.is_set():
                raise conflict(
                    "terminated by other getUpdates request; "
                    "make sure that only one bot instance is running"
                )
            return [update.payload for update in self.pending()[:limit]]
        finally:
            if self._poller is terminated:
                self._poller = None
