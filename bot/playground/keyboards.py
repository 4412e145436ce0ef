"""Reply markup: what Telegram accepts under a message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import bad_request
from .world import Json, Keyboard

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64
CHOSEN_CHATS = (
    "allow_user_chats",
    "allow_bot_chats",
    "allow_group_chats",
    "allow_channel_chats",
)
STYLES = ("primary", "success", "danger")
_ACTIONS = (
    "callback_data",
    "url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "login_url",
    "web_app",
    "pay",
    "callback_game",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What a call puts below a message, or into the field of its readers."""

    keyboard: Keyboard | None = None
    force_reply: Json | None = None
    is_other: bool = False
    """A keyboard in place of letters, or its removal."""


def parse_markup(source: str | None) -> Markup:
    """The markup in `source`.

    Raises:
        ApiError: 400 when Telegram would not take the markup.
    """
    if not source:
        return Markup()
    markup = _decode(source)
    if "inline_keyboard" in markup:
        return Markup(keyboard=_inline(markup["inline_keyboard"]))
    placeholder = markup.get("input_field_placeholder", "")
    if not isinstance(placeholder, str) or len(placeholder) > MAX_PLACEHOLDER:
        raise bad_request("INPUT_FIELD_PLACEHOLDER_INVALID")
    if markup.get("force_reply"):
        return Markup(force_reply=markup)
    known = ("keyboard", "remove_keyboard", "force_reply")
    if markup and not any(name in markup for name in known):
        raise bad_request("object expected as reply markup")
    return Markup(is_other=bool(markup))


def parse_inline_keyboard(source: str | None) -> Keyboard | None:
    """The inline keyboard in `source`, where nothing else is possible.

    Raises:
        ApiError: 400 for anything else.
    """
    markup = parse_markup(source)
    if markup.force_reply or markup.is_other:
        raise bad_request("inline keyboard expected")
    return markup.keyboard


def _decode(source: str) -> Json:
    try:
        markup = json.loads(source)
    except ValueError:
        text = "can't parse reply keyboard markup JSON object"
        raise bad_request(text) from None
    if markup is None:
        return {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    return markup


def _inline(rows: Any) -> Keyboard | None:
    if not isinstance(rows, list):
        text = 'Field "inline_keyboard" must be of type Array'
        raise bad_request(f"can't parse inline keyboard: {text}")
    for row in rows:
        if not isinstance(row, list):
            raise bad_request("can't parse inline keyboard: expected an Array of rows")
        for button in row:
            _check_button(button)
    filled = [row for row in rows if row]
    if max(map(len, filled), default=0) > MAX_ROW:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    if sum(map(len, filled)) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return filled or None


def _check_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise _bad_button("expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _bad_button('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise _bad_button("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if button.get("style", "primary") not in STYLES:
        raise _bad_button("invalid button style specified")
    _check_action(button)


def _check_action(button: Json) -> None:
    data = button.get("callback_data", "-")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url", "https://-")
    if not isinstance(url, str) or not url.startswith(("http", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
    copied = button.get("copy_text", {"text": "-"})
    if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= (
        MAX_COPY_TEXT
    ):
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    _check_switch(button)


def _check_switch(button: Json) -> None:
    for name in ("switch_inline_query", "switch_inline_query_current_chat"):
        if not isinstance(button.get(name, ""), str):
            raise _bad_button(f'Field "{name}" must be of type String')
    chosen = button.get("switch_inline_query_chosen_chat")
    if chosen is None:
        return
    if not isinstance(chosen, dict):
        raise _bad_button(
            'Field "switch_inline_query_chosen_chat" must be of type Object'
        )
    if not any(chosen.get(flag) for flag in CHOSEN_CHATS):
        raise _bad_button("At least one chat type must be allowed")


def _bad_button(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def callback_data(keyboard: Keyboard | None) -> set[str]:
    """Every callback data the keyboard can send."""
    return {
        button["callback_data"]
        for row in keyboard or ()
        for button in row
        if "callback_data" in button
    }
