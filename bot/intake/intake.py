"""`Intake`: takes updates from the ledger to the handlers, and off the list."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application

from ..storage.errors import StorageError
from .lanes import Lanes
from .ledger import Ledger
from .source import Source
from .store import StoredUpdate

log = logging.getLogger(__name__)

_MOST_IN_HAND = 512
_PAUSE_S = 1.0
_LONGEST_NAP_S = 60.0


@dataclass(frozen=True, slots=True)
class _Parsed:
    stored: StoredUpdate
    update: Update


class Intake:
    """Runs a source, and hands each stored update to `application` exactly in order
    per person and chat.

    An update is `open` until its handlers have returned; whatever is open when the
    process starts is handed over again, so handlers must bear a repetition. A row
    that does not parse, or that was begun by too many processes that then died, is
    quarantined.
    """

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        ledger: Ledger,
        source: Source,
        *,
        most_at_once: int = 64,
    ) -> None:
        """`application` must be initialised before `start`, and have no updater."""
        self._application = application
        self._ledger = ledger
        self._source = source
        self._lanes: Lanes[_Parsed] = Lanes(self._handle, most_at_once)
        # An inline query is over after 30 s; it must not wait behind downloads.
        self._quick: Lanes[_Parsed] = Lanes(self._handle, most_at_once)
        self._in_hand: set[int] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._started_at = 0.0

    async def start(self) -> None:
        """Begins with the open rows; safe to call twice."""
        if self._tasks:
            return
        self._started_at = time.time()
        self._wake.set()
        self._tasks = [
            asyncio.create_task(self._feed(), name="intake feeder"),
            asyncio.create_task(self._source.run(self._wake.set), name="intake source"),
        ]

    async def wait(self) -> None:
        """Waits until a part of the intake fails, and raises what it raised."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.cancelled():
                self._tasks.remove(task)  # what it raised is reported by raising it
                task.result()

    async def stop(self) -> None:
        """Ends within 5 s; what is not handled by then stays open. Idempotent."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(
            *(asyncio.wait([task], timeout=3.5) for task in tasks),
            self._lanes.close(timeout_s=3.5),
            self._quick.close(timeout_s=3.5),
        )
        for task in tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                log.error("%s ended early: %s", task.get_name(), type(error).__name__)

    async def _feed(self) -> None:
        """Moves open rows into the lanes, in order, and not too many at a time."""
        while True:
            self._wake.clear()
            # A row may be settled while it is being read: it was in hand before.
            known = set(self._in_hand)
            try:
                rows = await self._ledger.oldest_open(_MOST_IN_HAND)
            except StorageError as error:
                log.error("the ledger cannot be read: %s", error)
                await asyncio.sleep(_PAUSE_S)
                continue
            for row in rows:
                if row.update_id not in known:
                    self._in_hand.add(row.update_id)
                    await self._take(row)
            if len(rows) == _MOST_IN_HAND > len(self._in_hand):
                continue
            await _nap(self._wake)

    async def _take(self, row: StoredUpdate) -> None:
        try:
            update = Update.de_json(json.loads(row.payload), self._application.bot)
            lane = _lane(update)
        except Exception as error:  # noqa: BLE001  # whatever a stranger's JSON causes
            log.error(
                "update %d is unreadable: %s", row.update_id, type(error).__name__
            )
            await self._settle(row, quarantined=True)
        else:
            lanes = self._quick if update.inline_query else self._lanes
            lanes.put(lane, _Parsed(row, update))

    async def _handle(self, parsed: _Parsed) -> None:
        """Handlers' errors go to the application's error handlers, not to us."""
        row = parsed.stored
        with structlog.contextvars.bound_contextvars(update_id=row.update_id):
            if row.received_at < self._started_at and not await self._begin_again(row):
                return
            await self._application.process_update(parsed.update)
            await self._settle(row)

    async def _begin_again(self, row: StoredUpdate) -> bool:
        """Counts a replay before it begins; False if it must not begin."""
        try:
            fit = await self._ledger.begin_again(row.update_id)
        except StorageError as error:
            log.error("a replay could not be counted: %s", error)
            return True
        if not fit:
            log.error("update set aside: it was begun too often")
            self._forget(row)
        return fit

    async def _settle(self, row: StoredUpdate, *, quarantined: bool = False) -> None:
        """Takes the row off the list, trying until there is room to write it."""
        settle = self._ledger.quarantine if quarantined else self._ledger.done
        while True:
            try:
                await settle(row.update_id)
                break
            except StorageError as error:
                log.error("update %d stays open: %s", row.update_id, error)
                await asyncio.sleep(_PAUSE_S)
        self._forget(row)

    def _forget(self, row: StoredUpdate) -> None:
        """Makes room for the next row; only after the row is no longer open."""
        self._in_hand.discard(row.update_id)
        if len(self._in_hand) >= _MOST_IN_HAND - 1:
            self._wake.set()


def _lane(update: Update) -> Hashable:
    """Who, and where; updates of neither share a lane."""
    chat, user = update.effective_chat, update.effective_user
    return (chat.id if chat else None, user.id if user else None)


async def _nap(wake: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_NAP_S):
            await wake.wait()
