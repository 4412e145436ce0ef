"""Photos as Telegram keeps them: decoded, and recompressed to several sizes.

Everything here is slow and belongs into a thread.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from .errors import PlaygroundError

SIDES = (90, 320, 800, 1280)
"""The long sides of the sizes; a smaller original ends the list."""
MAX_PHOTO_BYTES = 10 * 1024 * 1024
MAX_SIDES_SUM = 10_000
MAX_RATIO = 20
THUMBNAIL_SIDE = 320
_QUALITY = 87
_SMALL_QUALITY = 80


class PhotoProblem(PlaygroundError):
    """Why a file cannot be a photo; `code` is Telegram's name for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """One encoded picture."""

    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[Encoded]:
    """JPEGs with long sides of at most `SIDES`, smallest first.

    Raises:
        PhotoProblem: `PHOTO_INVALID_DIMENSIONS` or `IMAGE_PROCESS_FAILED`.
    """
    image = decode(data)
    sizes = []
    for side in SIDES:
        sizes.append(_jpeg(image, side))
        if max(image.size) <= side:
            break
    return sizes


def thumbnail(data: bytes) -> Encoded | None:
    """A JPEG of at most `THUMBNAIL_SIDE`; None where there is no photo in `data`."""
    try:
        return _jpeg(decode(data), THUMBNAIL_SIDE)
    except PhotoProblem:
        return None


def decode(data: bytes) -> Image.Image:
    """The picture in `data`, upright and opaque; its size is checked first.

    Raises:
        PhotoProblem: see `photo_sizes`.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            _check_size(*image.size)
            return _opaque(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PhotoProblem("PHOTO_INVALID_DIMENSIONS") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as exc:
        raise PhotoProblem("IMAGE_PROCESS_FAILED") from exc


def _check_size(width: int, height: int) -> None:
    longer, shorter = max(width, height), min(width, height)
    if width + height > MAX_SIDES_SUM or longer > MAX_RATIO * shorter:
        raise PhotoProblem("PHOTO_INVALID_DIMENSIONS")


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        image = Image.alpha_composite(white, coloured)
    return image.convert("RGB")


def _jpeg(image: Image.Image, side: int) -> Encoded:
    fitted = image
    if max(image.size) > side:
        fitted = image.copy()
        fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    quality = _QUALITY if side == SIDES[-1] else _SMALL_QUALITY
    fitted.save(buffer, "JPEG", quality=quality, optimize=True)
    return Encoded(data=buffer.getvalue(), width=fitted.width, height=fitted.height)
