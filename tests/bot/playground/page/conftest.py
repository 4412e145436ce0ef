"""A playground, pictures to send, and a bot of a few words for the chat page."""

import asyncio
import html
import io
import ssl
from pathlib import Path

import av
import httpx
import pytest
from PIL import Image
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InputMediaPhoto,
    Update,
)
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.playground.samples import SAMPLES, Samples
from bot.playground.server import Playground
from bot.playground.visitor import Visitor

# Reading the system's certificates takes longer than most tests here.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"
RED, BLUE = (200, 30, 30), (30, 30, 200)
ADA, BEN = 1001, 1002
PAGE = 42
"""So many results fill more than the panel."""


def jpeg(colour=RED, size=(320, 240)):
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "JPEG")
    return stream.getvalue()


def clip():
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        for level in range(0, 250, 10):
            picture = Image.new("RGB", (96, 64), (level, 80, 80))
            container.mux(video.encode(av.VideoFrame.from_image(picture)))
        container.mux(video.encode(None))
    return stream.getvalue()


def keys(*labels):
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(x, callback_data=x)] for x in labels]
    )


async def answer_text(update, context):
    message = update.effective_message
    if message.text == "picture":
        await message.reply_photo(
            jpeg(RED, (1000, 750)), caption="first", reply_markup=keys("Repaint")
        )
    elif message.text == "clip":
        await message.reply_animation(clip(), width=96, height=64, duration=2)
    elif message.text == "keys":
        await message.reply_text("Choose", reply_markup=keys("Toast", "Alert", "Never"))
    elif message.text == "lines":
        for number in range(30):
            await message.reply_text(f"line {number}")
    elif message.text == "hostile":
        await message.reply_text(HOSTILE)
    elif message.text == "recall":
        await message.reply_text("answer", reply_to_message_id=1)
    elif message.text == "work":
        await message.reply_chat_action("upload_photo")
        await message.set_reaction("👍")
    elif message.text == "mark":
        await message.set_reaction("👍")
        await message.reply_text("marked")
    else:
        words = html.escape(message.text.removeprefix("/"))
        await message.reply_html(f"<b>heard</b> {words}")


async def answer_inline(update, context):
    """Offers what the test has laid out, a page at a time."""
    query = update.inline_query
    begin = int(query.offset or 0)
    results = [r for r in context.bot_data["results"] if query.query in r.title]
    end = begin + PAGE
    await query.answer(
        results[begin:end],
        next_offset=str(end) if end < len(results) else "",
        cache_time=0,
        is_personal=True,
        button=InlineQueryResultsButton("Make your own", start_parameter="own"),
    )


async def answer_media(update, context):
    message = update.effective_message
    if message.photo:
        largest = message.photo[-1]
        words = f"photo {largest.width} × {largest.height}"
    else:
        words = f"file {message.document.file_name}"
    caption = f" “{message.caption}”" if message.caption else ""
    album = " in an album" if message.media_group_id else ""
    await message.reply_text(f"{words}{album}{caption}")


async def answer_tap(update, context):
    query = update.callback_query
    if query.data == "Toast":
        await query.answer("A short note")
    elif query.data == "Alert":
        await query.answer("A long word", show_alert=True)
    elif query.data == "Repaint":
        await query.answer()
        media = InputMediaPhoto(jpeg(BLUE), caption="second")
        await query.edit_message_media(media)


@pytest.fixture(scope="session")
def samples():
    """The sample pictures, drawn once for all tests."""
    samples = Samples()
    for name in SAMPLES:
        asyncio.run(samples.jpeg(name))
    return samples


@pytest.fixture
async def playground(samples):
    async with Playground() as playground:
        playground.backend.samples = samples
        yield playground


@pytest.fixture
async def application(playground):
    """A bot of a few words, polling as every bot does."""
    application = (
        Application.builder()
        .token(playground.bot_token)
        .request(HTTPXRequest(httpx_kwargs={"verify": NO_AUTHORITIES}))
        .get_updates_request(HTTPXRequest(httpx_kwargs={"verify": NO_AUTHORITIES}))
        .base_url(playground.api_base)
        .base_file_url(playground.file_base)
        .build()
    )
    application.add_handlers(
        [
            MessageHandler(filters.TEXT, answer_text),
            MessageHandler(filters.PHOTO | filters.Document.ALL, answer_media),
            CallbackQueryHandler(answer_tap),
            InlineQueryHandler(answer_inline),
        ]
    )
    assert application.updater is not None
    async with application:
        application.bot_data["results"] = []
        await application.bot.set_my_commands([("start", "Begin"), ("help", "How")])
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        yield application
        await application.updater.stop()
        await application.stop()


@pytest.fixture
def bot(application):
    """Acts as the bot by the Bot API, beside what it answers by itself."""
    return application.bot


@pytest.fixture
async def results(application):
    """Lays out inline results `picture 1`, `picture 2`, …, each with a key."""

    async def lay_out(count):
        photo = await application.bot.send_photo(BEN, jpeg())
        link = "https://t.me/playground_stylebot?start=g_waves"
        key = InlineKeyboardButton("Try this style", url=link)
        application.bot_data["results"] = [
            InlineQueryResultCachedPhoto(
                id=f"p{number}",
                photo_file_id=photo.photo[-1].file_id,
                title=f"picture {number}",
                caption=f"painted {number}",
                reply_markup=InlineKeyboardMarkup([[key]]),
            )
            for number in range(1, count + 1)
        ]

    return lay_out


@pytest.fixture
async def ada(playground):
    """Ada beside the page: what she does there is done over HTTP."""
    async with httpx.AsyncClient(base_url=playground.url, timeout=30) as http:
        yield Visitor(http, ADA, ADA)


@pytest.fixture
def pictures(tmp_path):
    """Three pictures on disk."""
    paths = []
    for name, colour in {"one": RED, "two": BLUE, "three": (20, 140, 60)}.items():
        path: Path = tmp_path / f"{name}.jpg"
        path.write_bytes(jpeg(colour))
        paths.append(path)
    return paths
