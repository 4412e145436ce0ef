"""`VGGFeatures`: from a picture to the activations of VGG-19."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from . import winograd
from .constants import per_channel
from .errors import WeightsError
from .recipes import LAYERS, Border, Pooling

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)

CONV_SHAPES: Final[Mapping[str, tuple[int, int]]] = {
    "conv1_1": (64, 3),
    "conv1_2": (64, 64),
    "conv2_1": (128, 64),
    "conv2_2": (128, 128),
    "conv3_1": (256, 128),
    "conv3_2": (256, 256),
    "conv3_3": (256, 256),
    "conv3_4": (256, 256),
    "conv4_1": (512, 256),
    "conv4_2": (512, 512),
    "conv4_3": (512, 512),
    "conv4_4": (512, 512),
    "conv5_1": (512, 512),
}
"""Output and input channels; every kernel is 3 × 3 with stride and padding 1."""

TORCHVISION_INDEX: Final[Mapping[str, int]] = dict(
    zip(LAYERS, (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28), strict=True)
)
"""Where a layer stands in `torchvision.models.vgg19().features`."""


def weight_names(layer: str) -> tuple[str, str]:
    """The names of a layer's kernels and biases in torchvision's state dict."""
    index = TORCHVISION_INDEX[layer]
    return f"features.{index}.weight", f"features.{index}.bias"


def normalise(picture: Tensor) -> Tensor:
    """RGB in [0, 1], `(..., 3, H, W)`, to what VGG-19 was trained on."""
    mean, std = _statistics(picture)
    return (picture - mean) / std


def denormalise(numbers: Tensor) -> Tensor:
    """The inverse of `normalise`."""
    mean, std = _statistics(numbers)
    return numbers * std + mean


def _statistics(like: Tensor) -> tuple[Tensor, Tensor]:
    return per_channel(IMAGENET_MEAN, like), per_channel(IMAGENET_STD, like)


class VGGFeatures:
    """VGG-19 up to conv5_1, frozen, with zero padding.

    A layer's name stands for its activations *after the ReLU*: the ReLUs of the
    common implementations work in place, so whoever captures `conv4_2` there gets
    its rectified values, and that is what the seed and its kin minimise. To ask for
    values before the ReLU is not possible.

    Args:
        weights: tensors named as torchvision names them, see `weight_names`.
        device: where to compute.
        dtype: of weights and activations; float32 or bfloat16.

    Raises:
        WeightsError: a tensor is missing or has another shape.
    """

    def __init__(
        self,
        weights: Mapping[str, Tensor],
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.device = torch.device(device)
        self.dtype = dtype
        self._convs = {layer: self._conv(weights, layer) for layer in LAYERS}

    def _conv(self, weights: Mapping[str, Tensor], layer: str) -> _Conv:
        check_shapes(weights, layer)
        kernels, biases = (weights[name].detach() for name in weight_names(layer))
        return _Conv(kernels, biases, self.device, self.dtype)

    def __call__(
        self,
        picture: Tensor,
        layers: Collection[str],
        pooling: Pooling = Pooling.MAX,
        border: Border = Border.ZERO,
    ) -> dict[str, Tensor]:
        """The activations of `layers`; nothing after the last of them is computed.

        Args:
            picture: `(3, H, W)` float32 RGB in [0, 1]; the normalisation is inside.
            layers: names of `recipes.LAYERS`.
            pooling: what stands between the blocks.
            border: what convolutions see beyond the edge.

        Returns:
            By layer, `(1, C, h, w)` in `dtype`, channels last, never negative.
        """
        found: dict[str, Tensor] = {}
        x = normalise(picture)[None].to(
            self.device, self.dtype, memory_format=torch.channels_last
        )
        for layer in LAYERS[: 1 + max(map(LAYERS.index, layers))]:
            if layer.endswith("_1") and layer != "conv1_1":
                x = _pool(x, pooling)
            x = torch.relu(self._convs[layer](x, border))
            if layer in layers:
                found[layer] = x
        return found


class _Conv:
    """A convolution of the network, by the faster of two algorithms."""

    def __init__(
        self, kernels: Tensor, biases: Tensor, device: torch.device, dtype: torch.dtype
    ) -> None:
        self._biases = biases.to(device, dtype)
        self._kernels = kernels.to(device, dtype, memory_format=torch.channels_last)
        # From the numbers as they were given: rounded once, not twice.
        self._transformed = (
            winograd.transformed(kernels.float(), dtype)
            if winograd.suits(device, dtype, kernels.shape[:2])
            else None
        )

    def __call__(self, x: Tensor, border: Border) -> Tensor:
        padding = 1
        if border is Border.EXTEND:
            x, padding = F.pad(x, (1, 1, 1, 1), mode="replicate"), 0
        outputs = len(self._biases)
        if self._transformed is not None and winograd.fills(x, outputs):
            return winograd.convolve(x, self._transformed, self._biases, padding)
        return F.conv2d(x, self._kernels, self._biases, padding=padding)


def _pool(x: Tensor, pooling: Pooling) -> Tensor:
    if pooling is Pooling.MAX:
        return F.max_pool2d(x, 2)
    return F.avg_pool2d(x, 2)


def check_shapes(weights: Mapping[str, Tensor], layer: str) -> None:
    """Raises `WeightsError` unless a layer's tensors are those of VGG-19."""
    shape = CONV_SHAPES[layer]
    for name, expected in zip(
        weight_names(layer), ((*shape, 3, 3), shape[:1]), strict=True
    ):
        if name not in weights:
            raise WeightsError(f"These are no VGG-19 weights: {name} is missing.")
        if (found := tuple(weights[name].shape)) != expected:
            raise WeightsError(
                f"These are no VGG-19 weights: {name} has the shape {found}, "
                f"expected {expected}."
            )


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the device multiplies it in hardware, else float32."""
    if device.type == "cuda":
        fast = torch.cuda.get_device_capability(device) >= (8, 0)
    elif device.type == "cpu":
        found = torch.cpu.get_capabilities()
        fast = bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    else:
        fast = False
    return torch.bfloat16 if fast else torch.float32
