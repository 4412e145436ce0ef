"""Moving pictures: looking into MP4s, and GIFs turned into them as Telegram does.

Everything here is slow and belongs into a thread.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageSequence

from .pictures import Encoded, thumbnail

MAX_FRAMES = 600
MAX_SIDE = 1280
_TIME_BASE = Fraction(1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """What a clip is, and how it looks."""

    data: bytes
    width: int
    height: int
    duration_s: int
    has_sound: bool
    thumbnail: Encoded | None


def probe(data: bytes) -> Clip | None:
    """A clip of the MP4 in `data`; None where no picture can be decoded from it."""
    try:
        with av.open(io.BytesIO(data), mode="r", format="mp4") as container:
            if not container.streams.video:
                return None
            stream = container.streams.video[0]
            frame = next(container.decode(stream))
            seconds = (container.duration or 0) / 1_000_000
            return Clip(
                data=data,
                width=frame.width,
                height=frame.height,
                duration_s=max(1, round(seconds)),
                has_sound=bool(container.streams.audio),
                thumbnail=_first_frame(frame.to_ndarray(format="rgb24")),
            )
    except (av.error.FFmpegError, StopIteration, ValueError):
        return None


def is_gif(data: bytes) -> bool:
    """Whether `data` begins like a GIF."""
    return data.startswith((b"GIF87a", b"GIF89a"))


def from_gif(data: bytes) -> Clip | None:
    """The GIF as a silent H.264 MP4; None where it cannot be decoded."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            frames = _frames(image)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None
    return probe(encode(frames)) if frames else None


def encode(frames: list[tuple[Image.Image, int]]) -> bytes:
    """An MP4 of RGB frames, each with how long it is shown in milliseconds."""
    width, height = (max(2, side // 2 * 2) for side in frames[0][0].size)
    # faststart needs a seekable file that can be reopened, which BytesIO is not
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        options = {"movflags": "+faststart"}
        with av.open(str(path), "w", format="mp4", options=options) as container:
            stream = container.add_stream("h264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.time_base = stream.codec_context.time_base = _TIME_BASE
            at_ms = 0
            for image, shown_ms in [*frames, (frames[-1][0], 0)]:
                pixels = np.asarray(image.resize((width, height)))
                frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
                frame.pts, frame.time_base = at_ms, _TIME_BASE
                at_ms += shown_ms
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path.read_bytes()


def _frames(image: Image.Image) -> list[tuple[Image.Image, int]]:
    frames = []
    for frame in ImageSequence.Iterator(image):
        shown = frame.convert("RGB")
        shown.thumbnail((MAX_SIDE, MAX_SIDE))
        frames.append((shown, max(20, int(frame.info.get("duration", 100)))))
        if len(frames) == MAX_FRAMES:
            break
    return frames


def _first_frame(pixels: npt.NDArray[Any]) -> Encoded | None:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return thumbnail(buffer.getvalue())
