"""The loss terms against values and gradients worked out by hand."""

from __future__ import annotations

import pytest
import torch

from stylecore.losses import (
    content_factor,
    gram,
    squared_error,
    style_factor,
    total_variation,
)
from stylecore.recipes import Normalisation, Variation


def two_channels() -> torch.Tensor:
    """F = [[1, 2], [3, 5]]: two channels at two positions."""
    return torch.tensor([[[[1.0, 2.0]], [[3.0, 5.0]]]])


def test_gram_is_channel_products_summed_over_positions():
    expected = [[1 + 4, 3 + 10], [3 + 10, 9 + 25]]

    assert gram(two_channels()).tolist() == expected


def test_gradient_of_a_gram_is_both_sides_of_the_product():
    features = two_channels().requires_grad_()
    upstream = torch.tensor([[1.0, 0.0], [2.0, 0.0]])

    gram(features).backward(upstream)

    # dF = (D + Dᵀ)·F with D + Dᵀ = [[2, 2], [2, 0]].
    assert features.grad is not None
    assert features.grad.tolist() == [[[[8.0, 14.0]], [[2.0, 4.0]]]]


def test_gradient_of_a_gram_agrees_with_finite_differences():
    features = torch.rand(1, 3, 4, 5, dtype=torch.float64, requires_grad=True)

    assert torch.autograd.gradcheck(gram, (features,))


def test_gram_of_half_precision_features_is_summed_in_full_precision():
    features = torch.full((1, 1, 64, 64), 1.0, dtype=torch.bfloat16)

    # 4097 and its like do not exist in bfloat16.
    assert gram(features[:, :, :, :63]).tolist() == [[64.0 * 63.0]]
    assert gram(features).dtype is torch.float32


def test_squared_error_for_known_values_and_gradient():
    actual = two_channels().requires_grad_()
    target = torch.tensor([[[[0.0, 2.0]], [[5.0, 4.0]]]])

    error = squared_error(actual, target)
    error.backward()

    assert error.item() == 1 + 0 + 4 + 1
    assert actual.grad is not None
    assert actual.grad.tolist() == [[[[2.0, 0.0]], [[-4.0, 2.0]]]]


def test_content_factors_for_known_features():
    target = two_channels()
    # Means 1.5 and 4: spread 2·0.25 + 2·1; plain energy 1 + 4 + 9 + 25.
    relative = 1 / (2.5 + 0.39)

    found = {kind: content_factor(kind, target) for kind in Normalisation}

    assert found == pytest.approx(
        {
            Normalisation.SEED: 1 / 4,
            Normalisation.PAPER: 1 / 2,
            Normalisation.JOHNSON: 1 / 4,
            Normalisation.RELATIVE: relative,
        }
    )


def test_style_factors_for_a_known_gram():
    target = torch.tensor([[1.0, 2.0], [2.0, 4.0]])

    found = {kind: style_factor(kind, target, 6) for kind in Normalisation}

    assert found == pytest.approx(
        {
            Normalisation.SEED: 6 / 8,
            Normalisation.PAPER: 1 / 16,
            Normalisation.JOHNSON: 1 / 16,
            Normalisation.RELATIVE: 1 / 25,
        }
    )


def test_factors_of_an_empty_target_are_finite():
    nothing = torch.zeros(1, 2, 3, 3)

    assert content_factor(Normalisation.RELATIVE, nothing) < float("inf")
    assert style_factor(Normalisation.RELATIVE, nothing[0, 0], 9) < float("inf")


def test_total_variation_for_known_values_and_gradient():
    picture = torch.tensor([[[0.0, 1.0], [3.0, 3.0]]]).requires_grad_()

    found = total_variation(Variation.MEAN_SQUARED, picture)
    found.backward()

    # Across: 1² and 0², down: 3² and 2², each a mean of two.
    assert found.item() == 0.5 * (1 + 0) + 0.5 * (9 + 4)
    assert picture.grad is not None
    assert picture.grad.tolist() == [[[-1.0 - 3.0, 1.0 - 2.0], [3.0, 2.0]]]


def test_total_variation_is_a_mean_so_that_size_does_not_weigh():
    tile = torch.rand(3, 1, 1) * torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    small, large = tile.repeat(1, 4, 4), tile.repeat(1, 16, 16)

    of_large, of_small = (
        total_variation(Variation.MEAN_SQUARED, each).item() for each in (large, small)
    )
    assert of_large == pytest.approx(of_small)


def test_sum_of_absolute_steps_for_known_values_and_gradient():
    picture = torch.tensor([[[0.0, 1.0], [3.0, 3.0]]]).requires_grad_()

    found = total_variation(Variation.SUM_ABSOLUTE, picture)
    found.backward()

    # Across: 1 and 0, down: 3 and 2, in levels of 256; equal neighbours pull nowhere.
    assert found.item() == 256 * (1 + 0 + 3 + 2)
    assert picture.grad is not None
    assert picture.grad.tolist() == [[[-512.0, 0.0], [256.0, 256.0]]]
