"""From our plain values to what python-telegram-bot sends."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from .owed import Keyboard


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Inline buttons; None where there are none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(b.text, callback_data=b.data) for b in row]
            for row in keyboard
        ]
    )
