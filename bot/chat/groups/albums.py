"""`Albums`: pictures of albums that came before the one that names the bot."""

from __future__ import annotations

import time
from collections import deque

from telegram import Message

_MOST = 64
_KEPT_S = 15.0
"""An album comes within seconds; what is older belongs to nobody's request."""


class Albums:
    """Only a bot that sees everything gets them, and in no certain order.

    In memory: if a restart comes between them, the bot asks for the other picture.
    """

    def __init__(self) -> None:
        self._pictures: deque[tuple[float, Message]] = deque(maxlen=_MOST)

    def remember(self, message: Message) -> None:
        """Keeps a picture of an album for a little while."""
        self._pictures.append((time.monotonic(), message))

    def of(self, message: Message) -> list[Message]:
        """The other pictures of the message's album, from the same person."""
        since = time.monotonic() - _KEPT_S
        return [
            other
            for at, other in self._pictures
            if at >= since and _same_album(other, message)
        ]


def _same_album(one: Message, other: Message) -> bool:
    return (
        other.media_group_id is not None
        and one.media_group_id == other.media_group_id
        and one.chat_id == other.chat_id
        and one.from_user == other.from_user
        and one.message_id != other.message_id
    )
