"""`Objective`: a recipe's loss at one size, with its targets.

Its terms are methods, so that a picture can also be evaluated tile by tile: a Gram
is a sum over positions, and so is the content loss.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import torch
from torch import Tensor

from .colors import even
from .features import VGGFeatures
from .losses import (
    content_factor,
    gram,
    squared_error,
    style_factor,
    total_variation,
)
from .masks import Mask, distinct, weigh
from .recipes import LAYERS, Colors, LayerWeight, Normalisation, Recipe
from .relaxation import GramMetric
from .spaces import as_seen, bounds, decode, encode

if TYPE_CHECKING:
    from .cache import StyleCache


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StylePixels:
    """A style at one scale."""

    picture: Tensor
    """`(3, H, W)` float32 RGB in [0, 1]; any size, but the content's for
    `Normalisation.SEED`."""
    mask: Tensor | None = None
    """`(H, W)` in [0, 1], where to learn; None: everywhere."""
    region: Tensor | None = None
    """In [0, 1] with height and width of the content, where to paint; None:
    everywhere. Styles that share the tensor are blended."""


class Statistic(NamedTuple):
    """What a layer says of a style."""

    gram: Tensor
    """The mean Gram, `(C, C)` float32."""
    positions: float
    """Over how many positions it is the mean, weighed by the mask."""

    @classmethod
    def of(cls, sums: Tensor, mask: Mask) -> Statistic:
        """From Σ T²·F·Fᵀ, and the mask that T is."""
        return cls(gram=sums / max(mask.count, 1e-12), positions=mask.count)


class GramKey(NamedTuple):
    """Which Gram: a layer's, in one of the regions."""

    layer: str
    region: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """What features or a mean Gram should become; the factor on the squared error."""

    value: Tensor
    """Features `(1, C, h, w)` or a mean Gram `(C, C)`, float32."""
    factor: float


class Window(NamedTuple):
    """The part of a layer that a tile answers for."""

    rows: slice
    """In the layer of the tile: what lies outside is halo."""
    columns: slice
    whole_rows: slice
    """The same rows in the layer of the whole picture."""
    whole_columns: slice

    def inside(self, x: Tensor) -> Tensor:
        """The part of the tile's `(..., h, w)`."""
        return x[..., self.rows, self.columns]

    def of_whole(self, x: Tensor) -> Tensor:
        """The part of the whole picture's `(..., h, w)`."""
        return x[..., self.whole_rows, self.whole_columns]


Windows = Mapping[str, Window]
"""By layer; layers that are not named count whole."""

EVERYTHING: Final = slice(None)
WHOLE: Final = Window(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING)
WHOLE_LAYERS: Final[Windows] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """The objective at one point, still on the device."""

    losses: Tensor
    """`(4,)` float32: the total and the weighted parts, in the order of `PARTS`."""
    gradient: Tensor
    """Of the total, with the shape of the point."""


PARTS = ("total", "content", "style", "tv")


class Objective:
    """alpha · content + beta · style + tv · total variation.

    Args:
        features: the network.
        recipe: layers, weights, normalisation, pooling and space.
        content: `(3, H, W)` float32 RGB in [0, 1].
        styles: one picture `(3, H, W)`, or several with their masks and regions;
            `recipe.blend` weighs those that share a region.
        cache: of what this network has said of styles; none: it is asked again.
    """

    def __init__(
        self,
        features: VGGFeatures,
        recipe: Recipe,
        content: Tensor,
        styles: Tensor | Sequence[StylePixels],
        cache: StyleCache | None = None,
    ) -> None:
        self._features = features
        self._recipe = recipe
        self._cache = cache
        layers = (*recipe.content_layers, *recipe.style_layers)
        self._layers = frozenset(layer for layer, weight in layers if weight)
        if isinstance(styles, Tensor):
            styles = (StylePixels(picture=styles),)
        blend = recipe.blend or (1.0,) * len(styles)
        shares = [pair for pair in zip(styles, blend, strict=True) if pair[1]]
        with torch.no_grad():
            self._contents = self._content_targets(content)
            self._masks = _masks(recipe, content, [style.region for style, _ in shares])
            self.divisors = {key: each.count for key, each in self._masks.items()}
            self._styles = self._style_targets(shares)
        self._metrics: Mapping[GramKey, GramMetric] = {}

    def shallow(self, deepest: str) -> Self:
        """The same with what lies beyond the layer `deepest` left out and not computed;
        targets are shared."""
        known = LAYERS[: 1 + LAYERS.index(deepest)]
        found = copy(self)
        found._layers = self._layers.intersection(known)
        found._contents = {x: y for x, y in self._contents.items() if x in known}
        found._masks = {x: y for x, y in self._masks.items() if x.layer in known}
        found._styles = {x: y for x, y in self._styles.items() if x.layer in known}
        return found

    def relaxed(self, knee: float, known: dict[GramKey, GramMetric]) -> Self:
        """The same with the Grams' errors weighed by `GramMetric`; targets are shared.

        Args:
            knee: see `GramMetric`.
            known: the metrics of that knee so far; those that are missing are added.
        """
        found = copy(self)
        for key, target in self._styles.items():
            if key not in known:
                known[key] = GramMetric(target.value, knee)
        found._metrics = known
        return found

    # Targets: `tiles.TiledObjective` finds the same features and Grams tile by tile.

    def content_features(
        self, content: Tensor, layers: Collection[str]
    ) -> dict[str, Tensor]:
        """The content's activations `(1, C, h, w)`, as narrow as the network's."""
        return self.see(content, layers)

    def statistics(
        self, style: StylePixels, layers: Collection[str]
    ) -> dict[str, Statistic]:
        """The mean Gram of a style at each layer, where its mask is white."""
        found = self.see(style.picture, layers)
        statistics = {}
        for layer in layers:
            mask = Mask.of(style.mask, layer_size(layer, style.picture.shape))
            sums = gram(weigh(found[layer], mask.weights))
            statistics[layer] = Statistic.of(sums, mask)
        return statistics

    def _recalled(
        self, style: StylePixels, layers: Collection[str]
    ) -> Mapping[str, Statistic]:
        if self._cache is None:
            return self.statistics(style, layers)
        view = (frozenset(layers), self._view())
        return self._cache.statistics(
            style, view, lambda: self.statistics(style, layers)
        )

    def _view(self) -> tuple[Hashable, ...]:
        """How pictures are looked at: all of the recipe that `see` reads, and more."""
        recipe = self._recipe
        return recipe.pooling, recipe.border, recipe.space, self._features.dtype

    def _content_targets(self, content: Tensor) -> dict[str, Target]:
        kind = self._recipe.normalisation
        weights = _weights(self._recipe.content_layers, kind)
        targets = {}
        for layer, value in self.content_features(content, weights).items():
            factor = weights[layer] * content_factor(kind, value)
            targets[layer] = Target(value=value, factor=factor)
        return targets

    def _style_targets(
        self, shares: Sequence[tuple[StylePixels, float]]
    ) -> dict[GramKey, Target]:
        kind = self._recipe.normalisation
        weights = _weights(self._recipe.style_layers, kind)
        known = [(self._recalled(style, weights), share) for style, share in shares]
        regions = distinct([style.region for style, _ in shares])
        targets = {}
        for key, mask in self._masks.items():
            value = _blended(
                [
                    (statistics[key.layer].gram, share)
                    for (style, _), (statistics, share) in zip(
                        shares, known, strict=True
                    )
                    if style.region is regions[key.region]
                ]
            )
            factor = weights[key.layer] * style_factor(kind, value, mask.count)
            targets[key] = Target(value=value, factor=factor * mask.area)
        return targets

    def encode(self, picture: Tensor) -> Tensor:
        """RGB in [0, 1] to the numbers that are optimised."""
        return encode(picture, self._recipe.space)

    def decode(self, numbers: Tensor) -> Tensor:
        """The inverse of `encode`; what it gives may leave [0, 1]."""
        picture = decode(numbers, self._recipe.space)
        return even(picture) if self._recipe.colors is Colors.LUMINANCE else picture

    @property
    def bounds(self) -> tuple[float, float] | None:
        """What each of the numbers must keep to."""
        return bounds(self._recipe.space)

    def evaluate(self, numbers: Tensor) -> Evaluation:
        """Losses and gradient at `numbers`, `(3, H, W)` float32."""
        point = numbers.detach().requires_grad_()
        with torch.enable_grad():
            losses = self._losses(self.decode(point))
            (gradient,) = torch.autograd.grad(losses[0], point)
        return Evaluation(losses=losses.detach(), gradient=gradient)

    def _losses(self, picture: Tensor) -> Tensor:
        found = self.see(picture)
        sums = self.gram_sums(found)
        return self.total(
            self.content_loss(found),
            self.style_loss({key: sums[key] / self.divisors[key] for key in sums}),
            self.variation(picture),
        )

    # Terms, each already weighted.

    def see(
        self, picture: Tensor, layers: Collection[str] | None = None
    ) -> dict[str, Tensor]:
        """Activations `(1, C, h, w)` of `layers`; None: of all that carry weight."""
        recipe = self._recipe
        layers = self._layers if layers is None else layers
        shown = as_seen(picture, recipe.space)
        return self._features(shown, layers, recipe.pooling, recipe.border)

    def gram_sums(
        self, found: Mapping[str, Tensor], windows: Windows = WHOLE_LAYERS
    ) -> dict[GramKey, Tensor]:
        """Σ T²·F·Fᵀ over the positions inside the windows, `(C, C)`; the sums of
        tiles add up to the picture's. Divided by `divisors` they are mean Grams."""
        sums = {}
        for key, mask in self._masks.items():
            window = windows.get(key.layer, WHOLE)
            features = window.inside(found[key.layer])
            if mask.weights is not None:
                features = weigh(features, window.of_whole(mask.weights))
            sums[key] = gram(features)
        return sums

    def content_loss(
        self, found: Mapping[str, Tensor], windows: Windows = WHOLE_LAYERS
    ) -> Tensor:
        """The weighted content loss inside the windows; tiles add up."""
        loss = next(iter(found.values())).new_zeros((), dtype=torch.float32)
        for layer, target in self._contents.items():
            window = windows.get(layer, WHOLE)
            actual = window.inside(found[layer])
            error = squared_error(actual, window.of_whole(target.value))
            loss = loss + target.factor * error
        return self._recipe.alpha * loss

    def style_loss(self, mean_grams: Mapping[GramKey, Tensor]) -> Tensor:
        """The weighted style loss of the whole picture's mean Grams."""
        loss = next(iter(mean_grams.values())).new_zeros(())
        for key, target in self._styles.items():
            metric = self._metrics.get(key)
            if metric is None:
                error = squared_error(mean_grams[key], target.value)
            else:
                error = metric.squared(mean_grams[key] - target.value)
            loss = loss + target.factor * error
        return self._recipe.beta * loss

    def variation(self, picture: Tensor) -> Tensor:
        """The weighted total variation."""
        return self._recipe.tv * total_variation(self._recipe.variation, picture)

    def total(self, content: Tensor, style: Tensor, variation: Tensor) -> Tensor:
        """`Evaluation.losses`."""
        return torch.stack((content + style + variation, content, style, variation))


def layer_size(layer: str, shape: torch.Size) -> tuple[int, int]:
    """Height and width of a layer over a picture `(..., H, W)`."""
    return shape[-2] >> halvings(layer), shape[-1] >> halvings(layer)


def halvings(layer: str) -> int:
    """How many poolings come before a layer."""
    return int(layer[len("conv")]) - 1


def _masks(
    recipe: Recipe, content: Tensor, regions: Sequence[Tensor | None]
) -> dict[GramKey, Mask]:
    """Regions that vanish in the deep layers are left out there."""
    masks = {}
    for layer in _weights(recipe.style_layers, recipe.normalisation):
        size = layer_size(layer, content.shape)
        for number, region in enumerate(distinct(regions)):
            mask = Mask.of(region, size)
            if mask.count:
                masks[GramKey(layer, number)] = mask
    return masks


def _blended(grams: Sequence[tuple[Tensor, float]]) -> Tensor:
    """Σ w·Â / Σ w: to the picture the same as the sum of the weighted losses."""
    total = sum(share for _, share in grams)
    return torch.stack([each * (share / total) for each, share in grams]).sum(dim=0)


def _weights(layers: tuple[LayerWeight, ...], kind: Normalisation) -> dict[str, float]:
    total = sum(weight for _, weight in layers)
    share = total if kind is Normalisation.RELATIVE else 1.0
    return {layer: weight / share for layer, weight in layers if weight}
