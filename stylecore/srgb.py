"""Every pixel mode that Pillow decodes to, turned into 8-bit RGB.

The RGB is sRGB, or that of an ICC profile with which a picture shall be painted.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_WHITES_OF_INTEGERS = (255.0, 65535.0)
_WHITES_OF_FLOATS = (1.0, 255.0, 65535.0)
_BAD_PROFILE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def to_srgb(image: Image.Image) -> Image.Image:
    """`to_rgb` with sRGB as the target."""
    return to_rgb(image)


def to_rgb(image: Image.Image, profile: bytes | None = None) -> Image.Image:
    """A decoded picture of any mode as RGB; what is transparent becomes white.

    Its embedded ICC profile is converted to `profile`, or to sRGB if that is None,
    where it fits the picture's colours; one that is damaged or belongs to other
    colours is passed over. Numbers that already are of that profile stay as they are.
    The result's `info` holds `icc_profile` if one was given, and nothing else.
    """
    icc = image.info.get("icc_profile")
    image = _eight_bits(image)
    rgb = _flattened(image, icc, profile)
    rgb.info = {} if profile is None else {"icc_profile": profile}
    return rgb


def rgb_profile(image: Image.Image) -> bytes | None:
    """The picture's own ICC profile, if RGB numbers can be kept in and turned to it.

    None for a picture without profile, for one of greys or inks, and for a profile
    that is damaged or only leads out of its colours, as those of scanners may.
    """
    icc = image.info.get("icc_profile")
    if not isinstance(icc, bytes) or not icc:
        return None
    if image.mode not in ("P", "PA", "RGB", "RGBA", "RGBX", "RGBa"):
        return None
    try:
        profile = _opened(icc).profile
        intent, way = ImageCms.Intent.PERCEPTUAL, ImageCms.Direction.OUTPUT
        both_ways = profile.is_intent_supported(intent, way)
        return icc if profile.xcolor_space.strip() == "RGB" and both_ways else None
    except _BAD_PROFILE:
        return None


def _flattened(image: Image.Image, icc: Any, profile: bytes | None) -> Image.Image:
    if not image.has_transparency_data:
        return _converted(_plain(image), icc, profile)
    if image.mode in ("La", "RGBa"):
        image = image.convert(image.mode.upper())
    rgba = image.convert("RGBA")
    # A grey profile applies to grey values only, so grey stays grey until it is used.
    base = image.getchannel("L") if image.mode == "LA" else rgba.convert("RGB")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(_converted(base, icc, profile), mask=rgba.getchannel("A"))
    return canvas


def _plain(image: Image.Image) -> Image.Image:
    """One of the modes that profiles know: L, RGB, CMYK or LAB."""
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _converted(image: Image.Image, icc: Any, profile: bytes | None) -> Image.Image:
    """`image`, whose profile is `icc`, in the RGB of `profile`; always a new image."""
    if image.mode == "RGB" and icc == profile:
        return image.copy()
    source = _source(image, icc)
    if source is not None:
        target = _srgb() if profile is None else _opened(profile)
        with suppress(*_BAD_PROFILE):  # no reason to refuse the picture
            return _transformed(image, source, target)
    image = image.convert("RGB")
    return image if profile is None else _transformed(image, _srgb(), _opened(profile))


def _source(image: Image.Image, icc: Any) -> ImageCms.ImageCmsProfile | None:
    if image.mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if not isinstance(icc, bytes) or not icc:
        return None
    try:
        profile = _opened(icc)
        return profile if _fits(profile, image.mode) else None
    except _BAD_PROFILE:
        return None


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _opened(icc: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(icc))


def _fits(profile: ImageCms.ImageCmsProfile, mode: str) -> bool:
    space = profile.profile.xcolor_space.strip()
    return {"L": "GRAY"}.get(mode, mode) == space


def _transformed(
    image: Image.Image,
    source: ImageCms.ImageCmsProfile,
    target: ImageCms.ImageCmsProfile,
) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
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
