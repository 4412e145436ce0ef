"""Pictures of strangers: decoded elsewhere, within bounds."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.executors.darkroom import Darkroom
from bot.gallery import ink
from stylecore.errors import PictureError


@pytest.fixture
async def darkroom():
    room = Darkroom(limit_s=20.0)
    yield room
    await room.close()


@pytest.fixture
def picture(tmp_path):
    """Writes a plain picture: `picture("name.png", (w, h), colour)`."""

    def write(name="picture.png", size=(80, 60), colour=(200, 60, 40)):
        Image.new("RGB", size, colour).save(tmp_path / name)
        return tmp_path / name

    return write


async def test_a_picture_is_described(darkroom, picture):
    info = await darkroom.inspect(picture())

    assert (info.format, info.width, info.height) == ("PNG", 80, 60)
    assert info.mime == "image/png"


async def test_a_refusal_comes_back_with_its_sentence(darkroom, tmp_path, picture):
    (tmp_path / "fake.jpg").write_text("no picture at all")
    with pytest.raises(PictureError) as caught:
        await darkroom.inspect(tmp_path / "fake.jpg")
    assert caught.value.code == "not_a_picture"
    assert str(caught.value).endswith(".")

    pid = darkroom.pid
    await darkroom.inspect(picture())
    assert darkroom.pid == pid


async def test_the_card_shows_the_photo_left_and_the_painting_right(darkroom, picture):
    red = picture("content.png", (300, 200), (200, 30, 30))
    blue = picture("style.png", (200, 300), (30, 30, 200))
    jpeg = await darkroom.pair_card(red, blue)

    with Image.open(io.BytesIO(jpeg)) as card:
        assert (card.format, card.mode, card.width) == ("JPEG", "RGB", 800)
        assert 280 <= card.height <= 460
        assert len(jpeg) < 200_000
        left = ImageStat.Stat(card.crop((190, 150, 210, 170))).mean
        right = ImageStat.Stat(card.crop((640, 150, 660, 170))).mean
    assert left[0] > 180 > 60 > left[2]
    assert right[2] > 180 > 60 > right[0]


async def test_two_paintings_hang_beside_the_photo_in_their_order(darkroom, picture):
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
    paths = [picture(f"{c}.png", (300, 300), c) for c in colours]
    jpeg = await darkroom.pair_card(*paths)

    with Image.open(io.BytesIO(jpeg)) as card:
        assert card.width == 800
        assert 290 <= card.height <= 310
        seen = [
            ImageStat.Stat(card.crop((x, 120, x + 20, 140))).mean
            for x in (140, 390, 640)
        ]
    for found, colour in zip(seen, colours, strict=True):
        assert found == pytest.approx(colour, abs=12)


async def test_swapping_the_pictures_mirrors_their_places(darkroom, picture):
    red = picture("content.png", (300, 300), (200, 30, 30))
    blue = picture("style.png", (300, 300), (30, 30, 200))
    there = await darkroom.pair_card(red, blue)
    back = await darkroom.pair_card(blue, red)

    with Image.open(io.BytesIO(there)) as one, Image.open(io.BytesIO(back)) as other:
        mirrored = other.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        difference = ImageStat.Stat(ImageChops.difference(one, mirrored))
        assert max(difference.mean) < 2


async def test_a_built_in_style_is_drawn_as_a_picture_to_paint_from(darkroom):
    jpeg, info = await darkroom.draw("ink")

    drawn = Image.open(io.BytesIO(jpeg))
    assert (info.format, info.width, info.height) == ("JPEG", *drawn.size)
    apart = ImageChops.difference(drawn, ink.draw())
    assert max(ImageStat.Stat(apart).mean) < 4


async def test_a_style_that_nobody_draws_is_refused(darkroom):
    with pytest.raises(PictureError):
        await darkroom.draw("nobody")


async def test_a_sheet_shows_the_pictures_in_their_order(darkroom, picture):
    red = picture("a.png", (300, 200), (200, 30, 30))
    blue = picture("b.png", (2000, 3000), (30, 30, 200))
    jpeg = await darkroom.sheet([red, blue], 10)

    with Image.open(io.BytesIO(jpeg)) as sheet:
        assert (sheet.format, sheet.size) == ("JPEG", (916, 320))
        left = ImageStat.Stat(sheet.crop((150, 150, 170, 170))).mean
        right = ImageStat.Stat(sheet.crop((450, 150, 470, 170))).mean
    assert left[0] > 180 > 60 > left[2]
    assert right[2] > 180 > 60 > right[0]


@pytest.mark.parametrize("size", [(2000, 110), (110, 2000), (32, 32)])
async def test_a_card_of_extreme_pictures_stays_a_card(darkroom, picture, size):
    path = picture("extreme.png", size)
    with Image.open(io.BytesIO(await darkroom.pair_card(path, path))) as card:
        assert card.width == 800
        assert 280 <= card.height <= 460


async def test_a_picture_is_scaled_to_the_very_pixel(darkroom, tmp_path):
    left, right = (200, 30, 30), (30, 30, 200)
    picture = Image.new("RGB", (300, 200), left)
    picture.paste(right, (150, 0, 300, 200))
    picture.save(tmp_path / "halves.png")

    jpeg = await darkroom.scale(tmp_path / "halves.png", (97, 65))

    with Image.open(io.BytesIO(jpeg)) as scaled:
        assert (scaled.format, scaled.size) == ("JPEG", (97, 65))
        for x, colour in ((10, left), (87, right)):
            seen = ImageStat.Stat(scaled.crop((x, 32, x + 1, 33))).mean
            assert seen == pytest.approx(colour, abs=12)


async def test_a_crash_costs_one_picture_and_the_next_is_read(darkroom, picture):
    path = picture()
    await darkroom.start()
    os.kill(darkroom.pid, signal.SIGSTOP)
    asking = asyncio.create_task(darkroom.inspect(path))
    await asyncio.sleep(0)
    os.kill(darkroom.pid, signal.SIGKILL)
    with pytest.raises(PictureError) as caught:
        await asking
    assert caught.value.code == "damaged"

    assert (await darkroom.inspect(path)).width == 80


async def test_a_process_killed_in_idle_time_costs_nothing(darkroom, picture):
    path = picture()
    await darkroom.inspect(path)
    os.kill(darkroom.pid, signal.SIGKILL)
    deadline = asyncio.get_running_loop().time() + 10
    while darkroom._process.alive:
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)

    assert (await darkroom.inspect(path)).width == 80


async def test_a_picture_that_takes_too_long_is_given_up(picture):
    path, room = picture(), Darkroom(limit_s=0.3)
    await room.start()
    stuck = room.pid or 0
    os.kill(stuck, signal.SIGSTOP)
    with pytest.raises(PictureError) as caught:
        await room.inspect(path)

    assert caught.value.code == "damaged"
    assert not _exists(stuck)
    await room.close()


async def test_a_picture_that_needs_too_much_memory_is_refused(picture):
    path = picture("large.png", (5000, 5000))
    room = Darkroom(limit_s=30.0, memory_bytes=150 * 2**20)
    with pytest.raises(PictureError) as caught:
        await room.inspect(path)
    assert caught.value.code == "too_many_pixels"

    assert (await room.inspect(picture())).width == 80
    await room.close()


async def test_whoever_stops_waiting_leaves_no_answer_for_the_next(darkroom, picture):
    small, large = picture("small.png"), picture("large.png", (5000, 5000))
    await darkroom.start()
    asking = asyncio.create_task(darkroom.inspect(large))
    await asyncio.sleep(0.02)
    asking.cancel()
    await asyncio.wait([asking])

    assert (await darkroom.inspect(small)).width == 80


async def test_closing_ends_the_process_and_can_be_repeated(darkroom):
    await darkroom.start()
    pid = darkroom.pid
    assert _exists(pid)
    await darkroom.close()
    await darkroom.close()

    assert darkroom.pid is None
    assert not _exists(pid)


_BOT = """
import asyncio
from bot.executors.darkroom import Darkroom
from bot.gallery import ink

async def main():
    darkroom = Darkroom()
    await darkroom.start()
    print(darkroom.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_bot_killed_in_idle_time_leaves_no_process_behind():
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _BOT, stdout=asyncio.subprocess.PIPE
    )
    assert bot.stdout is not None
    pid = int(await asyncio.wait_for(bot.stdout.readline(), 30))
    assert _exists(pid)
    bot.kill()
    deadline = asyncio.get_running_loop().time() + 5
    while _exists(pid):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
    await bot.communicate()


def _exists(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
