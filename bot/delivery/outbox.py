"""`Outbox`: sends what is owed, once if at all possible, and never forgets it.

A row is marked `sending` at the last moment before the request leaves. A process
that is killed in that state cannot know whether Telegram got the message: it is
sent again, and the possible duplicate is counted in the row.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram import Message
from telegram.error import ChatMigrated, RetryAfter, TelegramError
from telegram.ext import ExtBot

from ..storage.database import Database, Transaction
from ..storage.errors import StorageError
from ..storage.store import forget_picture_file_ids, get_meta, set_meta
from . import store
from .books import Books, Detour, Move, Settle
from .errors import Verdict, retry_after_s, verdict
from .forms import other_form
from .limiter import Terms
from .owed import Owed
from .rest import rest
from .sender import file_id_of, send
from .store import Arrived, Debt, Place

log = logging.getLogger(__name__)

OnSent = Callable[[Owed, Message], Awaitable[None]]
OnUndeliverable = Callable[[Owed], Awaitable[None]]
OnGone = Callable[[int], Awaitable[None]]

_BOT_ID = "bot_id"
_MOST_DOUBTFUL_TRIES = 5
_LONGEST_NAP_S = 60.0
_LONGEST_HOOK_S = 30.0


class Outbox:
    """Call `put` inside your transaction, `wake` after it, and keep `run` running.

    `settle` is awaited inside the transaction that marks a message as sent or
    undeliverable, so that whoever owed it learns of it exactly once, crash or not.
    `on_sent` (with the first message of an album) and `on_undeliverable` are awaited
    afterwards, and are skipped if the process dies in between. Chats are served
    concurrently, a chat in order; in a group what belongs to a job comes first.

    `detour` is asked, in the transaction that ends a message which the group does not
    allow, for a form that it may allow. `move` is told, in the transaction that moves
    its messages, of a group that has got another id. `on_gone` is told of a chat that
    is closed to the bot.
    """

    def __init__(
        self,
        db: Database,
        bot: ExtBot[Any],
        folder: Path,
        *,
        settle: Settle | None = None,
        detour: Detour | None = None,
        move: Move | None = None,
        on_sent: OnSent | None = None,
        on_undeliverable: OnUndeliverable | None = None,
        on_gone: OnGone | None = None,
        most_at_once: int = 16,
        first_pause_s: float = 1.0,
    ) -> None:
        """`bot` needs a `Limiter`; `folder` is what `Owed.file` is relative to."""
        self._db = db
        self._bot = bot
        self._folder = folder
        self._books = Books(db, first_pause_s, settle=settle, detour=detour, move=move)
        self._on_sent = on_sent
        self._on_undeliverable = on_undeliverable
        self._on_gone = on_gone
        self._most_at_once = most_at_once
        self._first_pause_s = first_pause_s
        self._wake = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def put(self, tx: Transaction, *owed: Owed) -> None:
        """Writes debts down with the caller's transaction; known keys are skipped."""
        for each in owed:
            await store.insert(tx, each, time.time())

    async def move(self, tx: Transaction, old_chat_id: int, new_chat_id: int) -> None:
        """Takes along what is owed to a group that has become a supergroup."""
        await store.move_chat(tx, old_chat_id, new_chat_id)

    async def give_up(self, tx: Transaction, chat_id: int) -> None:
        """Forgets what is owed to a chat, as part of a transaction."""
        await store.give_up_chat(tx, chat_id)

    def wake(self) -> None:
        """Says that there may be something to send; call it after the commit."""
        self._wake.set()

    async def run(self) -> None:
        """Sends until it is cancelled; then gives what is under way 3 s to end."""
        try:
            if found := await self._books.recover():
                log.warning("%d messages may be sent twice after a crash", found)
            while True:
                self._wake.clear()
                pause_s = await self._start_due()
                await rest(self._wake, pause_s)
        finally:
            await self._drain(3.0)

    async def belong_to(self, bot_id: int) -> None:
        """Call it before `run`: another bot cannot use the ids of this bot's files."""
        async with self._db.transaction() as tx:
            before = await get_meta(tx, _BOT_ID)
            if before not in (None, str(bot_id)):
                log.warning("another bot's token: files will be uploaded anew")
                await store.forget_file_ids(tx)
                await forget_picture_file_ids(tx)
            await set_meta(tx, _BOT_ID, str(bot_id))

    async def places_of(self, job_id: str, key: str) -> list[Place]:
        """The messages that were sent about a job, and under this key."""
        return await store.places_of(self._db, job_id, key)

    async def counts(self) -> dict[str, int]:
        """Rows by state, and `duplicates_possible`."""
        return await store.counts(self._db)

    async def sweep(self, older_than_s: float) -> int:
        """Deletes settled rows; returns how many."""
        async with self._db.transaction() as tx:
            return await store.sweep(tx, time.time() - older_than_s)

    async def _start_due(self) -> float:
        """Starts a task for each chat that is due; returns how long to rest."""
        now = time.time()
        try:
            debts = await store.due(self._db, now, self._busy.keys())
            next_at = await store.next_due(self._db, now)
        except StorageError as error:
            log.error("the outbox cannot be read: %s", error)
            return self._first_pause_s
        for debt in debts[: self._most_at_once - len(self._busy)]:
            self._busy[debt.owed.chat_id] = asyncio.create_task(
                self._serve(debt), name=f"outbox {debt.id}"
            )
        return _LONGEST_NAP_S if next_at is None else min(_LONGEST_NAP_S, next_at - now)

    async def _drain(self, timeout_s: float) -> None:
        tasks = list(self._busy.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self, debt: Debt) -> None:
        """One attempt at one debt, with whatever comes of it written down."""
        try:
            await self._attempt(debt)
        except StorageError as error:
            log.error("message %d has to wait: %s", debt.id, error)
            await asyncio.sleep(self._first_pause_s)
        except Exception as error:  # noqa: BLE001  # the edge: one bad row stays one
            log.error("message %d failed: %s", debt.id, type(error).__name__)
            await self._doubt(debt)
        finally:
            del self._busy[debt.owed.chat_id]
            self._wake.set()

    async def _attempt(self, debt: Debt) -> None:
        terms = Terms(retries=0, before=lambda: self._books.claim(debt))
        try:
            messages = await send(self._bot, debt.owed, self._folder, terms)
        except TelegramError as error:
            await self._failed(debt, error)
        except OSError as error:
            log.error("message %d has lost its file (errno %s)", debt.id, error.errno)
            await self._give_up(debt)
        else:
            arrived = [Arrived(m.message_id, file_id_of(m)) for m in messages]
            await self._books.sent(debt, arrived)
            if self._on_sent is not None:
                await _tell(self._on_sent(debt.owed, messages[0]))

    async def _failed(self, debt: Debt, error: TelegramError) -> None:
        """Judges the error and acts on it."""
        judged = verdict(error)
        log.info("message %d: %s (%s)", debt.id, judged.name, type(error).__name__)
        match judged, error:
            case Verdict.WAIT, RetryAfter():
                await self._books.hold_chat(debt, retry_after_s(error))
            case Verdict.OTHER_CHAT, ChatMigrated(new_chat_id=chat_id):
                await self._books.in_chat(debt, chat_id)
            case Verdict.AGAIN, _:
                await self._books.again(debt, maybe_sent=False)
            case Verdict.AGAIN_MAYBE_TWICE, _:
                await self._doubt(debt)
            case Verdict.NO_RIGHT, _:
                await self._books.not_allowed(debt)
            case Verdict.REFUSED, _ if other := other_form(debt.owed, error):
                await self._books.in_form(debt, other)
            case _:
                log.warning("message %d is undeliverable: %s", debt.id, error.message)
                await self._give_up(debt)
                if judged is Verdict.NOBODY_THERE and self._on_gone is not None:
                    await _tell(self._on_gone(debt.owed.chat_id))

    async def _doubt(self, debt: Debt) -> None:
        """Tries again, but not for ever: each try may be one more copy."""
        if debt.duplicates_possible + 1 >= _MOST_DOUBTFUL_TRIES:
            await self._give_up(debt)
        else:
            await self._books.again(debt, maybe_sent=True)

    async def _give_up(self, debt: Debt) -> None:
        await self._books.undeliverable(debt)
        if self._on_undeliverable is not None:
            await _tell(self._on_undeliverable(debt.owed))


async def _tell(told: Awaitable[None]) -> None:
    """Awaits a hook; its failure is its own."""
    try:
        async with asyncio.timeout(_LONGEST_HOOK_S):
            await told
    except Exception as error:  # noqa: BLE001  # somebody else's code
        log.error("an outbox hook failed: %s", type(error).__name__)
