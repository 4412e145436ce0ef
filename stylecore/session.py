"""`Session`: one picture from its first scale to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from torch import Tensor

from .checkpoints import Checkpoint
from .inits import first_picture
from .origins import Origin
from .painting import Painting
from .progress import Clock, Progress
from .pyramid import next_picture, on_canvas
from .recipes import Scale
from .rooms import Room
from .sources import Sources
from .targets import StylePixels


class Begin(Protocol):
    """Makes a painting of a content and its styles that fits into memory."""

    def __call__(
        self,
        canvas: Tensor,
        styles: Sequence[StylePixels],
        start: Tensor,
        steps: int,
        *,
        first: bool,
    ) -> Painting: ...


class Session:
    """Paints scale after scale; see `StyleTransfer.run` for what the parts mean.

    Args:
        sources: the pictures and the recipe.
        clock: what has been made already is skipped in it.
        room: the memory there is.
        seed: of the noise in the first picture.
        resume: where to go on, if not at the start.
        origin: by which a checkpoint will know its run.
        begin: makes the painting of a scale.
    """

    def __init__(
        self,
        *,
        sources: Sources,
        clock: Clock,
        room: Room,
        seed: int,
        resume: Checkpoint | None,
        origin: Callable[[], Origin],
        begin: Begin,
    ) -> None:
        self._sources = sources
        self._recipe = sources.recipe
        self._clock = clock
        self._room = room
        self._seed = seed
        self._resume = resume
        self._origin = origin
        self._begin = begin
        self._picture: Tensor | None = None

    def events(self) -> Iterator[Progress]:
        """One after each step; nothing is computed between them."""
        done = self._resume.scale - 1 if self._resume else 0
        for level, scale in enumerate(self._clock.scales, start=1):
            if level > done:
                yield from self._events_at(level, scale)

    def _events_at(self, level: int, scale: Scale) -> Iterator[Progress]:
        target = self._sources.content_at(scale)
        styles = self._sources.styles_at(scale)
        finish = self._sources.finish_at(scale)
        canvas = on_canvas(target, self._recipe.border)
        begin = partial(self._begin, canvas, styles)
        start = on_canvas(
            self._start_at(level, scale, target, styles), self._recipe.border
        )
        first = level == 1 and self._sources.start is None
        painting = begin(start, scale.steps, first=first)
        del start
        if saved := self._saved_at(level):
            saved.restore(painting)
        while left := self._clock.steps_left(level):
            if not self._room.suffices_for(painting.step):
                whole = painting.picture
                del painting
                painting = begin(whole, left, first=False)
                continue
            self._clock.tick(scale)
            picture = painting.picture[:, : scale.height, : scale.width]
            self._picture = picture
            now = (self._origin, painting, picture, level, self._clock.step)
            checkpoint = partial(Checkpoint.of, *now)
            yield self._progress(level, painting, finish(picture), checkpoint)

    def _start_at(
        self, level: int, scale: Scale, target: Tensor, styles: Sequence[StylePixels]
    ) -> Tensor:
        if saved := self._saved_at(level):
            # It may be the last of its scale: then the next one begins with it.
            self._picture = saved.picture.to(target.device)
            return self._picture
        given = self._sources.start_at(scale)
        if self._picture is None:
            return first_picture(self._recipe, target, styles, self._seed, given)
        return next_picture(self._picture, target, self._recipe.detail, given)

    def _saved_at(self, level: int) -> Checkpoint | None:
        resume = self._resume
        return resume if resume is not None and resume.scale == level else None

    def _progress(
        self,
        level: int,
        painting: Painting,
        pixels: Tensor,
        checkpoint: Callable[[], Checkpoint],
    ) -> Progress:
        clock = self._clock
        return Progress(
            step=clock.step,
            total=clock.total,
            scale=level,
            scales=len(clock.scales),
            width=pixels.shape[2],
            height=pixels.shape[1],
            seconds_left=clock.seconds_left(),
            final=clock.step == clock.total,
            pixels=pixels,
            parts=painting.losses,
            checkpoint=checkpoint,
        )
