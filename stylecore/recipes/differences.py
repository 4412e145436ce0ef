"""In what a recipe differs from the one that it was probably made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from .fields import Strength
from .presets import REFERENCE_RECIPES, preset
from .recipe import Recipe


def differences(recipe: Recipe) -> Mapping[str, Any]:
    """The fields in which it differs from the nearest of all recipes with a name."""
    named = [Recipe(), *map(preset, Strength), *REFERENCE_RECIPES.values()]
    return min((_changed(recipe, known) for known in named), key=len)


def _changed(recipe: Recipe, known: Recipe) -> dict[str, Any]:
    return {
        field.name: getattr(recipe, field.name)
        for field in fields(Recipe)
        if getattr(recipe, field.name) != getattr(known, field.name)
    }


def described(value: Any) -> str:
    """A field's value, as short as a sentence wants it: `1e+12`, `conv1_1 5`."""
    if isinstance(value, tuple):
        return " ".join(map(described, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
