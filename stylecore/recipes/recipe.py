"""`Recipe`: what to optimise and in how many steps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..errors import RecipeError
from .checks import check_blend, check_cascade, check_enums, check_layers, check_range
from .continuation import continued
from .fields import (
    SMALLEST_SIDE_PX,
    Border,
    Colors,
    Init,
    LayerSteps,
    LayerWeight,
    Normalisation,
    Optimizer,
    Pooling,
    Scale,
    Space,
    Variation,
    style_layers,
)


def _help(sentence: str) -> Mapping[str, str]:
    return MappingProxyType({"help": sentence})


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
        default=style_layers(1.0, 0.8, 0.5, 0.3, 0.1),
        metadata=_help("layers whose Grams carry the style"),
    )
    blend: tuple[float, ...] = field(
        default=(),
        metadata=_help("how much of each of several styles; none: all the same"),
    )
    alpha: float = field(default=1.0, metadata=_help("weight of the content loss"))
    beta: float = field(default=10.0, metadata=_help("weight of the style loss"))
    tv: float = field(default=0.0, metadata=_help("weight of the total variation"))
    variation: Variation = field(
        default=Variation.MEAN_SQUARED,
        metadata=_help("what the total variation adds up"),
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
    colors: Colors = field(
        default=Colors.STYLE, metadata=_help("whose colours the result has")
    )
    init: Init = field(default=Init.CONTENT, metadata=_help("the first picture"))
    init_noise: float = field(
        default=0.0, metadata=_help("share of white noise laid over the first picture")
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
    cascade: tuple[LayerSteps, ...] = field(
        default=(),
        metadata=_help(
            "first steps that see no deeper than the layer named, "
            "at the first of several scales"
        ),
    )
    relaxed_steps: int = field(
        default=0,
        metadata=_help(
            "first steps in which the stiffest parts of the Grams count for little, "
            "at the first of several scales"
        ),
    )
    relaxation: float = field(
        default=0.02,
        metadata=_help(
            "share of a Gram's energy at which a part counts as stiff, "
            "for the relaxed steps"
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
    continued: bool = field(
        default=False,
        metadata=_help(
            "half the work, for a start from a finished picture of the pair"
        ),
    )

    def __post_init__(self) -> None:
        check_layers("content_layers", self.content_layers)
        check_layers("style_layers", self.style_layers)
        check_blend(self.blend)
        for name in ("alpha", "beta", "tv"):
            check_range(name, getattr(self, name), 0.0, 1e12)
        if not (self.alpha or self.beta):
            raise RecipeError("alpha and beta are both 0: nothing to paint towards.")
        check_range("init_noise", self.init_noise, 0.0, 1.0)
        check_range("detail", self.detail, 0.0, 1.0)
        check_range("style_scale", self.style_scale, 0.1, 10.0)
        check_range("learning_rate", self.learning_rate, 1e-6, 1e3)
        check_range("history", self.history, 1, 200)
        check_range("smoothing", self.smoothing, 0.0, 2.0)
        check_cascade(self.cascade)
        check_range("relaxed_steps", self.relaxed_steps, 0, 100_000)
        check_range("relaxation", self.relaxation, 1e-6, 1.0)
        check_range("first_steps", self.first_steps, 1, 100_000)
        check_range("last_steps", self.last_steps, 1, 100_000)
        if self.coarsest_edge_px is not None:
            check_range("coarsest_edge_px", self.coarsest_edge_px, 32, 4096)
        check_enums(self)

    def scales(self, width: int, height: int) -> tuple[Scale, ...]:
        """The sizes and steps that lead to a picture of `width` × `height` pixels.

        The longer side grows by even ratios of about 2 from `coarsest_edge_px`, the
        steps fall evenly from `first_steps` to `last_steps`. No side goes below
        `SMALLEST_SIDE_PX` unless the picture itself does.
        """
        scales = self._scales(width, height)
        return continued(scales) if self.continued else scales

    def _scales(self, width: int, height: int) -> tuple[Scale, ...]:
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
