"""The loop of one scale: easier stand-ins first, errors in time, no waiting."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode

from stylecore.errors import DivergedError
from stylecore.features import VGGFeatures
from stylecore.objective import Evaluation, Objective
from stylecore.painting import Painting, Phase, diverged, phases
from stylecore.pyramid import to_image
from stylecore.recipes import (
    REFERENCE_RECIPES,
    LayerSteps,
    LayerWeight,
    Optimizer,
    Recipe,
    Strength,
    preset,
)
from stylecore.transfer import StyleTransfer

RECIPE = Recipe(
    content_layers=(LayerWeight("conv2_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0), LayerWeight("conv2_1", 1.0)),
    optimizer=Optimizer.LBFGS,
    history=4,
)


@pytest.fixture(scope="module")
def network(tensors):
    return VGGFeatures(tensors)


def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    content, style = torch.rand(2, 3, 32, 48, generator=generator)
    return content, style


def painting(network, recipe: Recipe = RECIPE, steps: int = 30, **options) -> Painting:
    content, style = pictures()

    def objective_in(_):
        return Objective(network, recipe, content, style)

    return Painting(recipe, objective_in, torch.float32, content, steps, **options)


def test_stand_ins_grow_deeper_and_the_last_steps_are_the_recipes_own():
    recipe = dataclasses.replace(
        REFERENCE_RECIPES["seed"],
        cascade=(LayerSteps("conv1_1", 4), LayerSteps("conv3_1", 3)),
        relaxed_steps=9,
    )

    assert phases(recipe, 20) == (
        Phase(4, "conv1_1", relaxed=True),
        Phase(7, "conv3_1", relaxed=True),
        Phase(9, "conv5_1", relaxed=True),
        Phase(20, "conv5_1", relaxed=False),
    )
    # A short run has no time for all of that, but ends where it should.
    assert phases(recipe, 5) == (
        Phase(4, "conv1_1", relaxed=True),
        Phase(5, "conv5_1", relaxed=False),
    )
    assert phases(recipe, 1) == (Phase(1, "conv5_1", relaxed=False),)


def test_stand_ins_without_any_style_are_left_out():
    recipe = dataclasses.replace(
        RECIPE,
        style_layers=(LayerWeight("conv2_1", 1.0),),
        cascade=(LayerSteps("conv1_1", 4), LayerSteps("conv2_1", 4)),
    )

    assert phases(recipe, 20) == (
        Phase(4, "conv2_1", relaxed=False),
        Phase(20, "conv5_1", relaxed=False),
    )


def test_a_shallow_stand_in_sees_no_deeper_layer_and_the_end_sees_all(network):
    seen = []

    class Watched(VGGFeatures):
        def __init__(self): ...

        def __call__(self, picture, layers, *rest):
            seen.append(max(layers))
            return network(picture, layers, *rest)

    watched = Watched()
    watched.dtype = torch.float32
    recipe = dataclasses.replace(RECIPE, cascade=(LayerSteps("conv1_1", 3),))
    work = painting(watched, recipe, steps=6)
    seen.clear()

    for _ in range(6):
        work.step()

    assert seen == ["conv1_1"] * 3 + ["conv2_1"] * 3
    assert work.losses[1] > 0  # of the content, which conv1_1 does not show


def test_what_a_stand_in_has_taught_serves_the_next(network):
    recipe = dataclasses.replace(RECIPE, cascade=(LayerSteps("conv1_1", 5),))
    work = painting(network, recipe)
    for _ in range(5):
        work.step()
    learnt = work.state()["curvature"].clone()

    work.step()

    assert learnt.count_nonzero() >= 2
    assert torch.equal(work.state()["curvature"], learnt)


def test_relaxed_steps_descend_on_another_loss_with_the_same_end(network):
    recipe = dataclasses.replace(RECIPE, relaxed_steps=10, relaxation=0.01)
    plain, relaxed = painting(network), painting(network, recipe)

    for work in (plain, relaxed):
        work.step()
    first = plain.losses, relaxed.losses
    for work in (plain, relaxed):
        for _ in range(29):
            work.step()

    assert 0 < first[1][2] < 0.9 * first[0][2]
    assert relaxed.losses[0] < 0.4 * first[0][0]
    content, style = pictures()
    expected = Objective(network, RECIPE, content, style).evaluate(relaxed.picture)
    torch.testing.assert_close(relaxed.losses, expected.losses)


def test_stand_ins_are_for_the_first_scale_only(network):
    recipe = dataclasses.replace(RECIPE, relaxed_steps=10)
    first, later = painting(network, recipe), painting(network, recipe, first=False)

    first.step()
    later.step()

    assert first.losses[0] < later.losses[0]


def images() -> list[Image.Image]:
    return [to_image(picture) for picture in pictures()]


def test_a_given_start_is_not_blurred_by_stand_ins(tensors):
    recipe = dataclasses.replace(
        RECIPE, cascade=(LayerSteps("conv1_1", 2),), last_steps=4
    )
    engine = StyleTransfer(tensors, "cpu", torch.float32)
    content, style = images()

    eased, given = (
        list(engine.run(content, style, recipe, edge_px=48, start=start))
        for start in (None, style)
    )

    contents = [[each.losses["content"] for each in run] for run in (eased, given)]
    assert contents[0][:2] == [0, 0]
    assert min(contents[0][3], *contents[1]) > 0


def test_losses_and_picture_are_those_of_their_step_however_late_they_are_asked(
    tensors,
):
    engine = StyleTransfer(tensors, "cpu", torch.float32)
    recipe = dataclasses.replace(RECIPE, last_steps=5)
    content, style = images()

    at_once = [
        (each.losses, each.picture().tobytes())
        for each in engine.run(content, style, recipe, edge_px=48)
    ]
    events = list(engine.run(content, style, recipe, edge_px=48))

    assert [(each.losses, each.picture().tobytes()) for each in events] == at_once
    assert len({tuple(losses.values()) for losses, _ in at_once}) == 5


@pytest.mark.parametrize("optimizer", list(Optimizer))
@pytest.mark.parametrize("made", [2, 3, 5])
def test_restored_state_goes_on_to_the_last_bit(network, optimizer, made):
    recipe = dataclasses.replace(
        RECIPE,
        optimizer=optimizer,
        cascade=(LayerSteps("conv1_1", 3),),
        relaxed_steps=5,
    )
    whole, again = painting(network, recipe, 9), painting(network, recipe, 9)
    for _ in range(made):
        whole.step()
    saved = {name: tensor.clone() for name, tensor in whole.state().items()}
    again.restore(saved)

    for _ in range(9 - made):
        whole.step()
        again.step()

    assert torch.equal(whole.picture, again.picture)


class Spoilt(Objective):
    """Its loss is no number from some evaluation on."""

    left = math.inf

    def evaluate(self, numbers):
        found = super().evaluate(numbers)
        self.left -= 1
        if self.left >= 0:
            return found
        return Evaluation(
            losses=found.losses * math.nan, gradient=found.gradient * math.nan
        )


@pytest.mark.parametrize("optimizer", list(Optimizer))
@pytest.mark.parametrize("poll_every", [1, 10])
def test_loss_that_is_no_number_is_an_error_within_ten_steps(
    network, monkeypatch, optimizer, poll_every
):
    content, style = pictures()
    recipe = dataclasses.replace(RECIPE, optimizer=optimizer, beta=1e12)
    objective = Spoilt(network, recipe, content, style)
    objective.left = 0
    work = Painting(recipe, lambda _: objective, torch.float32, content, 30)
    # As on a GPU, where asking costs something.
    monkeypatch.setattr(work, "_poll_every", poll_every)

    def ten_steps():
        for _ in range(10):
            work.step()

    with pytest.raises(DivergedError, match=r"beta 1e\+12"):
        ten_steps()


def test_error_names_what_is_unusual_about_the_recipe():
    strong = preset(Strength.STRONG)
    layers = (LayerWeight("conv1_1", 2.5),)
    wrong = dataclasses.replace(strong, beta=1e12, content_layers=layers)

    assert "with content_layers conv1_1 2.5, beta 1e+12." in str(diverged(wrong))
    assert "weights of the network" in str(diverged(strong))


def test_where_bfloat16_is_too_coarse_the_rest_is_made_in_float32(tensors):
    # A start so near to a minimum that only rounding is left in bfloat16.
    content, _ = pictures()
    noise = torch.Generator().manual_seed(0)
    networks = {
        dtype: VGGFeatures(tensors, dtype=dtype)
        for dtype in (torch.bfloat16, torch.float32)
    }
    start = (content + 2e-4 * torch.randn(content.shape, generator=noise)).clamp(0, 1)
    made = []

    def objective_in(dtype):
        made.append(dtype)
        return Objective(networks[dtype], RECIPE, content, content)

    work = Painting(RECIPE, objective_in, torch.bfloat16, start, 80)
    for _ in range(80):
        work.step()

    judge = Objective(networks[torch.float32], RECIPE, content, content)
    before, after = (judge.evaluate(each).losses[0] for each in (start, work.picture))
    assert made == [torch.bfloat16, torch.float32]
    assert work.dtype is torch.float32
    assert after < 0.2 * before


class NoWaiting(TorchDispatchMode):
    """Refuses what waits for the device, and what a CUDA graph cannot hold."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        waits = ("_local_scalar_dense", "nonzero", "scalar_tensor", "lift_fresh")
        assert name not in waits, f"{func} waits for the device"
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", ["seed", "seed-fast", "gatys2016", *Strength])
def test_whole_steps_never_wait_for_the_device(tensors, monkeypatch, name):
    recipe = REFERENCE_RECIPES.get(name) or preset(name)
    recipe = dataclasses.replace(recipe, init_noise=0.0, history=3)
    content, style = pictures()
    network = VGGFeatures(tensors, dtype=torch.bfloat16)
    objective = Objective(network, recipe, content, style)
    work = Painting(recipe, lambda _: objective, torch.bfloat16, content, 300)
    monkeypatch.setattr(work, "_poll_every", 10)
    work.step()

    with NoWaiting():
        for _ in range(3):
            work.step()
            _ = work.picture, work.losses
