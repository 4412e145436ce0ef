"""`stylebot demo`: the unmodified service against the built-in playground.

The bot runs in a process of its own, started with `stylebot run` and a few settings;
it reaches the playground by its address alone, as it would reach Telegram.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from .playground.server import Playground
from .settings import child_environment

STOP_TIMEOUT_S = 12
UNTRAINED_NOTICE = (
    "Painted with untrained weights: colours and strokes come through, the finer "
    "manner of a painting does not. For the real thing, run: stylecore weights fetch"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What `stylebot demo` was asked for."""

    port: int
    """The playground's port on loopback; 0: any free one."""
    weights: str
    """`untrained`, or the path of a weights file."""
    device: str
    edge_px: int | None
    """None: what this machine paints in its time budget."""
    data_dir: Path | None
    """A folder for the bot's data; None: one that goes with the demo."""
    log_level: str = "warning"


@dataclass(frozen=True, slots=True)
class Demo:
    """A running playground with a running bot."""

    playground: Playground
    bot: Process


@contextlib.asynccontextmanager
async def running_demo(options: DemoOptions) -> AsyncIterator[Demo]:
    """Starts the playground, then the bot; stops both in reverse order.

    SIGTERM and SIGHUP cancel the task that runs it, as Ctrl-C does anyway. Raises
    `bot.playground.errors.PlaygroundError` if the port is taken.
    """
    with _cancelled_by(signal.SIGTERM, signal.SIGHUP):
        async with _running_demo(options) as demo:
            yield demo


@contextlib.contextmanager
def _cancelled_by(*signals: signal.Signals) -> Iterator[None]:
    """While the block runs, the first of these signals cancels the current task."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel() -> None:
        if task is not None and not task.cancelling():
            task.cancel()

    for number in signals:
        loop.add_signal_handler(number, cancel)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def _running_demo(options: DemoOptions) -> AsyncIterator[Demo]:
    async with Playground(port=options.port) as playground:
        if options.weights == "untrained":
            playground.backend.poster.notice(UNTRAINED_NOTICE)
        with _data_folder(options.data_dir) as data_dir:
            bot = await start_bot(playground, options, data_dir)
            try:
                yield Demo(playground, bot)
            finally:
                await stop_bot(bot)


@contextlib.contextmanager
def _data_folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is None:
        with tempfile.TemporaryDirectory(prefix="stylebot-demo-") as folder:
            yield Path(folder)
    else:
        yield chosen.resolve()


async def start_bot(
    playground: Playground, options: DemoOptions, data_dir: Path
) -> Process:
    """Starts `stylebot run` against the playground."""
    settings = {
        "token": playground.bot_token,
        "base_url": playground.api_base,
        "base_file_url": playground.file_base,
        "data_dir": str(data_dir),
        "weights": options.weights,
        "device": options.device,
        "log_level": options.log_level,
    }
    if options.edge_px is not None:
        settings["edge_px"] = str(options.edge_px)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        env=child_environment(**settings),
        cwd=data_dir,  # so that an operator's .env stays out of the demo
        start_new_session=True,  # Ctrl-C reaches the demo, which then stops the bot
    )


async def stop_bot(bot: Process) -> None:
    """Asks the bot to finish, and after `STOP_TIMEOUT_S` makes it."""
    if bot.returncode is not None:
        return
    bot.terminate()
    try:
        await asyncio.wait_for(bot.wait(), STOP_TIMEOUT_S)
    except TimeoutError:
        bot.kill()
        await bot.wait()
