"""One line per event, for machines or for people, without secrets.

Both structlog's and the standard library's loggers end here. What is bound with
`structlog.contextvars` (`update_id` by the intake, `job_id` by the dispatcher) is in
every line of that task. Exceptions are named and located; their texts, which may
quote a path, a URL or what somebody wrote, are left out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from pathlib import PurePath
from types import TracebackType
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

_TOKEN = re.compile(r"\b(bot)?\d{5,}:[A-Za-z0-9_-]{20,}")
_HIDDEN = "[hidden]"
# At INFO these write a line per request, with the token in the URL.
_CHATTY = ("httpx", "httpcore", "aiosqlite", "PIL", "asyncio", "uvicorn.error")
_MOST_FRAMES = 6


class Redactor:
    """Hides bot tokens, known or not, and other given strings."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if s}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(_HIDDEN, text)
        return _TOKEN.sub(_HIDDEN, text)


class RedactingFilter(logging.Filter):
    """Redacts the message of a record before any formatter sees it."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):  # structlog's own: redacted when rendered
            return True
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit the format
            message = str(record.msg)
        record.msg, record.args = self._redact(message), ()
        return True


class _RedactingFormatter(ProcessorFormatter):
    """Redacts the finished line, values bound to the context included."""

    redact: Redactor

    def format(self, record: logging.LogRecord) -> str:
        return self.redact(super().format(record))


def configure(
    *,
    as_json: bool,
    level: str = "INFO",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Sets up logging for this process; call it once, at the start.

    `secrets` are hidden wherever they appear: the token, the webhook's secret, the
    data folder. Lines go to `stream`, by default to standard error.
    """
    redact = Redactor(secrets)
    shared = _shared_processors()
    out = stream or sys.stderr
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=out.isatty())
    )
    formatter = _RedactingFormatter(
        processors=[ProcessorFormatter.remove_processors_meta, renderer],
        foreign_pre_chain=shared,
    )
    formatter.redact = redact
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    _protect_every_handler(redact)
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_exception,
    ]


def name_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by the kind of the error and where it came from."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = " > ".join(_frames(error.__traceback__))
    return event


def _frames(traceback: TracebackType | None) -> list[str]:
    """The innermost frames, outermost first, as `file:line`."""
    frames = []
    while traceback is not None:
        name = PurePath(traceback.tb_frame.f_code.co_filename).name
        frames.append(f"{name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return frames[-_MOST_FRAMES:]


def _protect_every_handler(redact: Redactor) -> None:
    """Handlers that libraries have set up on their own loggers as well."""
    loggers: list[logging.Logger] = [logging.getLogger()]
    for known in logging.Logger.manager.loggerDict.values():
        if isinstance(known, logging.Logger):
            loggers.append(known)
    for logger in loggers:
        for handler in logger.handlers:
            handler.filters = [
                f for f in handler.filters if not isinstance(f, RedactingFilter)
            ]
            handler.addFilter(RedactingFilter(redact))
