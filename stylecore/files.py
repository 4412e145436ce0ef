"""Files that are either whole or not there: written aside, then renamed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yields a temporary path beside `path`; a normal exit renames it to `path`.

    An exception removes what was written and leaves `path` as it was. The
    temporary name keeps the suffix, since encoders choose their format by it.
    Two writers of one path never share a temporary file; the later rename wins.
    """
    aside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield aside
        _flush(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    # Without this a power cut after the rename can leave an empty file behind.
    with path.open("rb+") as file:
        os.fsync(file.fileno())
