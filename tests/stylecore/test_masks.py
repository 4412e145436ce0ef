"""Masks at the layers of the network, by hand-computed values."""

from __future__ import annotations

import torch

from stylecore.losses import gram
from stylecore.masks import Mask, weigh


def test_mask_is_shrunk_by_area():
    mask = torch.tensor([[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0]])

    found = Mask.of(mask, (1, 2))

    assert found.weights is not None
    assert found.weights.tolist() == [[1.0, 0.25]]
    assert found.count == 1 + 0.0625
    assert found.area == (1 + 0.0625) / 2


def test_no_mask_counts_every_position():
    found = Mask.of(None, (3, 5))

    assert (found.weights, found.count, found.area) == (None, 15.0, 1.0)


def test_weighed_features_leave_the_masked_positions_out_of_the_gram():
    features = torch.tensor([[[[1.0, 2.0, 9.0]], [[3.0, 5.0, 9.0]]]])

    found = gram(weigh(features, torch.tensor([[1.0, 1.0, 0.0]])))

    assert found.tolist() == [[5.0, 13.0], [13.0, 34.0]]
