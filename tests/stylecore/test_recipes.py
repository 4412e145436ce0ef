"""Recipes: values, checks and the arithmetic of the schedule."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys

import pytest

from stylecore.errors import RecipeError
from stylecore.recipes import (
    DEFAULT_STRENGTH,
    REFERENCE_RECIPES,
    Init,
    LayerSteps,
    LayerWeight,
    Normalisation,
    Optimizer,
    Pooling,
    Recipe,
    Scale,
    Space,
    Strength,
    Variation,
    described,
    differences,
    largest_edge,
    preset,
)


def test_seed_recipe_is_the_seeds():
    seed = REFERENCE_RECIPES["seed"]

    assert (seed.alpha, seed.beta, seed.tv) == (1.0, 1e4, 0.0)
    assert seed.content_layers == (("conv4_2", 1.0),)
    assert seed.style_layers == (
        ("conv1_1", 1.0),
        ("conv2_1", 0.8),
        ("conv3_1", 0.5),
        ("conv4_1", 0.3),
        ("conv5_1", 0.1),
    )
    assert (seed.normalisation, seed.space) == (Normalisation.SEED, Space.NORMALISED)
    assert (seed.pooling, seed.init_noise) == (Pooling.MAX, 0.0)
    assert (seed.optimizer, seed.learning_rate) == (Optimizer.ADAM, 0.003)
    assert not seed.cosine
    assert seed.scales(400, 300) == (Scale(400, 300, 5000),)


def test_the_fast_way_has_the_seeds_objective():
    seed, fast = REFERENCE_RECIPES["seed"], REFERENCE_RECIPES["seed-fast"]
    ways = ("optimizer", "smoothing", "cascade", "relaxed_steps", "last_steps")

    back = dataclasses.replace(fast, **{name: getattr(seed, name) for name in ways})

    assert back == seed
    assert fast.relaxed_steps < fast.last_steps


@pytest.mark.parametrize(
    ("cascade", "sentence"),
    [
        ((LayerSteps("conv9_1", 3),), "cascade: 'conv9_1' is no layer"),
        ((LayerSteps("conv2_1", -1),), "the steps of conv2_1 is -1"),
        ((LayerSteps("conv2_1", 3), LayerSteps("conv1_1", 3)), "from the first"),
        ((LayerSteps("conv2_1", 3), LayerSteps("conv2_1", 3)), "each layer once"),
    ],
)
def test_cascade_that_makes_no_sense_is_refused(cascade, sentence):
    with pytest.raises(RecipeError, match=sentence):
        Recipe(cascade=cascade)


def test_differences_are_those_from_the_nearest_recipe_with_a_name():
    seed = dataclasses.replace(REFERENCE_RECIPES["seed"], beta=1e12)
    wild = dataclasses.replace(preset(Strength.WILD), history=3, tv=0.5)

    assert differences(seed) == {"beta": 1e12}
    assert differences(wild) == {"history": 3, "tv": 0.5}
    assert not differences(Recipe())


def test_values_are_described_in_as_few_letters_as_possible():
    layers = (LayerWeight("conv1_1", 5.0), LayerWeight("conv2_1", 0.25))

    assert described(1e12) == "1e+12"
    assert described(layers) == "conv1_1 5 conv2_1 0.25"
    assert described(()) == "none"
    assert described(Pooling.MAX) == "max"


def test_johnsons_recipe_is_johnsons():
    johnson = REFERENCE_RECIPES["johnson"]

    assert (johnson.alpha, johnson.beta, johnson.tv) == (5.0, 100.0, 1e-3)
    assert johnson.content_layers == (("conv4_2", 1.0),)
    assert {weight for _, weight in johnson.style_layers} == {1.0}
    assert johnson.variation is Variation.SUM_ABSOLUTE
    assert johnson.normalisation is Normalisation.JOHNSON
    assert (johnson.space, johnson.init) == (Space.CAFFE, Init.GREY)
    assert (johnson.pooling, johnson.style_scale) == (Pooling.MAX, 1.0)
    assert (johnson.optimizer, johnson.history) == (Optimizer.LBFGS, 100)
    # What `--optimizer adam` then does, in their units.
    assert (johnson.learning_rate, johnson.cosine) == (1.0, False)
    assert johnson.scales(512, 384) == (Scale(512, 384, 1000),)


def test_every_strength_has_a_preset_and_less_alpha_over_beta_is_more_style():
    ratios = [preset(s).alpha / preset(s).beta for s in Strength]

    assert ratios == sorted(ratios, reverse=True)
    assert len(set(ratios)) == len(Strength)
    assert DEFAULT_STRENGTH in Strength


def test_presets_are_relative_so_that_they_hold_for_any_pair_size_and_weights():
    kinds = {preset(s).normalisation for s in Strength}

    assert kinds == {Normalisation.RELATIVE}


def test_unknown_strength_is_answered_with_the_known_ones():
    with pytest.raises(RecipeError, match="subtle, balanced, strong, wild"):
        preset("brutal")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"alpha": -1.0}, r"alpha is -1\.0; expected 0 to"),
        ({"beta": float("nan")}, r"beta is nan; expected 0 to"),
        ({"alpha": 0.0, "beta": 0.0}, "nothing to paint towards"),
        ({"content_layers": ()}, "content_layers is empty"),
        (
            {"style_layers": (LayerWeight("relu9", 1.0),)},
            "'relu9' is no layer; expected one of conv1_1, ",
        ),
        ({"style_layers": (LayerWeight("conv1_1", 0.0),)}, "every weight is 0"),
        ({"style_layers": (LayerWeight("conv1_1", 1.0),) * 2}, "names a layer twice"),
        ({"detail": -0.1}, r"detail is -0\.1; expected 0 to 1"),
        ({"init_noise": 1.5}, r"init_noise is 1\.5; expected 0 to 1"),
        ({"last_steps": 0}, "last_steps is 0; expected 1 to"),
        ({"coarsest_edge_px": 8}, "coarsest_edge_px is 8; expected 32 to"),
        ({"pooling": "median"}, "'median'; expected one of max, average"),
        ({"optimizer": "sgd"}, "'sgd'; expected one of adam, lbfgs"),
    ],
)
def test_senseless_recipe_is_refused_in_a_sentence(changes, sentence):
    with pytest.raises(RecipeError, match=sentence):
        Recipe(**changes)


def test_every_field_explains_itself():
    helps = [f.metadata.get("help") for f in dataclasses.fields(Recipe)]

    assert all(helps)


def test_scales_grow_evenly_and_end_at_the_full_size():
    recipe = Recipe(coarsest_edge_px=100, first_steps=80, last_steps=20)

    assert recipe.scales(400, 300) == (
        Scale(100, 75, 80),
        Scale(200, 150, 40),
        Scale(400, 300, 20),
    )
    assert recipe.total_steps(400, 300) == 140


def test_work_is_pixels_times_steps_over_all_scales():
    recipe = Recipe(coarsest_edge_px=100, first_steps=80, last_steps=20)

    expected = 100 * 75 * 80 + 200 * 150 * 40 + 400 * 300 * 20
    assert recipe.pixel_steps(400, 300) == expected


@pytest.mark.parametrize("strength", Strength)
@pytest.mark.parametrize(
    "size", [(48, 32), (96, 64), (256, 192), (300, 512), (1024, 768), (4096, 3072)]
)
def test_going_on_takes_half_the_work_most_of_it_at_the_final_size(strength, size):
    cold = preset(strength)
    warm = dataclasses.replace(cold, continued=True)

    assert 0.4 * cold.pixel_steps(*size) < warm.pixel_steps(*size)
    assert warm.pixel_steps(*size) <= 0.5 * cold.pixel_steps(*size)
    sizes = {scale[:2] for scale in cold.scales(*size)}
    assert {scale[:2] for scale in warm.scales(*size)} <= sizes
    assert warm.scales(*size)[-1][:2] == size
    assert warm.total_steps(*size) == sum(s.steps for s in warm.scales(*size))


def test_going_on_begins_at_the_coarsest_scale_where_large_forms_are_made():
    warm = dataclasses.replace(preset(Strength.WILD), continued=True)

    assert warm.scales(256, 192) == (
        Scale(64, 48, 20),
        Scale(128, 96, 11),
        Scale(256, 192, 16),
    )
    assert warm.scales(1024, 768)[0][:2] == (64, 48)


def test_even_one_step_goes_on():
    warm = Recipe(first_steps=1, last_steps=1, coarsest_edge_px=32, continued=True)

    assert warm.scales(128, 96) == (Scale(128, 96, 1),)


def test_elongated_picture_never_starts_with_a_sliver():
    recipe = Recipe(coarsest_edge_px=64)

    assert min(min(s.width, s.height) for s in recipe.scales(1280, 64)) == 32


def test_tiny_picture_has_one_scale():
    assert len(Recipe(coarsest_edge_px=64).scales(48, 32)) == 1


def test_largest_edge_spends_the_budget_but_not_more():
    recipe = preset(Strength.BALANCED)
    rate = 59.9 / recipe.pixel_steps(512, 384)

    assert largest_edge(recipe, rate, 60.0) == 512
    assert largest_edge(recipe, rate, 1e9) == 1280
    assert largest_edge(recipe, rate, 0.001) == 256


def test_recipe_crosses_process_borders():
    recipe = preset(Strength.WILD)

    assert pickle.loads(pickle.dumps(recipe)) == recipe  # noqa: S301  # our own bytes


def test_reading_recipes_does_not_import_torch():
    code = "import sys, stylecore.recipes; sys.exit('torch' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)

    assert done.returncode == 0
