"""The work of a step, counted by hand and by torch."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from stylecore.bench.flops import convolution_flops, layer_size, step_flops
from stylecore.bench.seed import Yardstick, network


@pytest.mark.parametrize("edge", [128, 256, 512, 1024, 2048])
def test_a_step_takes_about_1_549_million_operations_per_pixel(edge):
    assert step_flops(edge, edge) / edge**2 == pytest.approx(1.549e6, rel=0.01)


def test_the_shares_of_512_px_are_those_of_the_reference():
    assert convolution_flops(512, 512) == pytest.approx(378.7e9, rel=1e-3)
    assert step_flops(512, 512) == pytest.approx(406.1e9, rel=1e-3)


def test_every_pooling_drops_what_is_left_over():
    assert layer_size("conv1_2", 47, 33) == (47, 33)
    assert layer_size("conv3_1", 47, 33) == (11, 8)
    assert layer_size("conv5_1", 47, 33) == (2, 2)


@pytest.mark.parametrize(("width", "height"), [(32, 32), (47, 33)])
def test_torch_counts_the_same_in_a_step_of_the_seed(tensors, width, height):
    picture = torch.rand(1, 3, height, width)
    yardstick = Yardstick(network(tensors), picture, picture.flip(3))
    picture.requires_grad_(True)

    with FlopCounterMode(display=False) as counter:
        yardstick.loss(picture).backward()

    assert counter.get_total_flops() == step_flops(width, height)
