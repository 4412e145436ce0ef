"""Every row of buttons, wherever it is made, fits what Telegram takes."""

import enum
import importlib
import inspect
import pkgutil
import string
import types
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.chat
from bot.chat.callbacks import MAX_BYTES, Action, decode
from bot.chat.keyboards import card_keyboard, result_keyboard
from bot.chat.store import Card
from bot.chat.texts import LANGUAGES, Texts, texts_for
from bot.delivery.owed import Keyboard
from bot.executors.base import Palette
from bot.gallery.styles import STYLES
from bot.jobs.job import Job
from stylecore.recipes import Strength

MOST_BUTTONS, MOST_IN_A_ROW, MOST_SHARED = 100, 8, 256

IDS = st.text(string.ascii_lowercase + "234567", min_size=12, max_size=12)
PICTURES = st.text("0123456789abcdef", min_size=32, max_size=32)
PEOPLE = st.integers(1, 2**52 - 1)  # as long as Telegram's ids get
SLUGS = st.sampled_from([style.slug for style in STYLES])

BY_NAME = {
    **dict.fromkeys(("id", "job_id", "parent"), IDS),
    **dict.fromkeys(("content", "style", "second_style", "picture"), PICTURES),
    **dict.fromkeys(("user_id", "chat_id"), PEOPLE),
    "strength": st.sampled_from([each.value for each in Strength]),
    "colors": st.sampled_from([each.value for each in Palette]),
    "slug": SLUGS,
    "name": st.text(string.ascii_letters + "äж中<&", min_size=1, max_size=24),
    "code": st.builds("g_{}".format, SLUGS) | st.builds("s_{}".format, IDS),
    "language": st.sampled_from([*LANGUAGES]),
}
"""What values of these names look like; others may be anything of their type."""

BY_TYPE = {
    Texts: st.sampled_from([texts_for(language) for language in LANGUAGES]),
    bool: st.booleans(),
    int: st.integers(0, 999),
    float: st.floats(0, 1e6),
    str: st.text(max_size=12),
    type(None): st.none(),
}


def values(name, kind):
    """A strategy for a parameter or a field, by its name or its type."""
    arguments = typing.get_args(kind)
    if type(None) in arguments:
        (present,) = [each for each in arguments if each is not type(None)]
        return st.none() | values(name, present)
    if name in BY_NAME and kind in (str, int):
        return BY_NAME[name]
    if typing.get_origin(kind) in (tuple, Sequence):
        return st.lists(values(name, arguments[0]), min_size=1, max_size=5).map(tuple)
    if inspect.isclass(kind) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(
            kind, **{f.name: values(f.name, hints[f.name]) for f in fields(kind)}
        )
    if inspect.isclass(kind) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    return BY_TYPE[kind]


def makers():
    """Every function below `bot.chat` that makes a keyboard."""
    for found in pkgutil.walk_packages(bot.chat.__path__, "bot.chat."):
        module = importlib.import_module(found.name)
        for function in vars(module).values():
            own = isinstance(function, types.FunctionType)
            if own and function.__module__ == found.name:
                hints = typing.get_type_hints(function)
                if hints.pop("return", None) == Keyboard:
                    yield pytest.param(
                        function, hints, id=f"{found.name}.{function.__name__}"
                    )


@pytest.mark.parametrize(("make", "hints"), [*makers()])
def test_every_button_fits_into_what_telegram_takes_and_can_be_read(make, hints):
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.builds(make, **{name: values(name, kind) for name, kind in hints.items()})
    )
    def check(keyboard):
        assert sum(map(len, keyboard)) <= MOST_BUTTONS
        for row in keyboard:
            assert 1 <= len(row) <= MOST_IN_A_ROW
            for each in row:
                assert each.text.strip()
                assert len(each.share or "") <= MOST_SHARED
                if each.data:
                    assert len(each.data.encode()) <= MAX_BYTES
                    decode(each.data)

    check()


def test_there_are_keyboards_of_cards_jobs_results_panels_and_styles():
    names = {case.id for case in makers()}

    assert len(names) >= 10
    assert {
        "bot.chat.keyboards.card_keyboard",
        "bot.chat.keyboards.job_keyboard",
        "bot.chat.keyboards.result_keyboard",
    } <= names


def actions(keyboard):
    """What each button with data does, in order."""
    return [decode(b.data).action for row in keyboard for b in row if b.data]


@given(values("job", Job))
def test_a_result_folded_has_few_buttons_and_unfolded_every_one_once(job):
    few = actions(result_keyboard(texts_for("en"), job))
    every = actions(result_keyboard(texts_for("en"), job, more=True))

    assert len(few) <= 6
    assert {*few} < {*every}
    others = [action for action in every if action is not Action.AGAIN]
    assert len(others) == len({*others})
    assert every.count(Action.AGAIN) == len(Strength) - 1
    assert (Action.BLEND in every) is (job.second_style is None)


@given(values("card", Card))
def test_the_photo_of_a_blend_cannot_be_swapped_with_two_paintings(card):
    shown = actions(card_keyboard(texts_for("en"), card))

    assert (Action.SWAP in shown) is (card.second_style is None)
