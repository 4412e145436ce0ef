"""`Plan`: one painting from files to files, as the command line asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import images
from ..clip import SUFFIXES as CLIP_SUFFIXES
from ..clip import ClipRecorder
from ..errors import RecipeError
from ..recipes import Recipe
from .inputs import InputFiles, Pictures
from .interrupts import StopRequest, asked_to_stop
from .observers import CheckpointSaver, Film, Observer, StepSaver, numbers
from .outputs import Output, Profile
from .terminal import say, watch

if TYPE_CHECKING:
    from ..checkpoints import Checkpoint
    from ..transfer import Progress, StyleTransfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to paint, how, and what to write meanwhile and in the end.

    Raises:
        RecipeError: an output could not be written, or would overwrite something.
    """

    files: InputFiles
    recipe: Recipe
    edge_px: int
    seed: int
    output: Output
    profile: Profile
    clip: Path | None
    save_every: int | None
    checkpoint: Path | None
    checkpoint_every: int | None
    resume: Path | None

    def __post_init__(self) -> None:
        if self.checkpoint_every and not self.checkpoint:
            raise RecipeError(
                "--checkpoint-every needs a file to write to; add --checkpoint FILE."
            )
        taken = list(self.files.paths())
        if self.clip and self.clip.suffix.lower() not in CLIP_SUFFIXES:
            raise RecipeError(
                f"“{self.clip.name}” must end in one of {', '.join(CLIP_SUFFIXES)}."
            )
        if self.resume and self.resume != self.checkpoint:
            taken.append(self.resume)
        for path in filter(None, (self.output.path, self.clip, self.checkpoint)):
            _check_place(path, taken)
            taken.append(path)
        steps = [path for path in taken[:-1] if path != self.output.path]
        if self.save_every and any(map(self.output.would_take, steps)):
            raise RecipeError(
                "A picture that --save-every keeps would overwrite something else; "
                "choose another output."
            )

    def paint(self, engine: Callable[[], StyleTransfer]) -> Iterator[str]:
        """Paints, and yields a line for each file that is written in the end."""
        pictures = Pictures.read(self.files, self.recipe, self.profile)
        for notice in pictures.notices(self.recipe):
            say(notice, style="yellow")
        pictures = pictures.fitted(self.edge_px)
        output = replace(self.output, profile=pictures.profile)
        recorder = self._recorder(pictures)
        observers: list[Observer] = []
        if recorder:
            observers.append(Film(recorder, pictures.profile))
        if self.save_every:
            observers.append(StepSaver(output, self.save_every, _warn))
        resumed, painter = self._resumed(), engine()
        started = time.monotonic()
        last = self._watched(painter, pictures, resumed, observers)
        seconds = time.monotonic() - started
        output.write(numbers(last))
        yield f"{output.path}: {last.width} × {last.height} px in {seconds:.1f} s"
        if self.clip and recorder:
            film = recorder.write(self.clip)
            yield f"{self.clip}: {film.width} × {film.height} px, {film.seconds:g} s"

    def _watched(
        self,
        engine: StyleTransfer,
        pictures: Pictures,
        resumed: Checkpoint | None,
        observers: list[Observer],
    ) -> Progress:
        events = engine.run(
            pictures.content,
            pictures.styles,
            self.recipe,
            edge_px=self.edge_px,
            seed=self.seed,
            start=pictures.start,
            resume=resumed,
        )
        total = self.recipe.total_steps(*pictures.content.size)
        if self.checkpoint is None:
            return watch(events, total, observers, StopRequest())
        saver = CheckpointSaver(self.checkpoint, self.checkpoint_every, _warn)
        with asked_to_stop() as stop:
            last = watch(events, total, [*observers, saver], stop)
            if not last.final and saver.save(last):
                stop.obey(
                    f"Stopped after step {last.step} of {total}. To go on, give the "
                    f"same command with --resume {self.checkpoint}."
                )
            if not last.final:
                stop.obey("")
        return last

    def _resumed(self) -> Checkpoint | None:
        if self.resume is None:
            return None
        from ..checkpoints import load

        return load(self.resume)

    def _recorder(self, pictures: Pictures) -> ClipRecorder | None:
        if self.clip is None:
            return None
        return ClipRecorder(images.tagged_to_srgb(pictures.content, pictures.profile))


def _check_place(path: Path, taken: list[Path]) -> None:
    """Finds out before the painting whether a file can be written there."""
    if not path.parent.is_dir():
        raise RecipeError(f"There is no folder “{path.parent}” to write into.")
    if path.is_dir() or path.resolve() in {each.resolve() for each in taken}:
        raise RecipeError(f"“{path}” would overwrite something else; choose another.")


def _warn(sentence: str) -> None:
    say(sentence, style="yellow")
