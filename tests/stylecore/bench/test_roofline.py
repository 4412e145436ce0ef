"""What the roofline compares with what."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from stylecore.bench.flops import convolution_flops, step_flops
from stylecore.bench.race import product_recipe, whole_recipe
from stylecore.bench.roofline import Measurement, Sweep, summary

CPU = torch.device("cpu")


def measurement(edge=32, steps=(2.0, 3.0, 9.0), sweeps=(1.0, 1.5, 7.0), sweep_px=32):
    return Measurement(edge_px=edge, steps=steps, sweeps=sweeps, sweep_px=sweep_px)


def test_a_sweep_computes_exactly_the_convolutions_of_a_step():
    sweep = Sweep(40, CPU, torch.float32)

    with FlopCounterMode(display=False) as counter:
        sweep.run()

    assert counter.get_total_flops() == convolution_flops(40, 40)


def test_a_sweep_keeps_nothing_between_runs():
    sweep = Sweep(32, CPU, torch.float32)

    sweep.run()

    operands = [each for conv in sweep._convs for each in conv]
    assert all(each.grad is None for each in operands)


def test_the_fraction_is_the_least_time_over_the_time_taken():
    report = measurement().report()

    work, rate = step_flops(32, 32), convolution_flops(32, 32) / 1.0
    assert report["floor_seconds"] == pytest.approx(work / rate)
    assert report["fraction"] == pytest.approx(work / rate / 2.0)
    assert report["fraction_of_medians"] == pytest.approx(work / rate * 1.5 / 3.0)
    assert report["seconds_per_pixel"] == pytest.approx(2.0 / 32**2)


def test_a_size_too_large_to_sweep_takes_the_rate_of_a_smaller_one():
    report = measurement(edge=64, sweep_px=32).report()

    rate = convolution_flops(32, 32) / 1.0
    assert report["floor_seconds"] == pytest.approx(step_flops(64, 64) / rate)


def test_the_spread_is_of_the_seconds_per_pixel():
    found = summary([measurement(), measurement(edge=64, steps=(6.0,))])

    assert found["seconds_per_pixel_spread"] == pytest.approx(2.0 / 1.5)
    assert list(found["fraction"]) == ["32", "64"]


def test_every_step_that_is_timed_is_a_whole_one():
    assert product_recipe().cascade
    assert not whole_recipe().cascade
    assert whole_recipe().relaxed_steps == 0
