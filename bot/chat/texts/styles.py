"""The gallery, saved styles, and the styles used before."""

from __future__ import annotations

from .base import Base


class Styles(Base):
    """Sentences and buttons about styles; a style's name is escaped HTML."""
