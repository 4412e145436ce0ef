"""`Preferences`: what a person has chosen in /settings, and what there is to choose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from stylecore.recipes import Strength

from ...executors.base import Palette
from ..drafts import Draft
from ..texts import LANGUAGES


class Size(StrEnum):
    """How large results are, as compared with what the machine paints by default."""

    SMALL = "small"
    USUAL = "usual"
    LARGE = "large"


class What(StrEnum):
    """What can be chosen, as buttons name it."""

    STRENGTH = "strength"
    SIZE = "size"
    COLORS = "colors"
    CLIP = "clip"
    LANGUAGE = "lang"


CLIENT = "client"
"""The language that the person's Telegram has."""

CHOICES: dict[What, tuple[str, ...]] = {
    What.STRENGTH: tuple(Strength),
    What.SIZE: tuple(Size),
    What.COLORS: tuple(Palette),
    What.CLIP: ("on", "off"),
    What.LANGUAGE: (*LANGUAGES, CLIENT),
}
"""Every value that a button may carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """None: not chosen, so it stays as it was the last time."""

    strength: str | None = None
    size: str = Size.USUAL.value
    colors: str | None = None
    clip: bool | None = None
    language: str | None = None
    """None: as in Telegram."""

    def over(self, draft: Draft) -> Draft:
        """A draft that is about to begin, as its owner likes it."""
        return replace(
            draft,
            strength=self.strength or draft.strength,
            colors=self.colors or draft.colors,
            clip=draft.clip if self.clip is None else self.clip,
        )

    def with_habits(self, draft: Draft) -> Preferences:
        """Where nothing was chosen: what the next picture would have."""
        begun = self.over(draft)
        return replace(
            self, strength=begun.strength, colors=begun.colors, clip=begun.clip
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a person has tapped."""

    what: What
    value: str


def choice_of(argument: str) -> Choice | None:
    """Reads `<what>_<value>`; None if there is no such choice."""
    what, _, value = argument.partition("_")
    if what not in set(What) or value not in CHOICES[What(what)]:
        return None
    return Choice(What(what), value)
