"""`stylebot demo --once`: one conversation with the bot, played through HTTP.

Ada sends two pictures and picks a strength; Ben, meanwhile, plays with a button of his
own card, which shows how quickly the bot answers while it paints.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiofiles
import av
import httpx
from PIL import Image

from .playground.visitor import View, Visitor, button, knock, words

ADA, BEN = 1001, 1002
BOT_TIMEOUT_S = 60
CARD_TIMEOUT_S = 30
RESULT_TIMEOUT_S = 600
TAP_PAUSE_S = 0.5

Say = Callable[[float, str], None]
"""Told each step: seconds since the start, and what happened."""


class RehearsalError(Exception):
    """The conversation did not end as it should; the message says where."""


@dataclass(slots=True)
class Rehearsal:
    """What a conversation brought, in seconds since the start."""

    say: Say
    started: float = field(default_factory=time.monotonic)
    card: float = 0.0
    tapped: float = 0.0
    preview: float = 0.0
    result: float = 0.0
    clip: float = 0.0
    taps: list[float] = field(default_factory=list)
    """How long each of Ben's taps waited for its answer, in seconds."""

    def now(self) -> float:
        return time.monotonic() - self.started

    def note(self, text: str) -> float:
        """Reports a step; returns its time."""
        seconds = self.now()
        self.say(seconds, text)
        return seconds

    def figures(self) -> dict[str, float]:
        """The figures of the run, ready for JSON."""
        return {
            "result_s": round(self.result, 2),
            "first_preview_after_tap_s": round(self.preview - self.tapped, 2),
            "result_after_tap_s": round(self.result - self.tapped, 2),
            "clip_after_result_s": round(self.clip - self.result, 2),
            "taps": len(self.taps),
            "tap_p50_ms": round(1000 * percentile(self.taps, 50), 1),
            "tap_p95_ms": round(1000 * percentile(self.taps, 95), 1),
        }


def percentile(values: list[float], percent: float) -> float:
    """The nearest-rank percentile; 0 for no values."""
    if not values:
        return 0.0
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What Ada sends and where the outcome goes."""

    content: bytes | None
    """None: the playground's sample photo."""
    style: bytes | None
    strength: str
    folder: Path


async def rehearse(
    url: str, script: Script, say: Say, *, started: float
) -> dict[str, float]:
    """Plays the conversation; leaves `result.jpg`, `progress.mp4`, `transcript.json`.

    `started` is the `time.monotonic()` that all times count from. Returns the
    figures. Raises `RehearsalError` if a step or one of the files is not real.
    """
    script.folder.mkdir(parents=True, exist_ok=True)
    run = Rehearsal(say, started)
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        ada, ben = Visitor(http, ADA, ADA), Visitor(http, BEN, BEN)
        try:
            await _play(http, ada, ben, script, run)
        except (TimeoutError, LookupError, httpx.HTTPError) as exc:
            raise RehearsalError(str(exc)) from exc
        finally:
            await _keep_transcript(ada, script.folder)
    return run.figures()


async def _play(
    http: httpx.AsyncClient, ada: Visitor, ben: Visitor, script: Script, run: Rehearsal
) -> None:
    await knock(http, BOT_TIMEOUT_S)
    run.note("the bot is there")
    content = script.content or (await http.get("/samples/content.jpg")).content
    style = script.style or (await http.get("/samples/style.jpg")).content
    card = await _offer(ada, content, style)
    run.card = run.note("photo and painting sent; the card with the strengths is there")
    bens_card = await _offer(ben, content, style)
    async with _tapping(ben, bens_card, run):
        await _paint(ada, card, content, script, run)
    run.note(f"{len(run.taps)} taps by somebody else were answered meanwhile")


async def _offer(visitor: Visitor, content: bytes, style: bytes) -> View:
    """Sends both pictures as an album; returns the card with the buttons."""
    album = await visitor.send(content, style)
    return await visitor.until(
        lambda m: button(m, "balanced") is not None,
        after=album[-1]["message_id"],
        timeout_s=CARD_TIMEOUT_S,
    )


async def _paint(
    ada: Visitor, card: View, content: bytes, script: Script, run: Rehearsal
) -> None:
    clip = button(card, "clip")
    if clip is not None and "off" in clip["text"].casefold():
        await ada.press(card, clip["data"])
    run.tapped = run.note(f"tapping “{script.strength}”")
    answer = await ada.tap(card, script.strength)
    run.note(f"acknowledged after {1000 * answer.seconds:.0f} ms")
    first = await ada.until(lambda m: _is_preview(m, card), timeout_s=RESULT_TIMEOUT_S)
    run.preview = run.note(f"first preview: {words(first).splitlines()[0]}")
    result = await ada.until(_is_result(card), timeout_s=RESULT_TIMEOUT_S)
    run.result = run.note(f"the picture: {words(result).splitlines()[0]}")
    picture = await ada.file(result["photo"]["file_id"])
    check_picture(picture, content)
    await _write(script.folder / "result.jpg", picture)
    moving = await ada.until(lambda m: bool(m.get("animation")), timeout_s=60)
    run.clip = run.note("the clip")
    clip_bytes = await ada.file(moving["animation"]["file_id"])
    check_clip(clip_bytes)
    await _write(script.folder / "progress.mp4", clip_bytes)


def _is_preview(message: View, card: View) -> bool:
    """Whether the card's picture gave way to one of the painting."""
    return (
        message["message_id"] == card["message_id"]
        and message.get("photo") is not None
        and message["photo"]["file_id"] != (card.get("photo") or {}).get("file_id")
    )


def _is_result(card: View) -> Callable[[View], bool]:
    def is_result(message: View) -> bool:
        return (
            message["from"]["is_bot"]
            and message["message_id"] > card["message_id"]
            and message.get("photo") is not None
        )

    return is_result


@contextlib.asynccontextmanager
async def _tapping(ben: Visitor, card: View, run: Rehearsal) -> AsyncIterator[None]:
    """Toggles the clip on Ben's card for as long as the block runs."""
    task = asyncio.create_task(_tap_on(ben, card, run), name="ben-taps")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _tap_on(ben: Visitor, card: View, run: Rehearsal) -> None:
    clip = button(card, "clip")
    if clip is None:
        raise RehearsalError("Ben's card has no button for the clip")
    while True:
        answer = await ben.press(card, clip["data"])
        if not answer.answered:
            raise RehearsalError("a tap was not answered")
        run.taps.append(answer.seconds)
        await asyncio.sleep(TAP_PAUSE_S)


def check_picture(picture: bytes, content: bytes) -> None:
    """Raises `RehearsalError` unless `picture` is a painted version of `content`."""
    with (
        Image.open(io.BytesIO(picture)) as painted,
        Image.open(io.BytesIO(content)) as original,
    ):
        if painted.format != "JPEG" or min(painted.size) < 64:
            raise RehearsalError("the result is not a picture worth the name")
        small = painted.convert("RGB").resize((32, 32))
        before = original.convert("RGB").resize((32, 32))
    difference = sum(
        abs(a - b) for a, b in zip(small.tobytes(), before.tobytes(), strict=True)
    ) / (32 * 32 * 3)
    if difference < 2:
        raise RehearsalError("the result is the photo as it was")


def check_clip(clip: bytes) -> None:
    """Raises `RehearsalError` unless `clip` is a moving picture."""
    try:
        with av.open(io.BytesIO(clip), "r") as container:
            frames = sum(1 for _ in container.decode(video=0))
    except av.FFmpegError as exc:
        raise RehearsalError("the clip does not play") from exc
    if frames < 2:
        raise RehearsalError("the clip does not move")


async def _write(path: Path, data: bytes) -> None:
    async with aiofiles.open(path, "wb") as file:
        await file.write(data)


async def _keep_transcript(ada: Visitor, folder: Path) -> None:
    with contextlib.suppress(httpx.HTTPError):
        text = json.dumps(await ada.messages(), indent=2, ensure_ascii=False)
        await _write(folder / "transcript.json", text.encode())
