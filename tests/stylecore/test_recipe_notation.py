"""Recipes survive JSON, and lists are read from text by one rule."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from stylecore.errors import RecipeError
from stylecore.recipes import REFERENCE_RECIPES, LayerWeight, Recipe, Strength, preset
from stylecore.recipes.notation import from_json, list_from_text, list_to_text, to_json

RECIPES = (
    *map(preset, Strength),
    *REFERENCE_RECIPES.values(),
    replace(
        preset("wild"), blend=(2.0, 1.0), content_layers=(LayerWeight("conv3_2", 0.5),)
    ),
)


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_comes_back_from_json_as_it_was(recipe):
    text = json.dumps(to_json(recipe))

    found = from_json(json.loads(text))

    assert found == recipe
    for field in fields(Recipe):
        assert type(getattr(found, field.name)) is type(getattr(recipe, field.name))


def test_layers_come_back_as_named_pairs():
    found = from_json(json.loads(json.dumps(to_json(preset("strong")))))

    assert all(isinstance(each, LayerWeight) for each in found.style_layers)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"surprise": 1}, "surprise"),
        ({"alpha": "much"}, "That is no recipe"),
        ({"alpha": -1.0}, "alpha is -1"),
        ({"pooling": "none"}, "That is no recipe"),
        ({"style_layers": [["conv1_1"]]}, "That is no recipe"),
        ({"style_layers": [["conv9_1", 1.0]]}, "'conv9_1' is no layer"),
    ],
)
def test_json_that_is_no_recipe_is_refused(change, words):
    with pytest.raises(RecipeError, match=words):
        from_json(to_json(preset("wild")) | change)


def test_a_missing_field_is_named():
    values = to_json(preset("wild"))
    del values["tv"]

    with pytest.raises(RecipeError, match=r"not known here: tv\.$"):
        from_json(values)


def test_layers_and_numbers_are_read_from_text():
    assert list_from_text("style_layers", "conv1_1=1, conv2_1=0.8") == (
        LayerWeight("conv1_1", 1.0),
        LayerWeight("conv2_1", 0.8),
    )
    assert list_from_text("content_layers", "conv4_2=3e-2") == (("conv4_2", 0.03),)
    assert list_from_text("blend", "2,1") == (2.0, 1.0)


def test_lists_are_written_as_they_are_read():
    for recipe in RECIPES:
        for name in ("style_layers", "content_layers"):
            layers = getattr(recipe, name)
            assert list_from_text(name, list_to_text(layers)) == layers
    assert list_to_text((2.0, 0.5)) == "2,0.5"
    assert list_to_text(()) == ""


@pytest.mark.parametrize("text", ["", "conv1_1", "conv1_1=", "conv1_1=1=2", "a=1,,b=2"])
def test_text_that_is_no_list_of_layers_is_answered_with_an_example(text):
    with pytest.raises(RecipeError) as caught:
        list_from_text("style_layers", text)

    assert str(caught.value) == (
        f"style_layers: “{text}” is not of the form LAYER=WEIGHT,…, "
        "such as conv1_1=1,conv2_1=0.8."
    )


def test_text_that_is_no_list_of_numbers_is_answered_with_an_example():
    with pytest.raises(RecipeError, match=r"“2;1” is not of the form .*such as 2,1\."):
        list_from_text("blend", "2;1")
