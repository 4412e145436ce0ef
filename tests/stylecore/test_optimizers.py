"""The optimisers on small problems whose answer is known."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from stylecore.errors import DivergedError
from stylecore.objective import Evaluation
from stylecore.optimizers import LBFGS, Adam, Evaluate
from stylecore.smoothing import Smoothing


def objective(function) -> Evaluate:
    """An objective of any differentiable function of the numbers."""

    def evaluate(numbers: Tensor) -> Evaluation:
        point = numbers.detach().requires_grad_()
        loss = function(point)
        (gradient,) = torch.autograd.grad(loss, point)
        return Evaluation(losses=loss.detach().reshape(1), gradient=gradient)

    return evaluate


def numbers(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def rosenbrock(x: Tensor) -> Tensor:
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def test_adam_walks_the_same_way_as_torchs():
    start = numbers(-1.2, 1.0)
    ours = Adam(objective(rosenbrock), start, None, rate=0.003)
    theirs_at = start.clone().requires_grad_()
    theirs = torch.optim.Adam([theirs_at], lr=0.003)

    for _ in range(50):
        ours.step()
        theirs.zero_grad()
        rosenbrock(theirs_at).backward()
        theirs.step()

    torch.testing.assert_close(ours.numbers, theirs_at.detach())


def test_adams_rate_falls_along_a_cosine_to_zero():
    slope = objective(lambda x: x.sum())
    adam = Adam(slope, numbers(0.0), None, rate=0.1, period=4)
    points = [0.0]

    for _ in range(4):
        adam.step()
        points.append(adam.numbers.item())

    moves = [before - after for before, after in pairwise(points)]
    expected = [0.05 * (1 + math.cos(math.pi * k / 4)) for k in range(4)]
    assert moves == pytest.approx(expected, rel=1e-6)


def test_lbfgs_finds_the_minimum_of_rosenbrocks_valley():
    lbfgs = LBFGS(objective(rosenbrock), numbers(-1.2, 1.0), None, history=10)

    for _ in range(100):
        lbfgs.step()

    torch.testing.assert_close(lbfgs.numbers, numbers(1.0, 1.0), atol=1e-4, rtol=0)


def test_lbfgs_beats_adam_where_curvatures_differ_and_axes_are_mixed():
    generator = torch.Generator().manual_seed(0)
    mixed = torch.randn(50, 50, generator=generator, dtype=torch.float64)
    curvature = torch.logspace(0, 3, 50, dtype=torch.float64)[:, None]
    matrix = curvature.sqrt() * torch.linalg.qr(mixed).Q
    problem = objective(lambda x: (matrix @ (x - 0.6)).square().sum())
    start = torch.rand(50, generator=generator, dtype=torch.float64)
    lbfgs = LBFGS(problem, start, (0.0, 1.0), history=20)
    adam = Adam(problem, start, (0.0, 1.0), rate=0.03, period=150)

    for _ in range(150):
        lbfgs.step()
        adam.step()

    assert problem(lbfgs.numbers).losses < 1e-2 * problem(adam.numbers).losses


@pytest.mark.parametrize("scale", [1e-12, 1e-4, 1.0, 1e6, 1e15])
def test_lbfgs_does_not_mind_the_scale_of_the_objective(scale):
    problem = objective(lambda x: scale * rosenbrock(x))
    lbfgs = LBFGS(problem, numbers(-1.2, 1.0), None, history=10)

    for _ in range(200):
        lbfgs.step()

    assert rosenbrock(lbfgs.numbers) < 1e-4


def test_lbfgs_survives_cliffs_where_the_loss_is_not_a_number():
    def cliff(x: Tensor) -> Tensor:
        return (-(x.log()) + 100 * x + torch.exp(50 * x)).sum()

    lbfgs = LBFGS(objective(cliff), numbers(0.9, 0.1, 0.5), None, history=10)

    for _ in range(200):
        lbfgs.step()

    assert lbfgs.numbers.isfinite().all()
    # Where the derivative -1/x + 100 + 50·exp(50·x) is zero.
    slopes = -1 / lbfgs.numbers + 100 + 50 * torch.exp(50 * lbfgs.numbers)
    assert slopes.abs().max() < 1e-2


def test_lbfgs_never_takes_a_point_worse_than_its_last_three():
    lbfgs = LBFGS(objective(rosenbrock), numbers(-1.2, 1.0), None, history=10)
    taken = []

    for _ in range(60):
        lbfgs.step()
        taken.append(lbfgs.losses.item())

    points = [loss for loss, before in pairwise(taken[::-1]) if loss != before][::-1]
    assert len(points) > 20
    assert all(b <= max(points[:i][-3:]) for i, b in enumerate(points) if i)


def test_lbfgs_is_not_lured_far_away_by_a_slope_without_curvature():
    def slope_before_a_wall(x: Tensor) -> Tensor:
        return (1e-13 * x**2 - x + 1e6 * (x - 5).relu() ** 2).sum()

    start = numbers(0.0, 0.1, 0.2)
    lbfgs = LBFGS(objective(slope_before_a_wall), start, None, history=10)
    for _ in range(60):
        lbfgs.step()

    torch.testing.assert_close(lbfgs.numbers, numbers(5.0, 5.0, 5.0), atol=0.2, rtol=0)


def test_lbfgs_starts_afresh_along_the_gradient_after_four_refusals():
    tried: list[Tensor] = []
    valley = objective(rosenbrock)

    def walled_in(x: Tensor) -> Evaluation:
        tried.append(x)
        found = valley(x)
        blocked = len(tried) > 12
        losses = found.losses + math.inf if blocked else found.losses
        return Evaluation(losses=losses, gradient=found.gradient)

    lbfgs = LBFGS(walled_in, numbers(-1.2, 1.0), None, history=10)
    for _ in range(18):
        lbfgs.step()

    downhill = -valley(lbfgs.numbers).gradient
    cosines = [
        torch.cosine_similarity(point - lbfgs.numbers, downhill, dim=0).item()
        for point in tried[12:]
    ]
    assert max(cosines[:4]) < 0.99
    assert cosines[4:] == pytest.approx([1.0, 1.0])


def test_lbfgs_ends_where_no_allowed_move_improves_mixed_problems_in_a_box():
    for seed in range(30):
        generator = torch.Generator().manual_seed(seed)
        mixed = torch.randn(6, 6, generator=generator, dtype=torch.float64)
        matrix = torch.logspace(0, 1.5, 6).double()[:, None] * torch.linalg.qr(mixed).Q
        centre = 3 * torch.rand(6, generator=generator, dtype=torch.float64) - 1
        problem = objective(lambda x, m=matrix, c=centre: (m @ (x - c)).square().sum())
        start = torch.rand(6, generator=generator, dtype=torch.float64)
        lbfgs = LBFGS(problem, start, (0.0, 1.0), history=10)

        for _ in range(150):
            lbfgs.step()

        x = lbfgs.numbers
        move = (x - problem(x).gradient / 2000).clamp(0, 1) - x
        assert move.abs().max() < 1e-4, seed


def test_lbfgs_stays_inside_the_bounds_and_stops_at_the_nearest_point():
    target = numbers(-0.5, 0.3, 1.7)
    seen = []

    def distance(x: Tensor) -> Tensor:
        seen.append(x.detach().clone())
        return ((x - target) ** 2 * numbers(1.0, 30.0, 5.0)).sum()

    lbfgs = LBFGS(objective(distance), numbers(0.5, 0.5, 0.5), (0.0, 1.0), history=5)
    for _ in range(60):
        lbfgs.step()

    torch.testing.assert_close(lbfgs.numbers, numbers(0.0, 0.3, 1.0), atol=1e-5, rtol=0)
    assert all(x.min() >= 0 and x.max() <= 1 for x in seen)


def test_lbfgs_keeps_improving_on_a_noisy_objective():
    generator = torch.Generator().manual_seed(0)

    def noisy(x: Tensor) -> Tensor:
        error = 1e-3 * torch.randn((), generator=generator, dtype=torch.float64)
        return ((x - 0.4) ** 2).sum() * (1 + error)

    lbfgs = LBFGS(objective(noisy), torch.rand(30).double(), None, history=10)
    for _ in range(60):
        lbfgs.step()

    assert ((lbfgs.numbers - 0.4) ** 2).sum() < 1e-4


def test_one_step_is_one_evaluation():
    calls = []

    def counted(x: Tensor) -> Tensor:
        calls.append(1)
        return rosenbrock(x)

    for optimizer in (
        LBFGS(objective(counted), numbers(-1.2, 1.0), None, history=10),
        Adam(objective(counted), numbers(-1.2, 1.0), None, rate=0.1),
    ):
        calls.clear()
        for _ in range(25):
            optimizer.step()
        assert len(calls) == 25


@pytest.mark.parametrize("kind", ["adam", "lbfgs"])
def test_objective_that_is_not_finite_at_the_start_is_an_error(kind):
    problem = objective(lambda x: x.sum() * math.nan)
    optimizer = (
        Adam(problem, numbers(1.0), None, rate=0.1)
        if kind == "adam"
        else LBFGS(problem, numbers(1.0), None, history=5)
    )

    with pytest.raises(DivergedError):
        optimizer.step()


def test_a_flat_objective_leaves_the_numbers_alone():
    lbfgs = LBFGS(objective(lambda x: 0 * x.sum()), numbers(0.2, 0.8), None, history=5)

    for _ in range(20):
        lbfgs.step()

    assert lbfgs.numbers.tolist() == [0.2, 0.8]


def test_numbers_handed_out_never_change_afterwards():
    for optimizer in (
        LBFGS(objective(rosenbrock), numbers(-1.2, 1.0), None, history=10),
        Adam(objective(rosenbrock), numbers(-1.2, 1.0), None, rate=0.1),
    ):
        optimizer.step()
        handed_out = optimizer.numbers
        copy = handed_out.clone()
        for _ in range(5):
            optimizer.step()
        torch.testing.assert_close(handed_out, copy, atol=0, rtol=0)
        assert not torch.equal(optimizer.numbers, copy)


def test_lbfgs_smoothed_by_the_right_filter_needs_fewer_steps():
    # Curvature that grows with the square of the frequency, as of a Laplacian.
    shape = torch.Size((1, 16, 16))
    target = torch.rand(shape, generator=torch.Generator().manual_seed(0)).double()
    stiff = Smoothing(shape, -1.0)  # the inverse of the filter of power 1

    def problem(x: Tensor) -> Evaluation:
        gradient = stiff(x - target)
        loss = 0.5 * (gradient * (x - target)).sum()
        return Evaluation(losses=loss.reshape(1), gradient=gradient)

    start = torch.full(shape, 0.5).double()
    plain = LBFGS(problem, start, None, history=10)
    smooth = LBFGS(problem, start, None, history=10, smooth=Smoothing(shape, 1.0))
    for _ in range(15):
        plain.step()
        smooth.step()

    assert smooth.losses < 1e-6 * plain.losses
