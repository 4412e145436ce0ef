"""Things to send, made by own code: two pictures, and what the bot has to refuse."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping

import av
import numpy as np
from PIL import Image, ImageDraw

from . import clips, painting_sample, photo_sample

SAMPLES: Mapping[str, Callable[[], Image.Image]] = {
    "content": photo_sample.draw,
    "style": painting_sample.draw,
}
_QUALITY = 92


class Samples:
    """Draws each sample when it is first asked for, and keeps it."""

    def __init__(self) -> None:
        self._drawn: dict[str, bytes] = {}
        self._lock = asyncio.Lock()

    async def jpeg(self, name: str) -> bytes:
        """A sample of `SAMPLES` as JPEG."""
        async with self._lock:
            if name not in self._drawn:
                self._drawn[name] = await asyncio.to_thread(jpeg, name)
            return self._drawn[name]


def jpeg(name: str) -> bytes:
    """A sample of `SAMPLES` as JPEG, drawn now; always the same bytes."""
    buffer = io.BytesIO()
    SAMPLES[name]().save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def sticker() -> bytes:
    """A palette with five blobs of paint: WebP, 512 × 512, transparent around it."""
    image = Image.new("RGBA", (512, 512))
    pen = ImageDraw.Draw(image)
    pen.ellipse((24, 70, 488, 442), fill="#d9a566", outline="#8a5a2b", width=10)
    pen.ellipse((300, 320, 380, 390), fill=(0, 0, 0, 0), outline="#8a5a2b", width=8)
    blobs = ("#d7263d", "#f4b41a", "#2a9d63", "#1f6fd6", "#7b3fa0")
    for x, y, tone in zip(
        (96, 150, 240, 340, 410), (270, 170, 124, 146, 226), blobs, strict=True
    ):
        pen.circle((x, y), 36, fill=tone)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP")
    return buffer.getvalue()


def video() -> bytes:
    """One second of a circle that grows: MP4, 240 × 240."""
    frames = []
    for radius in range(10, 110, 10):
        image = Image.new("RGB", (240, 240), "navy")
        ImageDraw.Draw(image).circle((120, 120), radius, fill="gold")
        frames.append((image, 100))
    return clips.encode(frames)


def voice() -> bytes:
    """One second of a quiet tone: Ogg Opus, 48 kHz, mono."""
    buffer = io.BytesIO()
    times = np.arange(48_000) / 48_000
    tone = (2000 * np.sin(2 * np.pi * 330 * times)).astype(np.int16)
    with av.open(buffer, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000)
        stream.layout = "mono"
        for start in range(0, len(tone), 960):
            frame = av.AudioFrame.from_ndarray(
                tone[None, start : start + 960], format="s16", layout="mono"
            )
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()
