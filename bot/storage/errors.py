"""Everything that the storage raises on purpose.

StorageError              the database or a file could not be read or written
├── StorageFull           no room left, on the disk or in a quota
└── DataFolderError       the data folder cannot be used at all; fatal at start

Messages are sentences without paths, fit for a log line.
"""

from __future__ import annotations

import errno
import sqlite3

_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageError(Exception):
    """The database or a file could not be read or written."""


class StorageFull(StorageError):
    """There is no room left for what should be stored; nothing was half stored."""


class DataFolderError(StorageError):
    """The data folder cannot be used."""


def from_os_error(error: OSError) -> StorageError:
    """Names a failed file operation without its path."""
    if error.errno in _FULL_ERRNOS:
        return StorageFull("no room left for a file in the data folder")
    name = errno.errorcode.get(error.errno or 0, "unknown error")
    return StorageError(f"a file in the data folder could not be written ({name})")


def from_sqlite_error(error: sqlite3.Error) -> StorageError:
    """Names a failed database operation."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return StorageFull("no room left for the database")
    name = getattr(error, "sqlite_errorname", "unknown error")
    return StorageError(f"the database could not be used ({name})")
