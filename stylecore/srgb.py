"""Every pixel mode that Pillow decodes to, turned into 8-bit sRGB."""

from __future__ import annotations

import io
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_WHITES_OF_INTEGERS = (255.0, 65535.0)
_WHITES_OF_FLOATS = (1.0, 255.0, 65535.0)


def to_srgb(image: Image.Image) -> Image.Image:
    """A decoded picture of any mode as RGB; what is transparent becomes white.

    An embedded ICC profile is converted to sRGB where it fits the picture's colours;
    one that is damaged or belongs to other colours is passed over.
    """
    icc = image.info.get("icc_profile")
    image = _eight_bits(image)
    if not image.has_transparency_data:
        return _to_rgb(_plain(image), icc)
    if image.mode in ("La", "RGBa"):
        image = image.convert(image.mode.upper())
    rgba = image.convert("RGBA")
    # A grey profile applies to grey values only, so grey stays grey until it is used.
    base = image.getchannel("L") if image.mode == "LA" else rgba.convert("RGB")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(_to_rgb(base, icc), mask=rgba.getchannel("A"))
    return canvas


def _plain(image: Image.Image) -> Image.Image:
    """One of the modes that profiles know: L, RGB, CMYK or LAB."""
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _to_rgb(image: Image.Image, icc: Any) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return _converted(image, lab, srgb)
    if isinstance(icc, bytes) and icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if _fits(profile, image.mode):
                return _converted(image, profile, srgb)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a damaged profile is no reason to refuse the picture
    return image.convert("RGB")


def _fits(profile: ImageCms.ImageCmsProfile, mode: str) -> bool:
    space = profile.profile.xcolor_space.strip()
    return {"L": "GRAY"}.get(mode, mode) == space


def _converted(image: Image.Image, source: Any, srgb: Any) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    return cast(Image.Image, converted)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits scaled to 8; Pillow's own conversion would clip it."""
    if image.mode.startswith("I;16"):
        # The high byte, which is also what Pillow keeps of 16-bit colour.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "I":
        return _scaled(np.asarray(image), _WHITES_OF_INTEGERS)
    if image.mode == "F":
        return _scaled(np.asarray(image), _WHITES_OF_FLOATS)
    return image


def _scaled(values: NDArray[Any], whites: tuple[float, ...]) -> Image.Image:
    """Grey of an unknown range: the least customary white that holds all values.

    Values outside every customary range are stretched from their minimum to their
    maximum, since the file does not say what its black and white are.
    """
    grey = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    black, white = float(grey.min()), float(grey.max())
    for customary in whites:
        if black >= 0 and white <= customary:
            black, white = 0.0, customary
            break
    grey = (grey - black) * (255.0 / max(white - black, 1e-12))
    return Image.fromarray(np.rint(grey).astype(np.uint8))
