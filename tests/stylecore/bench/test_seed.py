"""The seed's recipe, written plainly, is the objective that stylecore minimises."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stylecore.bench.seed import Judge, Yardstick, network, normalised, paint
from stylecore.features import VGGFeatures
from stylecore.objective import Objective
from stylecore.pyramid import to_tensor
from stylecore.recipes import REFERENCE_RECIPES

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def vgg(tensors):
    return network(tensors)


@pytest.fixture(scope="module")
def pictures(drawn) -> tuple[Tensor, Tensor]:
    content, style = (to_tensor(each, each.size, CPU) for each in drawn)
    return content, style


@pytest.mark.parametrize("size", [(48, 40), (45, 61)])
def test_the_yardstick_and_the_product_agree_on_loss_and_gradient(tensors, size):
    generator = torch.Generator().manual_seed(5)
    content, style, picture = torch.rand(
        3, 3, *size, generator=generator, dtype=torch.float64
    )
    wide = {name: each.double() for name, each in tensors.items()}
    features = VGGFeatures(wide, dtype=torch.float64)
    objective = Objective(features, REFERENCE_RECIPES["seed"], content, style)
    yardstick = Yardstick(network(wide), normalised(content), normalised(style))

    numbers = normalised(picture).requires_grad_(True)
    loss = yardstick.loss(numbers)
    loss.backward()
    found = objective.evaluate(objective.encode(picture))

    assert float(found.losses[0]) == pytest.approx(loss.item(), rel=1e-9)
    assert numbers.grad is not None
    difference = (found.gradient - numbers.grad[0]).norm() / numbers.grad.norm()
    assert float(difference) < 1e-9


def test_the_seed_starts_from_the_content_and_steps_by_its_learning_rate(vgg, pictures):
    content, style = pictures
    start = normalised(content)

    first, *_ = paint(vgg, content, style, steps=1)

    # Adam's first step is the learning rate wherever there is a gradient at all.
    moved = (first - start).abs()
    assert float(moved.max()) == pytest.approx(0.003, rel=1e-3)
    assert float(moved.median()) == pytest.approx(0.003, rel=1e-2)


def test_the_seed_makes_the_steps_asked_for_and_lowers_the_loss(vgg, pictures):
    content, style = pictures
    judge = Judge(vgg, content, style)

    losses = [judge(numbers) for numbers in paint(vgg, content, style, steps=5)]

    assert len(losses) == 5
    assert losses == sorted(losses, reverse=True)


def test_the_weights_stay_frozen(vgg, pictures):
    content, style = pictures
    before = {name: each.clone() for name, each in vgg.state_dict().items()}

    list(paint(vgg, content, style, steps=2))

    after = vgg.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert all(each.grad is None for each in vgg.parameters())


def test_the_judge_answers_in_float32_whatever_it_is_given(vgg, pictures):
    content, style = pictures
    judge = Judge(vgg, content, style)
    narrow = normalised((content + style) / 2).bfloat16()

    assert judge(narrow) == judge(narrow.float()) == judge(narrow.double())
    expected = Yardstick(vgg, normalised(content), normalised(style))
    assert judge(narrow) == float(expected.loss(narrow.float()))


def test_the_judge_finds_next_to_nothing_where_content_and_style_are_one(vgg, pictures):
    content, _ = pictures

    assert Judge(vgg, content, content)(normalised(content)) == 0.0
