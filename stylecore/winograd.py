"""3 × 3 convolutions with a quarter of the multiplications, for processors.

Winograd's F(4 × 4, 3 × 3) as Lavin & Gray 2016, "Fast Algorithms for Convolutional
Neural Networks", section 4.4, has it: 6 × 6 inputs d and kernels g give the 4 × 4
outputs Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, where ⊙ becomes, with many channels and tiles, a
product of matrices for each of the 36 elements.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection
from typing import Any, Final

import torch
from torch import Tensor

_INPUT: Final = (
    (4.0, 0.0, -5.0, 0.0, 1.0, 0.0),
    (0.0, -4.0, -4.0, 1.0, 1.0, 0.0),
    (0.0, 4.0, -4.0, -1.0, 1.0, 0.0),
    (0.0, -2.0, -1.0, 2.0, 1.0, 0.0),
    (0.0, 2.0, -1.0, -2.0, 1.0, 0.0),
    (0.0, 4.0, 0.0, -5.0, 0.0, 1.0),
)
"""Bᵀ."""
_KERNEL: Final = (
    (1 / 4, 0.0, 0.0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0.0, 0.0, 1.0),
)
"""G."""
_OUTPUT: Final = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    (0.0, 1.0, -1.0, 2.0, -2.0, 0.0),
    (0.0, 1.0, 1.0, 4.0, 4.0, 0.0),
    (0.0, 1.0, -1.0, 8.0, -8.0, 1.0),
)
"""Aᵀ."""

_CHUNK: Final = 1 << 20
"""Numbers worked on at once: what the processor's cache holds."""


def suits(device: torch.device, dtype: torch.dtype, channels: Collection[int]) -> bool:
    """Whether `convolve` can be faster than `F.conv2d` between so many `channels`.

    It has to transform what `F.conv2d` multiplies at once, which takes many channels
    to pay. Processors with matrix units (AMX) multiply bfloat16 faster than they could
    transform it.
    """
    if device.type != "cpu" or min(channels) < 64 or max(channels) < 128:
        return False
    if dtype is torch.bfloat16:
        return not torch.cpu.get_capabilities().get("amx_bf16")
    return dtype is torch.float32


def fills(x: Tensor, outputs: int) -> bool:
    """Whether `x`, `(1, in, h, w)`, is large enough for `convolve` to be faster.

    It fetches larger kernels and is made of more calls.
    """
    tiles = math.ceil(x.shape[2] / 4) * math.ceil(x.shape[3] / 4)
    return tiles >= 12 and tiles * x.shape[1] * outputs >= 1 << 20


def transformed(kernels: Tensor, dtype: torch.dtype) -> Tensor:
    """G·g·Gᵀ of every kernel, what `convolve` takes.

    Args:
        kernels: `(out, in, 3, 3)`, float32 or float64.
        dtype: of the result.

    Returns:
        `(36, out, in)`, four times the size of the kernels.
    """
    outputs, inputs = kernels.shape[:2]
    found = kernels.new_empty(36, outputs, inputs, dtype=dtype)
    matrix = _squared(_KERNEL, kernels.dtype)
    # In parts: all at once would go through memory in full precision.
    for start in range(0, outputs, 64):
        rows = kernels[start : start + 64].reshape(-1, 9)
        found[:, start : start + 64] = (matrix @ rows.T).view(36, -1, inputs)
    return found


def convolve(x: Tensor, kernels: Tensor, biases: Tensor, padding: int = 1) -> Tensor:
    """What `F.conv2d` computes, differentiable in `x` alone.

    Rounding errors are some ten times those of `F.conv2d`: 3e-6 of white noise in
    float32 and 0.03 in bfloat16, half of that where inputs have one sign.

    Args:
        x: `(1, in, h, w)`, best channels last.
        kernels: from `transformed`, in the dtype of `x`.
        biases: `(out,)`.
        padding: zeros on each side, 0 to 2.

    Returns:
        `(1, out, h + 2 · padding - 2, w + 2 · padding - 2)`, channels last.
    """
    found: Tensor = _Convolution.apply(x, kernels, biases, padding)
    return found


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, kernels: Tensor, biases: Tensor, padding: int
    ) -> Tensor:
        ctx.save_for_backward(kernels)
        ctx.padding = padding
        pair = _squared(_INPUT, x.dtype), _squared(_OUTPUT, x.dtype)
        return _by_tiles(x, kernels.transpose(1, 2), pair, padding).add_(
            biases[:, None, None]
        )

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        (grad,) = grads
        kernels: Tensor = ctx.saved_tensors[0]
        # A convolution with kernels turned by 180° is one of turned tiles.
        pair = (
            _squared(_INPUT, grad.dtype, turned=1),
            _squared(_OUTPUT, grad.dtype, turned=0),
        )
        return _by_tiles(grad, kernels, pair, 2 - ctx.padding), None, None, None


@functools.cache
def _squared(
    matrix: tuple[tuple[float, ...], ...],
    dtype: torch.dtype,
    turned: int | None = None,
) -> Tensor:
    """Kronecker's square: what the matrix does to columns and rows of a tile."""
    found = torch.tensor(matrix, dtype=dtype)
    if turned is not None:
        found = found.flip(turned)
    return torch.kron(found, found)


def _by_tiles(
    x: Tensor, kernels: Tensor, pair: tuple[Tensor, Tensor], padding: int
) -> Tensor:
    """`x` through the transforms `pair` and (36, in, out) `kernels` between them."""
    height, width = (side + 2 * padding - 2 for side in x.shape[2:])
    rows, columns = math.ceil(height / 4), math.ceil(width / 4)
    inputs, outputs = kernels.shape[1:]
    padded = x.new_zeros(4 * rows + 2, 4 * columns + 2, inputs)
    inside = padded[padding : padding + x.shape[2], padding : padding + x.shape[3]]
    inside.copy_(x[0].permute(1, 2, 0))
    found = x.new_empty(rows, 4, columns, 4, outputs)
    widest = 36 * columns * max(inputs, outputs)
    step = math.ceil(rows / math.ceil(rows * widest / _CHUNK))
    first, second = x.new_empty(2, step * widest)
    down, right, _ = padded.stride()
    for start in range(0, rows, step):
        part = found[start : start + step]
        count = part.shape[0] * columns
        windows = padded[4 * start :].as_strided(
            (6, 6, part.shape[0], columns, inputs),
            (down, right, 4 * down, 4 * right, 1),
        )
        tiles = first[: 36 * count * inputs]
        tiles.view(windows.shape).copy_(windows)
        spectrum = second[: 36 * count * inputs]
        torch.mm(pair[0], tiles.view(36, -1), out=spectrum.view(36, -1))
        product = first[: 36 * count * outputs]
        torch.bmm(
            spectrum.view(36, count, inputs),
            kernels,
            out=product.view(36, count, outputs),
        )
        result = second[: 16 * count * outputs]
        torch.mm(pair[1], product.view(36, -1), out=result.view(16, -1))
        shape = (4, 4, part.shape[0], columns, outputs)
        part.permute(1, 3, 0, 2, 4).copy_(result.view(shape))
    # The stride of the single picture counts too: without it, not channels last.
    whole = found.view(1, 4 * rows, 4 * columns, outputs)[:, :height, :width]
    return whole.permute(0, 3, 1, 2)
