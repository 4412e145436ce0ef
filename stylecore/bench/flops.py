"""How many floating-point operations a step takes: one multiply-add is two."""

from __future__ import annotations

from typing import Final

from ..features import CONV_SHAPES
from ..recipes import LAYERS

_STYLE_LAYERS: Final = tuple(layer for layer in LAYERS if layer.endswith("_1"))


def layer_size(layer: str, width: int, height: int) -> tuple[int, int]:
    """Width and height of a layer; each pooling drops what is left over."""
    halvings = int(layer[4]) - 1
    return width >> halvings, height >> halvings


def conv_flops(layer: str, width: int, height: int) -> int:
    """Forward; the gradient of the input takes as many again."""
    outputs, inputs = CONV_SHAPES[layer]
    w, h = layer_size(layer, width, height)
    return 2 * 9 * outputs * inputs * w * h


def gram_flops(layer: str, width: int, height: int) -> int:
    """Forward, F·Fᵀ; autograd's two products backwards take twice as many again."""
    channels, _ = CONV_SHAPES[layer]
    w, h = layer_size(layer, width, height)
    return 2 * channels * channels * w * h


def convolution_flops(width: int, height: int) -> int:
    """All convolutions of a step, forward and back to the picture."""
    return sum(2 * conv_flops(layer, width, height) for layer in LAYERS)


def step_flops(width: int, height: int) -> int:
    """One evaluation of the seed's objective and its gradient: convolutions and Grams,
    about 1.549 million per pixel. All else is less than a hundredth."""
    grams = (3 * gram_flops(layer, width, height) for layer in _STYLE_LAYERS)
    return convolution_flops(width, height) + sum(grams)
