"""The contract between a job and whatever paints it.

`Executor.run(task)` is an async iterator of events in this order:
`Started`, any number of `Preview`, `Finished`, and then `ClipReady` if a clip was
asked for. Closing the iterator cancels the work within one step. A worker that
dies raises `WorkerDied` (try again); work that cannot succeed raises `TaskFailed`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Palette(StrEnum):
    """Whose colours a result has."""

    STYLE = "style"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintTask:
    """One picture to paint. Everything in it is picklable."""

    job_id: str
    content: Path
    style: Path
    strength: str
    """A name of `stylecore.recipes.Strength`."""
    edge_px: int | None
    """The longer side of the result; None: the executor's `default_edge_px`."""
    clip: bool
    seed: int
    output: Path
    """An existing folder of this job's own; results are written there by rename."""
    preview_interval_s: float
    colors: str = Palette.STYLE.value
    """A value of `Palette`."""
    second_style: Path | None = None
    """A second painting; each of the two counts half."""
    start: Path | None = None
    """A finished picture of the same content, to start from. It may be smaller or
    larger than the result; if it cannot be read or has another shape, the task starts
    cold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineProfile:
    """What a ready worker knows about itself."""

    device: str
    """For people: "2 CPU cores", "NVIDIA H200"."""
    weights: str
    """`trained` or `untrained`."""
    default_edge_px: int
    """The largest size this device paints in its time budget, by measured rate."""
    largest_edge_px: int
    """What it paints at most if a picture is wanted larger; not below the default."""
    seconds_per_pixel_step: float
    slots: int
    """How many tasks run at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    width: int
    height: int
    seconds_left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How far the picture is; `jpeg` (at most 640 px) comes with some of them."""

    step: int
    total: int
    seconds_left: float
    jpeg: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    width: int
    height: int
    seconds: float
    """Painting time, from `Started` on."""
    photo: Path
    """JPEG for sending as a photo."""
    full: Path
    """PNG, every pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipReady:
    clip: Path
    """MP4 without sound."""
    width: int
    height: int
    seconds: float


Event = Started | Preview | Finished | ClipReady


class ExecutorError(Exception):
    """The root of what an executor raises."""


class WorkerDied(ExecutorError):
    """The process that painted is gone; the task may be tried again."""


class TaskFailed(ExecutorError):
    """The task cannot succeed as it is.

    `code` is a `stylecore` error code or `engine`; `mendable` says whether the user
    can do something about it.
    """

    def __init__(self, code: str, mendable: bool) -> None:
        super().__init__(code, mendable)
        self.code = code
        self.mendable = mendable


class Executor(ABC):
    """Paints pictures somewhere else than on the event loop."""

    @abstractmethod
    async def start(self) -> None:
        """Starts the workers and returns at once; they warm up in the background."""

    @abstractmethod
    async def profile(self) -> EngineProfile:
        """Waits until a worker is ready and says what it measured.

        Raises `TaskFailed` if no worker can ever be ready (for example: no weights).
        """

    @abstractmethod
    def run(self, task: PaintTask) -> AsyncGenerator[Event, None]:
        """Paints one picture; close the generator to cancel."""

    @abstractmethod
    async def close(self) -> None:
        """Ends all workers; safe to call twice."""
