"""The picture of a race is one that can be looked at."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from stylecore.bench.plot import draw
from stylecore.bench.race import Point

ORANGE, BLUE = (0xB4, 0x55, 0x2D), (0x1F, 0x5F, 0xA8)


def points(*found):
    return [Point(evaluations=n, seconds=s, loss=loss) for n, s, loss in found]


def count(path, colour):
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"), int)
    return int((np.abs(pixels - colour).max(axis=2) < 12).sum())


@pytest.fixture
def finished(race):
    run = race(3)
    run.seed.points += points((1, 1.0, 1e5), (2, 20.0, 1e4), (3, 300.0, 90.0))
    run.product.points += points((1, 0.5, 1e5), (2, 2.0, 100.0), (3, 3.0, 20.0))
    return run


def test_both_tracks_are_drawn_in_their_colours(finished, tmp_path):
    path = tmp_path / "race.png"

    draw(finished, path)

    with Image.open(path) as image:
        image.load()
        assert image.format == "PNG"
        assert image.width > image.height > 600
    assert count(path, ORANGE) > 1000
    assert count(path, BLUE) > 1000


def test_a_race_that_has_only_begun_is_drawn_too(race, tmp_path):
    run = race(3)
    draw(run, tmp_path / "nothing.png")
    run.seed.points += points((1, 1.0, 1e5), (2, 20.0, 1e4))
    draw(run, tmp_path / "seed.png")

    assert count(tmp_path / "nothing.png", BLUE) == 0
    assert count(tmp_path / "seed.png", ORANGE) > 1000
    assert count(tmp_path / "seed.png", BLUE) == 0


def test_losses_that_are_no_numbers_leave_gaps(finished, tmp_path):
    finished.product.points += points((4, 4.0, float("nan")), (5, 5.0, 3.0))

    draw(finished, tmp_path / "race.png")

    assert count(tmp_path / "race.png", BLUE) > 1000
