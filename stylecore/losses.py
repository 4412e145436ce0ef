"""The terms of the objective, as functions of features and targets.

Every `Normalisation` weighs the same two squared errors, of the features F against
the content's P and of the mean Gram Ĝ = F·Fᵀ/N against the style's Â, by a
factor that depends on the targets alone.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .recipes import Normalisation, Variation
from .spaces import LEVELS


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

    seed, johnson: 1/(C·N), a mean. paper: ½. relative: 1/Σ(P-mean P)², the mean taken
    per channel, so that 1 is the loss of a picture without any content.
    """
    if kind in (Normalisation.SEED, Normalisation.JOHNSON):
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
    paper: 1/(4C²). johnson: 1/C⁴, a mean of (Ĝ-Â)² over C². relative: 1/ΣÂ².
    """
    channels = target.shape[0]
    if kind is Normalisation.SEED:
        return count / channels**3
    if kind is Normalisation.PAPER:
        return 1.0 / (4 * channels**2)
    if kind is Normalisation.JOHNSON:
        return 1.0 / channels**4
    return 1.0 / max(float(target.square().sum()), 1e-12)


def total_variation(kind: Variation, picture: Tensor) -> Tensor:
    """The steps between neighbours, across plus down, as `kind` adds them up.

    Args:
        kind: squared or absolute, mean or sum.
        picture: `(3, H, W)` RGB in [0, 1].
    """
    return variation_of_steps(kind, picture, picture, picture.shape)


def variation_of_steps(
    kind: Variation, across: Tensor, down: Tensor, shape: torch.Size
) -> Tensor:
    """The share of some rows and columns in the total variation.

    Args:
        kind: squared or absolute, mean or sum.
        across: `(3, h, w)`, whose steps along the rows count.
        down: the same along the columns.
        shape: of the whole picture.
    """
    steps = across.diff(dim=2), down.diff(dim=1)
    if kind is Variation.SUM_ABSOLUTE:
        return LEVELS * (steps[0].abs().sum() + steps[1].abs().sum())
    channels, height, width = shape
    mean_across = steps[0].square().sum() / (channels * height * (width - 1))
    return mean_across + steps[1].square().sum() / (channels * (height - 1) * width)
