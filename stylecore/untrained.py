"""VGG-19's architecture with filters drawn by a rule, for want of trained ones.

Random filters paint the right colours but noise for strokes. These are a steerable
pyramid (Simoncelli & Freeman 1995) laid out in VGG-19's layers: at each of the five
resolutions edges in eight directions, bars, spots, and which of a palette of colours is
there; everything found at a finer resolution is carried along. So the Grams hold how
colours, directions and resolutions occur together, which is what Portilla & Simoncelli
(2000) describe textures by, and conv4_2 holds little but the lines of the content.

The seed draws the palette. Each filter is scaled to a root mean square of its gain on
synthetic pictures of overlapping discs, whose edges and occlusions resemble those of
photos (the dead-leaves model of Matheron).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from .features import CONV_SHAPES, IMAGENET_MEAN, IMAGENET_STD, normalise, weight_names
from .recipes import LAYERS

_DIRECTIONS: Final = 8
_PALETTE: Final = 23
_FAINT: Final = 0.02
"""The gain of what a layer only carries along, unseen by the loss taken there."""

_LUMINANCE: Final = (1 / 3, 1 / 3, 1 / 3)
_RED_GREEN: Final = (0.75, -0.75, 0.0)
_YELLOW_BLUE: Final = (0.5, 0.5, -1.0)


class _Family(StrEnum):
    """What a channel looks for."""

    COLOUR = "colour"
    """The picture itself, red, green and blue, at this resolution."""
    PALETTE = "palette"
    EDGE = "edge"
    BAR = "bar"
    """Edges and bars are of the luminance."""
    CHROMA = "chroma"
    SPOT = "spot"
    TEXTURE = "texture"
    """Edges of what finer channels found."""
    SHIFTED = "shifted"
    """Edges of the third level a pixel further, so that the fourth can place them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Channel:
    """One output of a layer: relu(gain / rms · (Σ kernel * source + bias))."""

    name: str
    family: _Family
    level: int
    """At which resolution it was found, 1 to 5."""
    taps: tuple[tuple[str, Tensor], ...]
    """Names of channels of the layer before, each with its 3 × 3 kernel."""
    bias: float = 0.0
    gain: float = 1.0


_Channels = list[_Channel]


def untrained_weights(seed: int = 0) -> dict[str, Tensor]:
    """Tensors for conv1_1 … conv5_1, named as torchvision names them.

    The same seed gives the same tensors. Takes about a second on two CPU cores.
    """
    generator = torch.Generator().manual_seed(seed)
    x = normalise(_dead_leaves(generator))
    # Undoes the ImageNet normalisation: value = reading · scale + offset.
    inputs = {
        name: (index, IMAGENET_STD[index], IMAGENET_MEAN[index])
        for index, name in enumerate("rgb")
    }
    weights: dict[str, Tensor] = {}
    for layer, channels in _layers(generator):
        if layer.endswith("_1") and layer != "conv1_1":
            x = F.avg_pool2d(x, 2)
        kernels, biases = _assemble(layer, channels, inputs)
        x, factors = _calibrate(x, kernels, biases, channels)
        name, bias_name = weight_names(layer)
        weights[name] = kernels * factors[:, None, None, None]
        weights[bias_name] = biases * factors
        inputs = {
            channel.name: (index, 1 / factors[index].item(), 0.0)
            for index, channel in enumerate(channels)
        }
    return weights


def _assemble(
    layer: str, channels: _Channels, inputs: Mapping[str, tuple[int, float, float]]
) -> tuple[Tensor, Tensor]:
    """Kernels and biases; filters beyond `channels` stay zero."""
    outputs = CONV_SHAPES[layer][0]
    kernels, biases = torch.zeros(*CONV_SHAPES[layer], 3, 3), torch.zeros(outputs)
    for index, channel in enumerate(channels):
        biases[index] = channel.bias
        for source, kernel in channel.taps:
            position, scale, offset = inputs[source]
            kernels[index, position] += scale * kernel
            biases[index] += offset * kernel.sum()
    return kernels, biases


def _calibrate(
    x: Tensor, kernels: Tensor, biases: Tensor, channels: _Channels
) -> tuple[Tensor, Tensor]:
    """The layer's activations on `x` at the gains asked for, and its factors."""
    y = torch.relu(F.conv2d(x, kernels, biases, padding=1))
    factors = torch.zeros(len(biases))
    factors[: len(channels)] = torch.tensor([channel.gain for channel in channels])
    factors /= y.square().mean((0, 2, 3)).sqrt().clamp_min(1e-4)
    return y * factors[None, :, None, None], factors


def _layers(generator: torch.Generator) -> Iterator[tuple[str, _Channels]]:
    """The channels of each layer, in the order of `LAYERS`."""
    channels: _Channels = []
    for layer in LAYERS:
        level, position = int(layer[4]), int(layer[6])
        if position == 1:
            channels = _first_of_block(channels, level, generator)
        elif LAYERS[LAYERS.index(layer) + 1].endswith("_1"):
            channels = _last_of_block(channels, level)
        elif layer == "conv4_2":
            channels = [replace(c, gain=_content_gain(c)) for c in _carry(channels)]
        else:
            channels = _carry(channels)
        channels = channels[: CONV_SHAPES[layer][0]]
        yield layer, channels


def _first_of_block(
    before: _Channels, level: int, generator: torch.Generator
) -> _Channels:
    """What is seen at this resolution, then what finer ones have found."""
    found = [c for c in before if c.family is not _Family.COLOUR]
    return [
        *_colours(level),
        *_palette(level, generator),
        *_lines(level),
        *_chroma(level),
        *_spots(level),
        *(
            replace(c, gain=_FAINT if c.family is _Family.SHIFTED else 1.0)
            for c in _carry(found)
        ),
        *(_textures(found, level) if level in (3, 4) else ()),
    ]


def _last_of_block(before: _Channels, level: int) -> _Channels:
    """Smooths everything, so that the pooling to come does not alias."""
    smooth = _carry(before, _smooth())
    if level != 3:
        return smooth
    textures = [c for c in smooth if c.family is _Family.TEXTURE]
    others = [c for c in smooth if c.family is not _Family.TEXTURE]
    return [*others, *_shifted_edges(before), *textures]


def _content_gain(channel: _Channel) -> float:
    """conv4_2 answers to the lines of the content and lets its colours go."""
    match channel.family, channel.level:
        case (_Family.SHIFTED, _) | (_Family.EDGE | _Family.BAR, 3 | 4):
            return 1.0
        case (_Family.EDGE | _Family.BAR, _):
            return 0.5
        case (_Family.COLOUR, _):
            return 1.5
        case _:
            return _FAINT


def _carry(channels: Iterable[_Channel], kernel: Tensor | None = None) -> _Channels:
    """The same channels through one more layer, at a gain of 1."""
    tap = _spot(1.0) if kernel is None else kernel
    return [replace(c, taps=((c.name, tap),), bias=0.0, gain=1.0) for c in channels]


def _mix(colour: Iterable[float], kernel: Tensor) -> tuple[tuple[str, Tensor], ...]:
    """Taps that look at the picture along a direction of colour."""
    return tuple((name, w * kernel) for name, w in zip("rgb", colour, strict=True))


def _colours(level: int) -> _Channels:
    return [
        _Channel(name=c, family=_Family.COLOUR, level=level, taps=((c, _spot(1.0)),))
        for c in "rgb"
    ]


def _palette(level: int, generator: torch.Generator) -> Iterator[_Channel]:
    """Half spaces of colour, so that Grams know more than mean and covariance."""
    for index in range(_PALETTE):
        direction = F.normalize(torch.randn(3, generator=generator), dim=0).tolist()
        threshold = 0.5 * torch.rand(1, generator=generator).item() - 0.2
        yield _Channel(
            name=f"palette{level}.{index}",
            family=_Family.PALETTE,
            level=level,
            taps=_mix(direction, _spot(1.0)),
            bias=-0.5 * sum(direction) - threshold,
        )


def _lines(level: int) -> Iterator[_Channel]:
    for family, kernels in (
        (_Family.EDGE, _edges(_DIRECTIONS)),
        (_Family.BAR, _bars()),
    ):
        for index, kernel in enumerate(kernels):
            yield _Channel(
                name=f"{family}{level}.{index}",
                family=family,
                level=level,
                taps=_mix(_LUMINANCE, kernel),
                gain=1.5,
            )


def _chroma(level: int) -> Iterator[_Channel]:
    for axis, colour in (("red-green", _RED_GREEN), ("yellow-blue", _YELLOW_BLUE)):
        for index, kernel in enumerate(_edges(_DIRECTIONS)):
            yield _Channel(
                name=f"{axis}{level}.{index}",
                family=_Family.CHROMA,
                level=level,
                taps=_mix(colour, kernel),
                gain=1.5,
            )


def _spots(level: int) -> Iterator[_Channel]:
    for axis, colour in enumerate((_LUMINANCE, _RED_GREEN, _YELLOW_BLUE)):
        for sign in (1.0, -1.0):
            yield _Channel(
                name=f"spot{level}.{axis}{sign:+.0f}",
                family=_Family.SPOT,
                level=level,
                taps=_mix(colour, sign * (_smooth() - _spot(1.0))),
                gain=1.5,
            )


def _textures(found: _Channels, level: int) -> Iterator[_Channel]:
    """Where edges and colours of the level before begin and end."""
    below = [c for c in found if c.level == level - 1]
    for family in (_Family.EDGE, _Family.PALETTE):
        for source in (c for c in below if c.family is family):
            for index, kernel in enumerate(_edges(4)):
                yield _Channel(
                    name=f"texture{level}.{source.name}.{index}",
                    family=_Family.TEXTURE,
                    level=level,
                    taps=((source.name, kernel),),
                    gain=0.5,
                )


def _shifted_edges(before: _Channels) -> Iterator[_Channel]:
    """Pooling to come keeps one place in four; these are the other three."""
    for source in (c for c in before if c.family is _Family.EDGE and c.level == 3):
        for down, right in ((0, 1), (1, 0), (1, 1)):
            kernel = torch.zeros(3, 3)
            kernel[1 - down, 1 - right] = 1.0
            yield replace(
                source,
                name=f"shifted{down}{right}.{source.name}",
                family=_Family.SHIFTED,
                taps=((source.name, kernel),),
                bias=0.0,
                gain=1.0,
            )


def _spot(weight: float) -> Tensor:
    kernel = torch.zeros(3, 3)
    kernel[1, 1] = weight
    return kernel


def _smooth() -> Tensor:
    binomial = torch.tensor([1.0, 2.0, 1.0]) / 4
    return torch.outer(binomial, binomial)


def _edges(directions: int) -> list[Tensor]:
    """First derivatives, evenly around the circle: each has its opposite."""
    across = torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([-1.0, 0.0, 1.0]))
    angles = (2 * math.pi * k / directions for k in range(directions))
    return [math.cos(a) * across / 8 + math.sin(a) * across.T / 8 for a in angles]


def _bars() -> list[Tensor]:
    """Second derivatives in four directions, light and dark."""
    second = torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([1.0, -2.0, 1.0]))
    mixed = torch.outer(torch.tensor([1.0, 0.0, -1.0]), torch.tensor([1.0, 0.0, -1.0]))
    found = []
    for angle in (math.pi * k / 4 for k in range(4)):
        c, s = math.cos(angle), math.sin(angle)
        kernel = (c * c * second + s * s * second.T) / 4 + c * s * mixed
        found += [kernel, -kernel]
    return found


def _dead_leaves(
    generator: torch.Generator, count: int = 3, side: int = 128, leaves: int = 250
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
