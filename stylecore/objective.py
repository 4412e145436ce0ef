"""`Objective`: a recipe's loss at one size, with its targets."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor

from .features import VGGFeatures, denormalise, normalise
from .losses import (
    content_factor,
    mean_gram,
    positions,
    squared_error,
    style_factor,
    total_variation,
    widen,
)
from .recipes import LayerWeight, Normalisation, Recipe, Space


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """What one layer should become, and the factor on the squared error."""

    layer: str
    value: Tensor
    """Features `(1, C, h, w)` or a mean Gram `(C, C)`, float32."""
    factor: float


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
        style: the same; any size, but the content's for `Normalisation.SEED`.
    """

    def __init__(
        self, features: VGGFeatures, recipe: Recipe, content: Tensor, style: Tensor
    ) -> None:
        self._features = features
        self._recipe = recipe
        layers = (*recipe.content_layers, *recipe.style_layers)
        self._layers = frozenset(layer for layer, weight in layers if weight)
        with torch.no_grad():
            self._contents = self._content_targets(content)
            self._styles = self._style_targets(style)

    def _content_targets(self, content: Tensor) -> list[Target]:
        weights = _weights(self._recipe.content_layers, self._recipe.normalisation)
        found = self._see(content, weights)
        targets = []
        for layer, weight in weights.items():
            value = widen(found[layer])
            factor = content_factor(self._recipe.normalisation, value)
            targets.append(Target(layer=layer, value=value, factor=weight * factor))
        return targets

    def _style_targets(self, style: Tensor) -> list[Target]:
        weights = _weights(self._recipe.style_layers, self._recipe.normalisation)
        found = self._see(style, weights)
        targets = []
        for layer, weight in weights.items():
            value = mean_gram(found[layer])
            count = positions(found[layer])
            factor = style_factor(self._recipe.normalisation, value, count)
            targets.append(Target(layer=layer, value=value, factor=weight * factor))
        return targets

    def _see(self, picture: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        recipe = self._recipe
        return self._features(picture, layers, recipe.pooling, recipe.border)

    def encode(self, picture: Tensor) -> Tensor:
        """RGB in [0, 1] to the numbers that are optimised."""
        return normalise(picture) if self._normalised else picture

    def decode(self, numbers: Tensor) -> Tensor:
        """The inverse of `encode`; what it gives may leave [0, 1]."""
        return denormalise(numbers) if self._normalised else numbers

    @property
    def _normalised(self) -> bool:
        return self._recipe.space is Space.NORMALISED

    @property
    def bounds(self) -> tuple[float, float] | None:
        """What each of the numbers must keep to."""
        return None if self._normalised else (0.0, 1.0)

    def evaluate(self, numbers: Tensor) -> Evaluation:
        """Losses and gradient at `numbers`, `(3, H, W)` float32."""
        point = numbers.detach().requires_grad_()
        with torch.enable_grad():
            losses = self._losses(self.decode(point))
            (gradient,) = torch.autograd.grad(losses[0], point)
        return Evaluation(losses=losses.detach(), gradient=gradient)

    def _losses(self, picture: Tensor) -> Tensor:
        found = self._see(picture, self._layers)
        content = picture.new_zeros(())
        for target in self._contents:
            error = squared_error(found[target.layer], target.value)
            content = content + target.factor * error
        style = picture.new_zeros(())
        for target in self._styles:
            error = squared_error(mean_gram(found[target.layer]), target.value)
            style = style + target.factor * error
        parts = (
            self._recipe.alpha * content,
            self._recipe.beta * style,
            self._recipe.tv * total_variation(picture),
        )
        return torch.stack((sum(parts, start=picture.new_zeros(())), *parts))


def _weights(layers: tuple[LayerWeight, ...], kind: Normalisation) -> dict[str, float]:
    total = sum(weight for _, weight in layers)
    share = total if kind is Normalisation.RELATIVE else 1.0
    return {layer: weight / share for layer, weight in layers if weight}
