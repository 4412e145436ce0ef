"""16 bits per channel reach the file, as a decoder that is not ours reads it."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from stylecore import high_depth, images
from stylecore.errors import RecipeError


def read(path):
    """`(H, W, 3)` 16-bit numbers, by FFmpeg."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert frame.format.components[0].bits == 16
        return frame.to_ndarray(format="rgb48le")


def gradient(height=37, width=301):
    """Rises from 0 to 1 through rows, columns and channels: hardly a number twice."""
    flat = np.linspace(0.0, 1.0, 3 * height * width, dtype=np.float32)
    return flat.reshape(3, height, width)


@pytest.mark.parametrize("suffix", high_depth.SUFFIXES)
def test_every_level_of_a_gradient_arrives(suffix, tmp_path):
    path = tmp_path / f"gradient{suffix}"
    path.write_bytes(high_depth.encode(gradient(), suffix.upper()))

    found = read(path)

    expected = np.rint(gradient().astype(np.float64) * 65535).transpose(1, 2, 0)
    assert np.array_equal(found, expected)
    assert len(np.unique(found)) > 30_000


@pytest.mark.parametrize("suffix", high_depth.SUFFIXES)
def test_tall_pictures_are_whole_where_bands_of_rows_meet(suffix, tmp_path):
    chance = np.random.default_rng(4)
    pixels = chance.random((3, 600, 5))
    path = tmp_path / f"tall{suffix}"
    path.write_bytes(high_depth.encode(pixels, suffix))

    assert np.array_equal(read(path), np.rint(pixels * 65535).transpose(1, 2, 0))


@pytest.mark.parametrize("suffix", high_depth.SUFFIXES)
def test_numbers_outside_the_range_are_clipped(suffix, tmp_path):
    pixels = np.array([-0.5, 0.5, 1.5]).reshape(3, 1, 1).repeat(40, axis=2)
    path = tmp_path / f"clipped{suffix}"
    path.write_bytes(high_depth.encode(pixels, suffix))

    assert read(path)[0, 0].tolist() == [0, 32768, 65535]


@pytest.mark.parametrize("suffix", high_depth.SUFFIXES)
def test_the_profile_is_in_the_file(suffix):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    with Image.open(
        io.BytesIO(high_depth.encode(gradient(), suffix, profile=profile))
    ) as with_profile:
        assert with_profile.info["icc_profile"] == profile
    with Image.open(io.BytesIO(high_depth.encode(gradient(), suffix))) as without:
        assert "icc_profile" not in without.info


@pytest.mark.parametrize("suffix", high_depth.SUFFIXES)
def test_what_is_written_can_be_given_as_a_picture_again(suffix):
    pixels = gradient(height=64, width=64)

    image = images.load(high_depth.encode(pixels, suffix))

    assert np.abs(images.to_array(image) - pixels).max() < 1 / 255


def test_other_formats_are_refused_with_the_choice():
    with pytest.raises(RecipeError, match=r"“\.jpg”; choose one of \.png, \.tif,"):
        high_depth.encode(gradient(), ".jpg")
