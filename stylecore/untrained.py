# LEAD to ENGINE: I am replacing this file (see /tmp/w/look/scatter.py: already far better
# pictures). Stop tuning the look now; finish transfer + tests, commit, and report.
"""VGG-19's architecture with structured random filters, for want of trained ones.

Purely random filters paint the right colours but leave pixel noise and lose shapes.
Here every filter is one small spatial kernel, such as a trained network grows (a
smooth spot, an edge, a bar), over a random mix of *few* inputs, with a threshold well
away from the mean: both make a filter answer to something in particular. In the first
layer shapes are seen in the luminance and only smooth spots in colour, as noise in
the colours is what disturbs most. Each filter is scaled to unit variance on synthetic
pictures of overlapping discs, whose edges and occlusions resemble those of photos
(the dead-leaves model of Matheron). All of this was chosen by eye.
"""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from .features import CONV_SHAPES, normalise, weight_names
from .recipes import LAYERS

_SMOOTH: Final = ((1.0, 2.0, 1.0), (2.0, 4.0, 2.0), (1.0, 2.0, 1.0))
_EDGE: Final = ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))
_DIAGONAL_EDGE: Final = ((0.0, 1.0, 2.0), (-1.0, 0.0, 1.0), (-2.0, -1.0, 0.0))
_BAR: Final = ((-1.0, 2.0, -1.0), (-2.0, 4.0, -2.0), (-1.0, 2.0, -1.0))
_DIAGONAL_BAR: Final = ((2.0, -1.0, -1.0), (-1.0, 2.0, -1.0), (-1.0, -1.0, 2.0))
_BLOB: Final = ((-1.0, -1.0, -1.0), (-1.0, 8.0, -1.0), (-1.0, -1.0, -1.0))

_SMOOTH_SHARE: Final = 10
"""Smooth kernels for every nine others; more of them lose the shapes."""
_INPUTS: Final = 5
"""How many channels a filter mixes."""
_THRESHOLD_SPREAD: Final = 1.0
"""Of the thresholds around the mean, in standard deviations."""
_COLOUR_IN_SHAPES: Final = 0.1
"""How far the first layer's edges and bars lean from luminance towards a colour."""


def untrained_weights(seed: int = 1) -> dict[str, Tensor]:
    """Tensors for conv1_1 … conv5_1, named as torchvision names them.

    The same seed gives the same tensors. Takes about a second on two CPU cores.
    """
    generator = torch.Generator().manual_seed(seed)
    x = normalise(_dead_leaves(generator))
    weights: dict[str, Tensor] = {}
    for layer in LAYERS:
        if layer.endswith("_1") and layer != "conv1_1":
            x = F.avg_pool2d(x, 2)
        kernels = _filters(layer, generator)
        x, kernels, biases = _calibrate(x, kernels, generator)
        name, bias_name = weight_names(layer)
        weights[name], weights[bias_name] = kernels, biases
    return weights


def _calibrate(
    x: Tensor, kernels: Tensor, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Activations on `x`, kernels scaled to unit variance there, and biases."""
    y = F.conv2d(x, kernels, padding=1)
    std, mean = torch.std_mean(y, dim=(0, 2, 3))
    std = std.clamp_min(1e-6)
    thresholds = _THRESHOLD_SPREAD * torch.randn(len(std), generator=generator)
    biases = -mean / std - thresholds
    active = torch.relu(y / std[:, None, None] + biases[:, None, None])
    return active, kernels / std[:, None, None, None], biases


def _filters(layer: str, generator: torch.Generator) -> Tensor:
    """Kernels `(outputs, inputs, 3, 3)`: spatial ones, times a mix of inputs."""
    outputs, inputs = CONV_SHAPES[layer]
    bank = _bank()
    kinds = torch.arange(outputs) % len(bank)
    mix = torch.randn(outputs, inputs, generator=generator)
    if layer == "conv1_1":
        sign = torch.randn(outputs, 1, generator=generator).sign()
        grey = sign + _COLOUR_IN_SHAPES * mix
        mix = torch.where((kinds >= _SMOOTH_SHARE)[:, None], grey, mix)
    else:
        draws = torch.rand(outputs, inputs, generator=generator)
        mix = mix * (draws <= draws.kthvalue(_INPUTS, dim=1, keepdim=True).values)
    return mix[:, :, None, None] * bank[kinds][:, None]


def _bank() -> Tensor:
    """Kernels of unit norm, `(kinds, 3, 3)`, the smooth ones first."""
    edge, bar = torch.tensor(_EDGE), torch.tensor(_BAR)
    slant, slash = torch.tensor(_DIAGONAL_EDGE), torch.tensor(_DIAGONAL_BAR)
    shaped = [edge, edge.T, slant, slant.flip(1), bar, bar.T, slash, slash.flip(1)]
    smooth = [torch.tensor(_SMOOTH)] * _SMOOTH_SHARE
    every: Tensor = torch.stack([*smooth, *shaped, torch.tensor(_BLOB)])
    return F.normalize(every.flatten(1)).view_as(every)


def _dead_leaves(
    generator: torch.Generator, count: int = 4, side: int = 128, leaves: int = 250
) -> Tensor:
    """Pictures of discs that cover each other, `(count, 3, side, side)` in [0, 1]."""
    axis = torch.arange(side, dtype=torch.float32)
    pictures = torch.full((count, 3, side, side), 0.5)
    for picture in pictures:
        draws = torch.rand(leaves, 6, generator=generator)
        for x, y, size, *colour in draws.tolist():
            # Radii fall as 1/r^3, so that the picture looks the same at any zoom.
            radius = 3.0 / (1.0 - 0.99 * size) ** 0.5
            inside = (axis[None] - x * side) ** 2 + (axis[:, None] - y * side) ** 2
            covered = inside <= radius**2
            picture[:, covered] = torch.tensor(colour)[:, None]
    return pictures
