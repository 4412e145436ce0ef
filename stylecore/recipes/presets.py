"""The strengths and the recipes of others, as values of `Recipe`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from ..errors import RecipeError
from .fields import (
    Border,
    Init,
    LayerSteps,
    Normalisation,
    Optimizer,
    Pooling,
    Space,
    Strength,
    Variation,
    style_layers,
)
from .recipe import Recipe

DEFAULT_STRENGTH: Final = Strength.BALANCED


def _preset(*, beta: float, tv: float, detail: float, smoothing: float) -> Recipe:
    return Recipe(
        beta=beta,
        tv=tv,
        detail=detail,
        pooling=Pooling.AVERAGE,
        border=Border.EXTEND,
        optimizer=Optimizer.LBFGS,
        smoothing=smoothing,
        coarsest_edge_px=64,
        first_steps=80,
        last_steps=24,
    )


_PRESETS: Final[Mapping[Strength, Recipe]] = MappingProxyType(
    {
        Strength.SUBTLE: _preset(beta=3.0, tv=26.0, detail=1.0, smoothing=0.6),
        Strength.BALANCED: _preset(beta=10.0, tv=22.0, detail=0.8, smoothing=0.5),
        Strength.STRONG: _preset(beta=40.0, tv=30.0, detail=0.5, smoothing=0.2),
        Strength.WILD: _preset(beta=200.0, tv=40.0, detail=0.2, smoothing=0.0),
    }
)


def preset(strength: Strength | str) -> Recipe:
    """The recipe of a strength.

    Raises:
        RecipeError: `strength` is not one of `Strength`.
    """
    try:
        return _PRESETS[Strength(strength)]
    except ValueError:
        known = ", ".join(Strength)
        raise RecipeError(
            f"{strength!r} is no strength; expected one of {known}."
        ) from None


# The origin of this project, AkankshaShrimal/Style-Transfer.
_SEED: Final = Recipe(
    alpha=1.0,
    beta=1e4,
    normalisation=Normalisation.SEED,
    space=Space.NORMALISED,
    learning_rate=0.003,
    cosine=False,
    last_steps=5000,
)

REFERENCE_RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        "seed": _SEED,
        # The same objective, sooner: what `stylecore bench seed` races.
        "seed-fast": replace(
            _SEED,
            optimizer=Optimizer.LBFGS,
            smoothing=0.4,
            cascade=(
                LayerSteps("conv1_1", 40),
                LayerSteps("conv2_1", 40),
                LayerSteps("conv3_1", 40),
            ),
            relaxed_steps=180,
            last_steps=300,
        ),
        # Gatys, Ecker & Bethge 2016, on torchvision's unscaled weights.
        "gatys2016": Recipe(
            style_layers=style_layers(0.2, 0.2, 0.2, 0.2, 0.2),
            alpha=1.0,
            beta=1e3,
            normalisation=Normalisation.PAPER,
            pooling=Pooling.AVERAGE,
            init=Init.NOISE,
            optimizer=Optimizer.LBFGS,
            smoothing=0.0,
            last_steps=500,
        ),
        # jcjohnson/neural-style and ProGamerGov/neural-style-pt with their defaults,
        # made for 512 px.
        "johnson": Recipe(
            style_layers=style_layers(1.0, 1.0, 1.0, 1.0, 1.0),
            alpha=5.0,
            beta=100.0,
            tv=1e-3,
            variation=Variation.SUM_ABSOLUTE,
            normalisation=Normalisation.JOHNSON,
            space=Space.CAFFE,
            init=Init.GREY,
            optimizer=Optimizer.LBFGS,
            learning_rate=1.0,
            cosine=False,
            history=100,
            smoothing=0.0,
            last_steps=1000,
        ),
    }
)
"""The recipes of others: their objectives, schedules and defaults, with this package's
own L-BFGS. `johnson` differs in its network: they have the VGG-19 that was trained in
Caffe, here torchvision's is shown the same numbers, 0 to 256 less the mean. Its
activations are then of the same order, so that content, style and total variation weigh
about what they weigh there, but their losses cannot be compared as numbers."""
