"""What people send that cannot be painted, through the front door.

One bot in a process of its own, with its real darkroom, serves the whole module; every
test is somebody else in a chat of their own.
"""

import asyncio
import functools
import io
import itertools
import shutil
import struct
import subprocess
import zlib
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from PIL import Image, ImageDraw, ImageStat
from pillow_heif import from_pillow

from bot.chat.texts import Refusal, Stage, texts_for
from bot.playground.server import Playground
from bot.playground.visitor import Visitor, button, knock, words
from bot.playground.world import ADA_ID, BEN_ID, GROUP_ID, Chat, User

from .conftest import a_bot

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXTS = texts_for("en")
QUICK = {
    "executor": "inline",
    "weights": "untrained",
    "edge_px": "96",
    "preview_interval_s": "0.2",
}
NUMBERS = itertools.count(1)
ORIENTATION = 0x0112


@dataclass(slots=True, kw_only=True)
class Street:
    """Where people wait who write to the bot."""

    playground: Playground
    http: httpx.AsyncClient
    bot: object

    def somebody(self) -> Visitor:
        """Somebody the bot has never met."""
        world = self.playground.backend.world
        new = User(id=5000 + next(NUMBERS), name="Somebody", username="somebody")
        world.users[new.id] = new
        world.chats[new.id] = Chat(id=new.id, type="private", members=[new.id])
        return Visitor(self.http, new.id, new.id)

    async def fault(self, **order) -> None:
        (await self.http.post("/api/faults", json=order)).raise_for_status()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory):
    folder = tmp_path_factory.mktemp("street")
    async with a_bot(folder, **QUICK) as (playground, http, bot):
        yield Street(playground=playground, http=http, bot=bot)


@pytest.fixture
def ann(street):
    return street.somebody()


def encoded(image, file_format="JPEG", **options):
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def a_picture(size=(96, 64), file_format="JPEG", **options):
    """A picture unlike every other."""
    number = next(NUMBERS)
    image = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120))
    ImageDraw.Draw(image).ellipse((8, 8, 30, 30), fill="gold")
    return encoded(image, file_format, **options)


def black_png(width, height, *, lines=None):
    """A PNG of one bit per pixel, tiny in bytes whatever its sides are."""

    def chunk(kind, body):
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((1 + (width + 7) // 8) * (lines or height)), 9)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def heic(image):
    file = io.BytesIO()
    from_pillow(image).save(file, quality=90)
    return file.getvalue()


async def next_word(visitor, after, timeout_s=30):
    """The bot's next message."""
    return await visitor.until(
        lambda m: m["from"]["is_bot"], after=after["message_id"], timeout_s=timeout_s
    )


async def a_card(visitor, after):
    card = await next_word(visitor, after)
    assert button(card, "balanced"), words(card)
    return card


async def begin(visitor):
    """Sends a photo, which is the draft from then on."""
    (photo,) = await visitor.send(a_picture())
    assert words(await next_word(visitor, photo)) == TEXTS.took_photo()
    return photo


async def a_pair(visitor):
    photo = await begin(visitor)
    (painting,) = await visitor.send(a_picture())
    return photo, await a_card(visitor, painting)


async def painted(visitor, card, strength="balanced"):
    await visitor.tap(card, strength)
    return await visitor.until(
        lambda m: m["photo"] is not None and button(m, "full") is not None,
        after=card["message_id"],
    )


def data_of(shown, label):
    found = button(shown, label)
    assert found is not None, label
    return found["data"]


async def shown_as(visitor, card, label):
    """The card once its buttons have become others."""
    return await visitor.until(
        lambda m: m["message_id"] == card["message_id"] and button(m, label) is not None
    )


def message(**fields):
    return lambda visitor: visitor.say(fields.pop("text", ""), **fields)


def file(name, make, **fields):
    async def send(visitor):
        (sent,) = await visitor.send(make(), name=name, as_file="1", **fields)
        return sent

    return send


KINDS = {
    "text": (message(text="make it look nice"), Refusal.TEXT),
    "unknown command": (message(text="/paint"), Refusal.COMMAND),
    "sticker": (message(kind="sticker"), Refusal.STICKER),
    "video": (message(kind="video"), Refusal.VIDEO),
    "voice": (message(kind="voice"), Refusal.VOICE),
    "location": (message(kind="location"), Refusal.OTHER),
}
FILES = {
    "letter": (file("letter.pdf", lambda: b"%PDF-1.7 hello"), Refusal.FILE),
    "empty": (file("photo.jpg", lambda: b""), Refusal.EMPTY),
    "claims to be a picture": (
        file("photo.jpg", lambda: b"#!/bin/sh\necho hello\n" * 9),
        Refusal.NOT_A_PICTURE,
    ),
    "truncated": (
        file("photo.jpg", lambda: a_picture((640, 480))[:-1200]),
        Refusal.DAMAGED,
    ),
    "bomb": (
        file("photo.png", lambda: black_png(10_000, 10_000)),
        Refusal.TOO_MANY_PIXELS,
    ),
    "30,000 px on both sides": (
        file("photo.png", lambda: black_png(30_000, 30_000, lines=3000)),
        Refusal.TOO_LONG_A_SIDE,
    ),
    "20,000 px on one side": (
        file("photo.png", lambda: black_png(20_000, 1_200)),
        Refusal.TOO_LONG_A_SIDE,
    ),
    "under 32 px": (file("photo.png", lambda: a_picture((31, 90))), Refusal.TOO_SMALL),
    "a strip": (file("photo.png", lambda: a_picture((900, 40))), Refusal.TOO_ELONGATED),
    "over 20 MiB": (
        file("photo.jpg", lambda: a_picture() + bytes(20 * 2**20)),
        Refusal.TOO_MANY_BYTES,
    ),
}


@pytest.mark.parametrize(
    ("send", "why"), [*KINDS.values(), *FILES.values()], ids=[*KINDS, *FILES]
)
async def test_what_cannot_be_used_gets_one_sentence_and_the_photo_is_kept(
    ann, street, send, why
):
    photo = await begin(ann)

    bad = await send(ann)
    said = await next_word(ann, bad)
    (painting,) = await ann.send(a_picture())
    card = await a_card(ann, painting)

    assert words(said) == TEXTS.refusal(why, Stage.PAINTING)
    assert words(said).endswith("Please send the painting next.")
    assert card["reply_to"] == photo["message_id"]
    answers = [m for m in await ann.messages() if m["from"]["is_bot"]][1:]
    assert [m["message_id"] for m in answers] == [
        said["message_id"],
        card["message_id"],
    ]
    assert street.bot.running


async def test_a_bad_file_spoils_neither_a_pair_nor_its_buttons(ann):
    _, card = await a_pair(ann)

    bad = await file("photo.jpg", lambda: a_picture()[:-200])(ann)
    said = await next_word(ann, bad)

    assert words(said) == TEXTS.refusal(Refusal.DAMAGED, Stage.STRENGTH)
    assert await painted(ann, card)


@pytest.mark.parametrize(
    ("name", "mime", "make"),
    [
        ("IMG_0001.HEIC", "image/heic", lambda i: heic(i)),
        ("photo.png", "text/plain", lambda i: encoded(i, "PNG")),
        ("photo", "application/octet-stream", lambda i: encoded(i, "PNG")),
        ("photo.png", "image/jpeg", lambda i: encoded(i, "PNG")),
    ],
    ids=["HEIC", "wrong MIME type", "no MIME type and no ending", "another format"],
)
async def test_a_file_is_what_its_bytes_are(ann, street, name, mime, make):
    number = next(NUMBERS)
    data = make(Image.new("RGB", (96, 64), (number % 256, 80, 160)))
    form = {"user": str(ann.user_id), "as_file": "1"}
    reply = await street.http.post(
        ann._messages_url, data=form, files=[("photo", (name, data, mime))]
    )
    (sent,) = reply.json()["messages"]

    assert words(await next_word(ann, sent)) == TEXTS.took_photo()


@pytest.mark.parametrize("as_file", ["1", "0"])
async def test_a_photo_held_sideways_is_painted_upright(ann, as_file):
    lying = Image.new("RGB", (120, 80), "white")
    ImageDraw.Draw(lying).rectangle((0, 0, 59, 79), fill="black")
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # what lies left belongs on top
    (photo,) = await ann.send(encoded(lying, exif=exif), as_file=as_file)
    await next_word(ann, photo)
    (painting,) = await ann.send(a_picture())

    result = await painted(ann, await a_card(ann, painting))

    picture = Image.open(io.BytesIO(await ann.file(result["photo"]["file_id"])))
    assert (picture.width, picture.height) == (64, 96)
    top, bottom = (
        ImageStat.Stat(picture.convert("L").crop((0, y, 64, y + 40))).mean[0]
        for y in (0, 56)
    )
    assert top < bottom - 20


async def test_the_same_photo_twice_is_noticed_and_another_one_continues(ann):
    picture = a_picture()
    (photo,) = await ann.send(picture)
    await next_word(ann, photo)

    (again,) = await ann.send(picture)
    said = await next_word(ann, again)
    (painting,) = await ann.send(a_picture())
    card = await a_card(ann, painting)
    (third,) = await ann.send(picture)
    later = await next_word(ann, third)

    assert words(said) == TEXTS.same_picture(Stage.PAINTING)
    assert card["reply_to"] == photo["message_id"]
    assert words(later) == TEXTS.same_picture(Stage.STRENGTH)
    assert await painted(ann, card)


async def test_a_download_that_fails_asks_for_the_picture_again(ann, street):
    photo = await begin(ann)

    await street.fault(method="download", kind="502", count=4)
    (lost,) = await ann.send(a_picture())
    said = await next_word(ann, lost)
    (painting,) = await ann.send(a_picture())
    card = await a_card(ann, painting)

    assert words(said) == TEXTS.refused(Refusal.DOWNLOAD)
    assert "Please send it again." in words(said)
    assert card["reply_to"] == photo["message_id"]


async def test_a_download_that_breaks_off_twice_is_no_matter(ann, street):
    await street.fault(method="download", kind="truncated", count=2)

    await begin(ann)


# Buttons


async def test_a_strength_tapped_twice_paints_once(ann):
    _, card = await a_pair(ann)

    first = await ann.tap(card, "balanced")
    second = await ann.tap(card, "balanced")
    third = await ann.tap(card, "wild")
    await shown_as(ann, card, "cancel")
    result = await ann.until(
        lambda m: button(m, "full") is not None, after=card["message_id"]
    )
    late = await ann.tap(card, "balanced")

    assert first.answered
    assert not first.text
    assert (second.text, second.show_alert) == (TEXTS.toast_already_on_its_way(), True)
    assert third.text == TEXTS.toast_already_on_its_way()
    assert (late.text, late.show_alert) == (TEXTS.toast_already_painted(), True)
    assert (await ann.messages())[-1]["message_id"] == result["message_id"]


async def test_cancel_tapped_twice_and_late_says_that_there_is_nothing_to_stop(ann):
    _, card = await a_pair(ann)
    await ann.tap(card, "balanced")
    status = await shown_as(ann, card, "cancel")

    first = await ann.tap(status, "cancel")
    second = await ann.tap(status, "cancel")
    again = await shown_as(ann, card, "balanced")
    result = await painted(ann, again)
    late = await ann.tap(status, "cancel")

    assert not first.text
    assert second.text == late.text == TEXTS.toast_nothing_to_stop()
    assert button(result, "full")


async def test_full_quality_tapped_twice_sends_one_file(ann):
    _, card = await a_pair(ann)
    result = await painted(ann, card)

    first = await ann.tap(result, "full")
    second = await ann.tap(result, "full")
    sent = await ann.until(lambda m: m["document"] is not None)

    assert not first.text
    assert second.text == TEXTS.toast_file_sent()
    assert (await ann.messages())[-1]["message_id"] == sent["message_id"]


async def test_an_old_card_still_paints_its_own_pair(ann):
    photo, old = await a_pair(ann)
    (other,) = await ann.send(a_picture())
    new = await a_card(ann, other)

    result = await painted(ann, old)

    assert result["reply_to"] == photo["message_id"]
    assert button((await ann.messages())[new["message_id"] - 1], "balanced")


async def test_a_button_of_a_deleted_message_still_ends_its_spinner(ann, street):
    _, card = await a_pair(ann)
    url = f"{ann._messages_url}/{card['message_id']}/delete"
    (await street.http.post(url, json={"user": ann.user_id})).raise_for_status()

    answer = await ann.tap(card, "balanced")

    assert answer.answered
    assert (await next_word(ann, card))["photo"]


async def test_buttons_nobody_remembers_say_what_to_do(ann, street):
    _, card = await a_pair(ann)
    backend = street.playground.backend
    shown = backend.world.chats[ann.chat_id].messages[card["message_id"]]

    for data in ("v1:paint:0123456789ab:wild", "v1:cancel:zzz", "v0:old", "", "x" * 64):
        answer = await backend.callbacks.press(shown, ann.user_id, data, 10)
        assert answer["answered"], data
        assert answer["text"] == TEXTS.toast_old(), data
    assert (await ann.messages())[-1]["message_id"] == card["message_id"]


async def test_a_press_by_somebody_else_does_nothing(ann, street):
    """The chat page does not let strangers in; a forged press comes this far."""
    _, card = await a_pair(ann)
    backend = street.playground.backend
    shown = backend.world.chats[ann.chat_id].messages[card["message_id"]]
    refused = await street.http.post(
        f"{ann._messages_url}/{card['message_id']}/press",
        json={"user": BEN_ID, "data": data_of(card, "wild")},
    )
    assert refused.status_code == 403

    for label in ("wild", "clip", "swap"):
        data = data_of(card, label)
        answer = await backend.callbacks.press(shown, BEN_ID, data, 10)
        assert answer["text"] == TEXTS.toast_not_yours(), label
    result = await painted(ann, card)
    for label in ("wild", "full", "save", "more"):
        data = data_of(result, label)
        answer = await backend.callbacks.press(shown, BEN_ID, data, 10)
        assert answer["text"] == TEXTS.toast_not_yours(), label

    assert (await ann.messages())[-1]["message_id"] == result["message_id"]


async def test_a_group_is_told_how_it_works_there(street):
    ada = Visitor(street.http, ADA_ID, GROUP_ID)
    username = street.playground.config.bot_username

    asked = await ada.say(f"/start@{username}")

    said = words(await next_word(ada, asked))
    assert said.startswith("How it works in a group")
    assert f"/style@{username}" in said


# A full disk


def can_run(command):
    found = shutil.which(command[0])
    if found is None:
        return False
    done = subprocess.run([found, *command[1:]], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB for the bot's data."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "stylebot", str(folder)]
    if not can_run(mount):
        pytest.skip("no file system can be mounted here")
    yield folder
    assert can_run(["umount", "-l", str(folder)])


def fill(folder, leave_bytes):
    """Takes the room of a disk but for so many bytes; returns what takes it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as filling:
        try:
            while filling.write(bytes(1 << 16)):
                pass
        except OSError:
            filling.truncate(max(filling.tell() - leave_bytes, 0))
    return ballast


@pytest_asyncio.fixture(loop_scope="module")
async def cramped(new_bot_process, small_disk):
    async with (
        Playground() as playground,
        httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
    ):
        bot = new_bot_process(
            playground, small_disk / "data", **{**QUICK, "log_level": "error"}
        )
        await bot.start()
        try:
            await knock(http, 30)
            yield Street(playground=playground, http=http, bot=bot)
        finally:
            await bot.kill()


async def polls(street, count):
    """Waits until the bot has asked for updates so many times more."""
    after = (await street.http.get("/api/calls")).json()["seq"]
    async with asyncio.timeout(20):
        while count > 0:
            reply = (await street.http.get(f"/api/calls?after={after}")).json()
            methods = [call["method"].casefold() for call in reply["calls"]]
            count, after = count - methods.count("getupdates"), reply["seq"]
            await asyncio.sleep(0.05)


noisy = functools.partial(Image.effect_noise, (500, 500), 90)


async def test_a_picture_that_does_not_fit_on_the_disk_is_asked_for_later(
    cramped, small_disk
):
    ann = cramped.somebody()
    photo = await begin(ann)
    ballast = fill(small_disk, 200_000)

    (large,) = await ann.send(encoded(noisy(), "PNG"), name="noise.png", as_file="1")
    said = await next_word(ann, large)
    ballast.unlink()
    (painting,) = await ann.send(a_picture())
    card = await a_card(ann, painting)

    assert words(said) == TEXTS.refused(Refusal.DISK_FULL)
    assert card["reply_to"] == photo["message_id"]


async def test_a_disk_without_any_room_is_said_and_the_message_answered_later(
    cramped, small_disk
):
    ann = cramped.somebody()
    photo = await begin(ann)
    ballast = fill(small_disk, 0)

    (painting,) = await ann.send(a_picture())
    said = await next_word(ann, painting)
    await polls(cramped, 1)  # the same message comes again, and is not said again
    ballast.unlink()
    card = await a_card(ann, said)

    assert words(said) == TEXTS.answered_later()
    assert card["reply_to"] == photo["message_id"]
    assert cramped.bot.running
