import asyncio
import sqlite3
import stat

import pytest

from bot.storage import migrations
from bot.storage.database import Database, finish
from bot.storage.errors import DataFolderError, StorageError, StorageFull

INSERT = "INSERT INTO meta (key, value) VALUES (?, ?)"


async def keys(db):
    return [row["key"] for row in await db.fetch_all("SELECT key FROM meta")]


async def test_committed_rows_are_read_back_by_name(db):
    async with db.transaction() as tx:
        done = await tx.execute(INSERT, ("colour", "blue"))

    row = await db.fetch_one("SELECT * FROM meta")

    assert done.rowcount == 1
    assert dict(row) == {"key": "colour", "value": "blue"}
    assert await db.fetch_one("SELECT * FROM meta WHERE key = 'none'") is None


async def test_nothing_of_a_failed_transaction_stays(db):
    async def change_my_mind():
        async with db.transaction() as tx:
            await tx.execute(INSERT, ("a", "1"))
            raise KeyError("changed my mind")

    with pytest.raises(KeyError):
        await change_my_mind()
    async with db.transaction() as tx:
        await tx.execute(INSERT, ("b", "2"))

    assert await keys(db) == ["b"]


async def test_nothing_of_a_cancelled_transaction_stays(db):
    begun = asyncio.Event()

    async def write():
        async with db.transaction() as tx:
            await tx.execute(INSERT, ("a", "1"))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with db.transaction() as tx:
        await tx.execute(INSERT, ("b", "2"))

    assert await keys(db) == ["b"]


async def test_cancellation_at_any_moment_leaves_the_writer_usable(db):
    """A statement outlives its cancelled awaiter in SQLite's thread."""

    async def write_two(number):
        async with db.transaction() as tx:
            await tx.execute(INSERT, (f"x{number}", ""))
            await tx.execute(INSERT, (f"y{number}", ""))

    for number in range(120):
        task = asyncio.create_task(write_two(number))
        await asyncio.sleep(number * 0.00005)
        task.cancel()
        await asyncio.wait([task], timeout=5)
        async with db.transaction() as tx:
            await tx.execute(INSERT, (f"after {number}", ""))

    rows = set(await keys(db))
    halves = {key[1:] for key in rows if key[0] in "xy"}
    assert {f"after {number}" for number in range(120)} <= rows
    assert all({f"x{number}", f"y{number}"} <= rows for number in halves)


async def test_transactions_take_turns(db):
    async def count_up():
        async with db.transaction() as tx:
            row = await tx.fetch_one("SELECT COUNT(*) AS n FROM meta")
            await asyncio.sleep(0)
            await tx.execute(INSERT, (str(row["n"]), ""))

    await asyncio.gather(*(count_up() for _ in range(20)))

    assert sorted(map(int, await keys(db))) == list(range(20))


async def test_transaction_inside_a_transaction_is_a_mistake_and_no_deadlock(db):
    async with db.transaction():
        with pytest.raises(RuntimeError, match="do not nest"):
            async with db.transaction():
                pass


async def test_reads_do_not_wait_for_the_writer_and_see_the_last_commit(db):
    async with db.transaction() as tx:
        await tx.execute(INSERT, ("a", "1"))
        async with asyncio.timeout(2):
            assert await keys(db) == []

    assert await keys(db) == ["a"]


async def test_reader_cannot_write(db):
    with pytest.raises(StorageError):
        await db.fetch_all("DELETE FROM meta RETURNING key")


async def test_violated_constraint_is_a_storage_error(db):
    async def write_nothing():
        async with db.transaction() as tx:
            await tx.execute(INSERT, ("a", "1"))
            await tx.execute(INSERT, (None, None))

    with pytest.raises(StorageError, match="CONSTRAINT"):
        await write_nothing()

    assert await keys(db) == []


async def test_full_database_is_named_and_loses_nothing(db):
    async with db.transaction() as tx:
        await tx.execute(INSERT, ("kept", "1"))
        await tx.fetch_all("PRAGMA max_page_count = 1")

    async def write_much():
        async with db.transaction() as tx:
            for number in range(2000):
                await tx.execute(INSERT, (f"{number}", "x" * 100))

    with pytest.raises(StorageFull, match="no room left"):
        await write_much()

    assert await keys(db) == ["kept"]


async def test_second_bot_on_the_same_folder_is_turned_away(tmp_path, db):
    with pytest.raises(DataFolderError, match="another bot"):
        await Database.open(tmp_path / "bot.sqlite3", lock_timeout_s=0.1)


async def test_next_bot_waits_for_the_old_one_to_leave(tmp_path):
    old = await Database.open(tmp_path / "bot.sqlite3")
    new = asyncio.create_task(Database.open(tmp_path / "bot.sqlite3"))
    await asyncio.sleep(0)
    await old.close()

    async with await new as db:
        assert await keys(db) == []


async def test_data_folder_is_private(tmp_path):
    path = tmp_path / "new" / "bot.sqlite3"

    async with await Database.open(path):
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_data_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(DataFolderError, match="cannot be written") as caught:
        await Database.open(tmp_path / "file" / "bot.sqlite3")

    assert str(tmp_path) not in str(caught.value)


async def test_file_that_is_no_database_is_explained_and_kept(tmp_path):
    path = tmp_path / "bot.sqlite3"
    path.write_bytes(b"my holiday pictures" * 100)

    with pytest.raises(DataFolderError, match="SQLITE_NOTADB"):
        await Database.open(path)

    assert path.read_bytes() == b"my holiday pictures" * 100


async def test_closing_twice_is_fine_and_use_afterwards_is_refused(tmp_path):
    db = await Database.open(tmp_path / "bot.sqlite3")
    await db.close()
    await db.close()

    with pytest.raises(StorageError, match="closed"):
        await db.fetch_all("SELECT 1")
    with pytest.raises(StorageError, match="closed"):
        async with db.transaction():
            pass


async def test_tables_are_made_once_and_their_rows_stay(tmp_path):
    path = tmp_path / "bot.sqlite3"
    async with await Database.open(path) as db, db.transaction() as tx:
        await tx.execute(INSERT, ("a", "1"))

    async with await Database.open(path) as db:
        [version] = await db.fetch_all("PRAGMA user_version")
        assert await keys(db) == ["a"]

    assert version["user_version"] >= 1


async def test_database_of_a_newer_bot_is_left_alone(tmp_path):
    path = tmp_path / "bot.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 9999")
    newer.close()

    with pytest.raises(DataFolderError, match="newer bot"):
        await Database.open(path)


async def test_migration_that_breaks_off_leaves_no_half_of_it(tmp_path, monkeypatch):
    broken = ["CREATE TABLE half (a); CREATE TABLE half (a);"]
    monkeypatch.setattr("bot.storage.migrations._scripts", lambda: broken)

    with pytest.raises(DataFolderError):
        await Database.open(tmp_path / "bot.sqlite3")

    with sqlite3.connect(tmp_path / "bot.sqlite3") as raw:
        tables = raw.execute("SELECT name FROM sqlite_master").fetchall()
        version = raw.execute("PRAGMA user_version").fetchone()
    raw.close()
    assert (tables, version) == ([], (0,))


async def test_jobs_of_version_3_are_kept_and_have_no_parent(tmp_path, monkeypatch):
    path, scripts = tmp_path / "bot.sqlite3", migrations._scripts()
    columns = (
        "id, key, chat_id, user_id, language, reply_to, status_message_id, content,"
        " style, strength, created_at"
    )
    with monkeypatch.context() as then:
        then.setattr(migrations, "_scripts", lambda: scripts[:3])
        async with await Database.open(path) as db, db.transaction() as tx:
            await tx.execute(
                f"INSERT INTO jobs ({columns}) VALUES ("  # noqa: S608 - of our own
                "'old', 'key', 1, 1, 'en', 1, 1, 'c', 's', 'wild', 0.0)"
            )

    async with await Database.open(path) as db:
        [version] = await db.fetch_all("PRAGMA user_version")
        [job] = await db.fetch_all("SELECT * FROM jobs")

    assert version["user_version"] == len(scripts) >= 4
    assert (job["id"], job["strength"], job["parent"]) == ("old", "wild", None)


async def test_killed_process_loses_no_commit_and_frees_the_folder(tmp_path, child):
    path = tmp_path / "bot.sqlite3"
    process = child(
        """
        import asyncio, sys
        from pathlib import Path
        from bot.storage.database import Database

        async def main():
            db = await Database.open(Path(sys.argv[1]))
            for n in range(100_000):
                async with db.transaction() as tx:
                    await tx.execute("INSERT INTO meta VALUES (?, '')", (str(n),))
                print(n)

        asyncio.run(main())
        """,
        path,
    )
    told = [process.stdout.readline() for _ in range(20)]
    process.kill()
    told += process.communicate(timeout=10)[0].splitlines(keepends=True)
    told = [line for line in told if line.endswith("\n")]

    async with await Database.open(path, lock_timeout_s=1) as db:
        kept = {int(key) for key in await keys(db)}

    assert len(told) >= 20
    assert {int(line) for line in told} <= kept


async def test_work_to_be_finished_outlives_its_cancellation():
    steps = []

    async def work():
        for step in range(5):
            await asyncio.sleep(0)
            steps.append(step)

    task = asyncio.create_task(finish(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert steps == [0, 1, 2, 3, 4]
