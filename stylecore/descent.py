"""`PictureOptimizer`: what every optimiser of pictures offers.

One step is one evaluation of the objective, whatever the optimiser, so that steps
cost the same and can be counted before they are made. No step waits for the device,
and every buffer keeps its address, so that steps can be captured in a CUDA graph.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from .objective import Evaluation

Bounds = tuple[float, float] | None
Evaluate = Callable[[Tensor], Evaluation]


@dataclass(frozen=True, slots=True)
class Health:
    """What the host learns when it asks."""

    loss: float
    """The loss last accepted."""
    finite: bool
    """False: the loss is not a finite number, and no further step helps."""
    refused: int = 0
    """Steps refused since the start or a restart."""
    stalled: int = 0
    """Steps refused in a row; a dozen mean that the arithmetic is too coarse, or that
    there is nothing left to gain."""


class Resumable(Protocol):
    """What can go on later from where it was; see `PictureOptimizer`."""

    def state(self) -> dict[str, Tensor]: ...

    def restore(self, state: Mapping[str, Tensor]) -> None: ...


class PictureOptimizer(ABC):
    """Improves numbers step by step, on their device."""

    @property
    @abstractmethod
    def numbers(self) -> Tensor:
        """A copy of the present point, inside the bounds."""

    @property
    @abstractmethod
    def losses(self) -> Tensor:
        """A copy of the losses last accepted; see `Evaluation.losses`."""

    @abstractmethod
    def step(self) -> None:
        """One evaluation, without waiting for the device. The first one only looks at
        the start if the optimiser has to know its loss."""

    @abstractmethod
    def restart(self, evaluate: Evaluate, *, keep: bool = False) -> None:
        """Goes on from the present point with another objective.

        Args:
            evaluate: the objective.
            keep: whether what was learnt of its curvature holds for this one too.
        """

    @abstractmethod
    def health(self) -> Health:
        """Waits for the device, in one transfer."""

    @abstractmethod
    def _buffers(self) -> dict[str, Tensor]:
        """All that a step reads from the steps before it."""

    def healthy(self) -> bool:
        """Whether the loss is a finite number; waits for the device."""
        return self.health().finite

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, besides the objective.

        The tensors are the optimiser's own, which further steps change: save or clone
        them first. `restore` goes on from them to the last bit.
        """
        return self._buffers()

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Copies what `state` gave, from whatever device, into this optimiser.

        Raises:
            KeyError: a tensor is missing.
            ValueError: it is of another shape: of another picture or recipe.
        """
        for name, buffer in self._buffers().items():
            saved = state[name]
            if saved.shape != buffer.shape:
                raise ValueError(
                    f"{name} is {tuple(saved.shape)}, expected {tuple(buffer.shape)}"
                )
            buffer.copy_(saved)


def inside(numbers: Tensor, bounds: Bounds) -> Tensor:
    """`numbers`, each moved to the nearest bound that it exceeds."""
    return numbers if bounds is None else numbers.clamp(*bounds)


def exact_zero(device: torch.device) -> Tensor:
    """A scalar 0 in float64 where the device has it: scalars should never round."""
    dtype = torch.float32 if device.type == "mps" else torch.float64
    return torch.zeros((), dtype=dtype, device=device)
