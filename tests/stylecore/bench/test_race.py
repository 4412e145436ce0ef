"""The race: what is on the clock, who is judged when, what is reported."""

from __future__ import annotations

import itertools
import json

import pytest
import torch

from stylecore.bench import race as module
from stylecore.bench.race import Point, Track, next_due, product_recipe
from stylecore.recipes import REFERENCE_RECIPES, Init


def track(*points):
    return Track([Point(evaluations=n, seconds=s, loss=loss) for n, s, loss in points])


def test_the_crossing_is_the_first_point_that_is_low_enough():
    found = track((0, 0.0, 9.0), (1, 1.0, 5.0), (2, 2.0, 6.0), (3, 3.0, 4.0))

    assert found.reached(5.0).evaluations == 1
    assert found.reached(4.5).evaluations == 3
    assert found.reached(3.0) is None


def test_the_loss_at_a_time_is_that_of_the_last_picture_by_then():
    found = track((0, 0.0, 9.0), (1, 1.0, 5.0), (2, 2.0, 6.0))

    assert [found.at(seconds).loss for seconds in (0.5, 1.0, 1.9, 7.0)] == [9, 5, 5, 6]


def test_the_product_minimises_the_seeds_objective_from_the_content():
    seed, product = REFERENCE_RECIPES["seed"], product_recipe()

    same = (
        *("content_layers", "style_layers", "alpha", "beta", "tv", "normalisation"),
        *("pooling", "border", "space", "init"),
    )
    assert all(getattr(product, name) == getattr(seed, name) for name in same)
    assert product.init is Init.CONTENT


def test_both_sides_start_at_the_contents_loss_and_run_to_their_ends(race):
    run = race(12)

    seed = list(run.run_seed())
    product = list(run.run_product())

    assert run.finished
    assert [each.evaluations for each in seed] == list(range(1, 13))
    assert seed[-1].loss < run.start.loss
    # The product's first step only looks at where it starts.
    assert product[0].loss == pytest.approx(run.start.loss, rel=1e-5)
    times = [each.seconds for each in (*run.seed.points, *run.product.points)]
    assert times == sorted(times[: len(seed) + 1]) + sorted(times[len(seed) + 1 :])
    assert run.product.last.loss <= run.seed.last.loss


def test_a_long_run_of_the_seed_is_judged_at_few_points_and_at_its_end():
    judged = [1]
    while judged[-1] < 5000:
        judged.append(next_due(judged[-1], 5000))

    assert judged[:4] == [1, 2, 3, 4]
    assert judged[-1] == 5000
    assert len(judged) < 160
    assert max(b - a for a, b in itertools.pairwise(judged)) == 50


def test_a_loss_that_is_not_reached_gives_null_and_not_a_number(race, monkeypatch):
    monkeypatch.setattr(module, "_LEAST_LIMIT_S", 0.0)
    run = race(1)
    run.seed.points.append(Point(evaluations=1, seconds=0.3, loss=0.0))

    list(run.run_product())

    report = run.report()
    assert report["ratio"] is report["product_seconds"] is None
    assert report["product_loss"] > 0
    assert run.product.last.seconds <= 0.3


def test_the_product_ends_after_a_tenth_once_the_loss_is_reached(race):
    run = race(1)
    run.seed.points.append(
        Point(evaluations=1, seconds=8.0, loss=run.start.loss * 0.99)
    )

    judged = list(run.run_product())

    report = run.report()
    assert report["ratio"] == 8.0 / report["product_seconds"]
    assert report["ratio"] > 10
    assert 0.5 < run.product.last.seconds <= 0.8
    # After the crossing few pictures are judged, but the last one by then is.
    assert len(judged) < run.product.last.evaluations
    assert report["product_loss"] == run.product.last.loss


def test_an_error_of_the_product_does_not_cost_the_seeds_result(race, tensors):
    name = "features.28.bias"
    broken = {**tensors, name: torch.full_like(tensors[name], torch.nan)}
    run = race(2, broken)

    list(run.run_seed())
    list(run.run_product())

    report = run.report()
    assert report["problem"].endswith(".")
    assert report["seed_seconds"] > 0
    assert report["seed_loss"] is report["ratio"] is None
    json.dumps([report, run.tracks()], allow_nan=False)


def test_before_the_product_has_run_everything_about_it_is_null(race):
    run = race(3)
    events = run.run_seed()
    next(events)

    report = run.report()

    assert report["seed_steps"] == 1
    assert not report["finished"]
    assert report["ratio"] is report["product_loss"] is report["loss_ratio"] is None


def test_warming_up_leaves_the_race_as_it_was(race):
    run = race(1)

    run.warm_up()

    assert run.seed.points == run.product.points == [run.start]
