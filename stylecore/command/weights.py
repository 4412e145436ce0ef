"""The commands `stylecore weights`: find, fetch and import the trained weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .. import weights
from ..errors import WeightsError
from .terminal import OUR_MISTAKE, download_bar, sentences

if TYPE_CHECKING:
    from torch import Tensor

app = typer.Typer(
    help="Finds, fetches and imports the trained VGG-19 weights.",
    no_args_is_help=True,
)

CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        envvar="STYLECORE_CACHE",
        help="The folder of the slim weights file.",
    ),
]


@app.command("status")
def weights_status(cache: CacheOption = None) -> None:
    """Says whether the weights are there and whole; exit status 0 only then."""
    with sentences():
        status = weights.status(cache)
        if status.present and not status.problem:
            typer.echo(f"Ready: {status.path} ({status.size_bytes / 1e6:.0f} MB)")
            return
        typer.echo(f"Damaged: {status.path}" if status.present else "No weights yet.")
        typer.echo(status.problem or weights.MENDING)
        raise typer.Exit(OUR_MISTAKE)


@app.command("fetch")
def weights_fetch(
    cache: CacheOption = None,
    url: Annotated[
        str | None, typer.Option(help="A mirror of torchvision's file.")
    ] = None,
    sha256: Annotated[
        str | None,
        typer.Option(help="The beginning of the file's hash, if not torchvision's."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds the server may be silent.")
    ] = 30.0,
    again: Annotated[
        bool, typer.Option("--again", help="Fetch even if they are there.")
    ] = False,
) -> None:
    """Downloads torchvision's VGG-19 (548 MB), checks it, keeps 52 MB."""
    with sentences():
        status = weights.status(cache)
        if status.present and not status.problem and not again:
            typer.echo(f"Already there: {status.path}")
            return
        with download_bar() as hook:
            path = weights.fetch(
                cache, url=url, sha256=sha256, timeout_s=timeout, progress=hook
            )
        typer.echo(f"Ready: {path} ({path.stat().st_size / 1e6:.0f} MB)")


@app.command("import")
def weights_import(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="torchvision's .pth, or a slim file.")
    ],
    cache: CacheOption = None,
) -> None:
    """Takes the weights from a file."""
    with sentences():
        path = weights.import_file(file, cache)
        typer.echo(f"Ready: {path} ({path.stat().st_size / 1e6:.0f} MB)")


def obtained(source: str, cache: Path | None, otherwise: str) -> dict[str, Tensor]:
    """The weights of a source; trained ones that are not here yet are downloaded.

    Raises:
        WeightsError: there are none; the sentence ends with what to do `otherwise`.
    """
    try:
        if source == weights.AUTO and weights.locate(source, cache) is None:
            with download_bar() as hook:
                weights.fetch(cache, progress=hook)
        return weights.load(source, cache=cache)
    except WeightsError as error:
        raise WeightsError(f"{error} {otherwise}", error.code) from error
