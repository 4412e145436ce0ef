"""The L-BFGS on small problems whose answer is known; nothing can push it off."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from stylecore.lbfgs import LBFGS
from stylecore.objective import Evaluation
from stylecore.smoothing import Smoothing

from .conftest import numbers, objective, rosenbrock


def test_lbfgs_finds_the_minimum_of_rosenbrocks_valley():
    lbfgs = LBFGS(objective(rosenbrock), numbers(-1.2, 1.0), None, history=10)

    for _ in range(100):
        lbfgs.step()

    torch.testing.assert_close(lbfgs.numbers, numbers(1.0, 1.0), atol=1e-4, rtol=0)


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
        taken.append(lbfgs.losses[0].item())

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
    for _ in range(12):
        lbfgs.step()
    stride = lbfgs.state()["stride"].item()
    for _ in range(6):
        lbfgs.step()

    downhill = -valley(lbfgs.numbers).gradient
    cosines = [
        torch.cosine_similarity(point - lbfgs.numbers, downhill, dim=0).item()
        for point in tried[12:]
    ]
    assert max(cosines[:4]) < 0.99
    assert cosines[4:] == pytest.approx([1.0, 1.0])
    afresh = (tried[16] - lbfgs.numbers).square().mean().sqrt()
    assert afresh.item() == pytest.approx(0.25 * stride)


def test_lbfgs_ends_where_no_allowed_move_improves_mixed_problems_in_a_box():
    for seed in range(12):
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


def test_a_flat_objective_leaves_the_numbers_alone():
    lbfgs = LBFGS(objective(lambda x: 0 * x.sum()), numbers(0.2, 0.8), None, history=5)

    for _ in range(20):
        lbfgs.step()

    assert lbfgs.numbers.tolist() == [0.2, 0.8]


def test_lbfgs_smoothed_by_the_right_filter_needs_fewer_steps():
    # Curvature that grows with the square of the frequency, as of a Laplacian.
    shape = torch.Size((1, 16, 16))
    target = torch.rand(shape, generator=torch.Generator().manual_seed(0)).double()
    stiff = Smoothing(shape, -1.0)  # the inverse of the filter of power 1

    def problem(x: Tensor) -> Evaluation:
        gradient = stiff(x - target)
        loss = 0.5 * (gradient * (x - target)).sum()
        return Evaluation(losses=loss.expand(4), gradient=gradient)

    start = torch.full(shape, 0.5).double()
    plain = LBFGS(problem, start, None, history=10)
    smooth = LBFGS(problem, start, None, history=10, smooth=Smoothing(shape, 1.0))
    for _ in range(15):
        plain.step()
        smooth.step()

    assert smooth.losses[0] < 1e-6 * plain.losses[0]


SHAPE = torch.Size((3, 6, 8))


def quadratic(condition=1e3, seed=0, scale=1.0):
    """½ (x-m)ᵀ A (x-m) in a random basis, in float32, and its minimum m."""
    generator = torch.Generator().manual_seed(seed)
    size = SHAPE.numel()
    basis = torch.linalg.qr(torch.randn(size, size, generator=generator)).Q
    matrix = basis * torch.logspace(0, math.log10(condition), size) @ basis.T * scale
    minimum = torch.randn(SHAPE, generator=generator)

    def evaluate(x: Tensor) -> Evaluation:
        gradient = matrix @ (x - minimum).flatten()
        loss = 0.5 * torch.dot((x - minimum).flatten(), gradient)
        return Evaluation(losses=loss.expand(4), gradient=gradient.view(SHAPE))

    return evaluate, minimum


def losses_of(lbfgs: LBFGS, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        lbfgs.step()
        found.append(lbfgs.health().loss)
    return found


def two_loops(pairs, gradient, smooth):
    """Nocedal & Wright, algorithm 7.4, from the filter, scaled."""
    q, weights = gradient, []
    for s, y in reversed(pairs):
        weights.append((s * q).sum() / (s * y).sum())
        q = q - weights[-1] * y
    s, y = pairs[-1]
    q = smooth(q) * (s * y).sum() / (y * smooth(y)).sum()
    for (s, y), weight in zip(pairs, reversed(weights), strict=True):
        q = q + (weight - (y * q).sum() / (s * y).sum()) * s
    return q


@pytest.mark.parametrize("power", [0.0, 0.75])
def test_direction_is_that_of_the_two_loops_once_old_pairs_are_dropped(power):
    evaluate, _ = quadratic(condition=100)
    smooth = Smoothing(SHAPE, power)
    tried: list[Tensor] = []

    def watched(x):
        tried.append(x.clone())
        return evaluate(x)

    lbfgs = LBFGS(watched, torch.zeros(SHAPE), None, history=4, smooth=smooth)
    points: list[Tensor] = []
    for _ in range(12):
        lbfgs.step()
        if not points or not torch.equal(points[-1], lbfgs.numbers):
            points.append(lbfgs.numbers)
    pairs = [
        (b - a, evaluate(b).gradient - evaluate(a).gradient)
        for a, b in pairwise(points)
    ]
    expected = -two_loops(pairs[-4:], evaluate(points[-1]).gradient, smooth)

    lbfgs.step()

    assert len(pairs) > 4
    moved = tried[-1] - points[-1]
    torch.testing.assert_close(
        moved / moved.norm(), expected / expected.norm(), rtol=0, atol=2e-3
    )


@pytest.mark.parametrize("history", [1, 5, 60])
@pytest.mark.parametrize("scale", [1e-25, 1.0, 1e25])
def test_float32_reaches_the_minimum_of_any_scale(history, scale):
    evaluate, _ = quadratic(condition=100, scale=scale)
    lbfgs = LBFGS(evaluate, torch.zeros(SHAPE), None, history=history)

    losses = losses_of(lbfgs, 150)

    assert losses[-1] < 1e-5 * losses[0]


@pytest.mark.parametrize("first_rms", [1e-6, 1e6])
def test_a_badly_chosen_first_step_only_costs_steps(first_rms):
    evaluate, _ = quadratic(condition=100)
    lbfgs = LBFGS(evaluate, torch.zeros(SHAPE), None, 10, first_rms=first_rms)

    losses = losses_of(lbfgs, 120)

    assert losses[-1] < 1e-2 * losses[0]


def test_nan_and_infinity_now_and_then_are_refused_and_progress_goes_on():
    evaluate, _ = quadratic(condition=10)
    calls = 0

    def treacherous(x):
        nonlocal calls
        calls += 1
        found = evaluate(x)
        wrong = {2: torch.nan, 4: torch.inf}.get(calls % 5, 0.0)
        return Evaluation(
            losses=found.losses + (wrong if calls % 10 < 5 else 0.0),
            gradient=found.gradient + wrong,
        )

    lbfgs = LBFGS(treacherous, torch.zeros(SHAPE), None, 10)
    losses = losses_of(lbfgs, 80)

    assert all(map(math.isfinite, losses))
    assert losses[-1] < 1e-2 * losses[0]
    assert lbfgs.health().refused >= 20
    assert lbfgs.healthy()


def test_a_refused_point_leaves_no_trace_in_what_was_learnt():
    evaluate, _ = quadratic(condition=100)
    spoilt = torch.zeros(())

    def spoiling(x):
        found = evaluate(x)
        return Evaluation(
            losses=found.losses + spoilt, gradient=found.gradient + spoilt
        )

    lbfgs = LBFGS(spoiling, torch.zeros(SHAPE), None, history=3)
    losses_of(lbfgs, 9)
    learnt = ("s", "y", "inverse", "curvature", "scale", "numbers", "direction")
    before = {name: lbfgs.state()[name].clone() for name in learnt}
    spoilt.fill_(torch.nan)

    lbfgs.step()

    assert lbfgs.health().stalled == 1
    assert all(torch.equal(lbfgs.state()[name], before[name]) for name in learnt)


def test_kinks_and_noise_do_not_stall_it():
    evaluate, minimum = quadratic(condition=100)

    def rough(x):
        found = evaluate(x)
        kinked = found.losses + (x - minimum).abs().sum()
        noise = 1 + 0.002 * torch.sin(1e4 * found.losses)
        gradient = found.gradient + torch.sign(x - minimum)
        return Evaluation(losses=kinked * noise, gradient=gradient)

    losses = losses_of(LBFGS(rough, torch.zeros(SHAPE), None, 10), 200)

    assert losses[-1] < 0.1 * losses[0]


def test_health_tells_an_objective_that_was_never_finite():
    nothing = objective(lambda x: x.sum() * math.nan)
    lbfgs = LBFGS(nothing, numbers(1.0), None, history=5)

    lbfgs.step()

    assert not lbfgs.healthy()
    assert math.isnan(lbfgs.health().loss)


def test_health_counts_what_is_refused_in_a_row_until_something_is_accepted():
    evaluate, _ = quadratic(condition=10)
    wall = torch.zeros(())

    def walled(x):
        found = evaluate(x)
        return Evaluation(losses=found.losses + wall, gradient=found.gradient)

    lbfgs = LBFGS(walled, torch.zeros(SHAPE), None, 10)
    losses_of(lbfgs, 5)
    before = lbfgs.health()
    wall.fill_(torch.inf)
    losses_of(lbfgs, 13)

    blocked = lbfgs.health()
    wall.zero_()
    losses_of(lbfgs, 20)

    assert blocked.stalled == before.stalled + 13
    assert blocked.refused == before.refused + 13
    assert lbfgs.health().stalled == 0
    assert lbfgs.health().loss < before.loss


def test_restart_goes_on_from_the_same_point_with_another_objective():
    first, _ = quadratic(seed=0)
    second, minimum = quadratic(condition=10, seed=1)
    lbfgs = LBFGS(first, torch.zeros(SHAPE), None, 10)
    losses_of(lbfgs, 10)
    before = lbfgs.numbers

    lbfgs.restart(second)
    lbfgs.step()

    torch.testing.assert_close(lbfgs.numbers, before, rtol=0, atol=0)
    assert lbfgs.health().loss == second(before).losses[0]
    losses_of(lbfgs, 60)
    torch.testing.assert_close(lbfgs.numbers, minimum, rtol=0, atol=1e-2)


def test_curvature_that_is_kept_over_a_restart_serves_a_similar_objective():
    first, _ = quadratic(condition=300)
    second, _ = quadratic(condition=300, scale=1.1)
    kept, dropped = (LBFGS(first, torch.zeros(SHAPE), None, 40) for _ in range(2))
    for lbfgs, keep in ((kept, True), (dropped, False)):
        losses_of(lbfgs, 25)
        lbfgs.restart(second, keep=keep)
        losses_of(lbfgs, 8)

    assert kept.health().loss < 0.7 * dropped.health().loss


def test_restored_state_goes_on_to_the_last_bit():
    evaluate, _ = quadratic()
    smooth = Smoothing(SHAPE, 0.5)
    bounds = (-1.0, 1.0)
    whole = LBFGS(evaluate, torch.zeros(SHAPE), bounds, 4, smooth)
    losses_of(whole, 9)
    saved = {name: tensor.clone() for name, tensor in whole.state().items()}
    losses_of(whole, 9)

    again = LBFGS(evaluate, torch.ones(SHAPE), bounds, 4, smooth)
    again.restore(saved)
    losses_of(again, 9)

    assert torch.equal(again.numbers, whole.numbers)
    assert again.health() == whole.health()


def test_state_of_another_picture_is_refused():
    evaluate, _ = quadratic()
    state = LBFGS(evaluate, torch.zeros(SHAPE), None, history=4).state()

    with pytest.raises(ValueError, match="expected"):
        LBFGS(evaluate, torch.zeros(SHAPE), None, history=5).restore(state)


class Ledger(TorchDispatchMode):
    """Refuses what waits for the device, and weighs what is alive at once.

    To make a tensor of the host's numbers is to copy them there, which waits too.
    """

    WAITS = (
        *("_local_scalar_dense", "nonzero", "masked_select", "equal"),
        *("scalar_tensor", "lift_fresh"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self._alive: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        assert name not in self.WAITS, f"{name} waits for the device"
        found = func(*args, **(kwargs or {}))
        for tensor in found if isinstance(found, tuple | list) else (found,):
            if isinstance(tensor, Tensor):
                self.weigh(tensor)
        return found

    def weigh(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        self._alive[storage.data_ptr()] = StorageWeakRef(storage), storage.nbytes()
        self._alive = {k: v for k, v in self._alive.items() if not v[0].expired()}
        self.most = max(self.most, sum(size for _, size in self._alive.values()))


@pytest.mark.parametrize("bounds", [None, (0.0, 1.0)])
def test_a_step_never_waits_for_the_device_and_fits_its_memory(bounds):
    history, picture = 4, torch.rand(3, 128, 96)

    def evaluate(x: Tensor) -> Evaluation:
        gradient = x.square()
        return Evaluation(losses=gradient.sum().expand(4), gradient=gradient)

    with Ledger() as ledger:
        smooth = Smoothing(picture.shape, 0.5)
        lbfgs = LBFGS(evaluate, picture, bounds, history, smooth)
        for _ in range(7):
            lbfgs.step()

    # Without the start itself, which the caller holds.
    pictures = ledger.most / picture.untyped_storage().nbytes() - 1
    assert 2 * history + 3 < pictures < 2 * history + 9.5


def test_every_buffer_keeps_its_address_as_a_cuda_graph_needs():
    evaluate, _ = quadratic()
    lbfgs = LBFGS(evaluate, torch.zeros(SHAPE), (-1.0, 1.0), 3)
    before = {name: tensor.data_ptr() for name, tensor in lbfgs.state().items()}

    losses_of(lbfgs, 12)

    assert before == {name: t.data_ptr() for name, t in lbfgs.state().items()}
    assert "numbers" in before


def test_steps_lengthen_while_the_loss_only_grows_steeper():
    # The cosine has no positive curvature before a quarter of its period.
    hill = objective(lambda x: x.cos().sum())
    optimizer = LBFGS(hill, torch.full((3, 4, 4), 0.1), None, history=5)

    for _ in range(14):
        optimizer.step()

    assert optimizer.losses[0].item() < -0.99 * 48
