"""The process in which pictures are painted: loads the model once, then serves.

`worker.Worker` is its other end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb

from .base import EngineProfile, PaintTask, TaskFailed
from .child import Parent
from .engine import load_engine
from .task import failure, paint


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The first message to a worker."""

    weights: str | Path
    device: str
    edge_px: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The worker has warmed up; it leaves `other_devices` to other workers."""

    profile: EngineProfile
    other_devices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A task to paint; numbers rise."""

    number: int
    task: PaintTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Ends this order and all before it, within one step."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The last message about an order, or about a warm-up that failed (0)."""

    number: int
    failure: TaskFailed | None = None
    cause: str = ""
    """For the log: the kind of exception and the line it came from."""


class Cancelled:
    """The highest number that was cancelled; written by the listening thread."""

    def __init__(self) -> None:
        self._number = 0

    def note(self, message: object) -> bool:
        if not isinstance(message, Cancel):
            return False
        self._number = max(self._number, message.number)
        return True

    def covers(self, number: int) -> Callable[[], bool]:
        return lambda: number <= self._number


def main() -> None:
    """Runs until the bot closes the pipe."""
    cancelled = Cancelled()
    parent = Parent(urgent=cancelled.note)
    config: Config = parent.receive()
    try:
        engine, profile, others = load_engine(
            config.weights, config.device, config.edge_px
        )
    except Exception as error:  # noqa: BLE001 - the bot decides what it means
        parent.send(_ended(0, error))
        return
    parent.send(Ready(profile=profile, other_devices=others))
    while True:
        order: Order = parent.receive()
        stop = cancelled.covers(order.number)
        try:
            for event in paint(engine, profile, order.task, stop):
                parent.send(event)
            parent.send(Ended(number=order.number))
        except Exception as error:  # noqa: BLE001 - likewise
            parent.send(_ended(order.number, error))


def _ended(number: int, error: Exception) -> Ended:
    frames = extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    cause = f"{type(error).__name__} at {place}"
    return Ended(number=number, failure=failure(error), cause=cause)
