"""Numbered SQL files, applied once each and in order.

`PRAGMA user_version` is the number of the last one applied.
"""

from __future__ import annotations

from importlib import resources

import aiosqlite

from ..errors import DataFolderError


async def migrate(connection: aiosqlite.Connection) -> int:
    """Brings the tables up to date; returns the version they have now.

    Raises `DataFolderError` if a newer bot made them.
    """
    scripts = _scripts()
    async with connection.execute("PRAGMA user_version") as cursor:
        row = await cursor.fetchone()
    version: int = row[0] if row else 0
    if version > len(scripts):
        raise DataFolderError(
            f"the database has version {version}, this bot knows {len(scripts)};"
            " use the newer bot"
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        await _apply(connection, number, script)
    if 0 < version < len(scripts):
        # What an older bot deleted may still be there to read, between the rows.
        await connection.execute_fetchall("VACUUM")
    return len(scripts)


async def _apply(connection: aiosqlite.Connection, number: int, script: str) -> None:
    """Runs one file and its new version number in one transaction."""
    try:
        await connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
        )
    finally:
        await connection.rollback()


def _scripts() -> list[str]:
    """The texts of `0001_….sql`, `0002_….sql` … without a gap."""
    files = sorted(
        (file for file in resources.files(__package__).iterdir()),
        key=lambda file: file.name,
    )
    files = [file for file in files if file.name.endswith(".sql")]
    for number, file in enumerate(files, start=1):
        if not file.name.startswith(f"{number:04d}_"):
            raise RuntimeError(f"migration {number} is missing before {file.name}")
    return [file.read_text(encoding="utf-8") for file in files]
