import gettext
import inspect
import re
from html.parser import HTMLParser

import pytest

from bot.chat.texts import FETCH_COMMAND, Refusal, Stage, Texts, texts_for
from bot.jobs.job import Job, JobState
from stylecore.errors import PICTURE_CODES
from stylecore.recipes import Strength

TEXTS = texts_for("en")


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
    "seconds_left": 22.0,
    "job": a_job(),
    "code": "engine",
    "limit": 3,
    "count": 2,
    "number": "a1b2c3",
}


def every_sentence():
    for name, method in inspect.getmembers(TEXTS, inspect.ismethod):
        if name.startswith("_"):
            continue
        wanted = inspect.signature(method).parameters
        said = method(**{key: SAMPLE_ARGUMENTS[key] for key in wanted})
        yield name, said if isinstance(said, str) else " ".join(said.values())


class Tags(HTMLParser):
    """Collects the tags and notices those that are not closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(("name", "said"), list(every_sentence()))
def test_every_sentence_is_finished_html_without_a_gap(name, said):
    tags = Tags()
    tags.feed(said)
    tags.close()

    assert said.strip()
    assert not re.search(r"[{}]", said), "a placeholder was left open"
    assert not tags.open
    assert tags.seen <= {"b", "i", "code"}
    assert "!" not in said.replace("Hi!", "")


@pytest.mark.parametrize(
    "said", [said for name, said in every_sentence() if name.startswith("toast_")]
)
def test_answers_to_a_tap_are_plain_and_within_200_characters(said):
    assert len(said) <= 200
    assert "<" not in said


@pytest.mark.parametrize("code", PICTURE_CODES)
def test_every_mishap_of_a_picture_has_a_sentence_of_its_own(code):
    said = {TEXTS.refused(why) for why in Refusal}

    assert len(said) == len(Refusal)
    assert TEXTS.failed(code) == TEXTS.refused(Refusal(code))


def test_start_is_two_sentences_that_say_what_to_do_and_what_is_kept():
    assert TEXTS.welcome(7) == (
        "Hi! Send me a photo and then a painting, and I will paint your photo in the "
        "style of that painting. I keep your pictures for 7 days and then delete them."
    )
    assert TEXTS.welcome(1).endswith("for 1 day and then delete them.")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (None, "In line…"),
        (1, "In line: yours is next."),
        (2, "In line: 1 picture is before yours."),
        (3, "In line: 2 pictures are before yours."),
    ],
)
def test_the_place_in_line_is_counted_in_proper_english(place, said):
    assert TEXTS.queued(place, None) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds"),
        (7.9, "a few seconds"),
        (22, "about 20 s"),
        (89, "about 90 s"),
        (90, "about 2 min"),
        (400, "about 7 min"),
    ],
)
def test_a_length_of_time_is_no_more_exact_than_it_is_known(seconds, said):
    assert TEXTS.duration(seconds) == said


def test_progress_is_a_bar_percent_and_the_time_left():
    assert TEXTS.progress(0.5, 22) == "▰▰▰▰▰▰▱▱▱▱▱▱  50%\nPainting, about 20 s left"
    assert TEXTS.progress(0, 22).startswith("▱" * 12 + "  0%")
    assert TEXTS.progress(1.2, 0).startswith("▰" * 12)


def test_a_finished_picture_says_time_strength_and_size():
    assert TEXTS.painted(a_job()) == "Painted in 48 s · balanced · 448×336"


@pytest.mark.parametrize("said", [TEXTS.untrained(), TEXTS.untrained_at_start()])
def test_untrained_weights_come_with_the_command_that_mends_them(said):
    assert f"<code>{FETCH_COMMAND}</code>" in said
    assert "untrained" in said


def test_every_strength_has_a_name_for_its_button():
    assert [TEXTS.strength(s) for s in Strength] == [
        "Subtle",
        "Balanced",
        "Strong",
        "Wild",
    ]


def test_sentences_come_from_the_catalogue_of_the_language():
    class Shouting(gettext.NullTranslations):
        def gettext(self, message):
            return message.upper()

        def ngettext(self, one, many, n):
            return (one if n == 1 else many).upper().replace("{COUNT}", "{count}")

    texts = Texts(Shouting())

    assert texts.took_photo() == "THAT IS YOUR PHOTO. NOW SEND ME THE PAINTING."
    assert texts.stopped(2) == "CANCELLED 2 PICTURES."
