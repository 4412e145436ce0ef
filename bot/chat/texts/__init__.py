"""Every sentence the bot says, by topic, in every language it speaks."""

from .arriving import Refusal as Refusal
from .arriving import Stage as Stage
from .languages import LANGUAGES as LANGUAGES
from .languages import Languages as Languages
from .languages import language_for as language_for
from .languages import texts_for as texts_for
from .texts import Texts as Texts
from .welcome import FETCH_COMMAND as FETCH_COMMAND

__all__ = [
    "FETCH_COMMAND",
    "LANGUAGES",
    "Languages",
    "Refusal",
    "Stage",
    "Texts",
    "language_for",
    "texts_for",
]
