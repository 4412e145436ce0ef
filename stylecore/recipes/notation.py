"""Recipes as JSON, and their lists as text: both follow from the fields' types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from ..errors import RecipeError
from .recipe import Recipe


def to_json(recipe: Recipe) -> dict[str, Any]:
    """Every field, of types that JSON knows; `from_json` is the inverse."""
    return {field.name: _plain(getattr(recipe, field.name)) for field in fields(Recipe)}


def from_json(values: Mapping[str, Any]) -> Recipe:
    """The recipe of `to_json`.

    Raises:
        RecipeError: fields are missing or unknown, or a value is out of its range.
    """
    hints = get_type_hints(Recipe)
    if values.keys() != hints.keys():
        names = ", ".join(sorted(values.keys() ^ hints.keys()))
        raise RecipeError(f"These fields are missing or not known here: {names}.")
    try:
        return Recipe(**{name: _typed(hints[name], values[name]) for name in hints})
    except (TypeError, ValueError) as exc:
        raise RecipeError(f"That is no recipe: {exc}.") from exc


def is_list(hint: Any) -> bool:
    """Whether a field of that type is written as `1,2`, or as `conv1_1=1,conv2_1=2`."""
    return get_origin(hint) is tuple


def names_layers(hint: Any) -> bool:
    """Whether the items of the list have names."""
    return is_list(hint) and _item(hint) is not float


def shape_of(hint: Any) -> str:
    """How such a list is written, in capitals."""
    names = getattr(_item(hint), "_fields", ("weight",))
    return f"{'='.join(names)},…".upper()


def list_from_text(name: str, text: str) -> tuple[Any, ...]:
    """The value of the list field `name`, from items with commas in between.

    An item is a number, or the parts of a named tuple with `=` in between.

    Raises:
        RecipeError: that is not how such a list is written.
    """
    hint = get_type_hints(Recipe)[name]
    item = _item(hint)
    try:
        return tuple(_item_from_text(item, each.strip()) for each in text.split(","))
    except (TypeError, ValueError) as exc:
        example = "2,1" if item is float else "conv1_1=1,conv2_1=0.8"
        raise RecipeError(
            f"{name}: “{text}” is not of the form {shape_of(hint)}, such as {example}."
        ) from exc


def list_to_text(value: tuple[Any, ...]) -> str:
    """The inverse of `list_from_text`; of no items at all, an empty text."""
    items = (each if isinstance(each, tuple) else (each,) for each in value)
    return ",".join("=".join(map(_short, each)) for each in items)


def _short(part: Any) -> str:
    return f"{part:.9g}" if isinstance(part, float) else str(part)


def _item(hint: Any) -> Any:
    return get_args(hint)[0]


def _item_from_text(item: Any, text: str) -> Any:
    if item is float:
        return float(text)
    hints = get_type_hints(item)
    parts = zip(hints.values(), text.split("="), strict=True)
    return item(*(kind(part) for kind, part in parts))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    if is_list(hint):
        item = _item(hint)
        return tuple(each if item is float else item(*each) for each in value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
