"""Where updates come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
)
"""Always named: Telegram remembers what was asked for the last time."""


class IntakeError(Exception):
    """Updates cannot be received; the message is a sentence for the operator."""


class Source(ABC):
    """Stores updates in the ledger, and only then acknowledges them."""

    @abstractmethod
    async def run(self, stored: Callable[[], None]) -> None:
        """Receives until cancelled; calls `stored` after each commit.

        Raises `IntakeError` where trying again is pointless.
        """
