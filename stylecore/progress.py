"""`Progress`: what a run says after each step, and the clock that foretells its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image
from torch import Tensor

from .checkpoints import Checkpoint
from .graphs import to_host
from .objective import PARTS
from .pyramid import to_image
from .recipes import Scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Progress:
    """How far a picture is after a step.

    Making one does not wait for the device; to ask it for a picture or for losses does.
    """

    step: int
    """Steps made, from 1 to `total`."""
    total: int
    scale: int
    """Which scale this is, from 1 to `scales`."""
    scales: int
    width: int
    height: int
    """The size at this scale."""
    seconds_left: float
    final: bool
    """Whether this is the finished picture."""
    pixels: Tensor
    """`(3, height, width)` float32 RGB on the device, nominally in [0, 1]."""
    parts: Tensor
    """`(4,)` on the device: `losses` in the order of `objective.PARTS`."""
    checkpoint: Callable[[], Checkpoint]
    """What `run(resume=…)` needs to go on from here. Call it, and save what it gives,
    before the next event."""

    @property
    def losses(self) -> Mapping[str, float]:
        """The objective: `total` and its weighted parts `content`, `style` and `tv`.

        In the steps of `Recipe.cascade` and `Recipe.relaxed_steps` those of the
        stand-in, and so are neither comparable with later ones nor complete.
        """
        return dict(zip(PARTS, to_host(self.parts).tolist(), strict=True))

    def picture(self) -> Image.Image:
        """The picture after this step."""
        return to_image(to_host(self.pixels))


class Clock:
    """Counts steps and foretells the end from the pixel-steps made so far."""

    _MEMORY: Final = 0.9

    def __init__(self, scales: tuple[Scale, ...]) -> None:
        self.scales = scales
        self.total = sum(scale.steps for scale in scales)
        self.step = 0
        self._work_left = sum(s.width * s.height * s.steps for s in scales)
        self._seconds = self._work = 0.0
        self._last = time.perf_counter()

    def tick(self, scale: Scale) -> None:
        now = time.perf_counter()
        pixels = scale.width * scale.height
        self.step += 1
        self._work_left -= pixels
        self._seconds = self._MEMORY * self._seconds + now - self._last
        self._work = self._MEMORY * self._work + pixels
        self._last = now

    def skip(self, steps: int) -> None:
        """Counts as made what another run has done."""
        for scale in self.scales:
            made = min(scale.steps, steps)
            steps -= made
            self.step += made
            self._work_left -= made * scale.width * scale.height

    def steps_left(self, level: int) -> int:
        """Until the end of the scale that is at `level`, counted from 1."""
        return sum(scale.steps for scale in self.scales[:level]) - self.step

    def seconds_left(self) -> float:
        return self._work_left * self._seconds / self._work
