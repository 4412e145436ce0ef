"""Any photo becomes upright sRGB, and every bad file a sentence."""

from __future__ import annotations

import io
import pickle
import random
import struct
import subprocess
import sys
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from stylecore import images
from stylecore.errors import PICTURE_CODES, PictureError, RecipeError
from stylecore.files import written_whole
from stylecore.formats import FORMATS
from stylecore.images import Limits, PictureInfo

MIMES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "HEIC": "image/heic",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "BMP": "image/bmp",
    "GIF": "image/gif",
}
ALL = tuple(MIMES)


def corners(image):
    """The colours in the middle of the four quarters, row by row."""
    xs = (image.width // 4, image.width * 3 // 4)
    ys = (image.height // 4, image.height * 3 // 4)
    return [image.getpixel((x, y)) for y in ys for x in xs]


def near(actual, expected, tolerance=12):
    return np.abs(np.subtract(actual, expected)).max() <= tolerance


def png_header(width, height, rest=b""):
    """A PNG that announces a size, with whatever pixels one wants to give it."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rest))
        + chunk(b"IEND", b"")
    )


def refusal(data, limits=images.DEFAULT_LIMITS):
    """The error for a bad picture, checked to be a sentence that shows no insides."""
    with pytest.raises(PictureError) as caught:
        images.load(data, limits)
    with pytest.raises(PictureError) as again:
        images.inspect(data, limits)
    error = caught.value
    assert str(again.value) == str(error)
    assert error.code in PICTURE_CODES
    assert str(error)[0].isupper()
    assert str(error).endswith(".")
    assert not any(word in str(error) for word in ("Pillow", "Error", "0x", "/", "<"))
    assert pickle.loads(pickle.dumps(error)).args == error.args  # noqa: S301 - our own
    return error


@pytest.mark.parametrize("name", ALL)
def test_every_format_is_read_in_its_colours(name, quarters, encode):
    data = encode(quarters, name)

    image = images.load(data)

    assert (image.mode, image.size) == ("RGB", (96, 64))
    assert near(corners(image), corners(quarters))
    assert images.inspect(data) == PictureInfo(
        format=name, width=96, height=64, mime=MIMES[name]
    )


def test_the_table_of_formats_is_the_one_tested():
    assert [known.name for known in FORMATS] == list(ALL)


def test_a_picture_is_read_from_a_path_whatever_its_name_claims(
    tmp_path, quarters, encode
):
    path = tmp_path / "really-a-png.jpg"
    path.write_bytes(encode(quarters, "PNG"))

    assert images.inspect(path).format == "PNG"
    assert images.load(path).tobytes() == quarters.tobytes()


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WebP", "HEIC", "AVIF", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "size", "expected"),
    [
        (1, (96, 64), "RGBY"),
        (2, (96, 64), "GRYB"),
        (3, (96, 64), "YBGR"),
        (4, (96, 64), "BYRG"),
        (5, (64, 96), "RBGY"),
        (6, (64, 96), "BRYG"),
        (7, (64, 96), "YGBR"),
        (8, (64, 96), "GYRB"),
    ],
)
def test_a_turned_photo_comes_out_upright(
    name, orientation, size, expected, quarters, encode
):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(quarters, name, exif=exif.tobytes() if name == "HEIC" else exif)

    image = images.load(data)

    assert image.size == size
    colours = dict(zip("RGBY", corners(quarters), strict=True))
    assert near(corners(image), [colours[name] for name in expected])
    info = images.inspect(data)
    assert (info.width, info.height) == size


def test_damaged_exif_data_does_not_cost_the_picture(quarters, encode):
    data = encode(quarters, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")

    assert near(corners(images.load(data)), corners(quarters))


def test_the_first_frame_of_an_animation_is_taken(quarters, encode):
    other = Image.new("RGB", quarters.size, "black")

    for name in ("GIF", "WebP", "AVIF", "TIFF", "PNG"):
        data = encode(quarters, name, save_all=True, append_images=[other])
        assert near(corners(images.load(data)), corners(quarters)), name


def test_nothing_is_registered_in_pillow_by_importing_or_reading(quarters, encode):
    script = (
        "import sys; from PIL import Image; from stylecore import images; "
        "assert 'torch' not in sys.modules and 'pillow_heif' not in sys.modules; "
        "images.load(sys.stdin.buffer.read()); "
        "Image.init(); assert 'HEIF' not in Image.OPEN"
    )

    subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        input=encode(quarters, "HEIC"),
        check=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_breaks_off_is_called_damaged(name, encode, capfd):
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), name)

    for share in (0.5, 0.9):
        error = refusal(data[: int(len(data) * share)])
        assert error.code == "damaged"
        assert name in str(error)
    assert capfd.readouterr() == ("", "")


def test_a_broken_compressed_tiff_does_not_write_to_standard_error(
    quarters, encode, capfd
):
    data = encode(quarters, "TIFF", compression="tiff_adobe_deflate")
    start = data.index(b"\x78\x9c") + 2

    error = refusal(data[:start] + b"\xff" * 20 + data[start + 20 :])

    assert (error.code, capfd.readouterr()) == ("damaged", ("", ""))


@pytest.mark.parametrize("name", ALL)
def test_damage_never_leaks_what_a_decoder_says(name, quarters, encode, capfd):
    chance = random.Random(name)  # noqa: S311 - repeatable damage, no secret
    whole = encode(quarters, name)
    outcomes = set()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(150):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(min(len(data), 400))] = chance.randrange(256)
            try:
                images.load(bytes(data))
                outcomes.add("read")
            except PictureError as error:
                outcomes.add(error.code)

    assert "damaged" in outcomes
    assert outcomes <= {"read", *PICTURE_CODES}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "data",
    [
        b"not a picture at all",
        b"BMW is a car, not a bitmap",
        b"%PDF-1.7 and so on",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        b"\xff",
    ],
)
def test_a_file_that_only_claims_to_be_a_picture_is_refused(data, tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(data)

    assert refusal(path).code == "not_a_picture"
    assert "JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF" in str(refusal(data))


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.png"
    path.touch()

    assert refusal(path).code == "empty"
    assert refusal(b"").code == "empty"


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path / "nothing.jpg").code == "unreadable"
    assert refusal(tmp_path).code in ("unreadable", "empty")


def test_too_many_bytes_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(20_000_001)

    error = refusal(path, Limits())

    assert error.code == "too_many_bytes"
    assert "20.0 MB" in str(error)


def test_announced_sizes_are_refused_without_decoding():
    """These files have no pixels at all: decoding them would say `damaged`."""
    refusals = {
        refusal(png_header(20_000, 100)).code,
        refusal(png_header(12_000, 12_000)).code,
        refusal(png_header(4_000, 31)).code,
        refusal(png_header(2_100, 100)).code,
    }

    assert refusals == {
        "too_long_a_side",
        "too_many_pixels",
        "too_small",
        "too_elongated",
    }
    assert "20,000 px" in str(refusal(png_header(20_000, 100)))
    assert "144 megapixels" in str(refusal(png_header(12_000, 12_000)))
    assert "4,000 × 31 px" in str(refusal(png_header(4_000, 31)))


def test_a_decompression_bomb_beyond_pillows_own_limit_is_refused_with_its_size():
    bomb = refusal(png_header(50_000, 50_000))

    assert (bomb.code, "50,000 px" in str(bomb)) == ("too_long_a_side", True)


def test_a_header_that_lies_about_its_pixels_is_damaged():
    assert refusal(png_header(9_000, 8_000, b"\0" * 100)).code == "damaged"


def test_limits_are_inclusive(quarters, encode):
    exact = Limits(
        max_bytes=len(encode(quarters, "PNG")),
        max_pixels=96 * 64,
        max_side_px=96,
        min_side_px=64,
        max_ratio=1.5,
    )

    assert images.load(encode(quarters, "PNG"), exact).size == (96, 64)


def test_fit_shrinks_the_longer_side_and_keeps_the_ratio():
    assert images.fit(Image.new("RGB", (1200, 900)), 400).size == (400, 300)
    assert images.fit(Image.new("RGB", (900, 1200)), 400).size == (300, 400)
    assert images.fit(Image.new("RGB", (2000, 100)), 32).size == (32, 2)


def test_fit_never_enlarges(quarters):
    assert images.fit(quarters, 96) is quarters
    assert images.fit(quarters, 4096).size == (96, 64)


def test_arrays_are_channels_first_floats_and_come_back_exactly(quarters):
    array = images.to_array(quarters)

    assert (array.shape, array.dtype.name) == ((3, 64, 96), "float32")
    assert array[:, 0, 0] == pytest.approx(np.array([220, 40, 30]) / 255)
    assert images.from_array(array).tobytes() == quarters.tobytes()


def test_floats_outside_the_range_are_clipped():
    array = np.array([-0.5, 0.5, 1.5], dtype=np.float64).reshape(3, 1, 1)

    assert images.from_array(array).getpixel((0, 0)) == (0, 128, 255)


@pytest.mark.parametrize("suffix", images.SUFFIXES)
def test_what_is_saved_can_be_read_again(suffix, tmp_path, quarters):
    path = tmp_path / f"picture{suffix.upper()}"

    images.save(quarters, path)

    assert near(corners(images.load(path)), corners(quarters), tolerance=6)
    assert list(tmp_path.iterdir()) == [path]


def test_jpeg_is_written_without_chroma_subsampling(quarters):
    with JpegImageFile(io.BytesIO(images.encode(quarters, ".jpg"))) as jpeg:
        assert {component[1:3] for component in jpeg.layer} == {(1, 1)}


def test_an_unknown_suffix_is_refused_with_the_choice(tmp_path, quarters):
    with pytest.raises(RecipeError, match=r"“\.xyz”; choose one of \.jpg, .*\.bmp\."):
        images.save(quarters, tmp_path / "picture.xyz")


def test_a_save_that_fails_leaves_the_old_file_and_no_litter(tmp_path, quarters):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    broken = Image.new("LAB", (4, 4))

    with pytest.raises(OSError, match="LAB"):
        images.save(broken, path)

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_breaks_off_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def break_off():
        with written_whole(path) as aside:
            aside.write_bytes(b"half of the n")
            assert (aside.parent, aside.suffix) == (path.parent, ".bin")
            raise RuntimeError("full")

    with pytest.raises(RuntimeError, match="full"):
        break_off()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
