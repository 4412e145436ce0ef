from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.errors import Verdict, retry_after_s, verdict


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ChatMigrated(-1), Verdict.OTHER_CHAT),
        (Forbidden("bot was kicked"), Verdict.NOBODY_THERE),
        (BadRequest("Chat not found"), Verdict.NOBODY_THERE),
        (BadRequest("PHOTO_INVALID_DIMENSIONS"), Verdict.REFUSED),
        (NetworkError("Request Entity Too Large"), Verdict.REFUSED),
        (NetworkError("Bad Gateway (502)"), Verdict.AGAIN),
        (NetworkError("Too Many Requests"), Verdict.AGAIN),
        (InvalidToken("Unauthorized"), Verdict.AGAIN),
        (caused(NetworkError("x"), httpx.ConnectError("x")), Verdict.AGAIN),
        (caused(TimedOut(), httpx.PoolTimeout("x")), Verdict.AGAIN),
        (caused(TimedOut(), httpx.WriteTimeout("x")), Verdict.AGAIN),
        (caused(TimedOut(), httpx.ReadTimeout("x")), Verdict.AGAIN_MAYBE_TWICE),
        (
            caused(NetworkError("x"), httpx.RemoteProtocolError("x")),
            Verdict.AGAIN_MAYBE_TWICE,
        ),
        (TelegramError("Invalid server response"), Verdict.AGAIN_MAYBE_TWICE),
    ],
    ids=str,
)
def test_each_error_gets_its_verdict(error, expected):
    assert verdict(error) is expected


@pytest.mark.parametrize("pause", [2, timedelta(seconds=2)])
def test_pause_is_read_in_seconds_without_a_warning(pause):
    error = RetryAfter(pause)

    assert verdict(error) is Verdict.WAIT
    assert retry_after_s(error) == 2.0
