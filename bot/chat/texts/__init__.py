"""Every sentence the bot says, by topic, in every language it speaks."""

from .arriving import Refusal as Refusal
from .arriving import Stage as Stage
from .languages import texts_for as texts_for
from .texts import Texts as Texts
from .welcome import FETCH_COMMAND as FETCH_COMMAND

__all__ = ["FETCH_COMMAND", "Refusal", "Stage", "Texts", "texts_for"]
