"""The optimisers on small problems whose answer is known."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from stylecore.optimizers import LBFGS, Adam

from .conftest import numbers, objective, rosenbrock


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

    assert problem(lbfgs.numbers).losses[0] < 1e-2 * problem(adam.numbers).losses[0]


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


def test_adam_tells_a_loss_that_is_not_finite():
    adam = Adam(objective(lambda x: x.sum() * math.nan), numbers(1.0), None, rate=0.1)

    adam.step()

    assert not adam.healthy()


def test_adam_restored_goes_on_to_the_last_bit():
    problem, start = objective(rosenbrock), numbers(-1.2, 1.0)
    whole = Adam(problem, start, None, rate=0.1, period=20)
    for _ in range(8):
        whole.step()
    saved = {name: tensor.clone() for name, tensor in whole.state().items()}
    again = Adam(problem, numbers(0.0, 0.0), None, rate=0.1, period=20)

    again.restore(saved)
    for _ in range(8):
        whole.step()
        again.step()

    assert torch.equal(whole.numbers, again.numbers)


def test_adam_never_waits_for_the_device_and_stays_where_it_is(monkeypatch):
    adam = Adam(objective(rosenbrock), numbers(-1.2, 1.0), (-2.0, 2.0), 0.1, period=9)
    before = {name: tensor.data_ptr() for name, tensor in adam.state().items()}

    def forbidden(*_):
        raise AssertionError("a transfer from the device to the host")

    with monkeypatch.context() as patch:
        for name in ("__bool__", "__float__", "__int__", "item", "tolist"):
            patch.setattr(Tensor, name, forbidden)
        for _ in range(5):
            adam.step()

    assert adam.health().loss < rosenbrock(numbers(-1.2, 1.0))
    assert before == {name: t.data_ptr() for name, t in adam.state().items()}


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
