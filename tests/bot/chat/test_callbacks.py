import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.callbacks import MAX_BYTES, Action, Press, UnknownButton, decode

IDS = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=32)
ARGUMENTS = st.text(
    string.ascii_lowercase + string.digits + "_", min_size=0, max_size=20
)


@given(st.sampled_from(Action), IDS, ARGUMENTS)
def test_every_button_comes_back_as_it_went_out_in_64_bytes(action, subject, argument):
    press = Press(action, subject, argument)

    data = press.encode()

    assert decode(data) == press
    assert len(data.encode()) <= MAX_BYTES


def test_the_format_is_the_one_that_sent_buttons_have():
    assert Press(Action.PAINT, "k3j5", "wild").encode() == "v1:paint:k3j5:wild"
    assert Press(Action.CANCEL, "k3j5").encode() == "v1:cancel:k3j5"


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "v1",
        "v1:paint",
        "v1:paint:",
        "v2:paint:k3j5:wild",
        "v1:explode:k3j5",
        "v1:paint:k3j5:",
        "v1:paint:k3j5:wild:more",
        "v1:paint:K3J5:wild",
        "v1:paint:../..:wild",
        "v1:paint:k3j5:wild\n",
        "v1:cancel:" + "a" * 33,
    ],
)
def test_data_that_is_not_ours_is_an_unknown_button(data):
    with pytest.raises(UnknownButton):
        decode(data)


@given(st.text(max_size=70))
def test_no_data_makes_the_codec_fail_in_another_way(data):
    with contextlib.suppress(UnknownButton):
        assert decode(data).encode() == data
