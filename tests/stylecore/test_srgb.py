"""Each pixel mode arrives as the sRGB colours that a person would see."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from stylecore import images
from stylecore.srgb import to_srgb

GREY = (100, 100, 100)


def solid(mode, colour):
    return Image.new(mode, (40, 40), colour)


def middle(image):
    assert image.mode == "RGB"
    return image.getpixel((20, 20))


def near(actual, expected, tolerance=5):
    return np.abs(np.subtract(actual, expected)).max() <= tolerance


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (solid("1", 1), (255, 255, 255)),
        (solid("L", 100), GREY),
        (solid("LA", (100, 255)), GREY),
        (solid("LA", (100, 0)), (255, 255, 255)),
        (solid("LA", (0, 128)), (127, 127, 127)),
        (solid("La", (50, 128)), (177, 177, 177)),
        (solid("RGB", (10, 20, 30)), (10, 20, 30)),
        (solid("RGBX", (10, 20, 30, 0)), (10, 20, 30)),
        (solid("RGBA", (10, 20, 30, 255)), (10, 20, 30)),
        (solid("RGBA", (10, 20, 30, 0)), (255, 255, 255)),
        (solid("RGBA", (255, 0, 0, 128)), (255, 127, 127)),
        (solid("RGBa", (128, 0, 0, 128)), (255, 127, 127)),
        (solid("CMYK", (0, 255, 255, 0)), (255, 0, 0)),
        (solid("CMYK", (0, 0, 0, 255)), (0, 0, 0)),
        (solid("YCbCr", (100, 128, 128)), GREY),
        (solid("HSV", (0, 255, 255)), (255, 0, 0)),
        (solid("LAB", (255, 128, 128)), (255, 255, 255)),
        (solid("LAB", (138, 209, 198)), (255, 0, 0)),
        (solid("I", 100), GREY),
        (solid("I", 100 * 257), GREY),
        (solid("F", 100 / 255), GREY),
        (solid("F", 100.0), GREY),
        (solid("F", 100.0 * 257), GREY),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else "",
)
def test_every_mode_of_pillow_becomes_rgb(image, expected):
    actual = middle(to_srgb(image))

    assert near(actual, expected)


@pytest.mark.parametrize("mode", ["I;16", "I;16L", "I;16B", "I;16N"])
def test_sixteen_bits_are_scaled_and_not_clipped(mode):
    ramp = np.linspace(0, 65535, 40 * 40).astype(np.uint16).reshape(40, 40)
    image = Image.fromarray(ramp)
    if mode != "I;16":
        order = {"I;16L": "<u2", "I;16B": ">u2", "I;16N": "=u2"}[mode]
        image = Image.frombytes(mode, (40, 40), ramp.astype(order).tobytes())

    grey = np.asarray(to_srgb(image))[..., 0]

    assert (grey == ramp >> 8).all()


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_a_sixteen_bit_file_keeps_its_midtones(name, encode):
    image = Image.fromarray(np.full((40, 40), 100 * 257, np.uint16))

    assert middle(images.load(encode(image, name))) == GREY


def test_numbers_of_an_unknown_range_are_stretched_and_never_crash():
    values = np.linspace(-3.0, 5.0, 1600, dtype=np.float32).reshape(40, 40)
    values[0, 1], values[0, 2] = np.nan, np.inf

    grey = np.asarray(to_srgb(Image.fromarray(values)))[..., 0]

    assert (grey[0, 0], grey[-1, -1]) == (0, 255)
    assert int(grey[20, 0]) == pytest.approx(127, abs=3)


@pytest.mark.parametrize("mode", ["P", "L", "RGB", "PA"])
def test_the_transparent_colour_of_a_file_becomes_white(mode, encode):
    image = solid("RGBA", (10, 20, 30, 0))
    image.paste((200, 100, 50, 255), (0, 0, 40, 20))
    if mode == "P":
        data = encode(image.quantize(4), "PNG")
    elif mode == "PA":
        data = None
    else:
        flat = Image.new(mode, (40, 40), 0)
        flat.paste(200 if mode == "L" else (200, 100, 50), (0, 0, 40, 20))
        data = encode(flat, "PNG", transparency=0 if mode == "L" else (0, 0, 0))

    result = images.load(data) if data else to_srgb(image.convert("PA"))

    assert result.getpixel((20, 30)) == (255, 255, 255)
    assert int(np.asarray(result)[10, 20, 0]) == pytest.approx(200, abs=8)


def test_an_adobe_jpeg_of_print_colours_is_not_inverted(encode):
    data = encode(solid("CMYK", (0, 255, 255, 0)), "JPEG", quality=100)
    inverted = images.load(data)

    assert b"Adobe" in data
    assert near(middle(inverted), (255, 0, 0))


def swapped_profile():
    """An ICC profile like sRGB's, its red and green columns exchanged in the file."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def linear_grey_profile():
    """A minimal ICC profile (ICC.1 section 7) of grey whose values are linear light."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    linear = b"curv\0\0\0\0" + struct.pack(">I", 0)
    tags = struct.pack(">I", 2)
    tags += b"wtpt" + struct.pack(">II", 156, 20)
    tags += b"kTRC" + struct.pack(">II", 176, 12)
    size = struct.pack(">I", 188)
    header = size + b"\0" * 4 + b"\x02\x10\0\0mntrGRAYXYZ " + b"\0" * 12 + b"acsp"
    header = header.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + tags + white + linear


@pytest.mark.parametrize("image", [solid("L", 100), solid("LA", (100, 255))])
def test_a_grey_profile_is_converted_with_and_without_alpha(image, encode):
    """Linear 100/255 is 0.392, which sRGB's curve writes as 168."""
    data = encode(image, "PNG", icc_profile=linear_grey_profile())

    assert near(middle(images.load(data)), (168, 168, 168))


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WebP", "TIFF", "AVIF"])
def test_an_embedded_profile_is_converted_to_srgb(name, encode):
    """With this profile the file's red is what everyone else calls green."""
    data = encode(solid("RGB", (255, 0, 0)), name, icc_profile=swapped_profile())

    assert near(middle(images.load(data)), (0, 255, 0), tolerance=6)


def test_a_profile_applies_below_transparency_and_palette(encode):
    for image in (
        solid("RGBA", (255, 0, 0, 255)),
        solid("RGB", (255, 0, 0)).quantize(2),
    ):
        data = encode(image, "PNG", icc_profile=swapped_profile())
        assert near(middle(images.load(data)), (0, 255, 0), tolerance=6)


def test_a_profile_of_other_colours_or_of_rubbish_is_passed_over():
    for profile in (swapped_profile()[:200], b"rubbish", b"", "text", None):
        image = solid("RGB", (255, 0, 0))
        image.info["icc_profile"] = profile
        assert middle(to_srgb(image)) == (255, 0, 0)
    grey = solid("L", 100)
    grey.info["icc_profile"] = swapped_profile()
    assert middle(to_srgb(grey)) == GREY


def test_the_plain_srgb_profile_changes_nothing(quarters, encode):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encode(quarters, "PNG", icc_profile=profile)

    with Image.open(io.BytesIO(data)) as raw:
        assert (
            np.abs(
                np.asarray(images.load(data), int) - np.asarray(raw.convert("RGB"), int)
            ).max()
            <= 1
        )


def lab_of(image, profile):
    """The CIELAB colour in the middle of an RGB image of that profile."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    lab = ImageCms.createProfile("LAB")
    found = ImageCms.profileToProfile(image, source, lab, outputMode="LAB")
    return np.asarray(found)[20, 20].astype(int)


def srgb_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WebP", "TIFF"])
@pytest.mark.parametrize("colour", [(200, 40, 60), (30, 90, 160), (128, 128, 128)])
def test_a_style_is_turned_into_the_colours_of_the_content(
    name, colour, encode, wide_gamut
):
    for own in (None, srgb_profile(), swapped_profile()):
        data = encode(solid("RGB", colour), name, icc_profile=own)

        image = images.load(data, profile=wide_gamut)

        assert image.info == {"icc_profile": wide_gamut}
        seen = solid("RGB", colour)
        expected = lab_of(seen, own or srgb_profile())
        # CIELAB is a byte per axis here, and two conversions round.
        assert near(lab_of(image, wide_gamut), expected, tolerance=4)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WebP", "TIFF"])
def test_a_content_can_keep_its_own_numbers_and_says_what_they_mean(
    name, encode, wide_gamut
):
    data = encode(solid("RGB", (250, 20, 30)), name, icc_profile=wide_gamut)

    image = images.load_unconverted(data)

    assert near(middle(image), (250, 20, 30), tolerance=3)
    assert image.info == {"icc_profile": wide_gamut}
    assert not near(middle(images.load(data)), (250, 20, 30), tolerance=3)
    assert images.load(data).info == {}


def test_numbers_are_kept_below_transparency_and_palette(encode, wide_gamut):
    for image in (
        solid("RGBA", (250, 20, 30, 255)),
        solid("RGB", (250, 20, 30)).quantize(2),
    ):
        data = encode(image, "PNG", icc_profile=wide_gamut)
        assert near(middle(images.load_unconverted(data)), (250, 20, 30), tolerance=2)


def test_a_profile_that_cannot_be_kept_becomes_srgb(encode, wide_gamut):
    grey = encode(solid("L", 100), "PNG", icc_profile=linear_grey_profile())
    inks = encode(solid("CMYK", (0, 255, 255, 0)), "JPEG", icc_profile=wide_gamut)
    rubbish = encode(solid("RGB", (250, 20, 30)), "PNG", icc_profile=b"rubbish")
    plain = encode(solid("RGB", (250, 20, 30)), "PNG")

    for data in (grey, inks, rubbish, plain):
        image = images.load_unconverted(data)
        assert image.info == {}
        assert image.tobytes() == images.load(data).tobytes()


def test_a_damaged_profile_counts_as_srgb_on_the_way_to_another(encode, wide_gamut):
    plain = encode(solid("RGB", (250, 20, 30)), "PNG")
    for rubbish in (b"rubbish", swapped_profile()[:200]):
        data = encode(solid("RGB", (250, 20, 30)), "PNG", icc_profile=rubbish)
        image = images.load(data, profile=wide_gamut)
        assert image.tobytes() == images.load(plain, profile=wide_gamut).tobytes()
