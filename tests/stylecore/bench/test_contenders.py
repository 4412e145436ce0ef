"""The optimisers that are compared."""

from __future__ import annotations

import pytest
import torch

from stylecore.bench.comparison import Comparison
from stylecore.bench.contenders import CONTENDERS, assembled, pyramid


@pytest.fixture(scope="module")
def comparison(tensors, drawn):
    content, style = drawn
    return Comparison(tensors, content, style, 8, "cpu")


class Counting:
    """An objective that knows how often it was evaluated."""

    def __init__(self, objective):
        self._objective = objective
        self.count = 0

    def __getattr__(self, name):
        return getattr(self._objective, name)

    def evaluate(self, numbers):
        self.count += 1
        return self._objective.evaluate(numbers)


@pytest.mark.parametrize("size", [(3, 64, 64), (3, 33, 47), (3, 9, 40)])
def test_a_pyramid_holds_the_whole_picture(size):
    numbers = torch.rand(size, dtype=torch.float64)

    levels = pyramid(numbers)

    assert torch.allclose(assembled(levels), numbers, atol=1e-12)
    assert len(levels) == {64: 4, 33: 3, 9: 1}[size[1]]


@pytest.mark.parametrize("name", CONTENDERS)
def test_each_says_truly_how_often_it_has_evaluated(comparison, name):
    task = comparison.task
    counting = Counting(task.objective)

    for held in CONTENDERS[name](task._replace(objective=counting)):
        assert held.evaluations <= task.evaluations
        if held.evaluations < task.evaluations and counting.count:
            assert counting.count == held.evaluations
        assert held.numbers.shape == task.picture.shape


@pytest.mark.parametrize("name", [each for each in CONTENDERS if "Adam" in each])
def test_each_parametrisation_starts_from_the_content(comparison, name):
    task = comparison.task
    start = task.objective.encode(task.picture)
    nowhere = task._replace(evaluations=1)

    class Flat(Counting):
        def evaluate(self, numbers):
            found = super().evaluate(numbers)
            found.gradient.zero_()
            return found

    *_, held = CONTENDERS[name](nowhere._replace(objective=Flat(task.objective)))

    assert torch.allclose(held.numbers, start, atol=1e-5)


def test_the_table_has_a_row_per_optimiser_judged_alike(comparison):
    rows = list(comparison.run())

    assert [row["optimizer"] for row in rows] == list(CONTENDERS)
    for row in rows:
        assert row["evaluations"] <= 8
        assert row["seconds"] > 0
        assert row["loss_at_100"] <= comparison.start_loss * 1.001
    best = min(rows, key=lambda row: row["loss_at_100"])
    assert best["loss_at_100"] < 0.9 * comparison.start_loss


def test_an_optimiser_that_stands_still_is_called_stuck(comparison, monkeypatch):
    from stylecore.bench import comparison as module
    from stylecore.bench.contenders import Held

    def idle(task):
        start = task.objective.encode(task.picture)
        return (Held(n, start) for n in range(1, 9))

    def giving_up(task):
        return iter(())

    def halving(task):
        start, style = task.objective.encode(task.picture), comparison.style
        goal = task.objective.encode(style)
        return (Held(n, start.lerp(goal, 0.05 * n)) for n in range(1, 9))

    contenders = {"idle": idle, "giving up": giving_up, "steady": halving}
    monkeypatch.setattr(module, "CONTENDERS", contenders)

    first, second, third = comparison.run()

    assert (first["stuck"], first["idle"]) == (True, 8)
    assert second["stuck"]
    assert (third["stuck"], third["idle"]) == (False, 0)
