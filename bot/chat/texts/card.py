"""The card: a photo and a painting side by side, with buttons below."""

from __future__ import annotations

from .base import Base


class Card(Base):
    """Sentences and buttons of the card."""

    def card(self) -> str:
        return self._(
            "Left: your <b>photo</b>. Right: the <b>painting</b>.\n"
            "How strong should the style be?"
        )

    def card_after(self, event: str) -> str:
        """The card's caption; `event` is a value of `drafts.Note`."""
        first = {
            "replaced": self._("This is the new painting."),
            "album_cut": self._(
                "That was more than two pictures, so I took the first two."
            ),
        }.get(event)
        return f"{first}\n{self.card()}" if first else self.card()

    def chosen(self, label: str) -> str:
        """A button that is the default."""
        return f"✓ {label}"

    def clip_button(self, on: bool) -> str:
        return self._("Clip: on") if on else self._("Clip: off")

    def swap_button(self) -> str:
        return self._("Swap")

    def cancel_button(self) -> str:
        return self._("Cancel")

    def card_stopped(self) -> str:
        return self._("Cancelled. Tap a strength to paint it after all.")

    def card_failed(self) -> str:
        return self._("This one did not work out. Tap a strength to try again.")

    def card_put_aside(self) -> str:
        return self._("Put aside.")

    def queue_full(self) -> str:
        return self._(
            "Too many pictures are waiting right now, so I cannot take another one. "
            "Yours are kept: tap a strength again in a few minutes."
        )

    def too_many_waiting(self, limit: int) -> str:
        return self._n(
            "You already have {limit} picture waiting, which is as many as I can take "
            "at a time. This one is kept: tap a strength again when that one is done.",
            "You already have {limit} pictures waiting, which is as many as I can take "
            "at a time. This one is kept: tap a strength again when one of them is "
            "done.",
            limit,
        ).format(limit=limit)
