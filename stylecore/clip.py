"""The progress clip: how a photo became a painting, as MP4, GIF or WebP."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .errors import RecipeError
from .files import written_whole
from .images import encode, fit, size_to_fit

_SECONDS: Final = 4
_OPENING_S: Final = 0.3
_HOLD_S: Final = 1.0
_THUMBNAIL_PX: Final = 96
_PLAIN: Final = Image.Dither.NONE

Picture = Image.Image | Callable[[], Image.Image]
"""A picture, or what makes it: `Progress.picture` is only called when needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipInfo:
    """A clip that was written."""

    width: int
    height: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Kept:
    jpeg: bytes
    size: tuple[int, int]
    thumbnail: NDArray[np.int16]
    """`(h, w, 3)`, one shape for all pictures of a clip."""

    def image(self, size: tuple[int, int]) -> Image.Image:
        with Image.open(io.BytesIO(self.jpeg)) as image:
            return image.convert("RGB").resize(size, Image.Resampling.BICUBIC)


@dataclass(frozen=True, slots=True)
class _Frame:
    image: Image.Image
    ticks: int
    """How many frame times it stays."""


class ClipRecorder:
    """Collects pictures while painting and writes a clip of at most four seconds.

    Add every step: early steps are all looked at, later ones ever more rarely, and
    of those no more than `capacity` stay in memory, as small JPEGs (about 10 MB in
    all). Those are dropped whose absence shows least, and the clip advances by equal
    visible change rather than by equal numbers of steps, so that the bold beginning
    is not over in a blink and the slow end does not drag.

    Args:
        content: the photo with which the clip opens.
        edge_px: the longer side at most; never more than that of the last picture.
        capacity: pictures kept in memory, at least 3.
    """

    def __init__(
        self, content: Image.Image, *, edge_px: int = 480, capacity: int = 96
    ) -> None:
        self._edge_px = edge_px
        self._capacity = capacity
        self._thumbnail_size = size_to_fit(content.size, _THUMBNAIL_PX)
        self._kept = [self._keep(content)]
        self._added = 0
        self._stride = 1
        self._latest: Picture | None = None

    def add(self, picture: Picture) -> None:
        """Takes the picture after one more step; the last one added ends the clip."""
        self._added += 1
        if self._added % self._stride:
            self._latest = picture
            return
        self._take(picture)
        if self._added >= 2 * self._capacity * self._stride:
            self._stride *= 2

    def write(self, path: Path) -> ClipInfo:
        """Writes the clip whole or not at all; the suffix decides the format.

        Can be called for several paths. Raises `RecipeError` for a suffix not in
        `SUFFIXES`, `OSError` if the file cannot be written.
        """
        check_suffix(path)
        if self._latest is not None:
            self._take(self._latest)
        write, fps, edge_px = _WRITERS[path.suffix.lower()]
        width, height = size_to_fit(self._kept[-1].size, min(self._edge_px, edge_px))
        size = max(2, width - width % 2), max(2, height - height % 2)
        with written_whole(path) as aside:
            ticks = write(aside, _frames(self._kept, size, fps), fps)
        return ClipInfo(width=size[0], height=size[1], seconds=ticks / fps)

    def _take(self, picture: Picture) -> None:
        image = picture if isinstance(picture, Image.Image) else picture()
        self._kept.append(self._keep(image))
        self._latest = None
        if len(self._kept) > self._capacity:
            del self._kept[_least_missed(self._kept)]

    def _keep(self, image: Image.Image) -> _Kept:
        small = fit(image.convert("RGB"), self._edge_px)
        thumbnail = small.resize(self._thumbnail_size, Image.Resampling.BILINEAR)
        pixels = np.asarray(thumbnail, np.int16)
        return _Kept(encode(small, ".jpg"), small.size, pixels)


def check_suffix(path: Path) -> None:
    """Raises `RecipeError` unless a clip can be written under that name."""
    if path.suffix.lower() not in SUFFIXES:
        raise RecipeError(
            f"A clip cannot be written as “{path.suffix}”; "
            f"choose one of {', '.join(SUFFIXES)}.",
            "unknown_suffix",
        )


def _change(before: _Kept, after: _Kept) -> float:
    """How different two pictures look: their mean distance, 0-255."""
    return float(np.abs(after.thumbnail - before.thumbnail).mean())


def _least_missed(kept: list[_Kept]) -> int:
    """The picture whose neighbours are most alike; never the first or the last."""
    gaps = [_change(a, b) for a, b in zip(kept, kept[2:], strict=False)]
    return 1 + int(np.argmin(gaps))


def _frames(kept: list[_Kept], size: tuple[int, int], fps: int) -> Iterator[_Frame]:
    """Frames at equal visible distances, blended between the pictures kept."""
    opening, hold = int(_OPENING_S * fps), int(_HOLD_S * fps)
    moving = _SECONDS * fps - opening - hold
    changes = [_change(a, b) for a, b in pairwise(kept)] or [0.0]
    # Nothing may be skipped entirely, and a still clip has to advance as well.
    distances = np.cumsum([0.0, *(change + 0.05 for change in changes)])
    positions = np.interp(
        np.linspace(0.0, distances[-1], moving + 2), distances, range(len(distances))
    )
    yield _Frame(kept[0].image(size), opening)
    for position in positions[1:-1]:
        yield _Frame(_blended(kept, float(position), size), 1)
    yield _Frame(kept[-1].image(size), hold)


def _blended(kept: list[_Kept], position: float, size: tuple[int, int]) -> Image.Image:
    index = min(int(position), len(kept) - 1)
    image = kept[index].image(size)
    if index + 1 == len(kept):
        return image
    return Image.blend(image, kept[index + 1].image(size), position - index)


def _write_mp4(path: Path, frames: Iterator[_Frame], fps: int) -> int:
    # 100 MB of codecs, needed by nobody else.
    import av

    ticks = 0
    options = {"movflags": "+faststart"}  # lets players start before the end is there
    with av.open(path, "w", format="mp4", options=options) as container:
        stream = container.add_stream(
            "libx264", rate=fps, options={"crf": "20", "preset": "medium"}
        )
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            if ticks == 0:
                stream.width, stream.height = frame.image.size
            picture = av.VideoFrame.from_ndarray(np.asarray(frame.image), "rgb24")
            for _ in range(frame.ticks):
                picture.pts = ticks
                container.mux(stream.encode(picture))
                ticks += 1
        container.mux(stream.encode())
    return ticks


def _write_gif(path: Path, frames: Iterator[_Frame], fps: int) -> int:
    film = list(frames)
    palette = _palette([film[-1].image, *(frame.image for frame in film[::8])])
    # Dithering would flicker from frame to frame, and noise makes a GIF large.
    reduced = [
        _Frame(frame.image.quantize(palette=palette, dither=_PLAIN), frame.ticks)
        for frame in film
    ]
    return _animate(path, reduced, fps, format="GIF", optimize=False)


def _palette(images: list[Image.Image]) -> Image.Image:
    """256 colours for all of `images`, which are of one size."""
    width, height = images[0].size
    row = Image.new("RGB", (width * len(images), height))
    for index, image in enumerate(images):
        row.paste(image, (index * width, 0))
    return row.quantize(256, method=Image.Quantize.MEDIANCUT)


def _write_webp(path: Path, frames: Iterator[_Frame], fps: int) -> int:
    return _animate(path, list(frames), fps, format="WEBP", quality=80, method=2)


def _animate(path: Path, film: list[_Frame], fps: int, **options: Any) -> int:
    film[0].image.save(
        path,
        save_all=True,
        append_images=[frame.image for frame in film[1:]],
        duration=[frame.ticks * 1000 // fps for frame in film],
        loop=0,
        **options,
    )
    return sum(frame.ticks for frame in film)


_WRITERS: Final = MappingProxyType(
    {
        ".mp4": (_write_mp4, 25, 480),
        # Every frame of a GIF is a whole picture in 256 colours: fewer and smaller.
        ".gif": (_write_gif, 10, 360),
        ".webp": (_write_webp, 20, 480),
    }
)
SUFFIXES: Final = tuple(_WRITERS)
"""The file name endings that a clip can have."""
