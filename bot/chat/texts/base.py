"""`Base`: what every topic of sentences builds on, and the words they share."""

from __future__ import annotations

from gettext import NullTranslations

from babel import Locale
from babel.numbers import format_decimal, format_percent

from stylecore.recipes import Strength


class Base:
    """The sentences of one language; each topic is a subclass, `Texts` is all of them.

    Shaped for gettext: whole sentences, named placeholders, plurals through `_n`.
    """

    def __init__(
        self, translations: NullTranslations | None = None, locale: str = "en"
    ) -> None:
        """`locale`: how numbers are written, such as `zh_CN`."""
        chosen = translations or NullTranslations()
        self._ = chosen.gettext
        self._n = chosen.ngettext
        self._locale = Locale.parse(locale)

    def _flow(self, *sentences: str) -> str:
        """Sentences one after another; Chinese puts no space between them."""
        return ("" if self._locale.language == "zh" else " ").join(sentences)

    def number(self, value: float) -> str:
        """A number in the language's manner, with one decimal if it has any."""
        return format_decimal(value, format="#,##0.#", locale=self._locale)

    def percent(self, share: float) -> str:
        """A share from 0 to 1 in whole percent."""
        return format_percent(share, format=None, locale=self._locale)

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
        if seconds < 90 * 60:
            return self._("about {minutes} min").format(minutes=round(seconds / 60))
        hours = round(seconds / 1800) / 2
        return self._("about {hours} h").format(hours=self.number(hours))
