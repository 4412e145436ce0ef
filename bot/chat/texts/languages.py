"""`Languages`: which language somebody is answered in, and its sentences."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType

from telegram import Update

from ...locales.catalogues import LOCALES, catalogue
from .texts import Texts

DEFAULT_LANGUAGE = "en"

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "es": "Español",
        "pt": "Português",
        "de": "Deutsch",
        "fr": "Français",
        "ru": "Русский",
        "zh": "简体中文",
    }
)
"""The languages the bot speaks, each by its own name."""


def language_for(code: str | None) -> str:
    """The nearest of `LANGUAGES` to a client's code such as `pt-BR` or `zh-hans`."""
    language = (code or "").lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def texts_for(code: str | None) -> Texts:
    """The sentences in the nearest language to `code`; English if none is near."""
    return _texts(language_for(code))


@functools.cache
def _texts(language: str) -> Texts:
    return Texts(catalogue(language), LOCALES[language])


class Languages:
    """Knows what people have chosen, which beats what their client says.

    In memory, because every update asks; filled at start, changed with the settings.
    """

    def __init__(self) -> None:
        self._chosen: dict[int, str] = {}

    def load(self, chosen: Mapping[int, str]) -> None:
        """Takes the choices, by user id, that the database has."""
        self._chosen.update(chosen)

    def choose(self, user_id: int, language: str | None) -> None:
        """Remembers a choice that was stored; None: the client's language again."""
        if language is None:
            self._chosen.pop(user_id, None)
        else:
            self._chosen[user_id] = language_for(language)

    def of(self, user_id: int, client_code: str | None) -> str:
        """One of `LANGUAGES`, for a person whose client says `client_code`."""
        return self._chosen.get(user_id) or language_for(client_code)

    def language_of(self, update: Update) -> str:
        """The language of whoever sent an update."""
        user = update.effective_user
        return self.of(user.id, user.language_code) if user else DEFAULT_LANGUAGE

    def texts_of(self, update: Update) -> Texts:
        """The sentences in the language of whoever sent an update."""
        return texts_for(self.language_of(update))
