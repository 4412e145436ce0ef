"""Untrained filters: the right shapes, the same each time, sane activations."""

from __future__ import annotations

import time

import pytest
import torch
import torch.nn.functional as F

from stylecore.features import CONV_SHAPES, VGGFeatures, weight_names
from stylecore.recipes import LAYERS, Pooling
from stylecore.untrained import untrained_weights


@pytest.fixture(scope="module")
def weights():
    return untrained_weights()


def test_tensors_are_named_and_shaped_as_torchvisions(weights):
    expected: dict[str, tuple[int, ...]] = {}
    for layer, (outputs, inputs) in CONV_SHAPES.items():
        kernels, biases = weight_names(layer)
        expected[kernels] = (outputs, inputs, 3, 3)
        expected[biases] = (outputs,)

    assert {name: tuple(value.shape) for name, value in weights.items()} == expected
    assert {value.dtype for value in weights.values()} == {torch.float32}


def test_same_seed_gives_the_same_filters_and_leaves_torchs_generator_alone(weights):
    torch.manual_seed(7)
    before = torch.get_rng_state()

    again = untrained_weights()

    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(again[name], weights[name]) for name in weights)


def test_another_seed_gives_other_filters(weights):
    other = untrained_weights(seed=4)

    assert not torch.equal(other["features.5.weight"], weights["features.5.weight"])


def test_activations_neither_vanish_nor_explode_on_a_new_picture(weights):
    generator = torch.Generator().manual_seed(5)
    coarse = torch.rand(1, 3, 12, 16, generator=generator)
    picture = F.interpolate(coarse, (96, 128), mode="bilinear")[0]

    found = VGGFeatures(weights)(picture, LAYERS, Pooling.AVERAGE)

    for layer, x in found.items():
        assert 0.1 < x.square().mean().sqrt() < 10, layer
        alive = (x.amax(dim=(0, 2, 3)) > 0).float().mean()
        assert alive > 0.8, layer  # some of the last blocks' filters are left empty


def test_filters_are_made_within_seconds():
    started = time.perf_counter()

    untrained_weights(seed=2)

    assert time.perf_counter() - started < 20


def test_content_layer_keeps_lines_and_lets_colours_go(weights):
    """What the content loss holds on to decides what a style may change."""
    network = VGGFeatures(weights)
    generator = torch.Generator().manual_seed(5)
    coarse = torch.rand(1, 3, 12, 16, generator=generator)
    scene = F.interpolate(coarse, (96, 128), mode="bilinear")[0].clamp(0, 1)
    moved = scene.roll(9, dims=2)
    tinted = (scene + torch.tensor((0.08, 0.0, -0.08))[:, None, None]).clamp(0, 1)

    before, shifted, coloured = (
        network(each, ["conv4_2"], Pooling.AVERAGE)["conv4_2"]
        for each in (scene, moved, tinted)
    )

    assert (coloured - before).square().sum() < 0.2 * (shifted - before).square().sum()
