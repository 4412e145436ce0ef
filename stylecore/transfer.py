"""`StyleTransfer`: paints one picture in the manner of another, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Final

import torch
from PIL import Image
from torch import Tensor

from .checkpoints import Checkpoint
from .devices import resolve
from .errors import DivergedError
from .features import VGGFeatures, fastest_dtype
from .inits import first_picture
from .objective import PARTS, Objective
from .optimizers import PictureOptimizer, make_optimizer
from .origins import Origin, network_digest
from .pyramid import (
    next_picture,
    on_canvas,
    picture_size,
    to_image,
)
from .recipes import DEFAULT_STRENGTH, Recipe, Scale, preset
from .sources import Sources
from .styles import Styles
from .weights import AUTO, Source, load


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Progress:
    """How far a picture is after a step."""

    step: int
    """Steps made, from 1 to `total`."""
    total: int
    scale: int
    """Which scale this is, from 1 to `scales`."""
    scales: int
    width: int
    height: int
    """The size at this scale."""
    losses: Mapping[str, float]
    """The objective: `total` and its weighted parts `content`, `style` and `tv`."""
    seconds_left: float
    final: bool
    """Whether this is the finished picture."""
    pixels: Tensor
    """`(3, height, width)` float32 RGB on the device, nominally in [0, 1]."""
    checkpoint: Callable[[], Checkpoint]
    """What `run(resume=…)` needs to go on from here. Call it, and save what it gives,
    before the next event."""

    def picture(self) -> Image.Image:
        """The picture after this step."""
        return to_image(self.pixels)


class StyleTransfer:
    """The engine with its network loaded.

    Args:
        weights: `auto` (the cache, else a download), `untrained`, a file, or the
            tensors themselves.
        device: see `devices.resolve`.
        dtype: of the network's arithmetic; none: bfloat16 where the device has it,
            else float32. Losses, Grams and the picture itself are always float32.

    Raises:
        WeightsError: there are no usable weights.
        RecipeError: there is no such device.
    """

    def __init__(
        self,
        weights: Source | Mapping[str, Tensor] = AUTO,
        device: str = "auto",
        dtype: torch.dtype | None = None,
    ) -> None:
        self.device = resolve(device)
        tensors = weights if isinstance(weights, Mapping) else load(weights)
        self._network = network_digest(tensors)
        self.features = VGGFeatures(
            tensors, self.device, dtype or fastest_dtype(self.device)
        )

    def run(
        self,
        content: Image.Image,
        style: Styles,
        recipe: Recipe,
        *,
        edge_px: int,
        seed: int = 0,
        resume: Checkpoint | None = None,
    ) -> Iterator[Progress]:
        """Paints; one event follows each step, the last one is `final`.

        Closing the iterator ends the work at once: nothing is computed between
        events. Equal arguments on an equal device give equal pictures.

        Args:
            content: what to paint; its shape is the result's, and it is never
                enlarged.
            style: in whose manner; one picture, or several with masks and regions,
                see `styles.Style`.
            recipe: the objective and the schedule.
            edge_px: the longer side of the result.
            seed: of the noise with which a recipe may start.
            resume: go on from there; all else has to be as it was then. On the CPU
                the picture is that of a run without a break, bit for bit.

        Raises:
            PictureError: a picture is too small, or masks do not fit.
            CheckpointError: `resume` is of another run, or of a finished one.
            DivergedError: the loss is not a finite number.
        """
        size = picture_size(content.size, edge_px)
        clock = _Clock(recipe.scales(*size))
        sources = Sources.of(content, style, recipe, self.device)
        given = (content, sources.styles, recipe, size, seed, self._network)
        origin = partial(Origin.of, *given)
        picture: Tensor | None = None
        if resume is not None:
            resume.check(origin(), clock.total)
            clock.skip(resume.step)
        for level, scale in enumerate(clock.scales, start=1):
            saved = resume if resume is not None and resume.scale == level else None
            if resume is not None and level < resume.scale:
                continue
            target, styles = sources.content_at(scale), sources.styles_at(scale)
            finish = sources.finish_at(scale)
            if saved is not None:
                picture = saved.picture.to(self.device)
            elif picture is None:
                picture = first_picture(recipe, target, styles, seed)
            else:
                picture = next_picture(picture, target, recipe.detail)
            canvas = on_canvas(target, recipe.border)
            with _reproducible():
                objective = Objective(self.features, recipe, canvas, styles)
            start = on_canvas(picture, recipe.border)
            optimizer = make_optimizer(recipe, objective, start, scale.steps)
            if saved is not None:
                saved.restore(optimizer)
            for _ in range(clock.steps_left(level)):
                with _reproducible():
                    optimizer.step()
                if not optimizer.healthy():
                    raise DivergedError("The loss is no longer a finite number.")
                clock.tick(scale)
                painted = objective.decode(optimizer.numbers)
                picture = painted[:, : scale.height, : scale.width]
                now = (origin, optimizer, picture, level, clock.step)
                yield _progress(
                    *(clock, level, scale, optimizer, finish(picture)),
                    partial(Checkpoint.of, *now),
                )

    def measure(self) -> float:
        """Seconds per pixel and step on this device, by a short run of its own.

        Times `Recipe.pixel_steps` this foretells a painting time.
        """
        recipe = preset(DEFAULT_STRENGTH)
        side = 256 if self.device.type == "cpu" else 512
        picture = torch.full((3, side * 3 // 4, side), 0.5, device=self.device)
        objective = Objective(self.features, recipe, picture, picture)
        optimizer = make_optimizer(recipe, objective, picture, steps=4)
        seconds = []
        for _ in range(4):
            started = time.perf_counter()
            with _reproducible():
                optimizer.step()
            seconds.append(time.perf_counter() - started)
        # The first steps compile and allocate.
        return min(seconds[1:]) / picture[0].numel()


def _progress(
    clock: _Clock,
    level: int,
    scale: Scale,
    optimizer: PictureOptimizer,
    picture: Tensor,
    checkpoint: Callable[[], Checkpoint],
) -> Progress:
    return Progress(
        step=clock.step,
        total=clock.total,
        scale=level,
        scales=len(clock.scales),
        width=scale.width,
        height=scale.height,
        losses=dict(zip(PARTS, optimizer.losses.tolist(), strict=True)),
        seconds_left=clock.seconds_left(),
        final=clock.step == clock.total,
        pixels=picture,
        checkpoint=checkpoint,
    )


class _Clock:
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


def _reproducible() -> AbstractContextManager[None]:
    """cuDNN may otherwise choose between algorithms that round differently."""
    flags: AbstractContextManager[None] = torch.backends.cudnn.flags(
        enabled=True, benchmark=False, deterministic=True, allow_tf32=True
    )
    return flags
