"""The stand-in for the Gram losses has the same zeros and a smaller curvature."""

from __future__ import annotations

import torch

from stylecore.relaxation import GramMetric


def gram(seed: int = 0, channels: int = 24) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(channels, 100, generator=generator).relu() + 0.5
    return features @ features.T / 100


def test_full_rank_metric_is_the_division_by_sums_of_eigenvalues():
    target, error = gram(0), gram(1) - gram(2)
    values, vectors = torch.linalg.eigh(target)
    share = values / values.sum()
    weights = 0.1 / (share[:, None] + share + 0.1)
    expected = vectors @ (weights * (vectors.T @ error @ vectors)) @ vectors.T

    actual = GramMetric(target, knee=0.05, rank=24)(error)

    torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-5)


def test_metric_is_symmetric_positive_and_never_enlarges():
    metric = GramMetric(gram(), knee=0.03, rank=4)
    a, b = gram(1) - gram(2), gram(3) - gram(4)

    torch.testing.assert_close((a * metric(b)).sum(), (metric(a) * b).sum())
    assert 0 < (a * metric(a)).sum() <= (a * a).sum()


def test_metric_weighs_the_mean_direction_down_and_keeps_the_rest():
    target = gram()
    vectors = torch.linalg.eigh(target).eigenvectors
    mean, fine = vectors[:, -1], vectors[:, 0]
    metric = GramMetric(target, knee=0.03, rank=4)
    stiff = torch.outer(mean, fine) + torch.outer(fine, mean)
    soft = torch.outer(fine, fine)

    assert (stiff * metric(stiff)).sum() < 0.1 * stiff.square().sum()
    torch.testing.assert_close(metric(soft), soft, rtol=1e-3, atol=1e-4)


def test_gradient_of_the_weighed_square_is_twice_the_weighed_error():
    metric, target = GramMetric(gram(), knee=0.03, rank=4), gram(1)
    point = gram(2).requires_grad_()

    value = metric.squared(point - target)
    (gradient,) = torch.autograd.grad(value, point)

    error = (point - target).detach()
    torch.testing.assert_close(value.detach(), (error * metric(error)).sum())
    torch.testing.assert_close(gradient, 2 * metric(error))
