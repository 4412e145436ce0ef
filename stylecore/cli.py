"""The command `stylecore`: one picture pair, and the weights."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from PIL import Image

from . import images, weights
from .bench.cli import app as bench_app
from .clip import SUFFIXES as CLIP_SUFFIXES
from .clip import ClipRecorder
from .errors import PictureError, RecipeError, WeightsError
from .flags import ReferenceRecipe, chosen_recipe, with_recipe_flags
from .recipes import DEFAULT_STRENGTH, Recipe, Strength
from .terminal import OUR_MISTAKE, download_bar, say, sentences, watch

if TYPE_CHECKING:
    from torch import Tensor

    from .transfer import StyleTransfer

WITHOUT_WEIGHTS = "To paint without trained weights, add `--weights untrained`."
UNTRAINED_NOTICE = (
    "Painting with untrained weights: colours and strokes come across, forms hardly. "
    "`stylecore weights fetch` gets the trained ones."
)

app = typer.Typer(
    name="stylecore",
    help="Paints a photo in the manner of a painting.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
weights_app = typer.Typer(
    help="Finds, fetches and imports the trained VGG-19 weights.",
    no_args_is_help=True,
)
app.add_typer(weights_app, name="weights")
app.add_typer(bench_app, name="bench")

CacheOption = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        envvar="STYLECORE_CACHE",
        help="The folder of the slim weights file.",
    ),
]


def main() -> None:
    """Runs the command line."""
    app()


@app.callback(invoke_without_command=True)
def common(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.")
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"stylecore {version('stylebot')}")
        raise typer.Exit


@app.command()
@with_recipe_flags
def transfer(
    *,
    content: Annotated[
        Path, typer.Argument(metavar="CONTENT", help="The photo to paint.")
    ],
    style: Annotated[
        Path, typer.Argument(metavar="STYLE", help="The painting to learn from.")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=f"One of {' '.join(images.SUFFIXES)}"),
    ],
    strength: Annotated[
        Strength | None,
        typer.Option(help=f"How much of the style. [default: {DEFAULT_STRENGTH}]"),
    ] = None,
    recipe: Annotated[
        ReferenceRecipe | None,
        typer.Option(help="A reference recipe in place of a strength."),
    ] = None,
    edge: Annotated[
        int,
        typer.Option(min=32, max=12_000, help="Longer side in px; never enlarged."),
    ] = 512,
    clip: Annotated[
        Path | None,
        typer.Option(help=f"Film the painting: {' '.join(CLIP_SUFFIXES)}"),
    ] = None,
    device: Annotated[
        str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")
    ] = "auto",
    source: Annotated[
        str, typer.Option("--weights", help="auto, untrained or a file.")
    ] = weights.AUTO,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same picture.")] = 0,
    cache: CacheOption = None,
    overrides: dict[str, Any],
) -> None:
    """Paints CONTENT in the manner of STYLE."""
    with sentences():
        chosen = _recipe(strength, recipe, overrides)
        _check_output(output, images.SUFFIXES, content, style)
        if clip:
            _check_output(clip, CLIP_SUFFIXES, content, style, output)
        photo = images.fit(_load("CONTENT", content), edge)
        painting = _load("STYLE", style)
        engine = _engine(source, device, cache)
        recorder = ClipRecorder(photo) if clip else None
        started = time.monotonic()
        events = engine.run(photo, painting, chosen, edge_px=edge, seed=seed)
        result = watch(events, chosen.total_steps(*photo.size), recorder)
        seconds = time.monotonic() - started
        images.save(result, output)
        typer.echo(f"{output}: {result.width} × {result.height} px in {seconds:.1f} s")
        if clip and recorder:
            info = recorder.write(clip)
            typer.echo(f"{clip}: {info.width} × {info.height} px, {info.seconds:g} s")


@weights_app.command("status")
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


@weights_app.command("fetch")
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


@weights_app.command("import")
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


def _recipe(
    strength: Strength | None,
    reference: ReferenceRecipe | None,
    overrides: dict[str, Any],
) -> Recipe:
    if strength and reference:
        raise RecipeError("--strength and --recipe exclude each other; choose one.")
    return chosen_recipe(strength, reference and str(reference.value), overrides)


def _check_output(path: Path, suffixes: tuple[str, ...], *taken: Path) -> None:
    """Finds out before the painting whether its result can be written."""
    if path.suffix.lower() not in suffixes:
        raise RecipeError(f"“{path.name}” must end in one of {', '.join(suffixes)}.")
    if not path.parent.is_dir():
        raise RecipeError(f"There is no folder “{path.parent}” to write into.")
    if path.is_dir() or path.resolve() in {each.resolve() for each in taken}:
        raise RecipeError(f"“{path}” would overwrite something else; choose another.")


def _load(role: str, path: Path) -> Image.Image:
    try:
        return images.load(path)
    except PictureError as error:
        raise PictureError(f"{role} “{path.name}”: {error}", error.code) from error


def _engine(source: str, device: str, cache: Path | None) -> StyleTransfer:
    if source == weights.UNTRAINED:
        say(UNTRAINED_NOTICE, style="yellow")
    tensors = _weights(source, cache)
    from .transfer import StyleTransfer

    return StyleTransfer(tensors, device)


def _weights(source: str, cache: Path | None) -> dict[str, Tensor]:
    try:
        if source == weights.AUTO and weights.locate(source, cache) is None:
            with download_bar() as hook:
                weights.fetch(cache, progress=hook)
        return weights.load(source, cache=cache)
    except WeightsError as error:
        raise WeightsError(f"{error} {WITHOUT_WEIGHTS}", error.code) from error
