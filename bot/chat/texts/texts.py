"""`Texts`: every sentence the bot says, in HTML as Telegram reads it."""

from __future__ import annotations

from .card import Card
from .groups import Groups
from .panels import Panels
from .results import Results
from .sharing import Sharing
from .styles import Styles
from .toasts import Toasts
from .waiting import Waiting
from .welcome import Welcome


class Texts(Welcome, Card, Waiting, Results, Groups, Sharing, Styles, Panels, Toasts):
    """All topics in one language."""
