"""`CardTaps`: the buttons below a pair of pictures."""

from __future__ import annotations

from dataclasses import replace

from stylecore.recipes import Strength

from ...jobs.errors import QueueFull, TooManyWaiting
from .. import orders
from ..callbacks import Action
from ..desk import Desk
from ..groups.words import card_words
from ..keyboards import picture_digits
from ..observer import ChatObserver
from ..store import Card
from .refusals import no_room
from .tap import Handlers, Tap

_STRENGTHS = frozenset(strength.value for strength in Strength)


class CardTaps:
    """Strengths, clip and swap."""

    def __init__(self, desk: Desk, observer: ChatObserver) -> None:
        self._desk = desk
        self._observer = observer

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(
            cards={
                Action.PAINT: self._paint,
                Action.CLIP: self._clip,
                Action.SWAP: self._swap,
            }
        )

    async def _paint(self, tap: Tap, card: Card) -> None:
        """Begins a job; the card becomes its status."""
        if tap.press.argument not in _STRENGTHS:
            await tap.answer(tap.texts.toast_old())
            return
        await tap.answer()
        card = replace(card, strength=tap.press.argument)
        try:
            job = await orders.paint_card(self._desk, card, tap.key)
        except (QueueFull, TooManyWaiting) as exc:
            await no_room(self._desk, tap, card, exc)
        else:
            await self._observer.accepted(job)

    async def _clip(self, tap: Tap, card: Card) -> None:
        """Turns the clip on or off."""
        await tap.answer()
        changed = replace(card, clip=tap.press.argument == "on")
        if changed != card:
            await orders.change_card(self._desk, changed)
            self._desk.show_card(changed, card_words(tap.texts, changed))

    async def _swap(self, tap: Tap, card: Card) -> None:
        """Exchanges photo and painting, unless they are already."""
        await tap.answer()
        if tap.press.argument == picture_digits(card.style):
            swapped = card.swapped()
            picture = await self._desk.card_picture(swapped)
            await orders.change_card(self._desk, swapped)
            words = card_words(tap.texts, swapped)
            self._desk.show_card(swapped, words, picture=picture)
