"""`Objective`: a recipe's loss at one size, with its targets.

Its terms are methods, so that a picture can also be evaluated tile by tile: a Gram
is a sum over positions, and so is the content loss.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

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
from .recipes import LAYERS, Colors, Recipe
from .relaxation import GramMetric
from .spaces import as_seen, bounds, decode, encode
from .targets import (
    GramKey,
    Statistic,
    StylePixels,
    Target,
    blended,
    layer_size,
    layer_weights,
    region_masks,
)
from .windows import WHOLE, WHOLE_LAYERS, Windows

if TYPE_CHECKING:
    from .cache import StyleCache


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
            self._masks = region_masks(
                recipe, content, [style.region for style, _ in shares]
            )
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
        weights = layer_weights(self._recipe.content_layers, kind)
        targets = {}
        for layer, value in self.content_features(content, weights).items():
            factor = weights[layer] * content_factor(kind, value)
            targets[layer] = Target(value=value, factor=factor)
        return targets

    def _style_targets(
        self, shares: Sequence[tuple[StylePixels, float]]
    ) -> dict[GramKey, Target]:
        kind = self._recipe.normalisation
        weights = layer_weights(self._recipe.style_layers, kind)
        known = [(self._recalled(style, weights), share) for style, share in shares]
        regions = distinct([style.region for style, _ in shares])
        targets = {}
        for key, mask in self._masks.items():
            value = blended(
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
