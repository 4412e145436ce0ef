"""The pair that the benchmarks draw."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from stylecore.bench.pictures import pair


def pixels(image):
    return np.asarray(image, float)


@pytest.mark.parametrize("edge", [32, 57])
def test_both_are_square_and_the_same_each_time(edge):
    first, again = pair(edge), pair(edge)

    assert [each.size for each in first] == [(edge, edge)] * 2
    assert all(
        np.array_equal(pixels(a), pixels(b)) for a, b in zip(first, again, strict=True)
    )


def test_another_size_shows_the_same_pictures():
    for large, small in zip(pair(128), pair(64), strict=True):
        shrunk = large.resize((64, 64), Image.Resampling.LANCZOS)
        blurred = [
            pixels(each.resize((16, 16), Image.Resampling.BOX))
            for each in (shrunk, small)
        ]
        assert np.abs(blurred[0] - blurred[1]).mean() < 10


def test_scene_and_painting_differ_in_colours_and_in_grain():
    scene, painting = (pixels(each) for each in pair(96))

    def steps(picture):
        return np.abs(np.diff(picture, axis=1)).mean()

    assert steps(painting) > 2 * steps(scene) > 4
    assert np.abs(scene.mean((0, 1)) - painting.mean((0, 1))).max() > 10
    assert min(scene.std(), painting.std()) > 30
