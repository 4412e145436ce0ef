"""Old databases with rows in them, brought up to date."""

import sqlite3
from importlib import resources

from bot.storage.database import Database

OLD_OUTBOX = {
    "id": 7,
    "key": "photo:abc",
    "job_id": "abc",
    "chat_id": -100,
    "thread_id": 5,
    "reply_to": 9,
    "kind": "photo",
    "text": "Painted",
    "file": "jobs/abc/photo.jpg",
    "file_name": "painted.jpg",
    "keyboard": '[[["Go", "v1:go"]]]',
    "after": "card:x",
    "width": 4,
    "height": 3,
    "duration": 2,
    "state": "sending",
    "attempts": 2,
    "not_before": 1.5,
    "created_at": 2.5,
    "sent_at": 3.5,
    "message_id": 11,
    "file_id": "file-11",
    "duplicates_possible": 1,
}


def old_database(path, version):
    """A database as an older bot has left it."""
    folder = resources.files("bot.storage.migrations")
    connection = sqlite3.connect(path)
    for number in range(1, version + 1):
        (script,) = (f for f in folder.iterdir() if f.name.startswith(f"{number:04d}_"))
        connection.executescript(script.read_text())
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


def insert(connection, table, row):
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    values = tuple(row.values())
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608 - the test's own words


async def test_outbox_of_an_old_bot_keeps_every_row_and_takes_albums(tmp_path):
    path = tmp_path / "bot.sqlite3"
    old = old_database(path, 4)
    insert(old, "outbox", OLD_OUTBOX)
    old.commit()
    old.close()

    async with await Database.open(path) as db:
        (row,) = await db.fetch_all("SELECT * FROM outbox")
        async with db.transaction() as tx:
            await tx.execute(
                "INSERT INTO outbox (key, chat_id, kind, created_at)"
                " VALUES ('album', 1, 'album', 0)"
            )
        keys = await db.fetch_all("SELECT id, key FROM outbox ORDER BY id")
        indexes = await db.fetch_all(
            "SELECT name FROM sqlite_master WHERE tbl_name = 'outbox'"
            " AND name LIKE 'outbox_by_%' ORDER BY name"
        )

    assert {name: row[name] for name in OLD_OUTBOX} == OLD_OUTBOX
    assert (row["parts"], row["placeholder"]) == (None, None)
    assert [tuple(key) for key in keys] == [(7, "photo:abc"), (8, "album")]
    names = [index["name"] for index in indexes]
    assert names == [
        *("outbox_by_answered", "outbox_by_file", "outbox_by_job"),
        *("outbox_by_message", "outbox_by_state"),
    ]
