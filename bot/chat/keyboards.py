"""The rows of buttons below a message."""

from __future__ import annotations

from stylecore.recipes import Strength

from ..delivery.owed import Button, Keyboard
from ..executors.base import Palette
from ..jobs.job import Job
from .callbacks import Action, Press
from .store import Card
from .texts import Texts

_PICTURE_DIGITS = 12


def card_keyboard(texts: Texts, card: Card) -> Keyboard:
    """Strengths, two to a row, then clip and colours, then the swap of a pair."""
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
    colors = Press(Action.COLORS, card.id, other_colors(card.colors))
    options = (
        Button(texts.clip_button(card.clip), clip.encode()),
        Button(texts.colors_button(card.colors), colors.encode()),
    )
    rows = (strengths[:2], strengths[2:], options)
    if card.second_style is not None:
        return rows
    swap = Press(Action.SWAP, card.id, picture_digits(card.style))
    return (*rows, (Button(texts.swap_button(), swap.encode()),))


def other_colors(colors: str) -> str:
    """The value of `Palette` that this one is not."""
    return Palette.STYLE if colors == Palette.PHOTO else Palette.PHOTO


def picture_digits(picture_id: str) -> str:
    """Enough of a picture's id to tell the two of a pair apart."""
    return picture_id[:_PICTURE_DIGITS]


def job_keyboard(texts: Texts, job_id: str) -> Keyboard:
    """What can be done with a picture that is not there yet."""
    cancel = Press(Action.CANCEL, job_id).encode()
    return ((Button(texts.cancel_button(), cancel),),)


def result_keyboard(texts: Texts, job: Job, *, more: bool = False) -> Keyboard:
    """Other strengths, passing it on, the file; with `more`, everything else too."""
    unfold = _on(job, texts.more_button(more), Action.MORE, "off" if more else "on")
    rows = (
        _strengths(texts, job),
        _passing_on(texts, job),
        *(_everything(texts, job) if more else ()),
        (_on(job, texts.full_button(), Action.FULL), unfold),
    )
    return tuple(row for row in rows if row)


def delete_keyboard(texts: Texts, job: Job) -> Keyboard:
    """Whether a result is really to be deleted."""
    return (
        (_on(job, texts.delete_yes_button(), Action.DELETE, "yes"),),
        (_on(job, texts.delete_no_button(), Action.DELETE, "no"),),
    )


def _strengths(texts: Texts, job: Job) -> tuple[Button, ...]:
    return tuple(
        _on(job, texts.strength(other), Action.AGAIN, other.value)
        for other in Strength
        if other != job.strength
    )


def _passing_on(texts: Texts, job: Job) -> tuple[Button, ...]:
    """Sharing the result, and keeping its style."""
    share = Button(texts.share_button(), share=job.id)
    return (share, _on(job, texts.save_button(), Action.SAVE))


def _everything(texts: Texts, job: Job) -> Keyboard:
    """What the first buttons leave out, two to a row where the words are short."""
    colors = other_colors(job.colors)
    film = _on(job, texts.film_button(), Action.FILM)
    blend = _on(job, texts.blend_button(), Action.BLEND)
    return (
        (
            _on(job, texts.recolor_button(colors), Action.RECOLOR, colors),
            _on(job, texts.larger_button(), Action.LARGER),
        ),
        (film,) if job.second_style else (film, blend),
        (_on(job, texts.compare_button(), Action.COMPARE),),
        (_on(job, texts.same_style_button(), Action.SAME_STYLE),),
        (_on(job, texts.same_photo_button(), Action.SAME_PHOTO),),
        (
            _on(job, texts.next_button(), Action.NEXT),
            _on(job, texts.delete_button(), Action.DELETE),
        ),
    )


def _on(job: Job, words: str, action: Action, argument: str = "") -> Button:
    return Button(words, Press(action, job.id, argument).encode())
