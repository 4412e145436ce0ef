"""The rows of buttons below a message."""

from __future__ import annotations

from stylecore.recipes import Strength

from ..delivery.owed import Button, Keyboard
from .callbacks import Action, Press
from .store import Card
from .texts import Texts

_PICTURE_DIGITS = 12


def card_keyboard(texts: Texts, card: Card) -> Keyboard:
    """Strengths, two to a row, then the clip and the swap."""
    strengths = tuple(
        Button(
            texts.chosen(texts.strength(strength))
            if strength == card.strength
            else texts.strength(strength),
            Press(Action.PAINT, card.id, strength.value).encode(),
        )
        for strength in Strength
    )
    clip = Press(Action.CLIP, card.id, "off" if card.clip else "on")
    swap = Press(Action.SWAP, card.id, picture_digits(card.style))
    last = (
        Button(texts.clip_button(card.clip), clip.encode()),
        Button(texts.swap_button(), swap.encode()),
    )
    return (strengths[:2], strengths[2:], last)


def picture_digits(picture_id: str) -> str:
    """Enough of a picture's id to tell the two of a pair apart."""
    return picture_id[:_PICTURE_DIGITS]


def job_keyboard(texts: Texts, job_id: str) -> Keyboard:
    """What can be done with a picture that is not there yet."""
    cancel = Press(Action.CANCEL, job_id).encode()
    return ((Button(texts.cancel_button(), cancel),),)


def result_keyboard(texts: Texts, job_id: str, strength: str) -> Keyboard:
    """The three other strengths, and what to do next."""
    others = tuple(
        Button(texts.strength(other), Press(Action.AGAIN, job_id, other.value).encode())
        for other in Strength
        if other != strength
    )
    return (
        others,
        (Button(texts.same_style_button(), Press(Action.SAME_STYLE, job_id).encode()),),
        (Button(texts.same_photo_button(), Press(Action.SAME_PHOTO, job_id).encode()),),
        (Button(texts.full_button(), Press(Action.FULL, job_id).encode()),),
    )
