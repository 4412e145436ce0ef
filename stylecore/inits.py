"""Where a run begins: the first picture of its first scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from .colors import color_statistics, content_to_paint, power
from .features import IMAGENET_MEAN
from .masks import coverage
from .recipes import Init, Recipe
from .spaces import LEVELS
from .targets import StylePixels

_GREY_NOISE: Final = 0.001 / LEVELS
_CLOUDS: Final = 6
"""How many clouds fit along the longer side."""


def first_picture(
    recipe: Recipe,
    content: Tensor,
    styles: Sequence[StylePixels],
    seed: int,
    start: Tensor | None = None,
) -> Tensor:
    """What the first step improves, `(3, H, W)` in [0, 1].

    Args:
        recipe: its `init`, and the share `init_noise` of white noise laid over it.
        content: `(3, H, W)` in [0, 1], as it is painted.
        styles: those of this scale.
        seed: of all that is random.
        start: as large as the content, in place of what `recipe.init` says.
    """
    generator = torch.Generator().manual_seed(seed)
    first = _init(recipe, content, styles, generator) if start is None else start
    if recipe.init_noise:
        first = torch.lerp(first, _white(content, generator), recipe.init_noise)
    return content_to_paint(recipe.colors, first)


def _init(
    recipe: Recipe,
    content: Tensor,
    styles: Sequence[StylePixels],
    generator: torch.Generator,
) -> Tensor:
    if recipe.init is Init.NOISE:
        return _white(content, generator)
    if recipe.init is Init.GREY:
        noise = _GREY_NOISE * torch.randn(content.shape, generator=generator)
        mean = content.new_tensor(IMAGENET_MEAN).view(3, 1, 1)
        return mean + noise.to(content)
    if recipe.init is Init.STYLE:
        return _in_the_styles_colors(recipe, content, styles, generator)
    return content


def _white(like: Tensor, generator: torch.Generator) -> Tensor:
    # Drawn on the CPU, so that every device gets the same.
    return torch.rand(like.shape, generator=generator).to(like)


def _in_the_styles_colors(
    recipe: Recipe,
    content: Tensor,
    styles: Sequence[StylePixels],
    generator: torch.Generator,
) -> Tensor:
    """Clouds in each style's colours where it is painted, the content elsewhere."""
    clouds = _clouds(content, generator)
    height, width = content.shape[1:]
    everywhere = torch.ones_like(content[0])
    total, shares = torch.zeros_like(content), torch.full_like(everywhere, 1e-6)
    for style, share in zip(styles, recipe.blend or (1.0,) * len(styles), strict=True):
        region = everywhere if style.region is None else style.region[:height, :width]
        total += share * region * _colored(clouds, style)
        shares += share * region
    mixed = total / shares
    covered = coverage([style.region for style in styles])
    if covered is not None:
        mixed = torch.lerp(content, mixed, covered[:height, :width])
    return mixed.clamp(0.0, 1.0)


def _clouds(like: Tensor, generator: torch.Generator) -> Tensor:
    """Smooth noise `(3, H, W)`, each channel of mean 0, without correlation."""
    height, width = like.shape[1:]
    cells = [2 + round(_CLOUDS * side / max(height, width)) for side in (height, width)]
    coarse = torch.randn(1, 3, *cells, generator=generator)
    smooth = F.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)[
        0
    ].double()
    mean, covariance = color_statistics(smooth)
    whitened = torch.einsum(
        "ij,jhw->ihw", power(covariance, -0.5), smooth - mean[:, None, None]
    )
    return whitened.to(like)


def _colored(clouds: Tensor, style: StylePixels) -> Tensor:
    """The clouds with the mean and the covariance of a style's colours."""
    mean, covariance = color_statistics(style.picture, style.mask)
    root = power(covariance, 0.5).to(clouds)
    turned = torch.einsum("ij,jhw->ihw", root, clouds)
    return turned + mean.to(clouds)[:, None, None]
