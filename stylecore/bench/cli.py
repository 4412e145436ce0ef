"""The commands of `stylecore bench`. Results go to standard output as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from .. import images, weights
from ..command.terminal import say, sentences
from ..command.weights import CacheOption, obtained
from ..errors import RecipeError
from ..files import aside, written_whole
from ..recipes import SMALLEST_SIDE_PX

if TYPE_CHECKING:
    from .race import Race

WITHOUT_WEIGHTS = "To measure without trained weights, add `--weights untrained`."
PLOT_SUFFIXES = (".png", ".svg", ".pdf")
LARGEST_EDGE_PX = 4096

app = typer.Typer(
    help="Measures the engine on this machine; prints JSON.", no_args_is_help=True
)

WeightsOption = Annotated[
    str, typer.Option("--weights", help="auto, untrained or a file.")
]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]
JsonOption = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Write the JSON here as well."),
]
ContentOption = Annotated[
    Path | None, typer.Option(help="The photo. [default: a drawn one]")
]
StyleOption = Annotated[
    Path | None, typer.Option(help="The painting. [default: a drawn one]")
]
EdgeOption = Annotated[
    int,
    typer.Option(min=SMALLEST_SIDE_PX, max=LARGEST_EDGE_PX, help="Longer side in px."),
]


@app.command("seed")
def bench_seed(
    *,
    edge: EdgeOption = 256,
    steps: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Steps of the seed's Adam.")
    ] = 5000,
    content: ContentOption = None,
    style: StyleOption = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"Draw loss against seconds: {' '.join(PLOT_SUFFIXES)}",
        ),
    ] = None,
    json_file: JsonOption = None,
    source: WeightsOption = weights.AUTO,
    device: DeviceOption = "auto",
    cache: CacheOption = None,
) -> None:
    """Times the product against the seed's recipe: how soon is its final loss reached?

    First the seed's recipe as it is (float32, eager, Adam 0.003 from the content),
    then the product on the same objective, weights and pictures. One float32 judge
    looks at both, off the clock. --json is kept up to date all along, so that Ctrl-C
    loses nothing.
    """
    with sentences():
        _check_writable(plot, PLOT_SUFFIXES)
        _check_writable(json_file, (".json",))
        pictures = _pictures(content, style, edge)
        tensors = obtained(source, cache, WITHOUT_WEIGHTS)
        from .race import Race

        race = Race(tensors, *pictures, steps, device)
        report = _SeedReport(race, edge, _weights_name(source), json_file)
        try:
            _run(race, report)
        finally:
            typer.echo(_lines(report.summary()))
            if plot:
                _draw(race, plot)
        _say_outcome(race)


@app.command("roofline")
def bench_roofline(
    *,
    edges: Annotated[
        str, typer.Option(help="Sizes of square pictures in px, with commas.")
    ] = "256,512,1024",
    repeats: Annotated[
        int, typer.Option(min=1, max=1000, help="Steps timed at each size.")
    ] = 7,
    json_file: JsonOption = None,
    source: WeightsOption = weights.AUTO,
    device: DeviceOption = "auto",
    cache: CacheOption = None,
) -> None:
    """Compares a step with the least time in which this device could make it.

    That floor is the work counted over the rate that VGG-19's own convolutions reach
    alone, measured in turn with the steps.
    """
    with sentences():
        sizes = _edges(edges)
        _check_writable(json_file, (".json",))
        tensors = obtained(source, cache, WITHOUT_WEIGHTS)
        from .roofline import measure, summary

        found = []
        with _bar() as bar:
            task = bar.add_task("", total=len(sizes), what="sizes", note="")
            for done in measure(tensors, sizes, repeats, device):
                found.append(done)
                note = f"{done.edge_px} px: {done.report()['fraction']:.2f}"
                _move(bar, task, len(found), note)
        _finish({**summary(found), **_machine(source, device)}, json_file)


@app.command("optimizers")
def bench_optimizers(
    *,
    edge: EdgeOption = 128,
    evaluations: Annotated[
        int,
        typer.Option(min=4, max=100_000, help="Of the objective, for each optimiser."),
    ] = 100,
    content: ContentOption = None,
    style: StyleOption = None,
    json_file: JsonOption = None,
    source: WeightsOption = weights.AUTO,
    device: DeviceOption = "auto",
    cache: CacheOption = None,
) -> None:
    """Compares optimisers on the seed's objective, evaluation for evaluation."""
    with sentences():
        _check_writable(json_file, (".json",))
        pictures = _pictures(content, style, edge)
        tensors = obtained(source, cache, WITHOUT_WEIGHTS)
        from .comparison import Comparison
        from .contenders import CONTENDERS

        comparison = Comparison(tensors, *pictures, evaluations, device)
        found = []
        with _bar() as bar:
            task = bar.add_task("", total=len(CONTENDERS), what="optimisers", note="")
            for done in comparison.run():
                found.append(done)
                _move(bar, task, len(found), f"{done['optimizer']}")
        report = {
            "start_loss": comparison.start_loss,
            "optimizers": found,
            "edge": edge,
            "size": list(pictures[0].size),
            "evaluations": evaluations,
            "dtype": str(comparison.dtype).removeprefix("torch."),
        }
        _finish({**report, **_machine(source, device)}, json_file)


def _edges(text: str) -> tuple[int, ...]:
    try:
        found = tuple(int(each) for each in text.split(","))
    except ValueError:
        raise RecipeError(
            f"--edges is “{text}”; expected sizes in px from {SMALLEST_SIDE_PX} on, "
            "such as 256,512,1024."
        ) from None
    for each in found:
        if not SMALLEST_SIDE_PX <= each <= LARGEST_EDGE_PX:
            raise RecipeError(
                f"--edges has {each}; expected {SMALLEST_SIDE_PX} to {LARGEST_EDGE_PX}."
            )
    return found


def _machine(source: str, device: str) -> dict[str, Any]:
    from ..devices import resolve
    from .facts import facts, load_average

    return {
        "weights": _weights_name(source),
        **facts(resolve(device)),
        "load_average": load_average(),
    }


def _finish(report: dict[str, Any], path: Path | None) -> None:
    text = _lines(report)
    if path:
        with written_whole(path) as temporary:
            temporary.write_text(text + "\n")
    typer.echo(text)


class _SeedReport:
    """What `bench seed` prints, and keeps writing to its file."""

    def __init__(self, race: Race, edge: int, source: str, path: Path | None) -> None:
        from .facts import facts, load_average

        self._race = race
        self._path = path
        self._load = load_average
        width, height = race.content.size
        self._fixed = {
            "edge": edge,
            "size": [width, height],
            "steps": race.steps,
            "weights": source,
            **facts(race.device),
            "load_average_before": load_average(),
        }

    def summary(self) -> dict[str, Any]:
        after = {"load_average_after": self._load()}
        return {**self._race.report(), **self._fixed, **after}

    def write(self) -> None:
        if self._path:
            everything = {**self.summary(), **self._race.tracks()}
            with written_whole(self._path) as temporary:
                temporary.write_text(_lines(everything) + "\n")


def _run(race: Race, report: _SeedReport) -> None:
    with _bar() as bar:
        task = bar.add_task("seed", total=race.steps, what="seed", note="")
        race.warm_up()
        for point in race.run_seed():
            note = f"loss {point.loss:.4g} after {point.seconds:.1f} s"
            _move(bar, task, point.evaluations, note)
            report.write()
        task = bar.add_task("product", total=1.0, what="product", note="")
        limit = race.seed.last.seconds / 10
        for point in race.run_product():
            note = f"loss {point.loss:.4g} after {point.seconds:.1f} s"
            _move(bar, task, min(1.0, point.seconds / limit), note)
            report.write()
        _move(bar, task, 1.0, note)
    report.write()


def _say_outcome(race: Race) -> None:
    found = race.report()
    if found["ratio"] is None:
        reason = race.problem or "Its time was up."
        say(
            f"The product did not reach the seed's loss of {found['seed_loss']:.4g}, "
            f"so there is no ratio. {reason}",
            style="yellow",
        )


def _draw(race: Race, path: Path) -> None:
    from .plot import draw

    with written_whole(path) as temporary:
        draw(race, temporary)


@contextmanager
def _bar() -> Iterator[Progress]:
    # A refreshing thread would take its share of the processor that is measured.
    with Progress(
        TextColumn("{task.fields[what]}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
    ) as bar:
        yield bar


def _move(bar: Progress, task: TaskID, completed: float, note: str) -> None:
    bar.update(task, completed=completed, note=note, refresh=True)


def _lines(report: Mapping[str, Any]) -> str:
    """JSON with a line per key, and one per row of a table."""
    lines = (f"  {json.dumps(key)}: {_value(found)}" for key, found in report.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n    " + ",\n    ".join(map(_value, value)) + "\n  ]"
    return json.dumps(value, allow_nan=False, ensure_ascii=False)


def _check_writable(path: Path | None, suffixes: tuple[str, ...]) -> None:
    """Finds out before the long run whether its result can be written."""
    if path is None:
        return
    if path.suffix.lower() not in suffixes:
        raise RecipeError(f"“{path.name}” must end in one of {', '.join(suffixes)}.")
    if path.is_dir():
        raise RecipeError(f"“{path}” is a folder; name a file.")
    try:
        with aside(path) as temporary:
            temporary.touch()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise RecipeError(
            f"“{path}” cannot be written: {reason}. Choose another folder."
        ) from error


def _pictures(
    content: Path | None, style: Path | None, edge: int
) -> tuple[Image.Image, Image.Image]:
    if (content is None) != (style is None):
        raise RecipeError("--content and --style go together: give both or neither.")
    if content is None or style is None:
        from .pictures import pair

        return pair(edge)
    return images.fit(images.load(content), edge), images.load(style)


def _weights_name(source: str) -> str:
    return "trained" if source == weights.AUTO else Path(source).name
