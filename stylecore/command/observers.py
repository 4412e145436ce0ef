"""What else happens while a picture is painted: it is filmed, saved, kept to resume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from ..clip import ClipRecorder
from ..images import tagged_to_srgb
from .outputs import Output

if TYPE_CHECKING:
    from ..transfer import Progress

Observer = Callable[["Progress"], None]
"""Is shown every event; see `Progress`."""


def numbers(event: Progress) -> Any:
    """The picture of an event as `(3, H, W)` float32 in memory, an array."""
    return event.pixels.detach().float().cpu().numpy()


@dataclass(frozen=True, slots=True)
class Film:
    """Gives every step to a clip, in sRGB, since clips carry no profile."""

    recorder: ClipRecorder
    profile: bytes | None

    def __call__(self, event: Progress) -> None:
        def picture() -> Image.Image:
            return tagged_to_srgb(event.picture(), self.profile)

        self.recorder.add(picture)


@dataclass(frozen=True, slots=True)
class StepSaver:
    """Writes the picture every so many steps, beside the output."""

    output: Output
    every: int
    complain: Callable[[str], None]

    def __call__(self, event: Progress) -> None:
        if event.step % self.every or event.final:
            return
        step = self.output.at_step(event.step)
        with_complaint(lambda: step.write(numbers(event)), step.path, self.complain)


@dataclass(frozen=True, slots=True)
class CheckpointSaver:
    """Writes a checkpoint every so many steps; never by itself if `every` is none."""

    path: Path
    every: int | None
    complain: Callable[[str], None]

    def __call__(self, event: Progress) -> None:
        if self.every and event.step % self.every == 0 and not event.final:
            self.save(event)

    def save(self, event: Progress) -> bool:
        """Writes it now; says whether that worked."""
        checkpoint = event.checkpoint()
        return with_complaint(
            lambda: checkpoint.save(self.path), self.path, self.complain
        )


def with_complaint(
    write: Callable[[], None], path: Path, complain: Callable[[str], None]
) -> bool:
    """Writes a file without which the painting can go on, or says why not."""
    try:
        write()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        complain(f"“{path.name}” cannot be written: {reason}. Painting goes on.")
        return False
    return True
