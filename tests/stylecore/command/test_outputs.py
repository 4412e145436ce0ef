"""Painted pictures as files: depth, colours, names; each whole or not there."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from stylecore import images
from stylecore.command.outputs import Depth, Output
from stylecore.errors import RecipeError

COLOURS = ((0.9, 0.1, 0.1), (0.2, 0.8, 0.3), (0.5, 0.5, 0.5), (0.1, 0.2, 0.7))
"""Of a wide gamut: its red and green lie outside sRGB's."""


def solid(colour):
    return np.ones((3, 40, 48)) * np.reshape(colour, (3, 1, 1))


def lab_numbers(colour, profile):
    """The CIELAB colour of RGB numbers in [0, 1], by the colour engine itself."""
    pixel = Image.new("RGB", (1, 1), tuple(round(each * 255) for each in colour))
    lab = ImageCms.createProfile("LAB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    found = ImageCms.profileToProfile(pixel, source, lab, outputMode="LAB")
    return np.asarray(found)[0, 0].astype(int)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(
    ("suffix", "depth"),
    [
        *((suffix, Depth.EIGHT) for suffix in (".png", ".jpg", ".tif", ".webp")),
        *((suffix, Depth.SIXTEEN) for suffix in (".png", ".tiff")),
    ],
)
def test_colours_of_a_wide_gamut_are_right_for_whoever_reads_the_file(
    suffix, depth, colour, tmp_path, wide_gamut
):
    output = Output(path=tmp_path / f"o{suffix}", depth=depth, profile=wide_gamut)

    output.write(solid(colour))

    with Image.open(output.path) as image:
        assert image.info["icc_profile"] == wide_gamut
        middle = np.asarray(image.convert("RGB"))[20, 20] / 255
    expected = lab_numbers(colour, wide_gamut)
    found = lab_numbers(middle, wide_gamut)
    assert np.abs(found - expected).max() <= 3


def test_a_bmp_has_no_place_for_a_profile_and_becomes_srgb(tmp_path, wide_gamut):
    output = Output(path=tmp_path / "o.bmp", profile=wide_gamut)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    output.write(solid((0.5, 0.6, 0.5)))

    with Image.open(output.path) as image:
        middle = np.asarray(image)[20, 20] / 255
    assert middle != pytest.approx([0.5, 0.6, 0.5], abs=0.02)
    expected = lab_numbers((0.5, 0.6, 0.5), wide_gamut)
    assert np.abs(lab_numbers(middle, srgb) - expected).max() <= 3


def test_without_a_profile_nothing_is_embedded(tmp_path):
    for suffix in images.SUFFIXES:
        Output(path=tmp_path / f"o{suffix}").write(solid((0.2, 0.4, 0.6)))
        with Image.open(tmp_path / f"o{suffix}") as image:
            assert "icc_profile" not in image.info


def test_sixteen_bits_come_from_the_floats(tmp_path):
    ramp = np.linspace(0.4, 0.41, 40 * 48).reshape(1, 40, 48).repeat(3, axis=0)
    output = Output(path=tmp_path / "o.png", depth=Depth.SIXTEEN)

    output.write(ramp)

    with av.open(str(output.path)) as container:
        found = next(container.decode(video=0)).to_ndarray(format="rgb48le")
    assert len(np.unique(found)) > 600


def test_pictures_of_steps_lie_beside_the_output(tmp_path):
    output = Output(path=tmp_path / "painted.tiff", depth=Depth.SIXTEEN, profile=b"p")

    step = output.at_step(50)

    assert step.path == tmp_path / "painted.00050.tiff"
    assert (step.depth, step.profile) == (Depth.SIXTEEN, b"p")
    assert output.at_step(123456).path.name == "painted.123456.tiff"


def test_files_that_would_be_overwritten_are_known_beforehand(tmp_path):
    output = Output(path=tmp_path / "o.png")

    taken = ("o.png", "o.00050.png", "./o.12345.png")
    free = ("o.jpg", "o.5.png", "other.00050.png", "sub/o.png", "o.00050.jpg")

    assert all(output.would_take(tmp_path / each) for each in taken)
    assert not any(output.would_take(tmp_path / each) for each in free)


@pytest.mark.parametrize("depth", list(Depth))
def test_a_suffix_that_cannot_hold_it_is_refused_at_once(depth):
    with pytest.raises(RecipeError, match=r"“o\.xyz”.*must end in one of .*\.tif"):
        Output(path=Path("o.xyz"), depth=depth)
    if depth is Depth.SIXTEEN:
        with pytest.raises(RecipeError, match=r"“o\.jpg” with 16 bits must end"):
            Output(path=Path("o.jpg"), depth=depth)


WRITER = """
import sys, numpy as np
from pathlib import Path
from stylecore.command.outputs import Depth, Output
pixels = np.random.default_rng(0).random((3, 500, 500))
output = Output(path=Path(sys.argv[1]), depth=Depth(sys.argv[2]))
while True:
    output.write(pixels)
"""


@pytest.mark.parametrize("depth", list(Depth))
def test_a_kill_in_the_middle_of_writing_leaves_a_whole_picture(depth, tmp_path):
    """It writes all the time; the kill comes while a half-written file is there."""
    output = tmp_path / "o.png"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(output), depth],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        end = time.monotonic() + 60
        while not (output.exists() and len(list(tmp_path.iterdir())) > 1):
            assert time.monotonic() < end, "nothing is written aside"
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait(10)

    assert images.inspect(output).width == 500
