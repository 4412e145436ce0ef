"""What the objective compares with: features of the content, Grams of the styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from .masks import Mask, distinct
from .recipes import LayerWeight, Normalisation, Recipe


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


def layer_size(layer: str, shape: torch.Size) -> tuple[int, int]:
    """Height and width of a layer over a picture `(..., H, W)`."""
    return shape[-2] >> halvings(layer), shape[-1] >> halvings(layer)


def halvings(layer: str) -> int:
    """How many poolings come before a layer."""
    return int(layer[len("conv")]) - 1


def region_masks(
    recipe: Recipe, content: Tensor, regions: Sequence[Tensor | None]
) -> dict[GramKey, Mask]:
    """The masks of all style layers. Regions that vanish in the deep layers are left
    out there."""
    masks = {}
    for layer in layer_weights(recipe.style_layers, recipe.normalisation):
        size = layer_size(layer, content.shape)
        for number, region in enumerate(distinct(regions)):
            mask = Mask.of(region, size)
            if mask.count:
                masks[GramKey(layer, number)] = mask
    return masks


def blended(grams: Sequence[tuple[Tensor, float]]) -> Tensor:
    """Σ w·Â / Σ w: to the picture the same as the sum of the weighted losses."""
    total = sum(share for _, share in grams)
    return torch.stack([each * (share / total) for each, share in grams]).sum(dim=0)


def layer_weights(
    layers: tuple[LayerWeight, ...], kind: Normalisation
) -> dict[str, float]:
    """The weights that are not 0; relative ones add up to 1."""
    total = sum(weight for _, weight in layers)
    share = total if kind is Normalisation.RELATIVE else 1.0
    return {layer: weight / share for layer, weight in layers if weight}
