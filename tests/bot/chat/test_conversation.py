"""Messages, through the front door: the playground, the real bot, quick pictures."""

import struct
import zlib

from bot.chat.texts import Refusal, texts_for
from bot.playground.visitor import Visitor, button, buttons, words
from bot.storage.errors import StorageFull
from bot.storage.pictures import PictureStore

from .conftest import (
    OTHER_PAINTING,
    PAINTING,
    PHOTO,
    a_card,
    becomes,
    from_bot,
    is_result,
    jpeg,
    offer,
    reply_to,
)

TEXTS = texts_for("en")
NEXT_PAINTING = "I have your photo. Please send the painting next."


async def test_start_says_what_to_do_and_that_weights_are_untrained(start, ada):
    await start()

    said = words(await reply_to(ada, await ada.say("/start")))

    assert said.startswith("Hi! Send me a photo and then a painting")
    assert "for 7 days" in said
    assert "stylecore weights fetch" in said


async def test_photo_painting_tap_is_enough(start, ada):
    await start()

    (photo,) = await ada.send(PHOTO)
    assert words(await reply_to(ada, photo)) == TEXTS.took_photo()
    (painting,) = await ada.send(PAINTING)
    card = await reply_to(ada, painting)
    answer = await ada.tap(card, "Balanced")
    result = await ada.until(is_result)

    assert words(card) == (
        "Left: your photo. Right: the painting.\nHow strong should the style be?"
    )
    assert [b["text"] for b in buttons(card)] == [
        *("Subtle", "✓ Balanced", "Strong", "Wild"),
        *("Clip: off", "Colours: painting", "Swap"),
    ]
    assert card["reply_to"] == photo["message_id"]
    assert (answer.answered, answer.text) == (True, None)
    assert result["reply_to"] == photo["message_id"]
    assert words(result).startswith("Painted in ")
    assert "· balanced · 128×96" in words(result)
    assert "stylecore weights fetch" in words(result)
    assert [b["text"] for b in buttons(result)] == [
        *("Subtle", "Strong", "Wild"),
        *("Share", "Save the style", "Full quality", "More…"),
    ]
    done = await becomes(ada, card, lambda m: "Painted in" in words(m))
    assert done["photo"] is not None
    assert done["keyboard"] is None


async def test_an_album_is_answered_once_with_a_card(start, ada):
    await start()

    card = await offer(ada)

    assert card["reply_to"] == 1
    answers = [m for m in await ada.messages() if from_bot(m)]
    assert answers == [card]


async def test_of_an_album_of_three_the_first_two_are_taken(start, ada):
    await start()

    album = await ada.send(PHOTO, PAINTING, OTHER_PAINTING)
    card = await a_card(ada, after=album[-1]["message_id"])

    assert words(card).startswith("That was more than two pictures, so I took the")
    assert [m for m in await ada.messages() if from_bot(m)] == [card]


async def test_a_third_picture_is_a_new_painting_and_the_card_says_so(start, ada):
    await start()
    card = await offer(ada)

    (third,) = await ada.send(OTHER_PAINTING)
    second_card = await a_card(ada, after=third["message_id"])

    assert words(second_card).startswith("This is the new painting.\n")
    assert second_card["reply_to"] == card["reply_to"]


async def test_pictures_sent_as_files_are_taken_like_photos(start, ada):
    await start()
    files = {
        "photo.jpg": PHOTO,
        "photo.png": jpeg("teal", file_format="PNG"),
        "photo.webp": jpeg("teal", file_format="WEBP"),
        "scan.TIFF": jpeg("teal", file_format="TIFF"),
    }

    for name, data in files.items():
        (file,) = await ada.send(data, name=name, as_file="1")
        assert words(await reply_to(ada, file)) == TEXTS.took_photo()
        await reply_to(ada, await ada.say("/cancel"))


def bomb():
    """A small PNG that says it has 11,000 × 11,000 pixels."""

    def chunk(kind, body):
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 11_000, 11_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body)


BAD_FILES = {
    "claims": (b"#!/bin/sh\necho hello\n" * 9, Refusal.NOT_A_PICTURE),
    "truncated": (jpeg("teal", (640, 480))[:-900], Refusal.DAMAGED),
    "bomb": (bomb(), Refusal.TOO_MANY_PIXELS),
    "long": (jpeg("teal", (20_000, 1_200), "PNG"), Refusal.TOO_LONG_A_SIDE),
    "tiny": (jpeg("teal", (31, 40)), Refusal.TOO_SMALL),
    "huge": (PHOTO + bytes(20_000_000), Refusal.TOO_MANY_BYTES),
}


async def test_a_bad_file_gets_its_own_sentence_and_the_photo_is_kept(start, ada, http):
    await start()
    await reply_to(ada, (await ada.send(PHOTO))[0])

    for name, (data, expected) in BAD_FILES.items():
        (bad,) = await ada.send(data, name=f"{name}.png", as_file="1")
        said = words(await reply_to(ada, bad))
        assert said == f"{TEXTS.refused(expected)} {NEXT_PAINTING}", name

    (painting,) = await ada.send(PAINTING)
    card = await a_card(ada, after=painting["message_id"])
    assert card["reply_to"] == 1
    calls = (await http.get("/api/calls")).json()["calls"]
    fetched = [c for c in calls if c["method"].lower() == "getfile"]
    assert len(fetched) == 2 + len(BAD_FILES) - 1, "the huge one is not asked for"


async def test_what_is_no_picture_gets_its_own_sentence(start, ada):
    await start()
    kinds = {
        "sticker": Refusal.STICKER,
        "voice": Refusal.VOICE,
        "video": Refusal.VIDEO,
        "location": Refusal.OTHER,
    }

    for kind, why in kinds.items():
        said = words(await reply_to(ada, await ada.say("", kind=kind)))
        assert said == f"{TEXTS.refused(why)} Please send me a photo to begin."
    said = words(await reply_to(ada, await ada.say("hello")))
    assert said == f"{TEXTS.refused(Refusal.TEXT)} Please send me a photo to begin."
    (file,) = await ada.send(b"%PDF-1.7", name="letter.pdf", as_file="1")
    said = words(await reply_to(ada, file))
    assert said == f"{TEXTS.refused(Refusal.FILE)} Please send me a photo to begin."


async def test_an_unknown_command_points_to_help(start, ada):
    await start()

    said = words(await reply_to(ada, await ada.say("/paint")))

    assert "/help" in said


async def test_the_same_picture_twice_asks_for_another_painting(start, ada):
    await start()
    await reply_to(ada, (await ada.send(PHOTO, name="a.jpg", as_file="1"))[0])

    (twin,) = await ada.send(PHOTO, name="b.jpg", as_file="1")
    said = words(await reply_to(ada, twin))
    (painting,) = await ada.send(PAINTING)
    card = await a_card(ada, after=painting["message_id"])

    assert said.startswith("That is the same picture as your photo.")
    assert card["reply_to"] == 1


async def test_an_album_of_one_picture_twice_asks_for_another_painting(start, ada):
    await start()

    album = await ada.send(PHOTO, PHOTO, name="a.jpg", as_file="1")

    said = words(await reply_to(ada, album[-1]))
    assert said.startswith("That is the same picture as your photo.")


async def test_a_failed_download_asks_to_send_it_again(start, ada, http):
    await start()
    fault = {"method": "getFile", "kind": "500", "count": 9}
    await http.post("/api/faults", json=fault)

    (photo,) = await ada.send(PHOTO)
    said = words(await reply_to(ada, photo))
    await http.delete("/api/faults")
    (again,) = await ada.send(PHOTO)

    assert said.startswith("I could not get that picture from Telegram.")
    assert words(await reply_to(ada, again)) == TEXTS.took_photo()


async def test_a_short_failure_of_the_download_goes_unnoticed(start, ada, http):
    await start()
    await http.post(
        "/api/faults", json={"method": "download", "kind": "truncated", "count": 1}
    )

    (photo,) = await ada.send(PHOTO)

    assert words(await reply_to(ada, photo)) == TEXTS.took_photo()


async def test_cancel_says_what_it_did(start, ada):
    await start(seconds=20)

    nothing = await reply_to(ada, await ada.say("/cancel"))
    card = await offer(ada)
    draft = await reply_to(ada, await ada.say("/cancel"))
    await ada.tap(await offer(ada), "Wild")
    job = await reply_to(ada, await ada.say("/cancel"))

    assert words(nothing) == TEXTS.nothing_to_cancel()
    assert words(draft) == TEXTS.cleared()
    assert words(job) == "Cancelled 1 picture."
    aside = await becomes(ada, card, lambda m: words(m) == "Put aside.")
    assert aside["keyboard"] is None


async def test_status_tells_the_place_in_line_and_the_pace_of_the_machine(
    start, ada, ben
):
    await start(seconds=20)

    idle = words(await reply_to(ada, await ada.say("/status")))
    card = await offer(ada)
    await ada.tap(card, "Wild")
    await ben.tap(await offer(ben), "Wild")
    waiting = words(await reply_to(ben, await ben.say("/status")))
    await becomes(ada, card, lambda m: "%" in words(m))
    painting = words(await reply_to(ada, await ada.say("/status")))

    assert idle.splitlines()[:2] == [
        "I am not painting anything for you right now. Please send me a photo to "
        "begin.",
        "0 pictures are in line in all.",
    ]
    assert "on this machine" in idle
    assert waiting.startswith("In line: yours is next.")
    assert "1 picture is in line in all." in waiting
    assert "%" in painting
    assert "left" in painting


async def test_help_explains(start, ada):
    await start()

    said = words(await reply_to(ada, await ada.say("/help")))

    assert all(word in said for word in ("photo", "painting", "/cancel", "Swap"))


async def test_a_group_gets_an_answer_only_when_it_names_the_bot(start, http):
    await start()
    world = (await http.get("/api/world")).json()
    group = next(c for c in world["chats"] if c["type"] != "private")
    ada = Visitor(http, 1001, group["id"])

    await ada.send(PHOTO)
    named = await ada.say(f"/help@{world['bot']['username']}")
    said = words(await reply_to(ada, named))

    assert said.startswith("How it works in a group")
    assert world["bot"]["username"] in said
    answers = [m for m in await ada.messages() if from_bot(m)]
    assert len(answers) == 1


async def test_an_unforeseen_error_is_an_apology_with_a_number_and_nothing_else(
    start, ada, caplog, monkeypatch
):
    service = await start()
    monkeypatch.setattr(
        type(service.parts.desk),
        "say",
        lambda *_: (_ for _ in ()).throw(RuntimeError("secret detail")),
    )

    said = words(await reply_to(ada, await ada.say("/help")))

    assert said.startswith("Sorry, something went wrong on my side.")
    assert "secret detail" not in said
    number = said.split(": ")[-1]
    assert f"mishap {number}" in caplog.text


async def test_a_full_disk_is_said_and_the_photo_kept(start, ada, monkeypatch):
    await start()
    await reply_to(ada, (await ada.send(PHOTO))[0])

    async def full(*_, **__):
        raise StorageFull("no room")

    with monkeypatch.context() as patch:
        patch.setattr(PictureStore, "put", full)
        said = words(await reply_to(ada, (await ada.send(PAINTING))[0]))
    card = await a_card(ada, after=(await ada.send(PAINTING))[0]["message_id"])

    assert said == TEXTS.refused(Refusal.DISK_FULL)
    assert button(card, "Balanced") is not None
