"""What an error of Telegram means for a message that is owed.

python-telegram-bot makes `BadRequest` and `TimedOut` kinds of `NetworkError`, so
the order of the questions matters: it is kept here, once.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

# These leave Telegram without a complete request.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
)
_NO_SUCH_CHAT = ("chat not found", "user not found", "user is deactivated", "peer_id")
_NO_RIGHT = ("not enough rights", "have no rights", "_forbidden", "topic_closed")
_TOO_LARGE = "request entity too large"


class Verdict(Enum):
    """What to do after a failed send."""

    WAIT = auto()
    """Telegram asks for patience; it has not sent the message."""
    AGAIN = auto()
    """Telegram has not got the message, or says that it failed."""
    AGAIN_MAYBE_TWICE = auto()
    """The answer is missing: the message may have been sent or not."""
    OTHER_CHAT = auto()
    """The group has become a supergroup with another id."""
    REFUSED = auto()
    """Not like this; perhaps in another form."""
    NO_RIGHT = auto()
    """The group does not let the bot send such a thing."""
    NOBODY_THERE = auto()
    """The chat is gone, or has blocked the bot."""


def verdict(error: TelegramError) -> Verdict:
    """Judges an error of a send method."""
    match error:
        case RetryAfter():
            return Verdict.WAIT
        case ChatMigrated():
            return Verdict.OTHER_CHAT
        case BadRequest() | Forbidden() if lacks_right(error):
            return Verdict.NO_RIGHT
        case Forbidden():
            return Verdict.NOBODY_THERE
        case BadRequest():
            gone = any(words in error.message.lower() for words in _NO_SUCH_CHAT)
            return Verdict.NOBODY_THERE if gone else Verdict.REFUSED
        case _ if _TOO_LARGE in error.message.lower():
            return Verdict.REFUSED
        case _ if isinstance(error.__cause__, _NEVER_SENT):
            return Verdict.AGAIN
        case _ if isinstance(error.__cause__, httpx.HTTPError):
            return Verdict.AGAIN_MAYBE_TWICE
        case NetworkError() | InvalidToken():  # an answer came, and it was a no
            return Verdict.AGAIN
        case _:
            return Verdict.AGAIN_MAYBE_TWICE


def lacks_right(error: TelegramError) -> bool:
    """Whether Telegram refuses what the group has not allowed the bot."""
    said = error.message.lower()
    return any(words in said for words in _NO_RIGHT)


def retry_after_s(error: RetryAfter) -> float:
    """The pause Telegram asks for, in seconds.

    The library returns an int or a timedelta, depending on an environment variable
    of its own; the int comes with a warning, so the field behind both is read.
    """
    pause = error._retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
