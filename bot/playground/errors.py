"""Everything that the playground raises on purpose.

PlaygroundError
├── PortTaken         the port is in use; also an `OSError`
├── ApiError          answered to the bot, in the envelope of the Bot API
└── Refusal           answered to the chat page: a status and a sentence
"""

from __future__ import annotations

from collections.abc import Mapping


class PlaygroundError(Exception):
    """The root: something the playground can explain."""


class PortTaken(PlaygroundError, OSError):
    """Somebody else listens on the port already."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port

    def __str__(self) -> str:
        return (
            f"Port {self.port} is already in use. "
            "Choose another one, or 0 for any free port."
        )


class ApiError(PlaygroundError):
    """A call that the Bot API rejects.

    `description` is complete, with its leading "Bad Request: " or the like.
    """

    def __init__(
        self,
        status: int,
        description: str,
        parameters: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__(status, description, parameters)
        self.status = status
        self.description = description
        self.parameters = parameters

    def __str__(self) -> str:
        return self.description


class Refusal(PlaygroundError):
    """A request of the chat page that makes no sense, said in a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(status, sentence)
        self.status = status
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def bad_request(text: str) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {text}")


def migrated(chat_id: int) -> ApiError:
    """400 with the id of the supergroup that a group has become."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": chat_id},
    )


def conflict(text: str) -> ApiError:
    """409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after_s: int) -> ApiError:
    """429 with the seconds to wait, as text and as parameter."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after_s}",
        {"retry_after": retry_after_s},
    )
