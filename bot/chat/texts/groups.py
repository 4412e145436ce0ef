"""What is said in groups only."""

from __future__ import annotations

from .base import Base


class Groups(Base):
    """Sentences for more than one pair of eyes; a person's name is escaped HTML."""

    def groups_later(self, username: str) -> str:
        return self._(
            "I do not paint in groups yet. Please write to me in a private chat: "
            "@{username}"
        ).format(username=username)
