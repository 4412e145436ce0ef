"""The terms of the objective, as functions of features and targets.

Every `Normalisation` weighs the same two squared errors, of the features F against
the content's P and of the mean Gram Ĝ = F·Fᵀ/N against the style's Â, by a
factor that depends on the targets alone.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .recipes import Normalisation


def widen(x: Tensor) -> Tensor:
    """float32 for anything narrower; losses are never computed in less."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


class _Gram(torch.autograd.Function):
    """XᵀX for X (N, C), in float32, with one matrix product backwards instead of two.

    The gradient of a symmetric product is X·(D + Dᵀ); autograd would multiply by D
    and by Dᵀ one after the other.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        full = widen(x)
        return full.T @ full

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        x: Tensor = ctx.saved_tensors[0]
        return x @ (grad + grad.T).to(x.dtype)


def gram(features: Tensor) -> Tensor:
    """F·Fᵀ over all positions.

    Args:
        features: `(1, C, h, w)`; any layout, but channels last needs no copy.

    Returns:
        `(C, C)`, float32 even for bfloat16 features.
    """
    channels = features.shape[1]
    found: Tensor = _Gram.apply(features.permute(0, 2, 3, 1).reshape(-1, channels))
    return found


def squared_error(actual: Tensor, target: Tensor) -> Tensor:
    """Σ(actual - target)², in float32 at least."""
    return (widen(actual) - target).square().sum()


def content_factor(kind: Normalisation, target: Tensor) -> float:
    """What Σ(F-P)² is multiplied by, for P = `target` of `(1, C, h, w)`.

    seed: 1/(C·N), a mean. paper: ½. relative: 1/Σ(P-mean P)², the mean taken per
    channel, so that 1 is the loss of a picture without any content.
    """
    if kind is Normalisation.SEED:
        return 1.0 / target.numel()
    if kind is Normalisation.PAPER:
        return 0.5
    # A content of one flat colour varies only at its borders; a hundredth of its
    # plain energy keeps the factor finite. A few channels at a time: widened as a
    # whole, the features of a large picture would not fit.
    energies = []
    for some in torch.split(target, 32, dim=1):
        wide = widen(some)
        spread = wide - wide.mean(dim=(2, 3), keepdim=True)
        energies.append(spread.square().sum() + 0.01 * wide.square().sum())
    return 1.0 / max(float(torch.stack(energies).sum()), 1e-12)


def style_factor(kind: Normalisation, target: Tensor, count: float) -> float:
    """What Σ(Ĝ-Â)² is multiplied by, for Â = `target` of `(C, C)`.

    seed: N/C³, which is the mean of (G-A)² over C·N, with N = `count`.
    paper: 1/(4C²). relative: 1/ΣÂ².
    """
    channels = target.shape[0]
    if kind is Normalisation.SEED:
        return count / channels**3
    if kind is Normalisation.PAPER:
        return 1.0 / (4 * channels**2)
    return 1.0 / max(float(target.square().sum()), 1e-12)


def total_variation(picture: Tensor) -> Tensor:
    """The mean squared step between neighbours, across plus down.

    A mean, unlike the sums of most peers, weighs the same at every size.

    Args:
        picture: `(3, H, W)`.
    """
    channels, height, width = picture.shape
    across = squared_steps(picture, 2) / (channels * height * (width - 1))
    down = squared_steps(picture, 1) / (channels * (height - 1) * width)
    return across + down


def squared_steps(picture: Tensor, dim: int) -> Tensor:
    """The sum of the squared steps between neighbours along a dimension."""
    return picture.diff(dim=dim).square().sum()
