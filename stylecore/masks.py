"""Region masks at the layers of the network (guided Grams, Gatys et al. 2017, 4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mask:
    """Which positions of a layer count in a Gram, Σ T²·F·Fᵀ / Σ T²."""

    weights: Tensor | None
    """T, `(h, w)` in [0, 1]; None: 1 everywhere."""
    count: float
    """Σ T²."""
    area: float
    """Mean T²: the share of the layer."""

    @classmethod
    def of(cls, mask: Tensor | None, size: tuple[int, int]) -> Mask:
        """A mask `(H, W)`, shrunk by area to the height and width of a layer."""
        positions = size[0] * size[1]
        if mask is None:
            return cls(weights=None, count=float(positions), area=1.0)
        weights = F.interpolate(mask[None, None], size, mode="area")[0, 0]
        count = float(weights.square().sum())
        return cls(weights=weights, count=count, area=count / positions)


def distinct(regions: Sequence[Tensor | None]) -> list[Tensor | None]:
    """The regions, each once: those that are the same tensor are one."""
    found = {id(each): each for each in regions}
    return list(found.values())


def coverage(regions: Sequence[Tensor | None]) -> Tensor | None:
    """How much of each position any of the regions claims, `(h, w)` in [0, 1].

    Soft edges of neighbours add up to 1. None: everything is claimed.
    """
    total: Tensor | None = None
    for region in distinct(regions):
        if region is None:
            return None
        total = region if total is None else total + region
    return None if total is None else total.clamp(max=1.0)


def weigh(features: Tensor, weights: Tensor | None) -> Tensor:
    """T∘F for features `(1, C, h, w)` and T of `(h, w)`, if there is one."""
    return features if weights is None else features * weights.to(features.dtype)
