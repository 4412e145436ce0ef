"""`StyleTransfer`: paints one picture in the manner of another, step by step."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import torch
from PIL import Image
from torch import Tensor

from .cache import StyleCache
from .checkpoints import Checkpoint
from .devices import resolve
from .features import VGGFeatures, fastest_dtype
from .memory import keep_freed
from .objective import Objective
from .origins import Origin, network_digest
from .painting import Painting
from .progress import Clock
from .progress import Progress as Progress
from .pyramid import picture_size
from .recipes import DEFAULT_STRENGTH, Recipe, preset
from .rooms import Room
from .session import Session
from .sources import Sources
from .styles import Styles
from .targets import StylePixels
from .tiles import TiledObjective
from .weights import AUTO, Source, load

_MEASURED_STEPS: Final = 4


class StyleTransfer:
    """The engine with its network loaded.

    Args:
        weights: `auto` (the cache, else a download), `untrained`, a file, or the
            tensors themselves.
        device: see `devices.resolve`.
        dtype: of the network's arithmetic; none: bfloat16 where the device has it,
            else float32. Losses, Grams and the picture itself are always float32.
        memory: bytes that a run may take over the network; none: most of what is free
            on the device when it begins. What does not fit is painted in tiles, with
            the same loss and gradient; only then the picture depends on it a little,
            since sums round otherwise and L-BFGS may have to remember less.

    Raises:
        WeightsError: there are no usable weights.
        RecipeError: there is no such device.
    """

    def __init__(
        self,
        weights: Source | Mapping[str, Tensor] = AUTO,
        device: str = "auto",
        dtype: torch.dtype | None = None,
        memory: int | None = None,
    ) -> None:
        self.device = resolve(device)
        tensors = weights if isinstance(weights, Mapping) else load(weights)
        self._network = network_digest(tensors)
        self._cache = StyleCache()
        self._memory = memory
        self._tensors = tensors
        self._features32: VGGFeatures | None = None
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
        start: Image.Image | None = None,
        resume: Checkpoint | None = None,
        memory: int | None = None,
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
            start: what to start from in place of `recipe.init`; of any size, stretched
                to the content's shape. For another strength of a finished picture,
                give that picture, and a recipe that is `continued`.
            resume: go on from there; all else has to be as it was then. On the CPU
                the picture is that of a run without a break, bit for bit.
            memory: see `StyleTransfer`; none: what was said there.

        Raises:
            PictureError: a picture is too small, or masks do not fit.
            CheckpointError: `resume` is of another run, or of a finished one.
            DivergedError: the loss is not a finite number.
            EngineError: the memory does not suffice.
        """
        room = Room(memory or self._memory, self.device)
        size = picture_size(content.size, edge_px)
        clock = Clock(recipe.scales(*size))
        sources = Sources.of(content, style, recipe, self.device, start)
        given = (content, sources.styles, recipe, size, seed, self._network, start)
        origin = partial(Origin.of, *given)
        if resume is not None:
            resume.check(origin(), clock.total)
            clock.skip(resume.step)
        session = Session(
            sources=sources,
            clock=clock,
            room=room,
            seed=seed,
            resume=resume,
            origin=origin,
            begin=partial(self._painting, room, recipe),
        )
        yield from session.events()

    def _painting(
        self,
        room: Room,
        recipe: Recipe,
        canvas: Tensor,
        styles: Sequence[StylePixels],
        start: Tensor,
        steps: int,
        *,
        first: bool,
    ) -> Painting:
        """A painting that fits; as long as it does not after all, a smaller one."""
        size = canvas.shape[2], canvas.shape[1]
        manners = [style.picture[0].numel() for style in styles]
        found: list[Painting] = []

        def begin() -> None:
            plan = room.plan(recipe, size, manners, self.features.dtype)
            fitting = replace(recipe, history=plan.history)
            make = partial(self._objective, fitting, canvas, styles, room)
            found.append(
                Painting(fitting, make, self.features.dtype, start, steps, first=first)
            )

        while not room.suffices_for(begin):
            pass
        return found[0]

    def _objective(
        self,
        recipe: Recipe,
        canvas: Tensor,
        styles: Sequence[StylePixels],
        room: Room,
        dtype: torch.dtype,
    ) -> Objective:
        features = self._exact() if dtype is torch.float32 else self.features
        size = canvas.shape[2], canvas.shape[1]
        manners = [style.picture[0].numel() for style in styles]
        plan = room.plan(recipe, size, manners, dtype, keep_history=True)
        given = features, recipe, canvas, styles
        keep_freed(plan.tile_px is None)
        if plan.tile_px is None:
            return Objective(*given, self._cache)
        return TiledObjective(*given, plan.tile_px, self._cache)

    def _exact(self) -> VGGFeatures:
        """The network in float32, made when it is first needed."""
        if self.features.dtype is torch.float32:
            return self.features
        if self._features32 is None:
            self._features32 = VGGFeatures(self._tensors, self.device, torch.float32)
        return self._features32

    def measure(self) -> float:
        """Seconds per pixel and step on this device, by a short run of its own.

        Times `Recipe.pixel_steps` this foretells a painting time.
        """
        recipe = preset(DEFAULT_STRENGTH)
        side = 256 if self.device.type == "cpu" else 512
        picture = torch.full((3, side * 3 // 4, side), 0.5, device=self.device)
        style = [StylePixels(picture=picture)]
        room = Room(self._memory, self.device)
        painting = self._painting(
            room, recipe, picture, style, picture, _MEASURED_STEPS, first=True
        )
        seconds = []
        for _ in range(_MEASURED_STEPS):
            started = time.perf_counter()
            painting.step()
            painting.wait()
            seconds.append(time.perf_counter() - started)
        # The first steps compile and allocate.
        return min(seconds[1:]) / picture[0].numel()
