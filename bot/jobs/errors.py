"""Why a job is not taken on.

JobError
├── QueueFull             too many jobs wait altogether
└── TooManyWaiting        too many jobs of this person wait
"""

from __future__ import annotations


class JobError(Exception):
    """The root of what the job queue raises."""


class QueueFull(JobError):
    """Too many jobs wait altogether; nothing has changed."""


class TooManyWaiting(JobError):
    """This person has `limit` waiting jobs, which is the most; nothing has changed."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit
