"""What is owed for a job: its picture, its clip, its file, or bad news.

Each is owed under a key with the job's id, and so but once.
"""

from __future__ import annotations

from ..delivery.owed import Keyboard, Kind, Owed
from ..jobs.job import Job
from .groups.words import result_words
from .store import Card
from .texts import texts_for

PHOTO_KEY = "photo:"
CLIP_KEY = "clip:"
FULL_KEY = "full:"
FAILED_KEY = "failed:"
NO_CLIP_KEY = "noclip:"


def result_caption(job: Job, *, untrained: bool, card: Card | None = None) -> str:
    """Below the picture; `untrained`: painted with untrained weights.

    `card`: a group is told by it whose pictures these are.
    """
    texts = texts_for(job.language)
    caption = result_words(texts, card, job)
    return f"{caption}\n{texts.untrained()}" if untrained else caption


def picture(job: Job, caption: str, keyboard: Keyboard) -> Owed:
    """The result as a photo."""
    return _owed(
        job,
        PHOTO_KEY,
        Kind.PHOTO,
        caption,
        file=job.photo,
        file_name="painted.jpg",
        keyboard=keyboard,
    )


def clip(job: Job) -> Owed:
    """The clip, once the picture is through."""
    return _owed(
        job,
        CLIP_KEY,
        Kind.ANIMATION,
        texts_for(job.language).clip_caption(),
        file=job.clip_file,
        file_name="painting.mp4",
        after=PHOTO_KEY + job.id,
    )


def full(job: Job) -> Owed:
    """The file with every pixel."""
    return _owed(
        job,
        FULL_KEY,
        Kind.DOCUMENT,
        texts_for(job.language).full_caption(job),
        file=job.full,
        file_name="painted.png",
    )


def failed(job: Job) -> Owed:
    """Why there is no picture."""
    words = texts_for(job.language).failed(job.error_code or "")
    return _owed(job, FAILED_KEY, Kind.TEXT, words)


def no_clip(job: Job) -> Owed:
    """That there will be no clip."""
    words = texts_for(job.language).clip_failed()
    return _owed(job, NO_CLIP_KEY, Kind.TEXT, words)


def _owed(
    job: Job,
    key: str,
    kind: Kind,
    text: str,
    *,
    file: str | None = None,
    file_name: str | None = None,
    keyboard: Keyboard = (),
    after: str | None = None,
) -> Owed:
    return Owed(
        key=key + job.id,
        job_id=job.id,
        chat_id=job.chat_id,
        thread_id=job.thread_id,
        reply_to=job.reply_to or None,
        kind=kind,
        text=text,
        file=file,
        file_name=file_name,
        keyboard=keyboard,
        after=after,
    )
