"""`Sharing`: everything about passing on and looking back, made at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ..clerk import Clerk
from ..conversation import Conversation
from ..desk import Desk
from ..styles.shelf import Shelf
from ..taps.tap import Handlers
from .arrivals import Arrivals
from .compare import Comparison, Scaler
from .favourites import Favourites
from .history import History
from .queries import Inline


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What the routes and the buttons need of it."""

    arrivals: Arrivals
    comparison: Comparison
    history: History
    inline: Inline
    favourites: Favourites

    @classmethod
    def of(
        cls,
        desk: Desk,
        shelf: Shelf,
        clerk: Clerk,
        conversation: Conversation,
        darkroom: Scaler,
    ) -> Self:
        """Makes the parts and tells them of each other."""
        history = History(desk)
        favourites = Favourites(desk.db, desk.pictures, shelf)
        return cls(
            arrivals=Arrivals(desk, shelf, clerk, conversation, history),
            comparison=Comparison(desk, darkroom),
            history=history,
            inline=Inline(desk, favourites),
            favourites=favourites,
        )

    def handlers(self) -> Handlers:
        """Of its buttons, by action."""
        return self.comparison.handlers() | self.history.handlers()
