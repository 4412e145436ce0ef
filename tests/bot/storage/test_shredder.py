"""Erased is erased: looked for byte by byte in the data folder."""

import asyncio
import sqlite3

import pytest

from bot.storage import erasure
from bot.storage.database import Database
from bot.storage.migrations import _scripts
from bot.storage.pictures import PictureStore
from bot.storage.shredder import Shredder

from .test_pictures import INFO

ADA, BEN = 1001, 1002
TAP = 77
MARK = b"a-caption-nobody-else-has"
PIXELS = b"the bytes of a picture of Ada's"


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "data" / "bot.sqlite3") as database:
        yield database


@pytest.fixture
def pictures(tmp_path, db):
    return PictureStore(tmp_path / "data" / "pictures", db)


@pytest.fixture
def shredder(tmp_path, db, pictures):
    data = tmp_path / "data"
    return Shredder(db, pictures, cards=data / "cards", jobs=data / "jobs")


def found(folder, needle):
    """The files in which the bytes are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.name for path in files if needle in path.read_bytes())


async def fill(db, tmp_path, pictures):
    """Something of Ada's in every place, and her photo drawn beside one of Ben's."""
    photo = await pictures.put(PIXELS, INFO, sender=ADA)
    bens = await pictures.put(b"Ben's picture", INFO, sender=BEN)
    for name in (f"jobs/job1/{photo}.png", f"cards/{bens}-{photo}.jpg"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(PIXELS)
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO outbox (key, chat_id, kind, text, created_at)"
            " VALUES ('k', ?, 'text', ?, 1)",
            (ADA, MARK.decode() * 400),
        )
        await tx.execute(
            "INSERT INTO jobs (id, key, chat_id, user_id, language, reply_to,"
            " status_message_id, content, style, strength, created_at)"
            " VALUES ('job1', 'k', ?, ?, 'en', 1, 1, ?, ?, 'wild', 1)",
            (ADA, ADA, photo, photo),
        )
    return photo, bens


async def erase_ada(db):
    async with db.transaction() as tx:
        await erasure.erase_person(tx, TAP, ADA)


async def until_finished(db, folder):
    """Until nothing is to be erased; emptying the log is the very last step."""
    log = folder / "bot.sqlite3-wal"
    async with asyncio.timeout(10):
        while await erasure.open_erasures(db) or log.stat().st_size:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_neither_words_nor_pixels_are_left_in_any_file(
    db, pictures, shredder, tmp_path
):
    photo, _ = await fill(db, tmp_path, pictures)
    assert found(tmp_path, MARK)
    assert len(found(tmp_path, PIXELS)) == 3

    await erase_ada(db)
    assert await shredder.shred()

    assert found(tmp_path, MARK) == []
    assert found(tmp_path, PIXELS) == []
    assert found(tmp_path, photo.encode()) == []
    assert found(tmp_path, b"Ben's picture") != []
    assert not (tmp_path / "data" / "jobs" / "job1").exists()


async def test_deleting_alone_would_leave_the_words_in_the_log(db, tmp_path, pictures):
    await fill(db, tmp_path, pictures)

    await erase_ada(db)

    assert found(tmp_path, MARK) == ["bot.sqlite3-wal"]


async def test_erasure_that_was_cut_short_is_finished_by_the_next_process(
    db, pictures, tmp_path
):
    await fill(db, tmp_path, pictures)
    await erase_ada(db)
    await db.close()

    async with await Database.open(tmp_path / "data" / "bot.sqlite3") as again:
        store = PictureStore(tmp_path / "data" / "pictures", again)
        data = tmp_path / "data"
        next_one = Shredder(again, store, cards=data / "cards", jobs=data / "jobs")
        task = asyncio.create_task(next_one.run())
        await until_finished(again, data)
        task.cancel()

        assert found(tmp_path, MARK) == found(tmp_path, PIXELS) == []


async def test_it_waits_for_the_last_message_and_then_leaves_nothing_of_it(
    db, pictures, shredder, tmp_path
):
    await fill(db, tmp_path, pictures)
    async with db.transaction() as tx:
        await erasure.erase_person(tx, TAP, ADA)
        await tx.execute(
            "INSERT INTO outbox (key, chat_id, kind, text, created_at)"
            " VALUES (?, ?, 'text', ?, 1)",
            (f"update:{TAP}", ADA, MARK.decode()),
        )

    assert not await shredder.shred()
    assert found(tmp_path, PIXELS) == []
    assert found(tmp_path, MARK) != []

    async with db.transaction() as tx:
        await tx.execute("UPDATE outbox SET state = 'sent'")
    assert await shredder.shred()
    assert found(tmp_path, MARK) == []


async def test_picture_that_ben_sends_meanwhile_stays_his(
    db, pictures, shredder, tmp_path
):
    photo, _ = await fill(db, tmp_path, pictures)
    await erase_ada(db)
    assert await pictures.put(PIXELS, INFO, sender=BEN) == photo

    await shredder.shred()

    assert await pictures.exists(photo)
    assert pictures.path(photo).read_bytes() == PIXELS


async def test_what_an_older_bot_deleted_is_overwritten_with_the_new_tables(tmp_path):
    path = tmp_path / "bot.sqlite3"
    old = sqlite3.connect(path)
    old.execute("PRAGMA secure_delete = OFF")
    old.executescript(f"{_scripts()[0]}\nPRAGMA user_version = 1;")
    old.execute("INSERT INTO meta VALUES ('a', ?)", (MARK.decode() * 400,))
    old.commit()
    old.execute("DELETE FROM meta")
    old.commit()
    old.close()
    assert found(tmp_path, MARK) == ["bot.sqlite3"]

    async with await Database.open(path):
        assert found(tmp_path, MARK) == []
