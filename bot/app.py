"""The composition root: starts the service, and stops it in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from telegram.error import InvalidToken, TelegramError

from .building import DATABASE, Parts, begin, build, end
from .chat.application import build_application, introduce, shut_down
from .crew import Crew
from .errors import (
    DataFolderUnusable,
    EngineUnusable,
    PortTaken,
    TelegramUnreachable,
    TokenError,
)
from .executors.base import TaskFailed
from .intake.source import IntakeError
from .ops import logs
from .settings import LogFormat, Settings
from .storage.database import Database
from .storage.errors import StorageError, StorageFull

log = logging.getLogger(__name__)

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


async def serve(settings: Settings) -> None:
    """Runs the bot until SIGTERM or SIGINT, and then for at most 10 s more.

    Raises `StartupError` with a sentence for the operator if it cannot run.
    """
    _configure_logs(settings)
    stopping = asyncio.Event()
    with _stop_signals(stopping):
        async with running(settings) as service:
            await service.until(stopping)
            log.info("stopping")


@dataclass(frozen=True, slots=True)
class Service:
    """A bot that answers."""

    parts: Parts
    crew: Crew

    async def until(self, stopping: asyncio.Event) -> None:
        """Waits for the event.

        Raises `StartupError` if it turns out that the service cannot run, and
        whatever else makes a part of it fail.
        """
        with _explained():
            await self.crew.until(stopping)


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Service]:
    """Starts the bot; stops it when the block ends.

    Raises `StartupError`.
    """
    async with contextlib.AsyncExitStack() as stack:
        with _explained():
            service = await _start(settings, stack)
        log.info("stylebot is ready as @%s", service.parts.application.bot.username)
        yield service


async def _start(settings: Settings, stack: contextlib.AsyncExitStack) -> Service:
    application = build_application(
        settings.require_token(), settings.base_url, settings.base_file_url
    )
    data_dir = settings.data_dir.absolute()
    db = await stack.enter_async_context(await Database.open(data_dir / DATABASE))
    stack.push_async_callback(shut_down, application)
    await introduce(application)
    crew = Crew()
    parts = build(settings, data_dir, db, application)
    stack.push_async_callback(end, parts, crew)
    await begin(parts, crew)
    return Service(parts, crew)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turns what may fail into a sentence for the operator."""
    try:
        yield
    except StorageFull as exc:
        raise DataFolderUnusable(
            "The disk with the data folder (STYLEBOT_DATA_DIR) is full."
        ) from exc
    except StorageError as exc:
        raise DataFolderUnusable(
            f"The data folder (STYLEBOT_DATA_DIR) cannot be used: {exc}."
        ) from exc
    except InvalidToken:
        raise TokenError(
            "Telegram does not know the bot token. Compare STYLEBOT_TOKEN with the one "
            "that @BotFather shows."
        ) from None  # the library's sentence has the token in it
    except IntakeError as exc:
        raise PortTaken(f"Updates cannot be received: {exc}.") from exc
    except TelegramError as exc:
        raise TelegramUnreachable(
            f"Telegram cannot be reached ({type(exc).__name__}). Is there a network, "
            "and is STYLEBOT_BASE_URL right?"
        ) from exc
    except TaskFailed as exc:
        raise EngineUnusable(_engine_sentence(exc)) from exc


def _engine_sentence(exc: TaskFailed) -> str:
    if exc.code == "weights":
        return (
            "There are no trained VGG-19 weights to paint with. Fetch them with "
            "`stylecore weights fetch`, or set STYLEBOT_WEIGHTS=untrained."
        )
    return (
        f"The engine does not start on this machine ({exc.code}). Try another "
        "STYLEBOT_DEVICE, for example cpu."
    )


def _configure_logs(settings: Settings) -> None:
    hidden = [settings.require_token(), str(settings.data_dir.absolute())]
    if settings.webhook_secret is not None:
        hidden.append(settings.webhook_secret.get_secret_value())
    logs.configure(
        as_json=settings.log_format is LogFormat.JSON,
        level=settings.log_level.upper(),
        secrets=hidden,
    )


@contextlib.contextmanager
def _stop_signals(stopping: asyncio.Event) -> Iterator[None]:
    """While the block runs, SIGTERM and SIGINT set the event."""
    loop = asyncio.get_running_loop()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    try:
        yield
    finally:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)
