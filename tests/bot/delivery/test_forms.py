"""Messages beyond text and single uploads: albums, known files, forced replies."""

import asyncio
import contextlib
import json

import pytest

from bot.delivery.outbox import Outbox
from bot.delivery.owed import MAX_PLACEHOLDER, Button, Kind, Owed, Part
from bot.delivery.rows import keyboard_from_json, keyboard_to_json

BEFORE, AFTER = "a/before.jpg", "a/after.jpg"


def known(key, file_id="file-9", **more):
    """A photo that Telegram has."""
    return Owed(key=key, chat_id=1, kind=Kind.PHOTO, file_id=file_id, **more)


def upload(key, **more):
    return Owed(key=key, chat_id=1, kind=Kind.PHOTO, file=AFTER, **more)


def album(key, *parts, **more):
    return Owed(key=key, chat_id=1, kind=Kind.ALBUM, parts=parts, **more)


def media(call):
    """What an album's parts point to: an id, or the bytes of an upload."""
    items = json.loads(call.data["media"])
    found = [item["media"].removeprefix("attach://") for item in items]
    return [call.files[name][1] if name in call.files else name for name in found]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / BEFORE).write_bytes(b"before")
    (tmp_path / AFTER).write_bytes(b"after")
    return tmp_path


@pytest.fixture
async def outbox(db, bot, folder):
    box = Outbox(db, bot, folder, first_pause_s=0.05)
    task = asyncio.create_task(box.run())
    yield box
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def deliver(db, outbox, owed):
    """Waits until it is settled; returns its row."""
    async with db.transaction() as tx:
        await outbox.put(tx, owed)
    outbox.wake()
    async with asyncio.timeout(10):
        while True:
            row = await row_of(db, owed.key)
            if row["state"] in ("sent", "undeliverable"):
                return row
            await asyncio.sleep(0.01)


async def row_of(db, key):
    row = await db.fetch_one("SELECT * FROM outbox WHERE key = ?", (key,))
    return {**dict(row), "parts": json.loads(row["parts"] or "[]")}


async def test_album_goes_out_as_one_call_and_the_ids_of_all_its_parts_are_kept(
    db, outbox, telegram
):
    parts = (Part(file=BEFORE, text="Before"), Part(file=AFTER, text="After"))

    row = await deliver(db, outbox, album("two", *parts, thread_id=5, reply_to=9))

    (call,) = telegram.calls
    assert (call.method, call.words) == ("sendMediaGroup", "Before + After")
    assert media(call) == [b"before", b"after"]
    assert call.data["message_thread_id"] == "5"
    assert '"allow_sending_without_reply": true' in call.data["reply_parameters"]
    assert "reply_markup" not in call.data
    assert [(part[2], part[4]) for part in row["parts"]] == [
        ("file-101", 101),
        ("file-102", 102),
    ]
    assert (row["message_id"], row["state"]) == (101, "sent")


async def test_known_file_is_sent_without_being_uploaded(db, outbox, telegram, folder):
    (folder / AFTER).unlink()

    row = await deliver(db, outbox, known("again", "file-7", file=AFTER, text="again"))

    (call,) = telegram.calls
    assert (call.data["photo"], call.files) == ("file-7", {})
    assert (row["state"], row["file_id"]) == ("sent", "file-101")


async def test_album_may_mix_known_files_and_uploads(db, outbox, telegram):
    parts = (Part(file_id="file-7"), Part(file=AFTER))

    await deliver(db, outbox, album("mixed", *parts))

    assert media(telegram.calls[0]) == ["file-7", b"after"]


async def test_refused_id_is_replaced_by_an_upload_and_the_new_id_is_learnt(
    db, outbox, telegram, answers
):
    """Also by the row that had sent the same file before."""
    await deliver(db, outbox, upload("first"))
    telegram.script(
        "sendPhoto", answers.bad("wrong file identifier/HTTP URL specified")
    )

    again = await deliver(db, outbox, known("again", "file-101", file=AFTER))

    assert [call.method for call in telegram.calls] == ["sendPhoto"] * 3
    assert [[*call.files.values()] for call in telegram.calls] == [
        [("after.jpg", b"after")],
        [],
        [("after.jpg", b"after")],
    ]
    assert again["state"] == "sent"
    assert again["file_id"] != "file-101"
    assert (await row_of(db, "first"))["file_id"] == again["file_id"]


async def test_refused_id_without_a_file_is_given_up(db, outbox, telegram, answers):
    telegram.script("sendPhoto", answers.bad("wrong file identifier"))

    row = await deliver(db, outbox, known("gone"))

    assert (row["state"], len(telegram.calls)) == ("undeliverable", 1)


async def test_album_with_a_refused_id_is_uploaded_whole(db, outbox, telegram, answers):
    telegram.script("sendMediaGroup", answers.bad("wrong file identifier"))
    parts = (Part(file=BEFORE, file_id="file-7"), Part(file=AFTER))

    row = await deliver(db, outbox, album("two", *parts))

    assert row["state"] == "sent"
    assert media(telegram.calls[1]) == [b"before", b"after"]


async def test_album_of_pictures_that_are_no_photos_is_sent_as_files(
    db, outbox, telegram, answers
):
    telegram.script("sendMediaGroup", answers.bad("PHOTO_INVALID_DIMENSIONS"))
    parts = (Part(file=BEFORE), Part(file=AFTER))

    row = await deliver(db, outbox, album("two", *parts))

    kinds = [item["type"] for item in json.loads(telegram.calls[1].data["media"])]
    assert (row["state"], kinds) == ("sent", ["document", "document"])


async def test_forced_reply_asks_only_the_one_who_is_answered(db, outbox, telegram):
    asked = Owed(
        key="ask",
        chat_id=-5,
        kind=Kind.TEXT,
        text="Which painting?",
        reply_to=9,
        reply_placeholder="Send a painting",
    )

    await deliver(db, outbox, asked)

    assert json.loads(telegram.calls[0].data["reply_markup"]) == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "Send a painting",
    }


async def test_each_kind_of_button_reaches_telegram_and_survives_the_database(
    db, outbox, telegram
):
    keyboard = (
        (Button("Go", "v1:go"), Button("Open", url="https://t.me/b?start=s_1")),
        (Button("Share", share=""), Button("Copy", copy="seed 7")),
    )
    words = Owed(key="k", chat_id=1, kind=Kind.TEXT, text="k", keyboard=keyboard)

    await deliver(db, outbox, words)

    rows = json.loads(telegram.calls[0].data["reply_markup"])["inline_keyboard"]
    anywhere = {
        "query": "",
        "allow_user_chats": True,
        "allow_group_chats": True,
        "allow_channel_chats": True,
    }
    assert rows == [
        [
            {"text": "Go", "callback_data": "v1:go"},
            {"text": "Open", "url": "https://t.me/b?start=s_1"},
        ],
        [
            {"text": "Share", "switch_inline_query_chosen_chat": anywhere},
            {"text": "Copy", "copy_text": {"text": "seed 7"}},
        ],
    ]
    assert keyboard_from_json(keyboard_to_json(keyboard)) == keyboard


def test_keyboards_written_before_there_were_other_buttons_are_still_read():
    assert keyboard_from_json('[[["Go", "v1:go"], ["No", "v1:no"]]]') == (
        (Button("Go", "v1:go"), Button("No", "v1:no")),
    )


@pytest.mark.parametrize("more", [{}, {"data": "v1", "url": "https://x"}])
def test_a_button_does_exactly_one_thing(more):
    with pytest.raises(ValueError, match="exactly one"):
        Button("Go", **more)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.TEXT, "file": "a"},
        {"kind": Kind.PHOTO},
        {"kind": Kind.ALBUM, "file": "a"},
        {"kind": Kind.ALBUM, "parts": (Part(file="a"),)},
        {"kind": Kind.ALBUM, "parts": (Part(file="a"),) * 11},
        {
            "kind": Kind.ALBUM,
            "parts": (Part(file="a"),) * 2,
            "keyboard": ((Button("Go", "v1"),),),
        },
        {"kind": Kind.TEXT, "reply_placeholder": "x" * (MAX_PLACEHOLDER + 1)},
    ],
)
def test_what_telegram_would_refuse_cannot_be_owed(wrong):
    with pytest.raises(ValueError, match=r"file|album|placeholder"):
        Owed(key="k", chat_id=1, **wrong)


async def test_another_bot_forgets_the_ids_of_all_files_and_uploads_anew(
    db, outbox, telegram
):
    await outbox.belong_to(1)
    await deliver(db, outbox, upload("photo"))
    await deliver(db, outbox, album("two", Part(file=BEFORE), Part(file=AFTER)))
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO pictures (id, path, bytes, width, height, format,"
            " created_at, file_id) VALUES ('p', 'p', 1, 1, 1, 'JPEG', 0, 'file-5')"
        )

    await outbox.belong_to(1)
    assert (await row_of(db, "photo"))["file_id"] == "file-103"
    await outbox.belong_to(2)

    picture = await db.fetch_one("SELECT file_id FROM pictures")
    assert (await row_of(db, "photo"))["file_id"] is None
    assert [part[2] for part in (await row_of(db, "two"))["parts"]] == [None, None]
    assert picture["file_id"] is None


async def test_another_bot_gives_up_what_only_the_first_one_could_send(
    db, bot, folder, telegram
):
    outbox = Outbox(db, bot, folder)
    parts = (Part(file_id="file-7"), Part(file=AFTER))
    async with db.transaction() as tx:
        await outbox.put(tx, known("photo"), album("two", *parts), upload("good"))

    await outbox.belong_to(1)
    await outbox.belong_to(2)

    states = [(await row_of(db, key))["state"] for key in ("photo", "two", "good")]
    assert states == ["undeliverable", "undeliverable", "pending"]
