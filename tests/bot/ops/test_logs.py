import io
import json
import logging

import httpx
import pytest
import structlog

from bot.ops.logs import Redactor, configure

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture
def output():
    """Whatever is logged; the process's own logging is restored afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines(output):
    """Configures JSON lines and reads them back."""
    configure(as_json=True, level="DEBUG", secrets=["/home/ada/data"], stream=output)

    def read():
        return [json.loads(line) for line in output.getvalue().splitlines()]

    return read


def test_line_has_time_level_logger_and_sentence(lines):
    logging.getLogger("bot.jobs").info("job %s is %s", "abc", "queued")

    [line] = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "job abc is queued",
        "level": "info",
        "logger": "bot.jobs",
    }


def test_bound_ids_are_in_lines_of_both_kinds_of_loggers(lines):
    with structlog.contextvars.bound_contextvars(update_id=5, job_id="abc"):
        logging.getLogger("standard").warning("one")
        structlog.get_logger("struct").warning("two", place=3)
    logging.getLogger("standard").warning("three")

    one, two, three = lines()
    assert (one["update_id"], one["job_id"]) == (5, "abc")
    assert (two["update_id"], two["job_id"], two["place"]) == (5, "abc", 3)
    assert "update_id" not in three


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"The token `{TOKEN}` was rejected by the server.",
        f"/file/bot{TOKEN}/photos/1.jpg and again {TOKEN}",
    ],
)
def test_token_never_shows_wherever_it_appears(lines, output, text):
    log = logging.getLogger("bot")
    log.warning(text)
    log.warning("asked %s", text)
    log.warning("asked %r", {"url": text})
    structlog.get_logger().warning("asked", url=text)
    with structlog.contextvars.bound_contextvars(url=text):
        log.warning("bound")

    assert len(lines()) == 5
    assert TOKEN not in output.getvalue()
    assert TOKEN.split(":")[1] not in output.getvalue()
    assert "[hidden]" in output.getvalue()


def test_other_secrets_are_hidden_too(lines):
    logging.getLogger("bot").error("cannot read /home/ada/data/pictures/1")

    assert lines()[0]["event"] == "cannot read [hidden]/pictures/1"


async def test_http_library_does_not_log_its_urls(lines, output):
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"https://api.telegram.org/bot{TOKEN}/getMe")

    assert lines() == []
    logging.getLogger("httpx").warning("HTTP Request: %s", f"/bot{TOKEN}/getMe")
    assert TOKEN not in output.getvalue()


def test_exception_is_named_and_located_without_its_words_or_paths(lines, output):
    try:
        raise FileNotFoundError(2, "No such file", "/secret/place")
    except OSError:
        logging.getLogger("bot").exception("it failed")
        structlog.get_logger().exception("it failed")

    for line in lines():
        assert line["error"] == "FileNotFoundError"
        assert line["where"].startswith("test_logs.py:")
    assert "secret" not in output.getvalue()
    assert "Traceback" not in output.getvalue()
    assert "/tests/" not in output.getvalue()


def test_handlers_of_libraries_are_protected_as_well(output):
    library, theirs = logging.getLogger("some.library"), io.StringIO()
    library.addHandler(logging.StreamHandler(theirs))
    configure(as_json=True, stream=output)
    configure(as_json=True, stream=output)
    library.warning("calling %s", f"/bot{TOKEN}/x")
    library.warning("calling %d %d", f"/bot{TOKEN}/x")
    library.handlers.clear()

    assert "calling /[hidden]/x" in theirs.getvalue()
    assert TOKEN not in theirs.getvalue() + output.getvalue()


def test_level_is_kept(output):
    configure(as_json=True, level="WARNING", stream=output)
    logging.getLogger("bot").info("not this")
    structlog.get_logger("bot").info("nor this")
    logging.getLogger("bot").warning("this")

    assert [json.loads(x)["event"] for x in output.getvalue().splitlines()] == ["this"]


def test_console_lines_are_for_people(output):
    configure(as_json=False, stream=output)
    logging.getLogger("bot").warning("Ready: %s", TOKEN)

    assert "Ready: [hidden]" in output.getvalue()
    assert "{" not in output.getvalue()


def test_longest_secret_is_hidden_whole():
    assert Redactor(["abc", "abcdef"])("x abcdef y") == "x [hidden] y"


def test_plain_numbers_and_times_are_left_alone():
    text = "job 12345678 at 12:34:56 in chat -1000000000001: 5 s"

    assert Redactor([""])(text) == text
