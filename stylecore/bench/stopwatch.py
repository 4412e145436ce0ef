"""`Stopwatch`: seconds of work, with what is off the clock left out."""

from __future__ import annotations

import time

import torch


class Stopwatch:
    """Counts the seconds between `start` and `stop`, all intervals together.

    Work that was only handed to a GPU counts until it is done.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._seconds = 0.0
        self._started: float | None = None

    @property
    def seconds(self) -> float:
        """As of the last `stop`."""
        return self._seconds

    def start(self) -> None:
        """Goes on counting; does nothing if it already does."""
        if self._started is None:
            synchronise(self._device)
            self._started = time.perf_counter()

    def stop(self) -> None:
        """Waits for the device and holds."""
        if self._started is not None:
            synchronise(self._device)
            self._seconds += time.perf_counter() - self._started
            self._started = None


def synchronise(device: torch.device) -> None:
    """Waits until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
