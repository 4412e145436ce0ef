"""The rows of buttons of the panels; each carries the id of the one it belongs to."""

from __future__ import annotations

from ...delivery.owed import Button, Keyboard
from ..callbacks import Action, Press
from ..texts import LANGUAGES, Texts
from .preferences import CHOICES, CLIENT, Preferences, Size, What

MENU = "menu"
LANGUAGE_MENU = "menu_lang"
"""Arguments of the buttons that only turn to the other page."""


def settings_keyboard(texts: Texts, user_id: int, chosen: Preferences) -> Keyboard:
    """Everything there is to choose; `chosen` with habits, where nothing was."""

    def row(what: What, *labels: str) -> tuple[Button, ...]:
        values = CHOICES[what]
        return tuple(
            _choice(texts, user_id, what, value, label, value == _now(chosen, what))
            for value, label in zip(values, labels, strict=True)
        )

    strengths = row(What.STRENGTH, *map(texts.strength, CHOICES[What.STRENGTH]))
    spoken = LANGUAGES.get(chosen.language or "") or texts.as_in_telegram()
    turn = Press(Action.SET, str(user_id), LANGUAGE_MENU).encode()
    return (
        strengths[:2],
        strengths[2:],
        row(What.SIZE, *map(texts.size, Size)),
        row(What.COLORS, *map(texts.palette, CHOICES[What.COLORS])),
        row(What.CLIP, texts.with_clip(True), texts.with_clip(False)),
        (Button(texts.language_button(spoken), turn),),
    )


def language_keyboard(texts: Texts, user_id: int, chosen: Preferences) -> Keyboard:
    """Each language by its own name, two to a row, and the way back."""
    labels = {**LANGUAGES, CLIENT: texts.as_in_telegram()}
    now = chosen.language or CLIENT
    every = [
        _choice(texts, user_id, What.LANGUAGE, value, label, value == now)
        for value, label in labels.items()
    ]
    back = Button(texts.back_button(), Press(Action.SET, str(user_id), MENU).encode())
    pairs = (tuple(every[i : i + 2]) for i in range(0, len(every), 2))
    return (*pairs, (back,))


def forget_keyboard(texts: Texts, user_id: int) -> Keyboard:
    """Delete everything, or not."""
    person = str(user_id)
    yes = Button(texts.forget_button(), Press(Action.FORGET, person, "yes").encode())
    no = Button(texts.keep_button(), Press(Action.FORGET, person, "no").encode())
    return ((yes,), (no,))


def ask_keyboard(texts: Texts, user_id: int) -> Keyboard:
    """The way from what is kept to its deletion, which asks first."""
    ask = Press(Action.FORGET, str(user_id)).encode()
    return ((Button(texts.forget_button(), ask),),)


def _choice(
    texts: Texts, user_id: int, what: What, value: str, label: str, now: bool
) -> Button:
    press = Press(Action.SET, str(user_id), f"{what}_{value}")
    return Button(texts.chosen(label) if now else label, press.encode())


def _now(chosen: Preferences, what: What) -> str | None:
    """The value that is marked."""
    match what:
        case What.STRENGTH:
            return chosen.strength
        case What.SIZE:
            return chosen.size
        case What.COLORS:
            return chosen.colors
        case What.CLIP:
            return "on" if chosen.clip else "off"
        case What.LANGUAGE:
            return chosen.language or CLIENT
