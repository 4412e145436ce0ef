"""`InlineExecutor`: the shipped double, which paints at once and without a network."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageOps, ImageStat

from stylecore.recipes import Colors, Recipe, Strength, preset

from .base import EngineProfile, Event, Executor, PaintTask
from .task import failure, paint

_EDGE_PX = 512
_LARGEST = 4
"""How many times the default size is the largest."""
_STEPS = 24


class InlineExecutor(Executor):
    """Keeps the whole contract in a thread: no process, no torch, no weights.

    Args:
        seconds: How long each picture takes.
        slots: How many tasks run at the same time.
        edge_px: The default for the longer side of results.
    """

    def __init__(
        self, *, seconds: float = 1.0, slots: int = 1, edge_px: int = _EDGE_PX
    ) -> None:
        self._engine = _Overlay(seconds)
        self._slots = asyncio.Semaphore(slots)
        self._profile = EngineProfile(
            device="no engine",
            weights="untrained",
            default_edge_px=edge_px,
            largest_edge_px=_LARGEST * edge_px,
            seconds_per_pixel_step=seconds
            / preset(Strength.BALANCED).pixel_steps(edge_px, edge_px),
            slots=slots,
        )

    async def start(self) -> None:
        """Nothing has to warm up."""

    async def profile(self) -> EngineProfile:
        return self._profile

    async def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
        stopped = threading.Event()
        loop = asyncio.get_running_loop()
        async with self._slots:
            events = paint(self._engine, self._profile, task, stopped.is_set)
            thread = ThreadPoolExecutor(1, f"inline {task.job_id}")
            try:
                while event := await loop.run_in_executor(thread, next, events, None):
                    yield event
            except Exception as error:
                raise failure(error) from error
            finally:
                stopped.set()
                thread.shutdown(wait=False)

    async def close(self) -> None:
        """Tasks end with whoever runs them."""


@dataclass(frozen=True, slots=True)
class _Stroke:
    """One step of `_Overlay`."""

    step: int
    total: int
    seconds_left: float
    first: Image.Image
    painted: Image.Image

    def picture(self) -> Image.Image:
        return Image.blend(self.first, self.painted, self.step / self.total)


class _Overlay:
    """Lays the style's colours and texture over the content, evenly over the time.

    From a picture that is there already it takes half the time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def run(
        self,
        content: Image.Image,
        style: Sequence[Image.Image],
        recipe: Recipe,
        *,
        edge_px: int,
        seed: int = 0,
        start: Image.Image | None = None,
    ) -> Iterator[_Stroke]:
        if max(content.size) > edge_px:
            content = ImageOps.contain(content, (edge_px, edge_px))
        painted = Image.blend(content, _overlay(content, style), _amount(recipe))
        if recipe.colors is not Colors.STYLE:
            painted = _recolored(painted, content)
        first = content if start is None else start.resize(content.size)
        steps = _STEPS if start is None else _STEPS // 2
        pause_s = self._seconds / _STEPS
        for step in range(1, steps + 1):
            time.sleep(pause_s)
            yield _Stroke(
                step=step,
                total=steps,
                seconds_left=pause_s * (steps - step),
                first=first,
                painted=painted,
            )


def _overlay(content: Image.Image, styles: Sequence[Image.Image]) -> Image.Image:
    """The mean of what each style makes of the content."""
    mean = _laid_over(content, styles[0])
    for number, style in enumerate(styles[1:], start=2):
        mean = Image.blend(mean, _laid_over(content, style), 1 / number)
    return mean


def _laid_over(content: Image.Image, style: Image.Image) -> Image.Image:
    tinted = _tint(content, style)
    return ImageChops.soft_light(tinted, ImageOps.fit(style, content.size))


def _recolored(painted: Image.Image, content: Image.Image) -> Image.Image:
    """The painted brightness in the content's colours."""
    brightness, *_ = painted.convert("YCbCr").split()
    _, *chroma = content.convert("YCbCr").split()
    return Image.merge("YCbCr", (brightness, *chroma)).convert("RGB")


def _tint(content: Image.Image, style: Image.Image) -> Image.Image:
    """The content with the style's mean and deviation in each channel."""
    have, want = ImageStat.Stat(content), ImageStat.Stat(style)
    bands = []
    for channel, band in enumerate(content.split()):
        gain = want.stddev[channel] / max(1.0, have.stddev[channel])
        shift = want.mean[channel] - gain * have.mean[channel]
        bands.append(band.point([round(value * gain + shift) for value in range(256)]))
    return Image.merge(content.mode, bands)


def _amount(recipe: Recipe) -> float:
    """0.4 to 1.0, rising with the strength whose recipe this is."""
    order = sorted(
        preset(strength).beta / preset(strength).alpha for strength in Strength
    )
    return 0.4 + 0.2 * order.index(recipe.beta / recipe.alpha)
