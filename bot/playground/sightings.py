"""What a person sees in the playground: messages, buttons, answers, offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

View = dict[str, Any]
"""A message as the client API shows it."""


class NotSeenInTime(TimeoutError):
    """What was waited for did not show up in the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tap on a button brought: Telegram's toast or alert, and how soon."""

    answered: bool
    text: str | None
    show_alert: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the bot offers where its name was typed."""

    query_id: str
    answered: bool
    results: list[View]
    """`id`, `type`, `title`, `description`, `html`, `photo`, `animation`, …"""
    next_offset: str
    button: dict[str, str] | None
    """The link above the results: `text` and `start_parameter`."""


def buttons(message: View) -> Iterator[View]:
    """The inline buttons below a message, row by row."""
    for row in message.get("keyboard") or ():
        yield from row


def button(message: View, label: str) -> View | None:
    """The first button whose text contains `label`, whatever its case."""
    wanted = label.casefold()
    return next((b for b in buttons(message) if wanted in b["text"].casefold()), None)


def words(message: View) -> str:
    """The text or caption of a message."""
    return message.get("text") or ""
