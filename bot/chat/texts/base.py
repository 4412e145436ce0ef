"""`Base`: what every topic of sentences builds on, and the words they share."""

from __future__ import annotations

from gettext import NullTranslations

from stylecore.recipes import Strength

from ...jobs.job import Job


class Base:
    """The sentences of one language; each topic is a subclass, `Texts` is all of them.

    Shaped for gettext: whole sentences, named placeholders, plurals through `_n`.
    """

    def __init__(self, translations: NullTranslations | None = None) -> None:
        chosen = translations or NullTranslations()
        self._ = chosen.gettext
        self._n = chosen.ngettext

    def strength(self, strength: str) -> str:
        return {
            Strength.SUBTLE: self._("Subtle"),
            Strength.BALANCED: self._("Balanced"),
            Strength.STRONG: self._("Strong"),
            Strength.WILD: self._("Wild"),
        }[Strength(strength)]

    def duration(self, seconds: float) -> str:
        """A length of time, as exact as it can be known in advance."""
        if seconds < 8:
            return self._("a few seconds")
        if seconds < 90:
            return self._("about {seconds} s").format(seconds=5 * round(seconds / 5))
        return self._("about {minutes} min").format(minutes=round(seconds / 60))

    def _recipe(self, job: Job) -> str:
        name = self.strength(job.strength).lower()
        return f"{name} · {job.width}×{job.height}"
