"""`stylecore bench roofline`: how near a step comes to what the device can do.

The device's rate is not taken from a data sheet but measured, in turn with the steps,
on nothing but VGG-19's convolutions: forward through all of them, then back to their
inputs, as torch computes them. Every convolution has its own buffers, so that none
finds its input in a cache where a step would not. An algorithm that needs fewer
operations than were counted, such as Winograd's, can take a fraction above 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from ..features import CONV_SHAPES
from ..recipes import LAYERS
from ..transfer import Progress, StyleTransfer
from .flops import convolution_flops, layer_size, step_flops
from .pictures import pair
from .race import whole_recipe
from .stopwatch import Stopwatch

_LARGEST_SWEEP_PX: Final = 1024
"""Above it the rate does not change any more, and the buffers get large."""
_DRAWN_PX: Final = 256
_WARM_UP_STEPS: Final = 3
_WARM_UP_S: Final = 20.0
"""L-BFGS has its full cost only with its history full; so long is waited for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Seconds at one size."""

    edge_px: int
    steps: tuple[float, ...]
    sweeps: tuple[float, ...]
    sweep_px: int
    """The edge at which the convolutions were measured."""

    def report(self) -> dict[str, Any]:
        """Ready for JSON; minima, as noise only ever adds, and medians beside them."""
        step, sweep = min(self.steps), min(self.sweeps)
        rate = convolution_flops(self.sweep_px, self.sweep_px) / sweep
        work = step_flops(self.edge_px, self.edge_px)
        return {
            "edge": self.edge_px,
            "fraction": work / rate / step,
            "fraction_of_medians": work
            / rate
            * (median(self.sweeps) / sweep)
            / median(self.steps),
            "step_seconds": step,
            "step_seconds_median": median(self.steps),
            "floor_seconds": work / rate,
            "gflop": work / 1e9,
            "gflops_of_convolutions": rate / 1e9,
            "gflops_of_convolutions_median": rate / 1e9 * sweep / median(self.sweeps),
            "seconds_per_pixel": step / self.edge_px**2,
            "steps_timed": len(self.steps),
        }


class Sweep:
    """All convolutions of VGG-19 at one size of picture, as a step runs them.

    Args:
        edge_px: of a square picture.
        device: where.
        dtype: of inputs and kernels.
    """

    def __init__(self, edge_px: int, device: torch.device, dtype: torch.dtype) -> None:
        self._convs = [
            self._operands(layer, edge_px, device, dtype) for layer in LAYERS
        ]

    @staticmethod
    def _operands(
        layer: str, edge_px: int, device: torch.device, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor, Tensor]:
        outputs, inputs = CONV_SHAPES[layer]
        width, height = layer_size(layer, edge_px, edge_px)
        x, kernels = (
            torch.randn(shape, device=device, dtype=dtype)
            .to(memory_format=torch.channels_last)
            .requires_grad_(wanted)
            for shape, wanted in (
                ((1, inputs, height, width), True),
                ((outputs, inputs, 3, 3), False),
            )
        )
        return x, kernels, torch.randn(outputs, device=device, dtype=dtype)

    def run(self) -> None:
        """Once forward, once back to every input."""
        outputs = [F.conv2d(*operands, padding=1) for operands in self._convs]
        for (x, *_), output in zip(
            reversed(self._convs), reversed(outputs), strict=True
        ):
            torch.autograd.grad(output, x, output.detach())


def measure(
    weights: Mapping[str, Tensor], edges: tuple[int, ...], repeats: int, device: str
) -> Iterator[Measurement]:
    """One measurement per edge, in their order.

    Args:
        weights: of VGG-19, named as torchvision names them.
        edges: of square pictures, in px.
        repeats: steps and sweeps timed at each.
        device: see `devices.resolve`.
    """
    engine = StyleTransfer(weights, device)
    drawn = pair(_DRAWN_PX)
    for edge in edges:
        content, style = (
            each.resize((edge, edge), Image.Resampling.BICUBIC) for each in drawn
        )
        steps = engine.run(content, style, whole_recipe(), edge_px=edge)
        sweep_px = min(edge, _LARGEST_SWEEP_PX)
        sweep = Sweep(sweep_px, engine.device, engine.features.dtype)
        sweep.run()
        _warm_up(steps, engine.device)
        times = [_times(steps, sweep, engine.device) for _ in range(repeats)]
        yield Measurement(
            edge_px=edge,
            steps=tuple(step for step, _ in times),
            sweeps=tuple(swept for _, swept in times),
            sweep_px=sweep_px,
        )


def _warm_up(steps: Iterator[Progress], device: torch.device) -> None:
    watch = Stopwatch(device)
    watch.start()
    for _ in range(_WARM_UP_STEPS):
        next(steps)
    for _ in range(whole_recipe().history):
        watch.stop()
        if watch.seconds > _WARM_UP_S:
            return
        watch.start()
        next(steps)


def _times(
    steps: Iterator[Progress], sweep: Sweep, device: torch.device
) -> tuple[float, float]:
    """Seconds of a step and of a sweep right after it, so that noise hits both."""
    step, swept = Stopwatch(device), Stopwatch(device)
    step.start()
    next(steps)
    step.stop()
    swept.start()
    sweep.run()
    swept.stop()
    return step.seconds, swept.seconds


def summary(found: list[Measurement]) -> dict[str, Any]:
    """All sizes together, ready for JSON."""
    sizes = [each.report() for each in found]
    per_pixel = [each["seconds_per_pixel"] for each in sizes]
    return {
        "fraction": {str(each["edge"]): each["fraction"] for each in sizes},
        "seconds_per_pixel": {
            str(each["edge"]): each["seconds_per_pixel"] for each in sizes
        },
        "seconds_per_pixel_spread": max(per_pixel) / min(per_pixel),
        "sizes": sizes,
    }
