"""What a recipe may hold; each refusal names the field and its range."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import RecipeError
from .fields import (
    LAYERS,
    Border,
    Colors,
    Init,
    LayerSteps,
    LayerWeight,
    Normalisation,
    Optimizer,
    Pooling,
    Space,
    Variation,
)

if TYPE_CHECKING:
    from .recipe import Recipe


def check_layers(name: str, layers: tuple[LayerWeight, ...]) -> None:
    if not layers:
        raise RecipeError(f"{name} is empty: name at least one layer.")
    for layer, weight in layers:
        check_layer(name, layer)
        check_range(f"{name}: the weight of {layer}", weight, 0.0, 1e12)
    if len({layer for layer, _ in layers}) < len(layers):
        raise RecipeError(f"{name} names a layer twice.")
    if not sum(weight for _, weight in layers):
        raise RecipeError(f"{name}: every weight is 0.")


def check_blend(blend: tuple[float, ...]) -> None:
    """At least one style counts, none counts negatively."""
    for weight in blend:
        check_range("blend", weight, 0.0, 1e6)
    if blend and not sum(blend):
        raise RecipeError("blend: every weight is 0; give one style some.")


def check_cascade(cascade: tuple[LayerSteps, ...]) -> None:
    """Each layer lies deeper than the one before."""
    for layer, steps in cascade:
        check_layer("cascade", layer)
        check_range(f"cascade: the steps of {layer}", steps, 0, 100_000)
    depths = [LAYERS.index(layer) for layer, _ in cascade]
    if depths != sorted(set(depths)):
        raise RecipeError("cascade: name each layer once, from the first to the last.")


def check_layer(name: str, layer: str) -> None:
    if layer not in LAYERS:
        known = ", ".join(LAYERS)
        raise RecipeError(f"{name}: {layer!r} is no layer; expected one of {known}.")


def check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RecipeError(f"{name} is {value}; expected {low:g} to {high:g}.")


_ENUMS: Final = MappingProxyType(
    {
        "normalisation": Normalisation,
        "pooling": Pooling,
        "border": Border,
        "variation": Variation,
        "colors": Colors,
        "init": Init,
        "space": Space,
        "optimizer": Optimizer,
    }
)


def check_enums(recipe: Recipe) -> None:
    for name, kind in _ENUMS.items():
        value = getattr(recipe, name)
        if not isinstance(value, kind):
            known = ", ".join(kind)
            raise RecipeError(f"{name} is {value!r}; expected one of {known}.")
