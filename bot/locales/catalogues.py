"""`catalogue`: the sentences of one language, as gettext reads them."""

from __future__ import annotations

import io
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
DOMAIN = "stylebot"

LOCALES = {
    "en": "en",
    "es": "es",
    "pt": "pt",
    "de": "de",
    "fr": "fr",
    "ru": "ru",
    "zh": "zh_CN",
}
"""Each language, by its two letters, with the name of its folder."""


def catalogue(language: str, folder: Path = FOLDER) -> NullTranslations:
    """The sentences of a language in `LOCALES`; English is the source and has no file.

    A source tree need not be built: what is not compiled, or older than its source,
    is compiled in memory. Raises `FileNotFoundError` if there is neither.
    """
    if language == "en":
        return NullTranslations()
    source = source_of(language, folder)
    built = source.with_suffix(".mo")
    if _is_current(built, source):
        return GNUTranslations(io.BytesIO(built.read_bytes()))
    return GNUTranslations(io.BytesIO(_compiled(source)))


def source_of(language: str, folder: Path = FOLDER) -> Path:
    """Where translators write; installed copies have only what was made of it."""
    return folder / LOCALES[language] / "LC_MESSAGES" / f"{DOMAIN}.po"


def _is_current(built: Path, source: Path) -> bool:
    if not built.exists():
        return False
    return not source.exists() or built.stat().st_mtime >= source.stat().st_mtime


def _compiled(source: Path) -> bytes:
    with source.open("rb") as file:
        catalog = read_po(file)
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()
