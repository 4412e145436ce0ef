"""The command `stylebot`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
import webbrowser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from stylecore.recipes import DEFAULT_STRENGTH, Strength

if TYPE_CHECKING:
    from .demo import DemoOptions

app = typer.Typer(
    name="stylebot",
    help="A Telegram bot that paints a photo in the manner of a painting.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

INTERRUPTED, TERMINATED = 130, 143
DEMO_PORT = 8765
WITHOUT_WEIGHTS = "--weights untrained"

DeviceOption = Annotated[
    str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.", show_default=True)
]


def main() -> None:
    """Runs the command line."""
    app()


def fail(sentence: str, status: int = 2) -> NoReturn:
    """Says what was wrong and ends the command."""
    typer.secho(sentence, err=True, fg=typer.colors.RED)
    raise typer.Exit(status)


@app.callback(invoke_without_command=True)
def common(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"stylebot {version('stylebot')}")
        raise typer.Exit


@app.command()
def run() -> None:
    """Run the service. Settings come from STYLEBOT_… variables or a file .env."""
    from .app import serve
    from .errors import StartupError
    from .settings import ExecutorKind, read_settings
    from .weights import have_weights

    try:
        settings = read_settings()
        settings.require_token()
        if settings.executor is ExecutorKind.LOCAL:
            have_weights(settings.weights, otherwise="STYLEBOT_WEIGHTS=untrained")
        asyncio.run(serve(settings))
    except StartupError as exc:
        fail(str(exc))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def weights_for_demo(source: str) -> str:
    """`source`, or untrained weights if trained ones cannot be had soon.

    Raises `StartupError` if the file it names is not there.
    """
    from .errors import StartupError
    from .settings import UNTRAINED
    from .weights import AUTO, have_weights, on_disk

    if source != AUTO or on_disk():
        have_weights(source, otherwise=WITHOUT_WEIGHTS)
        return source
    typer.echo("No trained weights on this machine yet; trying to fetch them…")
    try:
        have_weights(AUTO, otherwise=WITHOUT_WEIGHTS)
    except StartupError:
        typer.echo("Not to be had now, so this demo paints with untrained weights.")
        return UNTRAINED
    return AUTO


@app.command()
def demo(
    once: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Play one conversation without a browser and leave result.jpg, "
            "progress.mp4 and transcript.json in DIR.",
        ),
    ] = None,
    content: Annotated[
        Path | None,
        typer.Option(help="With --once: the photo. Else the built-in sample."),
    ] = None,
    style: Annotated[
        Path | None,
        typer.Option(help="With --once: the painting. Else the built-in sample."),
    ] = None,
    strength: Annotated[
        Strength, typer.Option(help="With --once: the strength to tap.")
    ] = DEFAULT_STRENGTH,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help=f"The page's port. Else {DEMO_PORT}; with --once any free one.",
        ),
    ] = None,
    weights: Annotated[
        str, typer.Option(help="auto, untrained, or the path of a weights file.")
    ] = "auto",
    device: DeviceOption = "auto",
    edge: Annotated[
        int | None,
        typer.Option(
            min=64,
            max=4096,
            help="Longer side of the pictures in px. Else what this machine paints "
            "in its time budget.",
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Where the bot keeps its data. Else a temporary folder."),
    ] = None,
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Open the page in a browser."),
    ] = None,
) -> None:
    """Try the bot here and now: no token, no Telegram, no network."""
    from .demo import DemoOptions
    from .errors import StartupError
    from .playground.errors import PlaygroundError

    started = time.monotonic()
    pictures = [read_picture(path) for path in (content, style)]
    for folder in (data_dir, once):
        make_folder(folder)
    try:
        options = DemoOptions(
            port=(0 if once else DEMO_PORT) if port is None else port,
            weights=weights_for_demo(weights),
            device=device,
            edge_px=edge,
            data_dir=data_dir,
        )
        if once is None:
            asyncio.run(
                show_demo(options, has_desktop() if open_page is None else open_page)
            )
        else:
            asyncio.run(play_once(options, once, pictures, strength, started))
    except (StartupError, PlaygroundError) as exc:
        fail(str(exc))
    except OSError as exc:
        fail(f"The demo cannot go on: {exc.strerror or type(exc).__name__}.", 1)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except asyncio.CancelledError:
        raise typer.Exit(TERMINATED) from None


def make_folder(path: Path | None) -> None:
    """Makes a folder named on the command line."""
    try:
        if path is not None:
            path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        fail(f"Cannot use {path} as a folder: {exc.strerror}.")


def read_picture(path: Path | None) -> bytes | None:
    """The bytes of a file named on the command line."""
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as exc:
        fail(f"Cannot read {path}: {exc.strerror}.")


def has_desktop() -> bool:
    """Whether somebody sits in front of this terminal with a browser at hand."""
    if not sys.stdout.isatty():
        return False
    with contextlib.suppress(webbrowser.Error):
        return not isinstance(webbrowser.get(), webbrowser.GenericBrowser)
    return False


async def show_demo(options: DemoOptions, open_page: bool) -> None:
    """Serves the playground and the bot until they are interrupted."""
    from .demo import running_demo

    async with running_demo(options) as demo:
        url = demo.playground.url
        typer.echo(f"\n  Open {url} and send the bot a photo and a painting.")
        typer.echo("  Everything stays on this machine. Ctrl-C ends it.\n")
        if open_page:
            await asyncio.to_thread(webbrowser.open, url)
        code = await demo.bot.wait()
        fail(f"The bot ended by itself with exit status {code}.", status=1)


async def play_once(
    options: DemoOptions,
    folder: Path,
    pictures: list[bytes | None],
    strength: Strength,
    started: float,
) -> None:
    """Plays one conversation and prints its steps and figures."""
    from .demo import running_demo
    from .rehearsal import RehearsalError, Script, rehearse

    script = Script(
        content=pictures[0], style=pictures[1], strength=strength.value, folder=folder
    )
    async with running_demo(options) as demo:
        playing = asyncio.create_task(
            rehearse(demo.playground.url, script, print_step, started=started),
            name="rehearsal",
        )
        ending = asyncio.create_task(demo.bot.wait(), name="bot-ends")
        await asyncio.wait({playing, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            playing.cancel()
            fail(f"The bot ended by itself with status {ending.result()}.", status=1)
        ending.cancel()
        try:
            figures = playing.result()
        except RehearsalError as exc:
            fail(f"The conversation broke off: {exc}", status=1)
    typer.echo(json.dumps(figures))


def print_step(seconds: float, what: str) -> None:
    typer.echo(f"{seconds:7.1f} s  {what}")
