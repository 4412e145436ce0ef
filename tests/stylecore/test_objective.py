"""The whole objective: the seed's to the letter, the presets' without any unit."""

from __future__ import annotations

import dataclasses

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from stylecore import winograd
from stylecore.features import CONV_SHAPES, VGGFeatures, normalise, weight_names
from stylecore.objective import PARTS, Objective
from stylecore.recipes import (
    REFERENCE_RECIPES,
    LayerWeight,
    Normalisation,
    Recipe,
    Strength,
    preset,
)
from stylecore.targets import StylePixels


@pytest.fixture(scope="module")
def weights():
    """Random filters (He et al. 2015): no activation is at a ReLU's kink by design."""
    generator = torch.Generator().manual_seed(3)
    found = {}
    for layer, (outputs, inputs) in CONV_SHAPES.items():
        kernels, biases = weight_names(layer)
        scale = (2 / (9 * inputs)) ** 0.5
        found[kernels] = scale * torch.randn(outputs, inputs, 3, 3, generator=generator)
        found[biases] = 0.1 * torch.randn(outputs, generator=generator)
    return found


def double(weights) -> VGGFeatures:
    """The network in float64, so that only true differences show."""
    return VGGFeatures(weights, dtype=torch.float64)


def picture(seed: int, width: int = 48, height: int = 37) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 6, 8, generator=generator)
    return F.interpolate(coarse, (height, width), mode="bilinear")[0]


def seeds_features(weights, numbers: Tensor) -> dict[int, Tensor]:
    """The seed's forward pass, written out plainly: module by module, capturing at
    the convolutions' indices what the in-place ReLUs behind them leave there."""
    captured, x = {}, numbers[None]
    for index in range(30):
        if index in (4, 9, 18, 27):
            x = F.max_pool2d(x, 2, 2)
        elif f"features.{index}.weight" in weights:
            kernels = weights[f"features.{index}.weight"]
            biases = weights[f"features.{index}.bias"]
            x = captured[index] = F.relu(F.conv2d(x, kernels, biases, padding=1))
    return captured


def seeds_loss(weights, numbers: Tensor, content: Tensor, style: Tensor) -> Tensor:
    """The seed's loss, written out plainly: see its figures of hyper parameters."""

    def gram_matrix(features: Tensor) -> Tensor:
        _, depth, height, width = features.shape
        flat = features.view(depth, height * width)
        return torch.mm(flat, flat.t())

    ours, contents, styles = (
        seeds_features(weights, each) for each in (numbers, content, style)
    )
    content_loss = torch.mean((ours[21] - contents[21]) ** 2)
    style_loss = torch.zeros(())
    for index, weight in {0: 1.0, 5: 0.8, 10: 0.5, 19: 0.3, 28: 0.1}.items():
        _, depth, height, width = ours[index].shape
        error = gram_matrix(ours[index]) - gram_matrix(styles[index])
        style_loss = style_loss + (
            weight * torch.mean(error**2) / (depth * height * width)
        )
    return 1 * content_loss + 1e4 * style_loss


def test_seed_recipe_has_the_seeds_loss_and_gradient(weights):
    content, style, other = (picture(seed).double() for seed in (1, 2, 3))
    seed = REFERENCE_RECIPES["seed"]
    objective = Objective(double(weights), seed, content, style)
    wide = {name: value.double() for name, value in weights.items()}
    numbers = normalise(other).requires_grad_()
    expected = seeds_loss(wide, numbers, normalise(content), normalise(style))
    expected.backward()

    found = objective.evaluate(objective.encode(other))

    torch.testing.assert_close(found.losses[0], expected.detach(), rtol=1e-9, atol=0)
    torch.testing.assert_close(found.gradient, numbers.grad, rtol=1e-7, atol=1e-12)


def test_papers_recipe_has_the_papers_loss(weights):
    content, style, other = (picture(seed) for seed in (1, 2, 3))
    recipe = REFERENCE_RECIPES["gatys2016"]
    network = VGGFeatures(weights)
    layers = [layer for layer, _ in (*recipe.style_layers, *recipe.content_layers)]
    ours, contents, styles = (
        network(each, layers, recipe.pooling) for each in (other, content, style)
    )
    style_loss = 0.0
    for layer, weight in recipe.style_layers:
        f, a = ours[layer][0].flatten(1), styles[layer][0].flatten(1)
        error = (f @ f.T - a @ a.T).square().sum()
        style_loss += weight * float(error) / (4 * f.shape[0] ** 2 * f.shape[1] ** 2)
    content_loss = 0.5 * (ours["conv4_2"] - contents["conv4_2"]).square().sum()

    found = Objective(network, recipe, content, style).evaluate(other).losses

    expected = [float(content_loss), 1e3 * style_loss]
    assert found[1:3].tolist() == pytest.approx(expected, rel=1e-3)


def johnsons_loss(weights, numbers: Tensor, content: Tensor, style: Tensor) -> Tensor:
    """The loss of jcjohnson/neural-style and neural-style-pt with their defaults,
    written out plainly; pictures are levels of 256 less the mean, as the network sees
    them. The order of their colour channels changes nothing."""

    def gram_matrix(features: Tensor) -> Tensor:
        _, depth, height, width = features.shape
        flat = features.view(depth, height * width)
        return flat.mm(flat.t()) / (depth * height * width)

    ours, contents, styles = (
        seeds_features(weights, each) for each in (numbers, content, style)
    )
    loss = 5 * F.mse_loss(ours[21], contents[21])
    for index in (0, 5, 10, 19, 28):
        grams = gram_matrix(ours[index]), gram_matrix(styles[index])
        loss = loss + 100 * F.mse_loss(*grams)
    across = (numbers[:, :, 1:] - numbers[:, :, :-1]).abs().sum()
    down = (numbers[:, 1:, :] - numbers[:, :-1, :]).abs().sum()
    return loss + 1e-3 * (across + down)


def test_johnsons_recipe_has_johnsons_loss_and_gradient(weights):
    mean = torch.tensor([123.68, 116.779, 103.939], dtype=torch.float64)
    content, other = (picture(seed).double() for seed in (1, 3))
    style = picture(2, 64, 40).double()
    johnson = REFERENCE_RECIPES["johnson"]
    objective = Objective(double(weights), johnson, content, style)
    wide = {name: value.double() for name, value in weights.items()}
    numbers, *targets = (256 * x - mean.view(3, 1, 1) for x in (other, content, style))
    numbers.requires_grad_()
    expected = johnsons_loss(wide, numbers, *targets)
    expected.backward()

    found = objective.evaluate(objective.encode(other))

    torch.testing.assert_close(found.losses[0], expected.detach(), rtol=1e-9, atol=0)
    assert numbers.grad is not None
    scale = float(numbers.grad.abs().max())
    error = found.gradient - numbers.grad
    assert float(error.abs().max()) < 1e-9 * scale


def test_relative_losses_are_one_for_a_picture_without_content_or_style(weights):
    flat = [LayerWeight("conv1_1", 1.0)]
    recipe = Recipe(
        content_layers=tuple(flat), style_layers=tuple(flat), alpha=1.0, beta=1.0
    )
    network = VGGFeatures(
        {
            # Without biases black, in the network's units, has no activations.
            name: value if name.endswith("weight") else 0 * value
            for name, value in weights.items()
        }
    )
    nothing = Objective(network, recipe, picture(1), picture(2)).decode(
        torch.zeros(3, 37, 48)
    )
    grey = torch.tensor((0.485, 0.456, 0.406))[:, None, None] + nothing

    found = Objective(network, recipe, picture(1), picture(2)).evaluate(grey).losses

    assert found[2].item() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_presets_do_not_depend_on_the_scale_of_the_weights(weights, factor):
    # Scaling the first layer, and every bias after it, scales all activations.
    scaled = {
        name: value * factor
        if name.endswith("bias") or name == "features.0.weight"
        else value
        for name, value in weights.items()
    }
    content, style, other = (picture(seed) for seed in (1, 2, 3))
    recipe = preset(Strength.BALANCED)

    plain, large = (
        Objective(VGGFeatures(each), recipe, content, style).evaluate(other)
        for each in (weights, scaled)
    )

    torch.testing.assert_close(large.losses, plain.losses, rtol=1e-3, atol=1e-6)
    torch.testing.assert_close(large.gradient, plain.gradient, rtol=1e-2, atol=1e-6)


def test_presets_do_not_depend_on_the_size(weights):
    recipe = dataclasses.replace(preset(Strength.BALANCED), tv=0.0)
    network = VGGFeatures(weights)

    small, large = (
        Objective(network, recipe, picture(1, *size), picture(2, *size))
        .evaluate(picture(3, *size))
        .losses
        for size in ((64, 64), (128, 128))
    )

    assert large.tolist() == pytest.approx(small.tolist(), rel=0.35)


def test_parts_are_weighted_and_add_up_to_the_total(weights):
    recipe = Recipe(alpha=3.0, beta=5.0, tv=7.0)
    single = Recipe(alpha=1.0, beta=1.0, tv=1.0)
    content, style, other = (picture(seed) for seed in (1, 2, 3))
    network = VGGFeatures(weights)

    found, ones = (
        Objective(network, each, content, style).evaluate(other).losses
        for each in (recipe, single)
    )

    assert PARTS == ("total", "content", "style", "tv")
    torch.testing.assert_close(found[1:], ones[1:] * torch.tensor([3.0, 5.0, 7.0]))
    torch.testing.assert_close(found[0], found[1:].sum())


def test_gradient_agrees_with_finite_differences(weights):
    recipe = Recipe(beta=10.0, tv=30.0)
    content, style, other = (picture(seed, 32, 32).double() for seed in (1, 2, 3))
    objective = Objective(double(weights), recipe, content, style)
    gradient = objective.evaluate(other).gradient
    direction = gradient / gradient.norm()

    ahead, behind = (
        objective.evaluate(other + step * direction).losses[0].item()
        for step in (1e-6, -1e-6)
    )

    expected = (gradient * direction).sum().item()
    # Not closer: a few of the ReLUs' kinks lie within the step.
    assert (ahead - behind) / 2e-6 == pytest.approx(expected, rel=1e-3)


def test_layers_without_weight_are_not_computed(weights, monkeypatch):
    recipe = Recipe(
        content_layers=(LayerWeight("conv2_1", 1.0),),
        style_layers=(LayerWeight("conv1_1", 1.0), LayerWeight("conv5_1", 0.0)),
    )
    convolved = []
    objective = Objective(VGGFeatures(weights), recipe, picture(1), picture(2))

    def counted(convolve):
        def convolve_and_count(*args, **kwargs):
            convolved.append(1)
            return convolve(*args, **kwargs)

        return convolve_and_count

    monkeypatch.setattr(F, "conv2d", counted(F.conv2d))
    monkeypatch.setattr(winograd, "convolve", counted(winograd.convolve))

    objective.evaluate(picture(3))

    assert len(convolved) == 3


def test_style_of_another_shape_is_fine_where_grams_are_means(weights):
    recipe = Recipe(normalisation=Normalisation.RELATIVE)
    wide = picture(2, 64, 32)

    found = Objective(VGGFeatures(weights), recipe, picture(1), wide)

    assert found.evaluate(picture(1)).losses.isfinite().all()


def pixels(seed: int, **masks: Tensor) -> StylePixels:
    return StylePixels(picture=picture(seed), **masks)


def test_blended_styles_have_the_gradient_of_their_weighted_losses(weights):
    # Raw errors, so that the factors do not depend on the target.
    recipe = Recipe(normalisation=Normalisation.PAPER, alpha=0.0, blend=(3.0, 1.0))
    alone = dataclasses.replace(recipe, blend=())
    network = VGGFeatures(weights)
    content, other = picture(1), picture(4)

    both = Objective(network, recipe, content, [pixels(2), pixels(3)])
    first, second = (
        Objective(network, alone, content, [pixels(seed)]) for seed in (2, 3)
    )

    expected = (
        0.75 * first.evaluate(other).gradient + 0.25 * second.evaluate(other).gradient
    )
    found = both.evaluate(other).gradient
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-7)


def test_style_without_a_share_does_not_count(weights):
    network = VGGFeatures(weights)
    content, other = picture(1), picture(4)
    recipe = Recipe(blend=(1.0, 0.0))

    both = Objective(network, recipe, content, [pixels(2), pixels(3)])
    alone = Objective(network, Recipe(), content, picture(2))

    torch.testing.assert_close(
        both.evaluate(other).losses, alone.evaluate(other).losses
    )


def test_white_masks_change_nothing(weights):
    network = VGGFeatures(weights)
    content, other = picture(1), picture(4)
    white = torch.ones(content.shape[1:])

    masked = Objective(
        network, Recipe(), content, [pixels(2, mask=white, region=white)]
    )
    plain = Objective(network, Recipe(), content, picture(2))

    torch.testing.assert_close(
        masked.evaluate(other).losses, plain.evaluate(other).losses
    )


def test_style_acts_in_its_region_alone(weights):
    layers = (LayerWeight("conv1_1", 1.0),)
    recipe = Recipe(alpha=0.0, style_layers=layers)
    network = VGGFeatures(weights)
    left = torch.zeros(picture(1).shape[1:])
    left[:, :20] = 1.0

    found = Objective(network, recipe, picture(1), [pixels(2, region=left)])

    gradient = found.evaluate(picture(4)).gradient
    # conv1_1 sees one pixel beyond the region.
    assert gradient[:, :, :21].abs().max() > 0
    assert gradient[:, :, 21:].abs().max() == 0


def test_masked_style_is_what_its_white_part_shows(weights):
    layers = (LayerWeight("conv1_1", 1.0),)
    recipe = Recipe(style_layers=layers)
    network = VGGFeatures(weights)
    style = picture(2)
    mask = torch.zeros(style.shape[1:])
    mask[:, :16] = 1.0
    other = style.clone()
    other[:, :, 17:] = 0.3

    found = [
        Objective(network, recipe, picture(1), [StylePixels(picture=each, mask=mask)])
        .evaluate(picture(4))
        .losses
        for each in (style, other)
    ]

    torch.testing.assert_close(found[0], found[1])


def test_region_too_small_for_the_deep_layers_still_counts_in_the_shallow_ones(weights):
    speck = torch.zeros(picture(1).shape[1:])
    speck[-3:, -1:] = 1.0
    objective = Objective(
        VGGFeatures(weights), Recipe(alpha=0.0), picture(1), [pixels(2, region=speck)]
    )

    found = objective.evaluate(picture(4))

    assert found.losses.isfinite().all()
    assert found.gradient.abs().max() > 0
