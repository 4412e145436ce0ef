"""`python -m bot.locales`, in a source tree: brings the catalogues up to date.

Reads every sentence in the code, writes `stylebot.pot`, and hands new and changed
sentences to each language, where they wait, empty, for a translator.
"""

from __future__ import annotations

from .catalogues import FOLDER
from .extraction import extract, refresh

if __name__ == "__main__":
    refresh(extract(FOLDER.parent.parent), FOLDER)
