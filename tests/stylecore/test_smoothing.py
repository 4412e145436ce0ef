"""The filter is what its formula says, and a metric."""

from __future__ import annotations

import math

import pytest
import torch

from stylecore.smoothing import Smoothing


def test_waves_are_scaled_by_a_power_of_their_frequency():
    shape = torch.Size((3, 8, 16))
    across = torch.arange(16).expand(3, 8, 16)
    wave = torch.cos(2 * math.pi * 4 / 16 * across)  # 1/4 cycle per px

    found = Smoothing(shape, 0.75)(wave)

    torch.testing.assert_close(found, 4**1.5 * wave, rtol=0, atol=1e-4)


def test_mean_is_scaled_as_the_largest_wave():
    flat = torch.ones(3, 5, 7)

    found = Smoothing(flat.shape, 0.5)(flat)

    torch.testing.assert_close(found, torch.full_like(flat, 7.0))


@pytest.mark.parametrize("size", [(5, 7), (6, 8)])
def test_filter_is_symmetric_and_positive(size):
    a, b = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0))
    smooth = Smoothing(a.shape, 0.6)

    torch.testing.assert_close((a * smooth(b)).sum(), (smooth(a) * b).sum())
    assert (a * smooth(a)).sum() > 0


def test_power_of_zero_changes_nothing():
    picture = torch.rand(3, 4, 4)

    assert Smoothing(picture.shape, 0.0)(picture) is picture
