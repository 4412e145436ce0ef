"""The numbers that are optimised."""

from __future__ import annotations

import pytest
import torch

from stylecore.features import normalise
from stylecore.recipes import Space
from stylecore.spaces import as_seen, bounds, decode, encode


@pytest.mark.parametrize("space", list(Space))
def test_decoding_undoes_encoding(space):
    picture = torch.rand(3, 4, 5, dtype=torch.float64)

    torch.testing.assert_close(decode(encode(picture, space), space), picture)


def test_caffes_numbers_are_levels_less_the_mean():
    white = torch.ones(3, 1, 1)

    found = encode(white, Space.CAFFE).flatten().tolist()

    assert found == pytest.approx([256 - 123.68, 256 - 116.779, 256 - 103.939])


def test_network_sees_caffes_numbers_as_they_are():
    picture = torch.rand(3, 4, 5, dtype=torch.float64)

    seen = normalise(as_seen(picture, Space.CAFFE))

    torch.testing.assert_close(seen, encode(picture, Space.CAFFE))


@pytest.mark.parametrize("space", [Space.RGB, Space.NORMALISED])
def test_network_normalises_pictures_itself(space):
    picture = torch.rand(3, 4, 5)

    assert as_seen(picture, space) is picture


def test_only_rgb_is_kept_in_its_range():
    assert [bounds(space) for space in Space] == [(0.0, 1.0), None, None]
