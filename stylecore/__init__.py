"""Style transfer by optimising the picture itself (Gatys, Ecker & Bethge 2016)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checkpoints import Checkpoint as Checkpoint
    from .errors import CheckpointError as CheckpointError
    from .errors import DivergedError as DivergedError
    from .errors import EngineError as EngineError
    from .errors import InputError as InputError
    from .errors import PictureError as PictureError
    from .errors import RecipeError as RecipeError
    from .errors import StyleError as StyleError
    from .errors import WeightsError as WeightsError
    from .recipes import DEFAULT_STRENGTH as DEFAULT_STRENGTH
    from .recipes import REFERENCE_RECIPES as REFERENCE_RECIPES
    from .recipes import Recipe as Recipe
    from .recipes import Strength as Strength
    from .recipes import largest_edge as largest_edge
    from .recipes import preset as preset
    from .transfer import Progress as Progress
    from .transfer import StyleTransfer as StyleTransfer

_HOME = {
    **dict.fromkeys(
        (
            *("CheckpointError", "DivergedError", "EngineError", "InputError"),
            *("PictureError", "RecipeError", "StyleError", "WeightsError"),
        ),
        "errors",
    ),
    **dict.fromkeys(
        (
            *("DEFAULT_STRENGTH", "REFERENCE_RECIPES", "Recipe", "Strength"),
            *("largest_edge", "preset"),
        ),
        "recipes",
    ),
    "Checkpoint": "checkpoints",
    **dict.fromkeys(("Progress", "StyleTransfer"), "transfer"),
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    # Lazy, so that reading `stylecore.recipes` does not import torch.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
