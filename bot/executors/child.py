"""The child's end of a pipe between the bot and a process of its own.

Messages are pickles behind a length of four bytes: requests come in on standard
input, answers go out on standard output. When standard input ends, the bot is gone,
even if it was killed, and the child ends itself within moments.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

HEADER = struct.Struct(">I")


def frame(message: object) -> bytes:
    """`message` as it travels."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(data)) + data


def unpickle(data: bytes) -> Any:
    return pickle.loads(data)  # noqa: S301 - both ends are this program


class Parent:
    """The bot, as seen from its child. Make one, first thing in `main`.

    `urgent` is called for each message in the listening thread, while the main thread
    may be busy; where it returns True, `receive` never sees the message.
    """

    def __init__(self, urgent: Callable[[Any], bool] = lambda message: False) -> None:
        # Ctrl-C reaches the whole process group; when to end is the bot's to say.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self._incoming = os.fdopen(os.dup(0), "rb")
        self._outgoing = os.fdopen(os.dup(1), "wb")
        # Whatever a library reads or prints must not touch the messages.
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        self._urgent = urgent
        self._messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="parent", daemon=True).start()

    def receive(self) -> Any:
        """Waits for the next message."""
        return self._messages.get()

    def send(self, message: object) -> None:
        try:
            self._outgoing.write(frame(message))
            self._outgoing.flush()
        except BrokenPipeError:
            os._exit(0)

    def _listen(self) -> None:
        try:
            while (message := _read(self._incoming)) is not None:
                if not self._urgent(message):
                    self._messages.put(message)
        finally:
            # Not sys.exit: the main thread may be deep inside a library.
            os._exit(0)


def _read(stream: BinaryIO) -> Any:
    """The next message, or None at the end."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    data = stream.read(length)
    return unpickle(data) if len(data) == length else None
