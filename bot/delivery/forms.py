"""How a refused message may still get through."""

from __future__ import annotations

from dataclasses import replace

from telegram.error import BadRequest, TelegramError

from .owed import Kind, Owed


def other_form(owed: Owed, error: TelegramError) -> Owed | None:
    """Outside of its topic, by upload, or as a file; None if there is no way.

    Each form is given up for good, so that a message has only so many of them.
    """
    gone_topic = isinstance(error, BadRequest) and "thread not found" in error.message
    if owed.thread_id is not None and gone_topic:
        return replace(owed, thread_id=None)
    # An id may have gone stale for more reasons than Telegram has words for.
    if (uploaded := owed.by_upload()) is not None:
        return uploaded
    if owed.kind in (Kind.PHOTO, Kind.ANIMATION) and owed.file is not None:
        return replace(owed, kind=Kind.DOCUMENT)
    if any(part.kind is Kind.PHOTO for part in owed.parts):
        files = tuple(replace(part, kind=Kind.DOCUMENT) for part in owed.parts)
        return replace(owed, parts=files)
    return None
