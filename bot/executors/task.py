"""Painting one task with `stylecore`, and the files that come out of it.

In worker processes with the engine that `engine.load_engine` loads, in the `inline`
double with a makeshift one.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from PIL import Image

from stylecore import images
from stylecore.clip import ClipRecorder
from stylecore.errors import PictureError, StyleError, WeightsError
from stylecore.recipes import Recipe

from .base import (
    ClipReady,
    EngineProfile,
    Event,
    Finished,
    PaintTask,
    Preview,
    Started,
    TaskFailed,
)
from .inputs import Inputs

_PREVIEW_EDGE_PX = 640
_PREVIEW_QUALITY = 82
_FIRST_PREVIEW_S = 1.0
_TICK_S = 0.5

_PHOTO_QUALITIES = (92, 85, 75, 60)
_PHOTO_MAX_BYTES = 9_900_000
_PHOTO_MAX_SIDES_PX = 10_000
"""Telegram takes photos below 10 MB whose width plus height is at most 10,000."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Step(Protocol):
    """What `paint` reads of `stylecore.transfer.Progress`."""

    @property
    def step(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def seconds_left(self) -> float: ...
    def picture(self) -> Image.Image: ...


class Engine(Protocol):
    """What `paint` needs of `stylecore.transfer.StyleTransfer`."""

    def run(
        self,
        content: Image.Image,
        style: Sequence[Image.Image],
        recipe: Recipe,
        *,
        edge_px: int,
        seed: int = 0,
        start: Image.Image | None = None,
    ) -> Iterator[Step]: ...


def paint(
    engine: Engine, profile: EngineProfile, task: PaintTask, stop: Callable[[], bool]
) -> Iterator[Event]:
    """Yields the events of `task`; ends without a result within a step of `stop()`.

    Raises `StyleError` or `OSError`; `failure` says what they mean.
    """
    given = Inputs.read(task, profile.default_edge_px)
    size = given.size
    expected_s = profile.seconds_per_pixel_step * given.recipe.pixel_steps(*size)
    pace = Pace(task.preview_interval_s, expected_s)
    clip = ClipRecorder(given.content) if task.clip else None
    yield Started(width=size[0], height=size[1], seconds_left=expected_s)
    for step in engine.run(
        given.content,
        given.styles,
        given.recipe,
        edge_px=given.edge_px,
        seed=task.seed,
        start=given.start,
    ):
        if stop():
            return
        if clip:
            clip.add(step.picture)
        if preview := _preview(step, pace, size):
            yield preview
    results = Results(task.output)
    yield results.picture(step.picture(), pace.elapsed_s)
    if clip:
        yield results.clip(clip)


def failure(error: Exception) -> TaskFailed:
    """What an exception of a task means to the one who waits for the picture."""
    if isinstance(error, WeightsError):
        return TaskFailed("weights", False)
    if isinstance(error, StyleError):
        return TaskFailed(error.code or "engine", isinstance(error, PictureError))
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return TaskFailed("disk_full", False)
    # torch.OutOfMemoryError is a RuntimeError, and this process may have no torch.
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return TaskFailed("memory", False)
    return TaskFailed("engine", False)


class Pace:
    """When to show the picture so far, and when only to say how far it is."""

    def __init__(self, interval_s: float, expected_s: float) -> None:
        self._interval_s = interval_s
        self._started = self._ticked = time.monotonic()
        first_s = min(_FIRST_PREVIEW_S, interval_s, expected_s / 4)
        self._picture_at = self._started + first_s

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def picture_due(self) -> bool:
        """True once per interval, the first time after about a second."""
        now = time.monotonic()
        if now < self._picture_at:
            return False
        self._picture_at = now + self._interval_s
        return True

    def tick_due(self) -> bool:
        """True twice a second."""
        now = time.monotonic()
        if now < self._ticked + _TICK_S:
            return False
        self._ticked = now
        return True


class Results:
    """Writes the files of one task, each of them whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def picture(self, image: Image.Image, seconds: float) -> Finished:
        """Writes `photo.jpg` and `full.png`."""
        full = self._folder / "full.png"
        images.save(image, full)
        return Finished(
            width=image.width,
            height=image.height,
            seconds=seconds,
            photo=self._photo(image),
            full=full,
        )

    def clip(self, recorder: ClipRecorder) -> ClipReady:
        """Encodes `clip.mp4`."""
        path = self._folder / "clip.mp4"
        clip = recorder.write(path)
        return ClipReady(
            clip=path, width=clip.width, height=clip.height, seconds=clip.seconds
        )

    def _photo(self, image: Image.Image) -> Path:
        path = self._folder / "photo.jpg"
        excess = sum(image.size) / _PHOTO_MAX_SIDES_PX
        if excess > 1:
            image = images.fit(image, int(max(image.size) / excess))
        for quality in _PHOTO_QUALITIES:
            images.save(image, path, quality=quality)
            if path.stat().st_size <= _PHOTO_MAX_BYTES:
                break
        return path


def _preview(step: Step, pace: Pace, size: tuple[int, int]) -> Preview | None:
    """What is due to be told after this step."""
    jpeg = None
    if pace.picture_due():
        jpeg = _jpeg(step.picture(), size)
    elif not pace.tick_due():
        return None
    return Preview(
        step=step.step, total=step.total, seconds_left=step.seconds_left, jpeg=jpeg
    )


def _jpeg(image: Image.Image, size: tuple[int, int]) -> bytes:
    """All previews of a picture of `size` pixels are equally large, so that the chat
    does not jump from scale to scale."""
    shown = images.size_to_fit(size, _PREVIEW_EDGE_PX)
    if shown != image.size:
        image = image.resize(shown, Image.Resampling.BICUBIC)
    return images.encode(image, ".jpg", quality=_PREVIEW_QUALITY)
