"""Command-line options derived from the fields of `Recipe`: one place for each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, fields, replace
from enum import Enum
from types import UnionType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from ..recipes import (
    DEFAULT_STRENGTH,
    LAYERS,
    REFERENCE_RECIPES,
    Recipe,
    Strength,
    preset,
)
from ..recipes.notation import is_list, list_from_text, names_layers, shape_of

PANEL = "The recipe in detail (each overrides the strength or recipe chosen)"

ReferenceRecipe = Enum(  # type: ignore[misc]  # mypy wants the names spelt out
    "ReferenceRecipe", {name: name for name in REFERENCE_RECIPES}
)
"""The names of `REFERENCE_RECIPES` as a choice on the command line."""


def with_recipe_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Gives `command` an option per field of `Recipe`.

    The command receives those that were used as one mapping, its keyword argument
    `overrides`, ready for `chosen_recipe`.
    """

    def flagged(**options: Any) -> None:
        given = {name: options.pop(name) for name in flags}
        used = {name: value for name, value in given.items() if value is not None}
        command(overrides=used, **options)

    flags = _flags()
    hints = get_type_hints(command, include_extras=True)
    own = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name != "overrides"
    ]
    parameters = [*own, *flags.values()]
    flagged.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    flagged.__annotations__ = {each.name: each.annotation for each in parameters}
    flagged.__name__, flagged.__doc__ = command.__name__, command.__doc__
    return flagged


def chosen_recipe(
    strength: Strength | None,
    reference: str | None,
    overrides: dict[str, Any],
) -> Recipe:
    """The recipe of a strength or a reference, with single fields overridden.

    Lists among the overrides are still text. Raises `RecipeError` for text that is no
    list and for values out of range.
    """
    hints = get_type_hints(Recipe)
    values: dict[str, Any] = {
        name: list_from_text(name, value) if is_list(hints[name]) else value
        for name, value in overrides.items()
    }
    if reference is not None:
        return replace(REFERENCE_RECIPES[reference], **values)
    return replace(preset(strength or DEFAULT_STRENGTH), **values)


def complete_layers(incomplete: str) -> list[str]:
    """How a list of layers such as `conv1_1=1,conv` can go on."""
    given, comma, begun = incomplete.rpartition(",")
    if "=" in begun:
        return []
    taken = {item.partition("=")[0] for item in given.split(",")}
    return [
        f"{given}{comma}{layer}="
        for layer in LAYERS
        if layer.startswith(begun) and layer not in taken
    ]


def _flags() -> dict[str, inspect.Parameter]:
    hints = get_type_hints(Recipe)
    return {field.name: _flag(field, hints[field.name]) for field in fields(Recipe)}


def _flag(field: Field[Any], hint: Any) -> inspect.Parameter:
    option = typer.Option(
        help=f"{field.metadata['help']}.",
        rich_help_panel=PANEL,
        show_default=False,
        metavar=shape_of(hint) if is_list(hint) else None,
        autocompletion=complete_layers if names_layers(hint) else None,
    )
    annotation: Any = Annotated[_kind(hint) | None, option]
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )


def _kind(hint: Any) -> Any:
    """The type of an option; lists stay text until the command runs."""
    if is_list(hint):
        return str
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return next(kind for kind in kinds if issubclass(kind, int | float | Enum))
