"""`Stepper`: repeats a step, on a GPU as one CUDA graph.

A step launches some hundred small kernels; for small pictures launching them takes
longer than they do. A graph launches all at once. What it needs of a step: every
buffer that outlives the step keeps its address, and the host is never asked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

_LOG = logging.getLogger(__name__)


class Stepper:
    """Calls a step, each time as if for the first time.

    On a GPU the first steps run as they are, on a side stream, so that cuDNN, cuBLAS
    and cuFFT have their plans and workspaces; then the step is captured, and from
    there on replayed. If it cannot be captured, it goes on as it began.

    Args:
        step: what to repeat.
        device: where it computes; no graph but on CUDA.
    """

    _WARM_UP: Final = 3

    def __init__(self, step: Callable[[], None], device: torch.device) -> None:
        self._step = step
        self._device = device
        self._graph: torch.cuda.CUDAGraph | None = None
        self._until_capture = self._WARM_UP if device.type == "cuda" else -1

    def __call__(self) -> None:
        if self._graph is not None:
            self._graph.replay()
        elif self._until_capture > 0:
            self._until_capture -= 1
            self._warm_up()
        elif self._until_capture == 0:
            self._until_capture = -1
            self._capture()
            self()
        else:
            self._step()

    def _warm_up(self) -> None:
        side = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]  # torch leaves it untyped
        side.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(side):
            self._step()
        torch.cuda.current_stream(self._device).wait_stream(side)

    def _capture(self) -> None:
        try:
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.device(self._device), torch.cuda.graph(graph):
                self._step()
        except RuntimeError as error:
            # Nothing has run yet, so nothing is lost but time.
            _LOG.info("Steps are launched one by one: %s", error)
            return
        self._graph = graph


def to_host(tensor: Tensor) -> Tensor:
    """A copy in the host's memory, through pinned memory if it comes from a GPU."""
    if tensor.device.type != "cuda":
        return tensor.detach().to("cpu", copy=True)
    host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
    host.copy_(tensor.detach(), non_blocking=True)
    torch.cuda.current_stream(tensor.device).synchronize()
    return host
