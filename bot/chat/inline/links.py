"""What a link `t.me/<bot>?start=<payload>` carries, and how it is made."""

from __future__ import annotations

import re

from telegram.helpers import create_deep_linked_url

HISTORY = "history"
"""The payload that shows past results."""

_STYLE_CODE = re.compile(r"[gs]_[A-Za-z0-9_-]{1,62}\Z")


def is_style_code(payload: str) -> bool:
    """Whether a payload names a style: `g_…` of the gallery, `s_…` of a person."""
    return _STYLE_CODE.match(payload) is not None


def start_link(username: str, payload: str) -> str:
    """Opens a private chat with the bot.

    Raises `ValueError` if `payload` is not 1 to 64 of `A-Za-z0-9_-`.
    """
    return create_deep_linked_url(username, payload)
