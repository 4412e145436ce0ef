"""The seed's recipe written plainly, as a peer would: what the product is held against.

AkankshaShrimal/Style-Transfer after udacity/deep-learning-v2-pytorch, with whatever
costs nothing taken from the seed's side too: frozen weights, a network that ends with
the last layer needed, targets computed once. Nothing here uses stylecore's own
objective, so a mistake in one of them shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Final

import torch
from torch import Tensor, nn

MEAN: Final = (0.485, 0.456, 0.406)
STD: Final = (0.229, 0.224, 0.225)

# "M" is a pooling; the numbers are the outputs of convolutions, each with its ReLU.
# fmt: off
_ARCHITECTURE: Final = (
    64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512,
)
# fmt: on
_CONTENT: Final = 22
"""The ReLU of conv4_2 in `torchvision.models.vgg19().features`."""
_STYLE: Final[Mapping[int, float]] = {1: 1.0, 6: 0.8, 11: 0.5, 20: 0.3, 29: 0.1}
"""The ReLUs of conv1_1, 2_1, 3_1, 4_1 and 5_1, each with its weight."""
_ALPHA: Final = 1.0
_BETA: Final = 1e4
_LEARNING_RATE: Final = 0.003


def normalised(picture: Tensor) -> Tensor:
    """`(3, H, W)` RGB in [0, 1] as `(1, 3, H, W)` of what VGG-19 was trained on."""
    mean, std = picture.new_tensor(MEAN), picture.new_tensor(STD)
    return ((picture - mean[:, None, None]) / std[:, None, None])[None]


def network(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """VGG-19 up to the ReLU of conv5_1, frozen.

    Args:
        weights: tensors named as torchvision names them.
    """
    layers: list[nn.Module] = []
    channels = 3
    for outputs in _ARCHITECTURE:
        if isinstance(outputs, str):
            layers.append(nn.MaxPool2d(2))
            continue
        index = len(layers)
        conv = nn.Conv2d(channels, outputs, 3, padding=1)
        conv.weight = nn.Parameter(weights[f"features.{index}.weight"], False)
        conv.bias = nn.Parameter(weights[f"features.{index}.bias"], False)
        layers += [conv, nn.ReLU(inplace=True)]
        channels = outputs
    return nn.Sequential(*layers)


class Yardstick:
    """The seed's loss for one content and one style of the same shape.

    Args:
        vgg: from `network`.
        content, style: `(1, 3, H, W)`, normalised.
    """

    def __init__(self, vgg: nn.Sequential, content: Tensor, style: Tensor) -> None:
        self._vgg = vgg
        with torch.no_grad():
            self._content = self._features(content)[_CONTENT].clone()
            self._grams = {
                index: _gram(found)
                for index, found in self._features(style).items()
                if index in _STYLE
            }

    def loss(self, picture: Tensor) -> Tensor:
        """alpha · content + beta · style of a normalised `(1, 3, H, W)`."""
        found = self._features(picture)
        content = torch.mean((found[_CONTENT] - self._content) ** 2)
        style = picture.new_zeros(())
        for index, weight in _STYLE.items():
            _, channels, height, width = found[index].shape
            error = torch.mean((_gram(found[index]) - self._grams[index]) ** 2)
            style = style + weight * error / (channels * height * width)
        return _ALPHA * content + _BETA * style

    def _features(self, x: Tensor) -> dict[int, Tensor]:
        found = {}
        for index, layer in enumerate(self._vgg):
            x = layer(x)
            if index in _STYLE or index == _CONTENT:
                found[index] = x
        return found


def _gram(features: Tensor) -> Tensor:
    flat = features.flatten(2)[0]
    return flat @ flat.T


class Judge:
    """The seed's loss of any picture, in float32 whatever painted it."""

    def __init__(self, vgg: nn.Sequential, content: Tensor, style: Tensor) -> None:
        with _exact():
            self._yardstick = Yardstick(vgg, normalised(content), normalised(style))

    def __call__(self, numbers: Tensor) -> float:
        """Of a normalised `(1, 3, H, W)`, see `normalised`."""
        with torch.no_grad(), _exact():
            return float(self._yardstick.loss(numbers.detach().float()))


def _exact() -> AbstractContextManager[None]:
    """cuDNN rounds the factors of float32 convolutions to 10 bits unless told."""
    flags: AbstractContextManager[None] = torch.backends.cudnn.flags(
        enabled=True, allow_tf32=False
    )
    return flags


def paint(
    vgg: nn.Sequential, content: Tensor, style: Tensor, steps: int
) -> Iterator[Tensor]:
    """The seed's run: yields the normalised `(1, 3, H, W)` after each step.

    What is yielded changes with the next step.

    Args:
        vgg: from `network`.
        content, style: `(3, H, W)` float32 RGB in [0, 1].
        steps: of Adam.
    """
    start = normalised(content)
    yardstick = Yardstick(vgg, start, normalised(style))
    target = start.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([target], lr=_LEARNING_RATE)
    for _ in range(steps):
        optimizer.zero_grad()
        yardstick.loss(target).backward()  # type: ignore[no-untyped-call]  # torch's
        optimizer.step()
        yield target.detach()
