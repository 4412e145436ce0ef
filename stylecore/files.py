"""Files that are either whole or not there: written aside, then renamed."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PART = ".part"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; a normal exit renames it to `path`.

    An exception removes what was written and leaves `path` as it was. Two writers of
    one path never share a temporary file; the later rename wins.
    """
    with aside(path) as temporary:
        yield temporary
        _flush(temporary)
        temporary.replace(path)


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` for a file that is gone at the exit.

    Its name keeps the suffix, since encoders choose their format by it.
    """
    token = secrets.token_hex(4)
    temporary = path.with_name(f".{path.stem}.{token}{_PART}{path.suffix}")
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def sweep(folder: Path, older_than_s: float) -> None:
    """Removes temporary files that a killed process left behind."""
    for left in folder.glob(f".*{_PART}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > older_than_s:
                left.unlink()


def _flush(path: Path) -> None:
    # Without this a power cut after the rename can leave an empty file behind.
    with path.open("rb+") as file:
        os.fsync(file.fileno())
