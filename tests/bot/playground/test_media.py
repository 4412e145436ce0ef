"""Photos, files and clips in both directions."""

import asyncio
import io

import av
import pytest
from PIL import Image
from telegram import InputMediaAnimation, InputMediaDocument, InputMediaPhoto
from telegram.error import NetworkError

from bot.playground import clips

MIB = 1024 * 1024


async def test_photo_is_recompressed_to_every_size(bot, page, picture):
    await page.send(("a.png", picture(1600, 1000, "PNG")))
    (update,) = await bot.get_updates()
    sizes = update.message.photo
    assert [(s.width, s.height) for s in sizes] == [
        (90, 56),
        (320, 200),
        (800, 500),
        (1280, 800),
    ]
    for size in sizes:
        data = bytes(await (await size.get_file()).download_as_bytearray())
        image = Image.open(io.BytesIO(data))
        assert (image.format, image.size) == ("JPEG", (size.width, size.height))
        assert len(data) == size.file_size


async def test_small_photo_is_not_enlarged(bot, picture):
    sent = await bot.send_photo(1001, picture(200, 150))
    assert [(s.width, s.height) for s in sent.photo] == [(90, 68), (200, 150)]


async def test_photo_is_turned_upright(bot, picture):
    exif = Image.Exif()
    exif[0x0112] = 6
    sent = await bot.send_photo(1001, picture(200, 100, exif=exif))
    assert (sent.photo[-1].width, sent.photo[-1].height) == (100, 200)


@pytest.mark.parametrize(
    ("mode", "fmt"),
    [("RGBA", "PNG"), ("P", "PNG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("1", "BMP")],
)
async def test_photo_may_be_of_any_common_mode(bot, picture, mode, fmt):
    sent = await bot.send_photo(1001, picture(64, 48, fmt, mode))
    assert sent.photo[-1].width == 64


async def test_same_photo_has_the_same_unique_id_and_new_file_ids(bot, picture):
    one = await bot.send_photo(1001, picture())
    two = await bot.send_photo(1002, picture())
    assert one.photo[-1].file_unique_id == two.photo[-1].file_unique_id
    assert one.photo[-1].file_id != two.photo[-1].file_id


async def test_file_id_sends_the_photo_again_without_bytes(bot, page, picture):
    await page.send(("a.jpg", picture()))
    (update,) = await bot.get_updates()
    small, large = update.message.photo[0], update.message.photo[-1]
    again = await bot.send_photo(1002, small.file_id)
    assert again.photo[-1].file_id == large.file_id


async def test_foreign_and_mistyped_file_ids_are_refused(bot, call, picture, rejects):
    sent = await bot.send_photo(1001, picture())
    file_id = sent.photo[-1].file_id
    with rejects("Wrong file identifier/http url specified"):
        await bot.send_photo(1001, "AgACAgIAAxkBAAIBZ2Y")
    with rejects("Can't use file of type photo as document"):
        await bot.send_document(1001, file_id)
    with rejects("Failed to get http url content"):
        await bot.send_photo(1001, "https://example.org/a.jpg")
    with rejects("Invalid file_id"):
        await bot.get_file("AgACAgIAAxkBAAIBZ2Y")
    assert await call("getFile") == (400, "Bad Request: file_id not specified")
    assert await call("sendPhoto", chat_id=1001) == (
        400,
        "Bad Request: there is no photo in the request",
    )


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [(9000, 1000, True), (9001, 1000, False), (640, 32, True), (641, 32, False)],
)
async def test_photo_sides_have_limits(bot, picture, width, height, taken, rejects):
    data = picture(width, height, "PNG", "1")
    if taken:
        await bot.send_photo(1001, data)
    else:
        with rejects("Photo_invalid_dimensions"):
            await bot.send_photo(1001, data)


@pytest.mark.parametrize("spoil", [lambda d: d[: len(d) // 2], lambda d: b"no" + d])
async def test_photo_that_does_not_decode_is_refused(bot, picture, spoil, rejects):
    with rejects("Image_process_failed"):
        await bot.send_photo(1001, spoil(picture()))


async def test_photo_over_10_mib_is_too_big_and_at_it_is_not(bot, picture, rejects):
    data = picture()
    size = 10 * MIB
    await bot.send_photo(1001, data + b"\0" * (size - len(data)))
    with rejects(
        f"file of size {size + 1} bytes is too big for a photo; "
        f"the maximum size is {size} bytes"
    ):
        await bot.send_photo(1001, data + b"\0" * (size + 1 - len(data)))


async def test_empty_file_is_refused(bot, rejects):
    with rejects("File must be non-empty"):
        await bot.send_document(1001, b"", filename="a.txt")


async def test_upload_over_50_mib_is_413(bot):
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(1001, bytes(52 * MIB), filename="a.bin")


async def test_document_arrives_as_it_was_sent_in_both_directions(bot, page, picture):
    data = picture(640, 480, "PNG")
    await page.send(("Meer & Berge.png", data), as_file="1")
    (update,) = await bot.get_updates()
    document = update.message.document
    assert document.file_name == "Meer & Berge.png"
    assert document.mime_type == "image/png"
    assert document.thumbnail.width == 320
    back = await bot.send_document(
        1001, data, filename="full.png", disable_content_type_detection=True
    )
    for one in (document, back.document):
        assert await (await one.get_file()).download_as_bytearray() == data


async def test_document_over_20_mib_reaches_the_bot_but_is_not_fetched(
    bot, page, rejects
):
    await page.send(("fits.bin", bytes(20 * MIB)), as_file="1")
    await page.send(("big.bin", bytes(20 * MIB + 1)), as_file="1")
    fits, big = (update.message.document for update in await bot.get_updates())
    await fits.get_file()
    with rejects("File is too big"):
        await big.get_file()


async def test_mp4_stays_and_gif_becomes_a_silent_mp4(bot, page, gif):
    frames = [(Image.new("RGB", (64, 48), (0, 40 * n, 0)), 200) for n in range(5)]
    mp4 = clips.encode(frames)
    kept = (await bot.send_animation(1001, mp4, filename="a.mp4")).animation
    assert (kept.width, kept.height, kept.mime_type) == (64, 48, "video/mp4")
    assert await (await kept.get_file()).download_as_bytearray() == mp4
    made = (await bot.send_animation(1001, gif(), filename="b.gif")).animation
    assert (made.width, made.height, made.file_name) == (80, 60, "b.mp4")
    data = bytes(await (await made.get_file()).download_as_bytearray())
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert not container.streams.audio
    views = await page.views()
    assert [view["kind"] for view in views] == ["animation", "animation"]
    assert views[1]["animation"]["duration"] == 1


async def test_gif_as_a_file_moves_only_if_its_type_may_be_detected(bot, gif):
    moving = await bot.send_document(1001, gif(), filename="a.gif")
    assert moving.animation is not None
    still = await bot.send_document(
        1001, gif(), filename="a.gif", disable_content_type_detection=True
    )
    assert still.animation is None
    assert still.document.mime_type == "image/gif"


async def test_animation_that_is_none_becomes_a_document(bot):
    sent = await bot.send_animation(1001, b"words", filename="words.txt")
    assert sent.animation is None
    assert sent.document.file_name == "words.txt"


async def test_album_of_a_person_arrives_as_one_update_per_item(bot, page, picture):
    files = [("a.jpg", picture(90, 60)), ("b.jpg", picture(60, 90))]
    views = await page.send(*files, text="two")
    first, second = (update.message for update in await bot.get_updates())
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("two", None)
    assert first.photo[-1].width > second.photo[-1].width
    assert {view["media_group_id"] for view in views} == {first.media_group_id}


async def test_album_of_the_bot_mixes_uploads_and_file_ids(bot, page, picture):
    earlier = await bot.send_photo(1001, picture())
    sent = await bot.send_media_group(
        1001,
        [
            InputMediaPhoto(picture(80, 60), caption="<b>new</b>", parse_mode="HTML"),
            InputMediaPhoto(earlier.photo[-1].file_id),
        ],
    )
    assert [message.caption for message in sent] == ["new", None]
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[1].photo == earlier.photo
    assert len(await page.views()) == 3


async def test_album_limits(bot, call, picture, rejects):
    photo = (await bot.send_photo(1001, picture())).photo[-1].file_id
    document = await bot.send_document(1001, b"x", filename="x.txt")
    with rejects("An album must have 2-10 items"):
        await bot.send_media_group(1001, [InputMediaPhoto(photo)])
    with rejects("Too many messages to send as an album"):
        await bot.send_media_group(1001, [InputMediaPhoto(photo)] * 11)
    mixed = [InputMediaPhoto(photo), InputMediaDocument(document.document.file_id)]
    with rejects("document can't be mixed with other media types"):
        await bot.send_media_group(1001, mixed)
    with rejects(
        "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup"
    ):
        await bot.send_media_group(1001, [InputMediaAnimation(photo)] * 2)
    assert await call("sendMediaGroup", chat_id=1001, media=[]) == (
        400,
        "Bad Request: there are no messages to send",
    )


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "location"])
async def test_people_can_send_what_the_bot_will_refuse(bot, page, kind):
    (view,) = await page.send(kind=kind)
    assert view["kind"] == kind
    (update,) = await bot.get_updates()
    attached = getattr(update.message, kind)
    if kind != "location":
        data = await (await attached.get_file()).download_as_bytearray()
        assert len(data) == attached.file_size > 100


async def test_downloads_need_the_token_and_a_known_path(
    playground, http, bot, picture
):
    sent = await bot.send_photo(1001, picture())
    path = (await sent.photo[0].get_file()).file_path
    assert path.startswith(playground.file_base)
    assert (await http.get(path)).status_code == 200
    wrong = path.replace(playground.bot_token, "1:x")
    assert (await http.get(wrong)).status_code == 401
    outside = f"/file/bot{playground.bot_token}/photos/..%2f..%2fetc/passwd"
    assert (await http.get(outside)).status_code == 404


async def test_taps_are_answered_while_photos_are_recompressed(
    bot, http, picture, stays_awake
):
    sending = asyncio.create_task(bot.send_photo(1001, picture(3000, 3000)))
    await stays_awake(http, sending)
    assert (await sending).photo[-1].width == 1280
