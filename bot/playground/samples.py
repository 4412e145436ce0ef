"""Pictures drawn by own code, so that a newcomer has something to send."""

from __future__ import annotations

import asyncio
import io

from PIL import Image, ImageDraw

from . import clips


class Samples:
    """Draws each sample when it is first asked for, and keeps it."""

    def __init__(self) -> None:
        self._drawn: dict[str, bytes] = {}
        self._lock = asyncio.Lock()

    async def jpeg(self, name: str) -> bytes:
        """The sample `content` or `style` as JPEG."""
        async with self._lock:
            if name not in self._drawn:
                self._drawn[name] = await asyncio.to_thread(_draw, name)
            return self._drawn[name]


def _draw(name: str) -> bytes:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize((960, 720)).convert("RGB")
    if name == "style":
        image = Image.radial_gradient("L").resize((960, 720)).convert("RGB")
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def sticker() -> bytes:
    """A WebP of 512 × 512."""
    image = Image.new("RGBA", (512, 512))
    ImageDraw.Draw(image).ellipse((32, 32, 480, 480), fill="orange")
    buffer = io.BytesIO()
    image.save(buffer, "WEBP")
    return buffer.getvalue()


def video() -> bytes:
    """One second of a circle that grows."""
    frames = []
    for radius in range(10, 110, 10):
        image = Image.new("RGB", (240, 240), "navy")
        ImageDraw.Draw(image).circle((120, 120), radius, fill="gold")
        frames.append((image, 100))
    return clips.encode(frames)


def voice() -> bytes:
    """One second of silence."""
    return b"OggS"
