"""`Database`: one SQLite file, one writer, and readers that never wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import aiosqlite

from .errors import DataFolderError, StorageError, StorageFull, from_sqlite_error
from .migrations import migrate

Parameters = Sequence[Any] | dict[str, Any]

T = TypeVar("T")

# FULL syncs the log on every commit: an update acknowledged to Telegram, or a
# message marked `sending`, must outlive a power cut, not only a killed process. It
# was measured at 0.8 ms per commit on two quiet cores.
_WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    # What is deleted is overwritten, not only left out of the tables.
    "PRAGMA secure_delete = ON",
)
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_READER_PRAGMAS = ("PRAGMA query_only = ON", "PRAGMA busy_timeout = 5000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What a statement that returns no rows did."""

    rowcount: int
    lastrowid: int | None


class Transaction:
    """The writer while a transaction is open; valid inside its `async with` only."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, parameters: Parameters = ()) -> Executed:
        cursor = await self._connection.execute(sql, parameters)
        return Executed(rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)

    async def executemany(self, sql: str, rows: Iterable[Parameters]) -> Executed:
        cursor = await self._connection.executemany(sql, rows)
        return Executed(rowcount=cursor.rowcount, lastrowid=cursor.lastrowid)

    async def fetch_one(
        self, sql: str, parameters: Parameters = ()
    ) -> sqlite3.Row | None:
        rows = await self.fetch_all(sql, parameters)
        return rows[0] if rows else None

    async def fetch_all(
        self, sql: str, parameters: Parameters = ()
    ) -> list[sqlite3.Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))


class Database:
    """Open it with `await Database.open(path)` or `async with`; close it once.

    Raises `StorageFull` or `StorageError` where SQLite fails.
    """

    def __init__(
        self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, lock_fd: int
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._lock_fd = lock_fd
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._closed = False

    @classmethod
    async def open(cls, path: Path, *, lock_timeout_s: float = 5.0) -> Self:
        """Opens `path`, makes its folder (0700) and brings the tables up to date.

        Raises `DataFolderError` if the folder cannot be written, if another bot
        still uses it after `lock_timeout_s`, or if a newer bot made the tables, and
        `StorageFull`.
        """
        lock_fd = await _lock_folder(path, lock_timeout_s)
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(os.close, lock_fd)
            try:
                writer = await _connect(stack, path, _WRITER_PRAGMAS)
                await migrate(writer)
                await writer.execute_fetchall(_EMPTY_LOG)
                reader = await _connect(stack, path, _READER_PRAGMAS)
            except sqlite3.Error as error:
                named = from_sqlite_error(error)
                if isinstance(named, StorageFull):
                    raise named from error
                raise DataFolderError(str(named)) from error
            stack.pop_all()
        return cls(writer, reader, lock_fd)

    async def close(self) -> None:
        """Waits for the transaction in progress; safe to call twice."""
        async with self._turn:
            if self._closed:
                return
            self._closed = True
            await finish(self._reader.close())
            await finish(self._writer.close())
            os.close(self._lock_fd)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """All or nothing; one at a time, so keep slow work outside of it."""
        if self._owner is asyncio.current_task():
            raise RuntimeError("transactions do not nest: pass the open one on")
        async with self._turn:
            self._check_open()
            self._owner = asyncio.current_task()
            committed = False
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield Transaction(self._writer)
                await finish(self._writer.commit())
                committed = True
            except sqlite3.Error as error:
                raise from_sqlite_error(error) from error
            finally:
                if not committed:
                    # After a cancellation this queues behind the statement that
                    # the worker thread may still be running.
                    await finish(self._writer.rollback())
                self._owner = None

    async def fetch_one(
        self, sql: str, parameters: Parameters = ()
    ) -> sqlite3.Row | None:
        """The first row as of the last commit."""
        rows = await self.fetch_all(sql, parameters)
        return rows[0] if rows else None

    async def fetch_all(
        self, sql: str, parameters: Parameters = ()
    ) -> list[sqlite3.Row]:
        """All rows as of the last commit; never waits for a transaction."""
        self._check_open()
        try:
            return list(await self._reader.execute_fetchall(sql, parameters))
        except sqlite3.Error as error:
            raise from_sqlite_error(error) from error

    async def empty_log(self) -> None:
        """Moves everything from the log into the database, and cuts it to nothing.

        After that no trace is left of what was deleted before.
        """
        async with self._turn:
            self._check_open()
            try:
                rows = list(await self._writer.execute_fetchall(_EMPTY_LOG))
            except sqlite3.Error as error:
                raise from_sqlite_error(error) from error
        if rows and rows[0][0]:
            raise StorageError("the log of the database is in use")

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError("the database is closed")


async def _connect(
    stack: contextlib.AsyncExitStack, path: Path, pragmas: Iterable[str]
) -> aiosqlite.Connection:
    """A connection in autocommit mode, closed by `stack`."""
    connection = await stack.enter_async_context(
        aiosqlite.connect(path, isolation_level=None)
    )
    connection.row_factory = sqlite3.Row
    for pragma in pragmas:
        await connection.execute_fetchall(pragma)
    return connection


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Awaits `work` to its end, however often the caller is cancelled meanwhile.

    A cancellation is passed on when the work is done.
    """
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            cancelled = True
    result = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return result


async def _lock_folder(path: Path, timeout_s: float) -> int:
    """Takes the folder for this process; the lock goes with the process."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = path.with_name(path.name + ".lock")
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DataFolderError(
            "the data folder cannot be written; give the bot a folder of its own"
        ) from error
    deadline = asyncio.get_running_loop().time() + timeout_s
    try:
        while not _try_lock(fd):
            if asyncio.get_running_loop().time() >= deadline:
                raise DataFolderError("another bot is using the data folder")
            await asyncio.sleep(0.05)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
