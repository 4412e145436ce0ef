"""Keyboards and albums as the outbox keeps them: short JSON.

A button that only has data is the pair of its words and the data, as it was before
there were others: old rows are read like new ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .owed import Button, Keyboard, Kind, Part


def keyboard_to_json(keyboard: Keyboard) -> str:
    """Rows of buttons."""
    return json.dumps([[_button_to_json(button) for button in row] for row in keyboard])


def keyboard_from_json(text: str) -> Keyboard:
    """What `keyboard_to_json` has written."""
    rows = json.loads(text)
    return tuple(tuple(_button_from_json(*button) for button in row) for row in rows)


def _button_to_json(button: Button) -> list[Any]:
    if button.data:
        return [button.text, button.data]
    if button.share is not None:
        return [button.text, {"share": button.share}]
    if button.url:
        return [button.text, {"url": button.url}]
    return [button.text, {"copy": button.copy}]


def _button_from_json(text: str, does: str | dict[str, str]) -> Button:
    return Button(text, does) if isinstance(does, str) else Button(text, **does)


def parts_to_json(parts: Sequence[Part]) -> str | None:
    """The pictures of an album; None where there are none."""
    if not parts:
        return None
    return json.dumps(
        [[p.kind, p.file, p.file_id, p.text, p.message_id] for p in parts]
    )


def parts_from_json(text: str | None) -> tuple[Part, ...]:
    """What `parts_to_json` has written."""
    return tuple(
        Part(kind=Kind(kind), file=file, file_id=file_id, text=words, message_id=number)
        for kind, file, file_id, words, number in json.loads(text or "[]")
    )
