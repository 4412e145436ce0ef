"""What a person sets and sees of themselves: /settings, /privacy, /forget."""

from __future__ import annotations

from .base import Base


class Panels(Base):
    """Sentences and buttons of the personal panels."""
