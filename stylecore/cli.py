"""The command `stylecore`: `transfer`, with `weights` and `bench` beside it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import images, weights
from .bench.cli import app as bench_app
from .clip import SUFFIXES as CLIP_SUFFIXES
from .command import weights as weights_commands
from .command.flags import ReferenceRecipe, chosen_recipe, with_recipe_flags
from .command.inputs import InputFiles
from .command.interrupts import terminable
from .command.outputs import Depth, Output, Profile
from .command.plan import Plan
from .command.terminal import say, sentences
from .command.weights import CacheOption, obtained
from .errors import RecipeError
from .memory import parse
from .recipes import DEFAULT_STRENGTH, Recipe, Strength

if TYPE_CHECKING:
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
app.add_typer(weights_commands.app, name="weights")
app.add_typer(bench_app, name="bench")


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
        list[Path],
        typer.Argument(metavar="STYLE...", help="The paintings to learn from."),
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
    style_mask: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="White where to learn from a style. Once per style, - for none.",
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="White where to paint with a style. Once per style, - for none.",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(help="A picture to start from, such as an earlier result."),
    ] = None,
    depth: Annotated[
        Depth, typer.Option(help="Bits per channel; 16 as PNG or TIFF.")
    ] = Depth.EIGHT,
    profile: Annotated[
        Profile,
        typer.Option(help="Whose colours: the content's ICC profile's, or sRGB's."),
    ] = Profile.CONTENT,
    clip: Annotated[
        Path | None,
        typer.Option(help=f"Film the painting: {' '.join(CLIP_SUFFIXES)}"),
    ] = None,
    save_every: Annotated[
        int | None,
        typer.Option(min=1, metavar="STEPS", help="Keep pictures in between."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="Write here, when stopped, what it takes to go on."),
    ] = None,
    checkpoint_every: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="STEPS", help="Write the checkpoint meanwhile, too."
        ),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Go on from this checkpoint.")
    ] = None,
    device: Annotated[
        str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")
    ] = "auto",
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="AMOUNT",
            help="At most this much for painting, such as 4GB; larger pictures are "
            "painted in tiles. [default: most of what is free]",
        ),
    ] = None,
    source: Annotated[
        str, typer.Option("--weights", help="auto, untrained or a file.")
    ] = weights.AUTO,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same picture.")] = 0,
    cache: CacheOption = None,
    overrides: dict[str, Any],
) -> None:
    """Paints CONTENT in the manner of one STYLE or several."""
    with sentences(), terminable():
        budget = None if memory is None else parse(memory)
        files = InputFiles(
            content=content,
            styles=style,
            masks=style_mask or (),
            regions=region or (),
            start=start,
        )
        plan = Plan(
            files=files,
            recipe=_recipe(strength, recipe, overrides),
            edge_px=edge,
            seed=seed,
            output=Output(path=output, depth=depth),
            profile=profile,
            clip=clip,
            save_every=save_every,
            checkpoint=checkpoint,
            checkpoint_every=checkpoint_every,
            resume=resume,
        )
        for line in plan.paint(lambda: _engine(source, device, cache, budget)):
            typer.echo(line)


def _recipe(
    strength: Strength | None,
    reference: ReferenceRecipe | None,
    overrides: dict[str, Any],
) -> Recipe:
    if strength and reference:
        raise RecipeError("--strength and --recipe exclude each other; choose one.")
    return chosen_recipe(strength, reference and str(reference.value), overrides)


def _engine(
    source: str, device: str, cache: Path | None, memory: int | None
) -> StyleTransfer:
    if source == weights.UNTRAINED:
        say(UNTRAINED_NOTICE, style="yellow")
    tensors = obtained(source, cache, WITHOUT_WEIGHTS)
    from .transfer import StyleTransfer

    return StyleTransfer(tensors, device, memory=memory)
