"""The main job through the front door: HTTP to the playground, a real bot process.

The engine is the real one, on untrained weights and at small sizes.
"""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest
from PIL import Image

from bot.playground.visitor import button, buttons, words

REAL = {"weights": "untrained", "edge_px": "96", "preview_interval_s": "0.3"}
SLOW = {**REAL, "edge_px": "256"}
"""Long enough on any machine to be killed in the middle."""


async def offer(visitor, samples):
    album = await visitor.send(*samples)
    return await visitor.until(
        lambda m: button(m, "balanced") is not None, after=album[-1]["message_id"]
    )


def is_result(message, card):
    return (
        message["from"]["is_bot"]
        and message["message_id"] > card["message_id"]
        and message["photo"] is not None
    )


async def result_of(visitor, card, timeout_s=120):
    return await visitor.until(lambda m: is_result(m, card), timeout_s=timeout_s)


async def preview_of(visitor, card, timeout_s=90):
    """Waits until the status message shows a picture that is being painted."""
    return await visitor.until(
        lambda m: (
            m["message_id"] == card["message_id"]
            and m["photo"]["file_id"] != card["photo"]["file_id"]
        ),
        timeout_s=timeout_s,
    )


def results(messages, card):
    return [m for m in messages if is_result(m, card)]


@pytest.mark.slow
async def test_two_photos_and_a_tap_bring_a_picture_and_then_its_clip(
    bot_process, ada, samples
):
    await bot_process(**REAL)
    card = await offer(ada, samples)
    await ada.tap(card, "clip")

    answer = await ada.tap(card, "strong")
    result = await result_of(ada, card)
    clip = await ada.until(lambda m: m["animation"] is not None)

    assert answer.answered
    content_message = (await ada.messages())[0]
    assert result["reply_to"] == content_message["message_id"]
    picture = Image.open(io.BytesIO(await ada.file(result["photo"]["file_id"])))
    assert max(picture.size) == 96
    assert clip["message_id"] > result["message_id"]
    with av.open(io.BytesIO(await ada.file(clip["animation"]["file_id"])), "r") as film:
        assert sum(1 for _ in film.decode(video=0)) > 5


@pytest.mark.slow
async def test_the_buttons_below_a_result_do_what_they_say(bot_process, ada, samples):
    await bot_process(**REAL)
    card = await offer(ada, samples)
    await ada.tap(card, "balanced")
    result = await result_of(ada, card)

    await ada.tap(result, "full")
    document = await ada.until(lambda m: m["document"] is not None)
    full = Image.open(io.BytesIO(await ada.file(document["document"]["file_id"])))
    assert full.format == "PNG"

    await ada.tap(result, "wild")
    second = await ada.until(
        lambda m: is_result(m, document) and button(m, "full") is not None,
        timeout_s=90,
    )
    assert button(second, "wild") is None
    assert await ada.file(second["photo"]["file_id"]) != await ada.file(
        result["photo"]["file_id"]
    )


@pytest.mark.slow
async def test_cancel_stops_the_work_and_sends_nothing(bot_process, ada, samples):
    await bot_process(**SLOW)
    card = await offer(ada, samples)
    await ada.tap(card, "balanced")
    status = await preview_of(ada, card)

    await ada.tap(status, "cancel")
    cancelled = await ada.until(
        lambda m: m["message_id"] == card["message_id"] and button(m, "cancel") is None
    )
    assert "cancel" in words(cancelled).casefold()

    second_card = await offer(ada, samples)
    await ada.tap(second_card, "balanced")
    await preview_of(ada, second_card)
    assert results(await ada.messages(), card) == [
        m for m in results(await ada.messages(), card) if m["keyboard"]
    ]


@pytest.mark.slow
async def test_a_bot_killed_in_mid_job_delivers_the_picture_once_after_its_restart(
    bot_process, processes_end, ada, samples
):
    first = await bot_process(**SLOW)
    card = await offer(ada, samples)
    await ada.tap(card, "balanced")
    await preview_of(ada, card)
    orphans = first.children()

    await first.kill()
    assert orphans
    assert await processes_end(orphans)
    said = await ada.say("/status")  # while nobody listens
    await bot_process(**SLOW)

    await ada.until(lambda m: m["from"]["is_bot"], after=said["message_id"])
    await result_of(ada, card)
    await ada.until(
        lambda m: m["message_id"] == card["message_id"] and button(m, "cancel") is None
    )
    assert len(results(await ada.messages(), card)) == 1


@pytest.mark.slow
async def test_a_worker_killed_in_mid_job_is_replaced_and_the_picture_arrives(
    bot_process, ada, samples
):
    bot = await bot_process(**SLOW)
    card = await offer(ada, samples)
    await ada.tap(card, "balanced")
    await preview_of(ada, card)

    for child in bot.children():
        os.kill(child, signal.SIGKILL)

    await result_of(ada, card)
    assert bot.running
    assert len(results(await ada.messages(), card)) == 1


async def test_a_bot_that_is_asked_to_end_does_so_in_time_and_leaves_nobody(
    bot_process, processes_end, ada, samples
):
    bot = await bot_process(**SLOW)
    card = await offer(ada, samples)
    await ada.tap(card, "balanced")
    helpers = bot.children()

    assert await bot.stop() == 0  # it has 15 s
    assert helpers
    assert await processes_end(helpers)


@pytest.mark.slow
def test_demo_once_leaves_a_real_picture_clip_and_transcript(tmp_path):
    command = [sys.executable, "-m", "bot", "demo", "--once", str(tmp_path / "out")]
    options = ["--weights", "untrained", "--edge", "192"]
    done = subprocess.run(
        command + options, capture_output=True, text=True, check=False, timeout=150
    )

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["taps"] >= 3
    assert figures["tap_p95_ms"] < 1500  # generous: the bound on a quiet machine is 300
    out = tmp_path / "out"
    with Image.open(out / "result.jpg") as picture:
        assert max(picture.size) == 192
    with av.open(str(out / "progress.mp4"), "r") as film:
        assert film.streams.video[0].frames > 5
    transcript = json.loads((out / "transcript.json").read_text())
    assert [m for m in transcript if buttons(m) and m["photo"]]


def test_demo_once_fails_when_a_picture_is_no_picture(tmp_path):
    lie = tmp_path / "lie.jpg"
    lie.write_bytes(b"this is no picture")
    command = [sys.executable, "-m", "bot", "demo", "--once", str(tmp_path / "out")]
    options = ["--weights", "untrained", "--content", str(lie)]
    done = subprocess.run(
        command + options, capture_output=True, text=True, check=False, timeout=100
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert not Path(tmp_path / "out" / "result.jpg").exists()
