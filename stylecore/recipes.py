"""What to optimise and in how many steps: `Recipe`, presets, reference recipes.

A recipe holds the objective `alpha · content + beta · style + tv · TV` and the
schedule by which it is minimised. This module needs no torch, so that a bot or a
command line can read it for free.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from .errors import RecipeError


class Strength(StrEnum):
    """How much of the style; each names a preset."""

    SUBTLE = "subtle"
    BALANCED = "balanced"
    STRONG = "strong"
    WILD = "wild"


DEFAULT_STRENGTH: Final = Strength.BALANCED


class Normalisation(StrEnum):
    """How the errors become losses. F, P: features of the picture and of the content,
    C × N; G = F·Fᵀ and A, its counterpart of the style; w: the layer's weight."""

    RELATIVE = "relative"
    """Content w·Σ(F-P)²/Σ(P-mean P)², style w·Σ(G/N-A/N')²/Σ(A/N')², w summing to 1:
    the share of the target's own energy that is missed. No unit is left, so neither
    size, pair nor the scale of the network's weights matters."""
    SEED = "seed"
    """Content w·mean(F-P)², style w·mean(G-A)²/(C·N). Raw Grams can only be compared
    at equal shapes, so the style is stretched to the content's shape."""
    PAPER = "paper"
    """Content w·½Σ(F-P)², style w·Σ(G/N-A/N')²/(4C²)."""


class Pooling(StrEnum):
    """What stands between the blocks of the network."""

    MAX = "max"
    AVERAGE = "average"


class Border(StrEnum):
    """What a convolution sees beyond the edge of the picture."""

    ZERO = "zero"
    """Zeros at every layer, as VGG-19 was trained and as the seed and the paper do."""
    EXTEND = "extend"
    """The nearest value again at every layer, on a canvas whose sides are multiples of
    16 so that no row is lost in pooling: no dark or dotted rim."""


class Optimizer(StrEnum):
    """How the picture is improved."""

    ADAM = "adam"
    LBFGS = "lbfgs"


class Space(StrEnum):
    """What the numbers being optimised are."""

    RGB = "rgb"
    """RGB in [0, 1], kept there."""
    NORMALISED = "normalised"
    """RGB less the ImageNet mean, over its deviation; not bounded."""


class LayerWeight(NamedTuple):
    """A layer such as `conv4_2`, meaning its activations after the ReLU."""

    layer: str
    weight: float


class Scale(NamedTuple):
    """One level of the coarse-to-fine schedule."""

    width: int
    height: int
    steps: int


LAYERS: Final = (
    *("conv1_1", "conv1_2", "conv2_1", "conv2_2"),
    *("conv3_1", "conv3_2", "conv3_3", "conv3_4"),
    *("conv4_1", "conv4_2", "conv4_3", "conv4_4", "conv5_1"),
)
"""The layers that may be named, in the order in which VGG-19 computes them."""

SMALLEST_SIDE_PX: Final = 32
"""conv5_1 sees one cell for every 16 px; fewer than two by two have no structure."""

_STYLE_LAYERS: Final = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")


def _help(sentence: str) -> Mapping[str, str]:
    return MappingProxyType({"help": sentence})


def _style_layers(*weights: float) -> tuple[LayerWeight, ...]:
    return tuple(map(LayerWeight, _STYLE_LAYERS, weights))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """An objective and a schedule. Every field's `metadata["help"]` explains it.

    Raises:
        RecipeError: a value is out of its range; the sentence names field and range.
    """

    content_layers: tuple[LayerWeight, ...] = field(
        default=(LayerWeight("conv4_2", 1.0),),
        metadata=_help("layers whose activations keep the content"),
    )
    style_layers: tuple[LayerWeight, ...] = field(
        default=_style_layers(1.0, 0.8, 0.5, 0.3, 0.1),
        metadata=_help("layers whose Grams carry the style"),
    )
    alpha: float = field(default=1.0, metadata=_help("weight of the content loss"))
    beta: float = field(default=10.0, metadata=_help("weight of the style loss"))
    tv: float = field(
        default=0.0, metadata=_help("weight of the total variation, a mean over pixels")
    )
    normalisation: Normalisation = field(
        default=Normalisation.RELATIVE, metadata=_help("how errors become losses")
    )
    pooling: Pooling = field(
        default=Pooling.MAX, metadata=_help("pooling between the network's blocks")
    )
    border: Border = field(
        default=Border.ZERO, metadata=_help("what convolutions see beyond the edge")
    )
    init_noise: float = field(
        default=0.0,
        metadata=_help("share of noise in the first picture; the rest is the content"),
    )
    style_scale: float = field(
        default=1.0,
        metadata=_help("longer side of the style over the picture's; never upscaled"),
    )
    space: Space = field(
        default=Space.RGB, metadata=_help("what the optimised numbers are")
    )
    optimizer: Optimizer = field(
        default=Optimizer.ADAM, metadata=_help("how the picture is improved")
    )
    learning_rate: float = field(
        default=0.03, metadata=_help("step size of Adam, in units of the space")
    )
    cosine: bool = field(
        default=True, metadata=_help("let Adam's steps shrink to nothing at each scale")
    )
    history: int = field(default=20, metadata=_help("pairs that L-BFGS remembers"))
    smoothing: float = field(
        default=0.5,
        metadata=_help(
            "how much L-BFGS prefers large shapes: the power of 1/frequency"
        ),
    )
    coarsest_edge_px: int | None = field(
        default=None,
        metadata=_help("longer side of the first scale; none: the final size alone"),
    )
    detail: float = field(
        default=0.0,
        metadata=_help("share of the content's fine detail that each scale adds"),
    )
    first_steps: int = field(
        default=100, metadata=_help("steps at the first of several scales")
    )
    last_steps: int = field(default=100, metadata=_help("steps at the final size"))

    def __post_init__(self) -> None:
        _check_layers("content_layers", self.content_layers)
        _check_layers("style_layers", self.style_layers)
        for name in ("alpha", "beta", "tv"):
            _check_range(name, getattr(self, name), 0.0, 1e12)
        if not (self.alpha or self.beta):
            raise RecipeError("alpha and beta are both 0: nothing to paint towards.")
        _check_range("init_noise", self.init_noise, 0.0, 1.0)
        _check_range("detail", self.detail, 0.0, 1.0)
        _check_range("style_scale", self.style_scale, 0.1, 10.0)
        _check_range("learning_rate", self.learning_rate, 1e-6, 1e3)
        _check_range("history", self.history, 1, 200)
        _check_range("smoothing", self.smoothing, 0.0, 2.0)
        _check_range("first_steps", self.first_steps, 1, 100_000)
        _check_range("last_steps", self.last_steps, 1, 100_000)
        if self.coarsest_edge_px is not None:
            _check_range("coarsest_edge_px", self.coarsest_edge_px, 32, 4096)
        _check_enums(self)

    def scales(self, width: int, height: int) -> tuple[Scale, ...]:
        """The sizes and steps that lead to a picture of `width` × `height` pixels.

        The longer side grows by even ratios of about 2 from `coarsest_edge_px`, the
        steps fall evenly from `first_steps` to `last_steps`. No side goes below
        `SMALLEST_SIDE_PX` unless the picture itself does.
        """
        first = _coarsest_fraction(self.coarsest_edge_px, width, height)
        levels = max(1, 1 + round(math.log2(1 / first)))
        if levels == 1:
            return (Scale(width, height, self.last_steps),)
        found = []
        for level in range(levels):
            rest = 1 - level / (levels - 1)
            fraction = first**rest
            steps = self.last_steps * (self.first_steps / self.last_steps) ** rest
            found.append(
                Scale(round(width * fraction), round(height * fraction), round(steps))
            )
        return tuple(found)

    def total_steps(self, width: int, height: int) -> int:
        """The number of steps, all scales together."""
        return sum(scale.steps for scale in self.scales(width, height))

    def pixel_steps(self, width: int, height: int) -> float:
        """The work: pixels × steps, all scales together.

        Times the seconds per pixel-step of a device, this is the painting time.
        """
        return float(
            sum(s.width * s.height * s.steps for s in self.scales(width, height))
        )


def _coarsest_fraction(edge_px: int | None, width: int, height: int) -> float:
    if edge_px is None:
        return 1.0
    fraction = max(edge_px / max(width, height), SMALLEST_SIDE_PX / min(width, height))
    return min(1.0, fraction)


def _check_layers(name: str, layers: tuple[LayerWeight, ...]) -> None:
    if not layers:
        raise RecipeError(f"{name} is empty: name at least one layer.")
    for layer, weight in layers:
        if layer not in LAYERS:
            known = ", ".join(LAYERS)
            raise RecipeError(
                f"{name}: {layer!r} is no layer; expected one of {known}."
            )
        _check_range(f"{name}: the weight of {layer}", weight, 0.0, 1e12)
    if len({layer for layer, _ in layers}) < len(layers):
        raise RecipeError(f"{name} names a layer twice.")
    if not sum(weight for _, weight in layers):
        raise RecipeError(f"{name}: every weight is 0.")


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RecipeError(f"{name} is {value}; expected {low:g} to {high:g}.")


_ENUMS: Final = MappingProxyType(
    {
        "normalisation": Normalisation,
        "pooling": Pooling,
        "border": Border,
        "space": Space,
        "optimizer": Optimizer,
    }
)


def _check_enums(recipe: Recipe) -> None:
    for name, kind in _ENUMS.items():
        value = getattr(recipe, name)
        if not isinstance(value, kind):
            known = ", ".join(kind)
            raise RecipeError(f"{name} is {value!r}; expected one of {known}.")


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


REFERENCE_RECIPES: Final[Mapping[str, Recipe]] = MappingProxyType(
    {
        # The origin of this project, AkankshaShrimal/Style-Transfer.
        "seed": Recipe(
            alpha=1.0,
            beta=1e4,
            normalisation=Normalisation.SEED,
            space=Space.NORMALISED,
            learning_rate=0.003,
            cosine=False,
            last_steps=5000,
        ),
        # Gatys, Ecker & Bethge 2016, on torchvision's unscaled weights.
        "gatys2016": Recipe(
            style_layers=_style_layers(0.2, 0.2, 0.2, 0.2, 0.2),
            alpha=1.0,
            beta=1e3,
            normalisation=Normalisation.PAPER,
            pooling=Pooling.AVERAGE,
            init_noise=1.0,
            optimizer=Optimizer.LBFGS,
            smoothing=0.0,
            last_steps=500,
        ),
    }
)


def largest_edge(
    recipe: Recipe,
    seconds_per_pixel_step: float,
    budget_s: float,
    low: int = 256,
    high: int = 1280,
    *,
    ratio: float = 4 / 3,
) -> int:
    """The longer side, in px, of the largest picture painted within `budget_s`.

    A multiple of 16 between `low` and `high`, for a picture whose sides are as
    `ratio` to 1; `low` even if that takes longer.
    """
    for edge in range(high - high % 16, low, -16):
        work = recipe.pixel_steps(edge, max(1, round(edge / ratio)))
        if work * seconds_per_pixel_step <= budget_s:
            return edge
    return low
