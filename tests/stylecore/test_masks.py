"""Masks at the layers of the network, by hand-computed values."""

from __future__ import annotations

import torch

from stylecore.losses import gram
from stylecore.masks import Mask, coverage, distinct, weigh


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


def test_soft_edges_of_neighbours_cover_everything_between_them():
    left, right = torch.tensor([[1.0, 0.75, 0.0]]), torch.tensor([[0.5, 0.25, 0.5]])

    found = coverage([left, right])

    # Where they overlap, nothing is covered twice.
    assert found is not None
    assert found.tolist() == [[1.0, 1.0, 0.5]]


def test_styles_that_share_a_region_cover_it_once():
    region = torch.tensor([[0.5, 0.0]])

    found = coverage([region, region])

    assert found is not None
    assert found.tolist() == [[0.5, 0.0]]
    assert len(distinct([region, region, region.clone(), None, None])) == 3


def test_one_style_without_a_region_covers_everything():
    assert coverage([torch.zeros(1, 2), None]) is None
