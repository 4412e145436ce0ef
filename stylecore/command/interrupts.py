"""Ctrl-C and SIGTERM: at once, or after the step that is being made."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Terminated(KeyboardInterrupt):
    """SIGTERM, as an exception like that of Ctrl-C."""


class StopRequest:
    """Whether someone wants the work to stop."""

    def __init__(self) -> None:
        self._error: type[KeyboardInterrupt] | None = None

    def __bool__(self) -> bool:
        return self._error is not None

    def ask(self, number: int, frame: FrameType | None) -> None:
        """A signal handler: asks the first time, and raises the second time."""
        if self._error is not None:
            _raise(number, frame)
        self._error = _error(number)

    def obey(self, sentence: str) -> None:
        """Raises what the signal would have raised, if there was one."""
        if self._error is not None:
            raise self._error(sentence)


@contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM raises `Terminated` meanwhile, so that nothing half-done is left."""
    with _handled({signal.SIGTERM: _raise}):
        yield


@contextmanager
def asked_to_stop() -> Iterator[StopRequest]:
    """Meanwhile the first Ctrl-C or SIGTERM only asks; the second one raises."""
    request = StopRequest()
    with _handled({signal.SIGINT: request.ask, signal.SIGTERM: request.ask}):
        yield request


@contextmanager
def _handled(handlers: dict[signal.Signals, Any]) -> Iterator[None]:
    # Python handles signals in the main thread alone.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, each) for number, each in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise _error(number)


def _error(number: int) -> type[KeyboardInterrupt]:
    return Terminated if number == signal.SIGTERM else KeyboardInterrupt
