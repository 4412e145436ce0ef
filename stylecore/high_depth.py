"""16 bits per channel, as PNG and TIFF; Pillow writes colour with 8 bits only."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .errors import RecipeError

SUFFIXES: Final = (".png", ".tif", ".tiff")
"""The file name endings that `encode` can write."""

_WHITE: Final = 65535
_ROWS_AT_ONCE: Final = 256


def encode(
    pixels: NDArray[np.floating], suffix: str, *, profile: bytes | None = None
) -> bytes:
    """The bytes of a file with 16 bits per channel.

    Args:
        pixels: `(3, H, W)` RGB in [0, 1]; what lies outside is clipped.
        suffix: one of `SUFFIXES`.
        profile: the ICC profile of the numbers; none: sRGB.

    Raises:
        RecipeError: another suffix.
    """
    if suffix.lower() not in SUFFIXES:
        raise RecipeError(
            f"16 bits per channel cannot be written as “{suffix}”; "
            f"choose one of {', '.join(SUFFIXES)}.",
            "unknown_suffix",
        )
    rows = _sixteen_bits(pixels)
    if suffix.lower() == ".png":
        return _png(rows, profile)
    return _tiff(rows, profile)


def _sixteen_bits(pixels: NDArray[np.floating]) -> NDArray[np.uint16]:
    """`(H, W, 3)`; in float64, since float32 has too few digits near white."""
    height, width = pixels.shape[1:]
    rows = np.empty((height, width, 3), np.uint16)
    for top in range(0, height, _ROWS_AT_ONCE):
        band = pixels[:, top : top + _ROWS_AT_ONCE].astype(np.float64)
        levels = np.rint(band.clip(0.0, 1.0) * _WHITE)
        rows[top : top + _ROWS_AT_ONCE] = levels.transpose(1, 2, 0)
    return rows


def _tiff(rows: NDArray[np.uint16], profile: bytes | None) -> bytes:
    # Only those who ask for such a file need it.
    import tifffile

    file = io.BytesIO()
    tifffile.imwrite(
        file,
        rows,
        photometric="rgb",
        compression="zlib",
        predictor=True,
        rowsperstrip=_ROWS_AT_ONCE,
        iccprofile=profile,
        metadata=None,
        software=False,
    )
    return file.getvalue()


def _png(rows: NDArray[np.uint16], profile: bytes | None) -> bytes:
    """PNG (third edition) of truecolour, 16 bits, every row filtered by Up."""
    height, width = rows.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    if profile is None:
        colours = _chunk(b"sRGB", b"\0")  # perceptual
    else:
        colours = _chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            colours,
            _chunk(b"IDAT", _filtered(rows)),
            _chunk(b"IEND", b""),
        )
    )


def _filtered(rows: NDArray[np.uint16]) -> bytes:
    """The zlib stream of all rows as differences from the rows above."""
    height, width = rows.shape[:2]
    packer = zlib.compressobj()
    packed = []
    above = np.zeros((1, width * 6), np.uint8)
    for top in range(0, height, _ROWS_AT_ONCE):
        band = rows[top : top + _ROWS_AT_ONCE].astype(">u2")
        now = band.reshape(len(band), -1).view(np.uint8)
        up = np.full((1, 1), 2, np.uint8).repeat(len(now), axis=0)
        differences = now - np.concatenate((above, now[:-1]))
        packed.append(packer.compress(np.hstack((up, differences)).tobytes()))
        above = now[-1:]
    return b"".join((*packed, packer.flush()))


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
