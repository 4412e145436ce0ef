"""Passing pictures and styles on: inline mode, deep links, before and after."""

from __future__ import annotations

from .base import Base


class Sharing(Base):
    """Sentences and buttons of sharing."""
