"""Pictures as the numbers that are optimised, in each `Space`."""

from __future__ import annotations

from typing import Final

from torch import Tensor

from .constants import per_channel
from .features import denormalise, normalise
from .recipes import Space

LEVELS: Final = 256
CAFFE_MEAN: Final = (123.68, 116.779, 103.939)
"""Of R, G and B, in levels of `LEVELS`. The peers multiply by 256, and their channels
stand in the order B, G, R, which changes no loss."""


def encode(picture: Tensor, space: Space) -> Tensor:
    """RGB in [0, 1], `(3, H, W)`, to the numbers that are optimised."""
    if space is Space.NORMALISED:
        return normalise(picture)
    if space is Space.CAFFE:
        return picture * LEVELS - _caffe_mean(picture)
    return picture


def decode(numbers: Tensor, space: Space) -> Tensor:
    """The inverse of `encode`; what it gives may leave [0, 1]."""
    if space is Space.NORMALISED:
        return denormalise(numbers)
    if space is Space.CAFFE:
        return (numbers + _caffe_mean(numbers)) / LEVELS
    return numbers


def bounds(space: Space) -> tuple[float, float] | None:
    """What each of the numbers must keep to."""
    return (0.0, 1.0) if space is Space.RGB else None


def as_seen(picture: Tensor, space: Space) -> Tensor:
    """The picture that the network has to be shown, which normalises it itself: with
    `Space.CAFFE` one whose normalised values are the numbers."""
    return denormalise(encode(picture, space)) if space is Space.CAFFE else picture


def _caffe_mean(like: Tensor) -> Tensor:
    return per_channel(CAFFE_MEAN, like)
