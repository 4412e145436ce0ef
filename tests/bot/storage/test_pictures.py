import asyncio
import errno
import json
import os
import stat
import time
from dataclasses import dataclass

import pytest

from bot.storage.errors import StorageError, StorageFull, from_os_error
from bot.storage.pictures import PictureStore


@dataclass(frozen=True)
class Info:
    format: str = "JPEG"
    width: int = 64
    height: int = 48


INFO = Info()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pictures"


@pytest.fixture
def pictures(folder, db):
    return PictureStore(folder, db)


def files(folder):
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def test_picture_is_found_under_the_hash_of_its_bytes(pictures, db):
    picture_id = await pictures.put(b"a picture", INFO)

    row = await db.fetch_one("SELECT * FROM pictures")

    assert picture_id == "6d6f532c386533c4a121faffda65f7e1"
    assert pictures.path(picture_id).read_bytes() == b"a picture"
    assert await pictures.exists(picture_id)
    assert not await pictures.exists("0" * 32)
    assert (row["bytes"], row["width"], row["height"]) == (9, 64, 48)


async def test_same_picture_is_stored_once(pictures, folder):
    ids = await asyncio.gather(*(pictures.put(b"same", INFO) for _ in range(5)))

    assert files(folder) == {*ids} == {ids[0]}


async def test_folder_is_private(pictures, folder):
    await pictures.put(b"private", INFO)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_incoming_file_is_gone_after_the_block(pictures, folder):
    async with pictures.incoming(b"what is this?") as path:
        assert path.read_bytes() == b"what is this?"
    with pytest.raises(ZeroDivisionError):
        async with pictures.incoming(b"what is this?"):
            raise ZeroDivisionError

    assert files(folder) == set()


async def test_picture_without_its_file_does_not_exist(pictures):
    picture_id = await pictures.put(b"lost", INFO)
    pictures.path(picture_id).unlink()

    assert not await pictures.exists(picture_id)
    assert await pictures.put(b"lost", INFO) == picture_id
    assert await pictures.exists(picture_id)


async def test_full_disk_leaves_no_half_file(tmp_path, child):
    """A child process may write files of 64 kB at most, then the disk is "full"."""
    process = child(
        """
        import asyncio, json, resource, sys
        from pathlib import Path
        from types import SimpleNamespace
        from bot.storage.database import Database
        from bot.storage.errors import StorageFull
        from bot.storage.pictures import PictureStore

        async def main():
            folder = Path(sys.argv[1])
            info = SimpleNamespace(format="JPEG", width=1, height=1)
            async with await Database.open(folder / "bot.sqlite3") as db:
                pictures = PictureStore(folder / "pictures", db)
                small = await pictures.put(b"small", info)
                resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
                try:
                    await pictures.put(b"x" * 1_000_000, info)
                except StorageFull as error:
                    said = str(error)
            print(json.dumps([small, said]))

        asyncio.run(main())
        """,
        tmp_path,
    )
    out, _ = process.communicate(timeout=30)
    small, said = json.loads(out)

    assert files(tmp_path / "pictures") == {small}
    assert said == "no room left for a file in the data folder"


def test_errors_of_the_system_are_named_without_paths():
    full = from_os_error(OSError(errno.ENOSPC, "No space left", "/secret/path"))
    denied = from_os_error(PermissionError(errno.EACCES, "Denied", "/secret/path"))

    assert isinstance(full, StorageFull)
    assert type(denied) is StorageError
    assert "EACCES" in str(denied)
    assert "secret" not in f"{full} {denied}"


async def add_draft(db, content, style):
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO drafts (chat_id, user_id, content, style, updated_at)"
            " VALUES (1, 1, ?, ?, 0)",
            (content, style),
        )


async def add_job(db, job_id, content, style, state="queued", finished_at=None):
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO jobs (id, key, state, chat_id, user_id, language, reply_to,"
            " status_message_id, content, style, strength, created_at, finished_at)"
            " VALUES (?, ?, ?, 1, 1, 'en', 1, 1, ?, ?, 'subtle', 0, ?)",
            (job_id, job_id, state, content, style, finished_at),
        )


async def test_sweep_spares_what_drafts_and_jobs_need(pictures, db, folder):
    names = ("draft", "running", "recent", "over", "nobody")
    ids = {name: await pictures.put(name.encode(), INFO) for name in names}
    await add_draft(db, ids["draft"], None)
    await add_job(db, "a", ids["running"], ids["running"], "running")
    await add_job(db, "b", ids["recent"], ids["over"], "delivered", time.time() + 60)
    await add_job(db, "c", ids["over"], ids["over"], "delivered", 1.0)

    swept = await pictures.sweep(-1)

    kept = {ids["draft"], ids["running"], ids["recent"], ids["over"]}
    assert swept == 1
    assert files(folder) == kept
    assert not await pictures.exists(ids["nobody"])


async def add_style(db, picture, user_id=1):
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO styles (id, user_id, picture, kind, created_at, used_at)"
            " VALUES (?, ?, ?, 'saved', 0, 0)",
            (f"{user_id}{picture[:8]}", user_id, picture),
        )


async def test_sweep_spares_saved_styles_for_as_long_as_they_are_saved(pictures, db):
    saved = await pictures.put(b"saved", INFO)
    await add_style(db, saved)

    assert await pictures.sweep(older_than_s=-60) == 0
    assert await pictures.exists(saved)

    async with db.transaction() as tx:
        await tx.execute("DELETE FROM styles")
    assert await pictures.sweep(older_than_s=-60) == 1


async def test_sweep_spares_the_second_painting_of_a_blend(pictures, db):
    ids = [await pictures.put(name, INFO) for name in (b"photo", b"one", b"two")]
    await add_job(db, "blend", *ids[:2])
    async with db.transaction() as tx:
        await tx.execute("UPDATE jobs SET second_style = ?", (ids[2],))

    assert await pictures.sweep(older_than_s=-60) == 0


async def test_released_picture_is_gone_at_once_unless_somebody_needs_it(
    pictures, db, folder
):
    lonely, drafted, kept, recent, old = [
        await pictures.put(name, INFO)
        for name in (b"lonely", b"drafted", b"kept", b"recent", b"old")
    ]
    await add_draft(db, drafted, None)
    await add_style(db, kept, user_id=2)
    await add_job(db, "recent", recent, recent, "delivered", time.time() - 5)
    await add_job(db, "old", old, old, "delivered", time.time() - 500)

    pending = [lonely, drafted, kept, recent, old]
    gone = [await pictures.release(each, kept_for_s=60) for each in pending]

    assert gone == [True, False, False, False, True]
    assert files(folder) == {drafted, kept, recent}


async def test_sweep_spares_what_was_sent_lately(pictures):
    picture_id = await pictures.put(b"fresh", INFO)

    assert await pictures.sweep(3600) == 0
    assert await pictures.exists(picture_id)


async def test_picture_sent_again_counts_as_fresh(pictures, db):
    picture_id = await pictures.put(b"again", INFO)
    async with db.transaction() as tx:
        await tx.execute("UPDATE pictures SET created_at = 0")
    await pictures.put(b"again", INFO)

    assert await pictures.sweep(3600) == 0
    assert await pictures.exists(picture_id)


async def test_sweep_removes_what_a_crash_left_behind(pictures, folder):
    kept = await pictures.put(b"kept", INFO)
    for litter in (folder / "0123", folder / ".incoming" / "abc.part"):
        litter.write_bytes(b"half a pic")
        os.utime(litter, (0, 0))

    await pictures.sweep(3600)

    assert files(folder) == {kept}


async def test_put_during_a_sweep_is_not_swept(pictures, db):
    picture_id = await pictures.put(b"busy", INFO)
    async with db.transaction() as tx:
        await tx.execute("UPDATE pictures SET created_at = 0")

    await asyncio.gather(pictures.sweep(3600), pictures.put(b"busy", INFO))

    assert await pictures.exists(picture_id)


async def test_what_telegram_keeps_a_picture_under_is_the_last_that_was_said(
    db, pictures
):
    picture_id = await pictures.put(b"sent", INFO, photo_id="one")
    await pictures.put(b"sent", INFO, photo_id="two")
    await pictures.put(b"sent", INFO)  # as a file

    row = await db.fetch_one("SELECT file_id FROM pictures WHERE id = ?", (picture_id,))
    assert tuple(row) == ("two",)
