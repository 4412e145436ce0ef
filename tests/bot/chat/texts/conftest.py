"""Every sentence with sample arguments, in every language."""

import inspect
import re

import pytest

from bot.chat.texts import LANGUAGES, Refusal, Stage, Texts, texts_for
from bot.jobs.job import Job, JobState


def a_job(**changes):
    fields = {
        "id": "abcdefghijkl",
        "state": JobState.PAINTED,
        "attempt": 1,
        "created_at": 0.0,
        "started_at": 0.0,
        "finished_at": 48.0,
        "width": 448,
        "height": 336,
        "seconds": 48.2,
        "photo": "jobs/abcdefghijkl/photo.jpg",
        "full": "jobs/abcdefghijkl/full.png",
        "clip_file": None,
        "error_code": None,
        "chat_id": 1001,
        "thread_id": None,
        "user_id": 1001,
        "language": "en",
        "reply_to": 1,
        "status_message_id": 3,
        "content": "p",
        "style": "q",
        "strength": "balanced",
        "clip": False,
        "edge_px": None,
    }
    return Job(**{**fields, **changes})


SAMPLE_ARGUMENTS = {
    "days": 7,
    "username": "painter_bot",
    "stage": Stage.PAINTING,
    "why": Refusal.EMPTY,
    "event": "album_cut",
    "strength": "wild",
    "label": "Wild",
    "on": True,
    "place": 3,
    "seconds": 95.0,
    "share": 0.3,
    "value": 2.5,
    "seconds_left": 22.0,
    "job": a_job(),
    "code": "engine",
    "limit": 3,
    "count": 2,
    "colors": "photo",
    "number": "a1b2c3",
    "next_step": "Please send me a photo.",
    "style_name": "Tom & Jerry",
    "name": "Tom & Jerry",
    "names": [(1, "Tom & Jerry"), (2, None)],
    "slug": "wave",
    "longest": 32,
    "style": "Tom & Jerry",
    "photo_by": "Ada <3",
    "painting_by": "R&B",
    "width": 640,
    "height": 480,
    "first": 1,
    "last": 10,
    "size": "large",
    "edge_px": 1440,
    "language": "Deutsch",
    "pictures": 12,
    "results": 5,
    "messages": 40,
    "saved": 2,
    "shared": 1,
}


def _strings(said):
    """What a method of `Texts` returns: a sentence, or several in a container."""
    if isinstance(said, str):
        yield said
    else:
        for part in said.values() if isinstance(said, dict) else said:
            yield from _strings(part)


def every_sentence(texts: Texts):
    for name, method in inspect.getmembers(texts, inspect.ismethod):
        if name.startswith("_"):
            continue
        wanted = inspect.signature(method).parameters
        said = method(**{key: SAMPLE_ARGUMENTS[key] for key in wanted})
        for part in _strings(said):
            yield name, part


KINDS = {
    "sentence": re.compile(""),
    "toast": re.compile("^toast_"),
    "label": re.compile("_button$"),
    "placeholder": re.compile("_placeholder$"),
    "command": re.compile("(^|_)commands$"),
}
"""Arguments of tests, each with the names of the methods that it goes through."""


def pytest_generate_tests(metafunc):
    """One test for every sentence of a kind, in every language."""
    for argument, names in KINDS.items():
        if argument in metafunc.fixturenames:
            cases = [
                pytest.param(said, id=f"{language}-{name}")
                for language in LANGUAGES
                for name, said in every_sentence(texts_for(language))
                if names.search(name)
            ]
            metafunc.parametrize(argument, cases)


@pytest.fixture(name="a_job")
def fixture_a_job():
    """Makes a job that is painted, with some fields changed."""
    return a_job
