"""`Job`: one picture somebody waits for, and the states it may be in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..executors.base import Palette


class JobState(StrEnum):
    """`queued -> running -> painted -> delivered`, or `failed`, or `cancelled`."""

    QUEUED = "queued"
    RUNNING = "running"
    PAINTED = "painted"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What a chat asks for."""

    chat_id: int
    thread_id: int | None
    user_id: int
    language: str
    reply_to: int
    """The message with the content photo; the result replies to it."""
    status_message_id: int
    """The one message that shows how far the job is; edited, never re-sent."""
    content: str
    style: str
    """Picture ids of `storage.pictures`."""
    strength: str
    clip: bool
    edge_px: int | None
    """None: the executor decides."""
    colors: str = Palette.STYLE.value
    """A value of `executors.base.Palette`."""
    second_style: str | None = None
    """Picture id of a second painting, blended in with equal weight."""
    style_name: str | None = None
    """What the style is called, if it has a name."""
    parent: str | None = None
    """The finished job whose picture this one starts from, as long as it is kept."""

    @property
    def styles(self) -> tuple[str, ...]:
        """Picture ids of the painting, and of the second one if there are two."""
        return (self.style, self.second_style) if self.second_style else (self.style,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(NewJob):
    """A row of the table `jobs`."""

    id: str
    """12 characters of `a-z2-7`; fits into callback data, cannot be guessed."""
    state: JobState
    attempt: int
    """How often a worker has begun it."""
    created_at: float
    """Unix seconds, like all times in the database."""
    started_at: float | None
    finished_at: float | None
    width: int | None
    height: int | None
    seconds: float | None
    """Painting time."""
    photo: str | None
    full: str | None
    clip_file: str | None
    """Paths relative to the data folder."""
    error_code: str | None


MAX_ATTEMPTS = 3
