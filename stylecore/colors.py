"""The content's colours in the result (Gatys et al. 2016, "Preserving color in neural
artistic style transfer"), as each of `Colors` has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import torch
from torch import Tensor

from .constants import per_channel
from .recipes import Colors

LUMA: Final = (0.299, 0.587, 0.114)
"""Of R, G and B (ITU-R BT.601), as in the Y of YIQ."""

_EPSILON: Final = 3e-5
"""Variance, of values in [0, 1]. Without it the covariance of a grey picture has no
inverse; and the grain of nearly grey ones would be blown up into colours. Of coloured
paintings the least of the three variances is 15 times as large at least."""


def content_to_paint(colors: Colors, content: Tensor) -> Tensor:
    """What stands in for the content, `(3, H, W)` in [0, 1]."""
    return grey(content) if colors is Colors.LUMINANCE else content


def style_to_learn(
    colors: Colors,
    style: Tensor,
    content: Tensor,
    mask: Tensor | None = None,
    region: Tensor | None = None,
) -> Tensor:
    """What stands in for the style, `(3, H, W)` in [0, 1].

    Args:
        colors: whose colours the result has.
        style: `(3, H, W)` in [0, 1].
        content: the same, of any size.
        mask: `(H, W)` in [0, 1], the part of the style that counts; None: all.
        region: the same for the content.
    """
    if colors is Colors.STYLE:
        return style
    if colors is Colors.LUMINANCE:
        lumas = matched(luma(style), luma(content), mask, region)
        return lumas.clamp(0.0, 1.0).expand_as(style)
    # What cannot be painted should not be aimed at either.
    return matched(style, content, mask, region).clamp(0.0, 1.0)


def luma(picture: Tensor) -> Tensor:
    """`(1, H, W)` from RGB `(3, H, W)`."""
    return (picture * per_channel(LUMA, picture)).sum(dim=0, keepdim=True)


def grey(picture: Tensor) -> Tensor:
    """The luma in all three channels."""
    return luma(picture).expand_as(picture)


def even(picture: Tensor) -> Tensor:
    """The mean of the channels in all three: what keeps a picture grey while it is
    painted. With the luma, green would move five times as fast as blue."""
    return picture.mean(dim=0, keepdim=True).expand_as(picture)


def with_chroma(lumas: Tensor, content: Tensor) -> Tensor:
    """RGB in [0, 1] of the given luma `(1, H, W)` and the chroma of `(3, H, W)`.

    Where the two make no colour that exists, the chroma is weakened until they do;
    to cut off the channels instead, as the paper does, would change luma and hue.
    """
    lumas = lumas.clamp(0.0, 1.0)
    chroma = content - luma(content)
    room = torch.where(chroma > 0, 1 - lumas, lumas) / chroma.abs().clamp(min=1e-6)
    share = room.amin(dim=0, keepdim=True).clamp(max=1.0)
    return (lumas + share * chroma).clamp(0.0, 1.0)


def matched(
    style: Tensor,
    content: Tensor,
    mask: Tensor | None = None,
    region: Tensor | None = None,
) -> Tensor:
    """The style with the content's mean and covariance of colours.

    x' = M(x - μ_s) + μ_c with the symmetric M = S^-½ (S^½ C S^½)^½ S^-½, for S and C
    the covariances of style (plus a little on its diagonal) and content.

    Args:
        style: `(C, H, W)`, of one channel or more.
        content: `(C, h, w)`.
        mask: `(H, W)`, how much each pixel of the style counts.
        region: `(h, w)`, the same for the content.

    Returns:
        `(C, H, W)`; it may leave [0, 1].
    """
    mean, covariance = color_statistics(style, mask)
    wanted_mean, wanted = color_statistics(content, region)
    matrix = matching(covariance, wanted).to(style)
    centred = style - mean.to(style)[:, None, None]
    turned = torch.einsum("ij,jhw->ihw", matrix, centred)
    return turned + wanted_mean.to(style)[:, None, None]


def color_statistics(
    picture: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Mean `(C,)` and covariance `(C, C)` of colours, float64, on the CPU.

    A mask that is black everywhere counts as none.
    """
    if mask is None or not mask.any():
        mask = torch.ones_like(picture[0])
    channels = len(picture)
    count = torch.zeros((), dtype=torch.float64)
    total = torch.zeros(channels, dtype=torch.float64)
    products = torch.zeros(channels, channels, dtype=torch.float64)
    for values, weights in _in_parts(picture, mask):
        count += weights.sum()
        total += values @ weights
    mean = total / count
    for values, weights in _in_parts(picture, mask):
        centred = values - mean[:, None]
        products += (centred * weights) @ centred.T
    return mean, products / count


def _in_parts(picture: Tensor, mask: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Values `(C, n)` and weights `(n,)`: in float64 a large picture does not fit."""
    bands = torch.split(picture, 64, dim=1), torch.split(mask, 64)
    for rows, weights in zip(*bands, strict=True):
        yield (
            rows.detach().flatten(1).cpu().double(),
            weights.detach().flatten().cpu().double(),
        )


def matching(covariance: Tensor, wanted: Tensor) -> Tensor:
    """The symmetric M with M·(covariance + ε·1)·M = wanted, `(C, C)` float64.

    It is the map that moves the colours the least (Pitié & Kokaram 2007, "The linear
    Monge-Kantorovitch linear colour mapping"). A grey content makes grey of any style,
    a flat style stays flat.
    """
    own = covariance + _EPSILON * torch.eye(len(covariance), dtype=covariance.dtype)
    root, inverse = power(own, 0.5), power(own, -0.5)
    return inverse @ power(root @ wanted @ root, 0.5) @ inverse


def power(matrix: Tensor, exponent: float) -> Tensor:
    """A power of a symmetric matrix without negative eigenvalues."""
    values: Tensor
    vectors: Tensor
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    # Rounding may leave a zero slightly negative.
    return (vectors * values.clamp(min=0.0).pow(exponent)) @ vectors.T
