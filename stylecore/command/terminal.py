"""What the command line shows: progress bars, notices, and one sentence per error."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from ..errors import InputError, StyleError
from .interrupts import StopRequest, Terminated

if TYPE_CHECKING:
    from ..download import ProgressHook
    from ..transfer import Progress as Painting
    from .observers import Observer

USERS_MISTAKE, OUR_MISTAKE, INTERRUPTED, TERMINATED, UNHEARD = 2, 1, 130, 143, 141


@contextmanager
def sentences() -> Iterator[None]:
    """Ends the command with one sentence on standard error, whatever happens inside.

    Exit status 2 for what the user can mend, 130 after Ctrl-C, 143 after SIGTERM, 141
    if nobody reads the results any more, 1 for all else.
    """
    try:
        yield
    except typer.Exit:
        raise
    except KeyboardInterrupt as stop:
        status = TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
        raise _end(str(stop) or "Stopped before the end.", status) from None
    except BrokenPipeError:
        # Python would complain about it once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(UNHEARD) from None
    except StyleError as error:
        mendable = isinstance(error, InputError) or error.code == "missing"
        status = USERS_MISTAKE if mendable else OUR_MISTAKE
        raise _end(str(error), status) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _end(f"A file cannot be written: {reason}.", OUR_MISTAKE) from error
    except Exception as error:
        raise _end(_explained(error), OUR_MISTAKE) from error


def _explained(error: Exception) -> str:
    if isinstance(error, MemoryError) or "memory" in str(error):
        return "There is not enough memory for this size; try a smaller --edge."
    return f"That should not have happened ({type(error).__name__}); please report it."


def _end(sentence: str, status: int) -> typer.Exit:
    say(sentence, style="red")
    return typer.Exit(status)


def say(sentence: str, style: str) -> None:
    """Prints to standard error, so that pipes get results only."""
    _console().print(
        sentence, style=style, markup=False, highlight=False, soft_wrap=True
    )


def _console() -> Console:
    return Console(stderr=True)


@contextmanager
def download_bar() -> Iterator[ProgressHook]:
    """A bar for as long as the context lasts; call what it yields to move it."""
    with Progress(
        TextColumn("VGG-19 weights"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=_console(),
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def watch(
    events: Iterator[Painting],
    total: int,
    observers: Sequence[Observer],
    stop: StopRequest,
) -> Painting:
    """Shows the steps to the user and to the observers as they come.

    Returns the last step made: that of the finished picture, unless a stop was asked
    for meanwhile.
    """
    with Progress(
        TextColumn("{task.fields[size]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]}"),
        TextColumn("{task.fields[left]} left"),
        console=_console(),
    ) as bar:
        task = bar.add_task("", total=total, size="starting", loss="–", left="–")
        for event in events:
            bar.update(
                task,
                completed=event.step,
                size=f"{event.width} × {event.height}",
                loss=f"{event.losses['total']:.4g}",
                left=f"{event.seconds_left:.0f} s",
            )
            for observer in observers:
                observer(event)
            last = event
            if stop:
                break
    return last
