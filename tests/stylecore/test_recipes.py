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
    LayerWeight,
    Normalisation,
    Optimizer,
    Pooling,
    Recipe,
    Scale,
    Space,
    Strength,
    Variation,
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
