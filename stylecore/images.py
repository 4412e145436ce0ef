"""Pictures in and out: any photo to upright 8-bit sRGB, and back to a file.

Nothing here trusts a picture. Bytes and announced sizes are checked before a pixel
is decoded, and whatever a decoder does with a damaged file becomes a `PictureError`
whose text says what is wrong and what to do. While a picture is decoded, Python's
warning filters are changed for the whole process (Pillow warns about files), and its
standard error is muted for TIFF (libtiff writes there): decode in one thread at a time.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from .errors import PictureError, RecipeError
from .files import written_whole
from .formats import FORMATS, Format, muted, recognise
from .limits import DEFAULT_LIMITS as DEFAULT_LIMITS
from .limits import Limits as Limits
from .limits import check_bytes, check_size
from .srgb import rgb_profile, to_rgb

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WRITERS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
}
SUFFIXES = tuple(_WRITERS)
"""The file name endings that `save` and `encode` can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """What a picture turned out to be; sizes are those of the upright picture."""

    format: str
    width: int
    height: int
    mime: str


def load(
    source: Path | bytes,
    limits: Limits = DEFAULT_LIMITS,
    *,
    profile: bytes | None = None,
) -> Image.Image:
    """Reads a picture as an upright RGB image, alpha over white, the first frame.

    Its colours are converted to the ICC profile `profile`, or to sRGB if that is None.
    Raises `PictureError`.
    """
    return _decode(_read(source, limits), limits, lambda _: profile)[1]


def load_unconverted(
    source: Path | bytes, limits: Limits = DEFAULT_LIMITS
) -> Image.Image:
    """Like `load`, but in the picture's own RGB numbers where it has any.

    `info["icc_profile"]` of the image is the profile that gives them their meaning;
    without it they are sRGB, as all pictures of greys and inks become.
    Raises `PictureError`.
    """
    return _decode(_read(source, limits), limits, rgb_profile)[1]


def inspect(source: Path | bytes, limits: Limits = DEFAULT_LIMITS) -> PictureInfo:
    """Decodes a picture to the last pixel and says what it is.

    Raises `PictureError`.
    """
    format_, image = _decode(_read(source, limits), limits, lambda _: None)
    return PictureInfo(
        format=format_.name,
        mime=format_.mime,
        width=image.width,
        height=image.height,
    )


def size_to_fit(size: tuple[int, int], edge_px: int) -> tuple[int, int]:
    """Width and height scaled so that the longer is at most `edge_px`; never up."""
    longer = max(size)
    if longer <= edge_px:
        return size
    width, height = (max(1, round(side * edge_px / longer)) for side in size)
    return width, height


def fit(image: Image.Image, edge_px: int) -> Image.Image:
    """The image with its longer side at most `edge_px`, ratio kept, never enlarged."""
    size = size_to_fit(image.size, edge_px)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def to_array(image: Image.Image) -> NDArray[np.float32]:
    """`(3, H, W)` float32 RGB in [0, 1]."""
    pixels = np.asarray(image.convert("RGB"), dtype=np.float32) / 255.0
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def from_array(array: NDArray[np.floating]) -> Image.Image:
    """The RGB image of `(3, H, W)` floats; values outside [0, 1] are clipped."""
    pixels = np.rint(np.clip(array, 0.0, 1.0) * 255.0).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def encode(
    image: Image.Image,
    suffix: str,
    *,
    quality: int = 95,
    profile: bytes | None = None,
) -> bytes:
    """The image as the bytes of a file; `suffix` is one of `SUFFIXES`.

    `quality` (1-100) applies to JPEG and WebP; JPEG keeps full colour resolution.
    `profile`, the ICC profile of the image's numbers, goes into the file; BMP has no
    place for it, so that its colours are converted to sRGB.
    Raises `RecipeError` for any other suffix.
    """
    writer = _WRITERS.get(suffix.lower())
    if writer is None:
        raise RecipeError(
            f"A picture cannot be written as “{suffix}”; "
            f"choose one of {', '.join(SUFFIXES)}.",
            "unknown_suffix",
        )
    if profile and writer == "BMP":
        image, profile = tagged_to_srgb(image, profile), None
    file = io.BytesIO()
    image.save(file, writer, quality=quality, subsampling=0, icc_profile=profile)
    return file.getvalue()


def tagged_to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An RGB image whose numbers are those of `profile`, in sRGB."""
    if profile is None:
        return image
    tagged = image.copy()
    tagged.info["icc_profile"] = profile
    return to_rgb(tagged)


def save(
    image: Image.Image,
    path: Path,
    *,
    quality: int = 95,
    profile: bytes | None = None,
) -> None:
    """Writes the image whole or not at all; the suffix decides the format.

    The arguments are those of `encode`. Raises `RecipeError` for an unknown suffix,
    `OSError` if it cannot be written.
    """
    data = encode(image, path.suffix, quality=quality, profile=profile)
    with written_whole(path) as aside:
        aside.write_bytes(data)


def _read(source: Path | bytes, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        check_bytes(len(source), limits)
        return source
    try:
        check_bytes(source.stat().st_size, limits)
        return source.read_bytes()
    except OSError as exc:
        raise PictureError(
            "There is no readable file in that place. Please check the name.",
            "unreadable",
        ) from exc


def _decode(
    data: bytes, limits: Limits, target: Callable[[Image.Image], bytes | None]
) -> tuple[Format, Image.Image]:
    """The picture in the colours of the profile that `target` finds for it."""
    format_ = recognise(data)
    if format_ is None:
        names = [known.name for known in FORMATS]
        raise PictureError(
            "That file is not a picture in a known format. "
            f"Please send {', '.join(names[:-1])} or {names[-1]}.",
            "not_a_picture",
        )
    with _decoding(format_):
        file = format_.open(io.BytesIO(data))
        check_size(file.size, limits)
        file.load()
        image = _upright(to_rgb(file, target(file)), _orientation(file))
    # Some decoders find out the true size only now.
    check_size(image.size, limits)
    return format_, image


@contextmanager
def _decoding(format_: Format) -> Iterator[None]:
    """Turns everything a decoder may do with a bad file into a `PictureError`."""
    try:
        with muted() if format_.talks else nullcontext(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except MemoryError as exc:
        raise PictureError(
            "That picture needs more memory than there is. Please send a smaller copy.",
            "too_many_pixels",
        ) from exc
    # A bad file makes decoders raise anything at all, KeyError and zlib.error included.
    except Exception as exc:
        raise PictureError(
            f"That {format_.name} file is damaged or incomplete. "
            "Please send it again, or save a fresh copy of the picture first.",
            "damaged",
        ) from exc


def _orientation(file: ImageFile) -> int:
    """The EXIF orientation, 1-8; asked after decoding, since TIFF turns itself."""
    try:
        return int(file.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF data must not cost the picture
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)
