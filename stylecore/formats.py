"""The picture formats that can be read, told apart by their first bytes.

Pillow's own `Image.open` is not used: it would try dozens of formats nobody sends,
warn through `warnings`, and need HEIC registered globally. Here the bytes choose one
decoder, and a name or a MIME type is never believed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"),
    *(b"mif1", b"msf1"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A picture format: its name for people, its MIME type and its decoder."""

    name: str
    mime: str
    matches: Callable[[bytes], bool]
    open: Callable[[io.BytesIO], ImageFile]
    """Reads the header only; `load()` of what it returns decodes the pixels."""
    talks: bool = False
    """Its C library writes to standard error about damaged files."""


def recognise(data: bytes) -> Format | None:
    """The format that the first bytes announce, or None."""
    return next((format_ for format_ in FORMATS if format_.matches(data)), None)


@contextmanager
def muted() -> Iterator[None]:
    """Sends the process's standard error, C libraries included, nowhere meanwhile."""
    try:
        before = os.dup(2)
    except OSError:  # there is no standard error to mute
        yield
        return
    try:
        with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _is_tiff(data: bytes) -> bool:
    return data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _is_bmp(data: bytes) -> bool:
    size = int.from_bytes(data[14:18], "little")
    return data[:2] == b"BM" and size in _BMP_HEADER_SIZES


def _brands(data: bytes) -> set[bytes]:
    """The major and compatible brands of an ISO media file; empty for all others."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), len(data), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}


def _is_avif(data: bytes) -> bool:
    return bool(_brands(data) & _AVIF_BRANDS)


def _is_heic(data: bytes) -> bool:
    brands = _brands(data)
    return bool(brands & _HEIC_BRANDS) and not brands & _AVIF_BRANDS


def _open_heic(file: io.BytesIO) -> ImageFile:
    # 26 MB of libheif that most pictures never need.
    from pillow_heif import HeifImageFile

    decoder: Callable[[io.BytesIO], ImageFile] = HeifImageFile
    return decoder(file)


FORMATS = (
    Format(
        name="JPEG",
        mime="image/jpeg",
        matches=lambda data: data[:3] == b"\xff\xd8\xff",
        open=JpegImageFile,
    ),
    Format(
        name="PNG",
        mime="image/png",
        matches=lambda data: data[:8] == b"\x89PNG\r\n\x1a\n",
        open=PngImageFile,
    ),
    Format(name="WebP", mime="image/webp", matches=_is_webp, open=WebPImageFile),
    Format(name="HEIC", mime="image/heic", matches=_is_heic, open=_open_heic),
    Format(name="AVIF", mime="image/avif", matches=_is_avif, open=AvifImageFile),
    Format(
        name="TIFF",
        mime="image/tiff",
        matches=_is_tiff,
        open=TiffImageFile,
        talks=True,
    ),
    Format(name="BMP", mime="image/bmp", matches=_is_bmp, open=BmpImageFile),
    Format(
        name="GIF",
        mime="image/gif",
        matches=lambda data: data[:6] in (b"GIF87a", b"GIF89a"),
        open=GifImageFile,
    ),
)
