"""Command-line options derived from the fields of `Recipe`: one place for each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import Field, fields, replace
from enum import Enum
from types import UnionType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from .recipes import DEFAULT_STRENGTH, REFERENCE_RECIPES, Recipe, Strength, preset

PANEL = "The recipe in detail (each overrides the strength or recipe chosen)"

ReferenceRecipe = Enum(  # type: ignore[misc]  # mypy wants the names spelt out
    "ReferenceRecipe", {name: name for name in REFERENCE_RECIPES}
)
"""The names of `REFERENCE_RECIPES` as a choice on the command line."""


def with_recipe_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Gives `command` an option per plain field of `Recipe`.

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

    Raises `RecipeError` for values out of range.
    """
    if reference is not None:
        return replace(REFERENCE_RECIPES[reference], **overrides)
    return replace(preset(strength or DEFAULT_STRENGTH), **overrides)


def _flags() -> dict[str, inspect.Parameter]:
    hints = get_type_hints(Recipe)
    return {
        field.name: _flag(field, kind)
        for field in fields(Recipe)
        if (kind := _plain(hints[field.name])) is not None
    }


def _plain(hint: Any) -> type | None:
    """The type of an option; None for the layers, which have no simple notation."""
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    plain = [kind for kind in kinds if isinstance(kind, type)]
    wanted = [kind for kind in plain if issubclass(kind, int | float | Enum)]
    return wanted[0] if wanted else None


def _flag(field: Field[Any], kind: type) -> inspect.Parameter:
    option = typer.Option(
        help=f"{field.metadata['help']}.",
        rich_help_panel=PANEL,
        show_default=False,
    )
    annotation: Any = Annotated[kind | None, option]
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation
    )
