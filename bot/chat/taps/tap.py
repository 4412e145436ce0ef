"""`Tap`: one press of one button, and what handlers of buttons look like."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from telegram import CallbackQuery
from telegram.error import TelegramError

from ...jobs.job import Job
from ..callbacks import Action, Press
from ..store import Card
from ..texts import Texts

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A press by somebody who may press the button."""

    update_id: int
    query: CallbackQuery
    press: Press
    texts: Texts
    """In the language of the one who pressed."""

    @property
    def key(self) -> str:
        """Names what this tap brings about, so that a replay brings it once."""
        return f"update:{self.update_id}"

    @property
    def user_id(self) -> int:
        """Who pressed."""
        return self.query.from_user.id

    async def answer(self, words: str | None = None, *, alert: bool = True) -> None:
        """Ends the button's spinner; with words, shows them.

        `alert`: until the person has read them; else they pass by.
        """
        await answer(self.query, words, alert=alert)


async def answer(
    query: CallbackQuery, words: str | None, *, alert: bool = True
) -> None:
    """A tap too old to be answered (after a restart, say) is acted on all the same."""
    try:
        await query.answer(words, show_alert=alert and words is not None)
    except TelegramError as exc:
        log.info("a tap could not be answered: %s", type(exc).__name__)


CardHandler = Callable[[Tap, Card], Awaitable[None]]
JobHandler = Callable[[Tap, Job], Awaitable[None]]
OwnHandler = Callable[[Tap], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """What each button does, by what its id stands for.

    Every handler answers its tap exactly once, and first of all.
    """

    cards: Mapping[Action, CardHandler] = field(default_factory=dict)
    """The pair of pictures the button is below; pictures and state are checked."""
    jobs: Mapping[Action, JobHandler] = field(default_factory=dict)
    own: Mapping[Action, OwnHandler] = field(default_factory=dict)
    """The person the button belongs to, by the decimal user id."""

    def __or__(self, other: Handlers) -> Handlers:
        """Both."""
        return Handlers(
            cards={**self.cards, **other.cards},
            jobs={**self.jobs, **other.jobs},
            own={**self.own, **other.own},
        )
