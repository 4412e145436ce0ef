"""Which activations a layer's name stands for, and what is computed for them."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from stylecore import winograd
from stylecore.errors import WeightsError
from stylecore.features import (
    TORCHVISION_INDEX,
    VGGFeatures,
    denormalise,
    fastest_dtype,
    normalise,
)
from stylecore.recipes import LAYERS, Border, Pooling
from stylecore.untrained import untrained_weights


@pytest.fixture(scope="module")
def weights():
    return untrained_weights()


def picture(width: int = 40, height: int = 33) -> torch.Tensor:
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(1))


def test_layers_match_torchvisions_network_with_its_in_place_relus(weights):
    vgg19 = pytest.importorskip("torchvision").models.vgg19
    network = vgg19(weights=None).features[:30].eval()
    network.load_state_dict(
        {name.removeprefix("features."): value for name, value in weights.items()}
    )
    image = picture()
    expected, x = {}, normalise(image)[None]
    for index, module in enumerate(network):
        x = module(x)
        # Captured at the convolution, overwritten by the ReLU after it.
        expected[index] = x

    found = VGGFeatures(weights)(image, LAYERS)

    for layer, index in TORCHVISION_INDEX.items():
        torch.testing.assert_close(found[layer], expected[index], rtol=1e-3, atol=1e-4)


def test_activations_are_those_after_the_relu(weights):
    found = VGGFeatures(weights)(picture(), LAYERS)

    assert {layer for layer, x in found.items() if x.min() != 0} == set()
    kernels, biases = weights["features.0.weight"], weights["features.0.bias"]
    before = F.conv2d(normalise(picture())[None], kernels, biases, padding=1)
    assert before.min() < 0
    torch.testing.assert_close(found["conv1_1"], before.clamp(min=0))


def test_nothing_is_computed_after_the_last_layer_asked_for(weights, monkeypatch):
    convolved = []

    def counted(convolve):
        def convolve_and_count(*args, **kwargs):
            convolved.append(1)
            return convolve(*args, **kwargs)

        return convolve_and_count

    monkeypatch.setattr(F, "conv2d", counted(F.conv2d))
    monkeypatch.setattr(winograd, "convolve", counted(winograd.convolve))

    found = VGGFeatures(weights)(picture(), ["conv2_1", "conv1_1"])

    assert set(found) == {"conv1_1", "conv2_1"}
    assert len(convolved) == 3


def test_sizes_are_halved_downwards_at_each_pool(weights):
    found = VGGFeatures(weights)(picture(40, 33), LAYERS)

    shapes = {layer: tuple(found[layer].shape[1:]) for layer in LAYERS[::4]}
    assert shapes == {
        "conv1_1": (64, 33, 40),
        "conv3_1": (256, 8, 10),
        "conv4_1": (512, 4, 5),
        "conv5_1": (512, 2, 2),
    }


def test_pooling_is_as_asked_for(weights):
    flat = {
        name: torch.ones_like(value) if name.endswith("weight") else 0 * value
        for name, value in weights.items()
    }
    network = VGGFeatures(flat)
    spots = denormalise(torch.zeros(3, 32, 32))
    spots[:, 8, 8] = 1.0

    largest = network(spots, ["conv2_1"], Pooling.MAX)["conv2_1"]
    average = network(spots, ["conv2_1"], Pooling.AVERAGE)["conv2_1"]

    assert largest.sum() > average.sum() > 0


def test_normalisation_is_undone_by_its_inverse():
    torch.testing.assert_close(denormalise(normalise(picture())), picture())


@pytest.mark.parametrize("change", ["missing", "shape"])
def test_other_weights_are_refused_in_a_sentence(weights, change):
    wrong = dict(weights)
    if change == "missing":
        del wrong["features.28.bias"]
    else:
        wrong["features.28.bias"] = torch.zeros(7)

    with pytest.raises(WeightsError, match=r"no VGG-19 weights: features\.28\.bias"):
        VGGFeatures(wrong)


def test_half_precision_stays_close_to_full_precision(weights):
    image = picture(64, 64)
    full = VGGFeatures(weights)(image, ["conv5_1"])["conv5_1"]

    half = VGGFeatures(weights, dtype=torch.bfloat16)(image, ["conv5_1"])["conv5_1"]

    assert half.dtype is torch.bfloat16
    assert (half.float() - full).norm() < 0.05 * full.norm()


def test_fastest_dtype_is_one_that_the_losses_can_take():
    assert fastest_dtype(torch.device("cpu")) in (torch.float32, torch.bfloat16)


def test_extended_borders_see_a_flat_picture_as_flat(weights):
    flat = torch.full((3, 48, 64), 0.3)
    network = VGGFeatures(weights)

    extended = network(flat, ["conv5_1"], Pooling.AVERAGE, Border.EXTEND)["conv5_1"]
    zero = network(flat, ["conv5_1"], Pooling.AVERAGE, Border.ZERO)["conv5_1"]

    inner = extended[:, :, 1:2, 1:2]
    torch.testing.assert_close(
        extended, inner.expand_as(extended), rtol=1e-3, atol=1e-4
    )
    assert (zero - zero[:, :, 1:2, 1:2]).abs().max() > 0.1
