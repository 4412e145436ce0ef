"""The picture of a race: loss against seconds, the crossing marked."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .race import Point, Race, Track

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SEED, _PRODUCT, _INK, _PALE = "#b4552d", "#1f5fa8", "#222222", "#dddddd"
_SIZE_INCHES: Final = (8.0, 4.8)


def draw(race: Race, path: Path) -> None:
    """Writes the figure; the suffix decides the format."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_yscale("log")
    _draw_track(axes, race.seed, _SEED)
    _draw_track(axes, race.product, _PRODUCT)
    if len(race.product.points) > 1:
        _name_product(axes, race.product.last)
    if len(race.seed.points) > 1:
        _mark_crossing(axes, race)
    _dress(axes, race)
    figure.savefig(path)


def _draw_track(axes: Axes, track: Track, colour: str) -> None:
    # The start is at 0 s, which a logarithmic axis does not have.
    points = track.points[1:]
    if points:
        seconds, losses = [p.seconds for p in points], [p.loss for p in points]
        axes.plot(seconds, losses, color=colour, linewidth=2.2)


def _mark_crossing(axes: Axes, race: Race) -> None:
    goal = race.seed.last
    crossing = race.product.reached(goal.loss)
    axes.axhline(goal.loss, color=_SEED, linewidth=0.9, linestyle=(0, (4, 4)))
    axes.plot([goal.seconds], [goal.loss], "o", color=_SEED, markersize=7)
    _name_seed(axes, goal)
    if crossing is None:
        return
    axes.plot([crossing.seconds], [goal.loss], "o", color=_PRODUCT, markersize=7)
    axes.annotate(
        f"{crossing.seconds:.3g} s",
        xy=(crossing.seconds, goal.loss),
        xytext=(9, 7),
        textcoords="offset points",
        color=_PRODUCT,
        weight="bold",
    )
    axes.annotate(
        f"{goal.seconds / crossing.seconds:.3g} times sooner",
        xy=(math.sqrt(goal.seconds * crossing.seconds), goal.loss),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        color=_INK,
        weight="bold",
    )


def _name_product(axes: Axes, point: Point) -> None:
    axes.annotate(
        f"stylecore:\n{_printed(point.loss)} after {point.seconds:,.3g} s",
        xy=(point.seconds, point.loss),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        color=_PRODUCT,
        weight="bold",
    )


def _printed(loss: float) -> str:
    return f"{loss:,.0f}" if loss >= 1000 else f"{loss:.3g}"


def _name_seed(axes: Axes, point: Point) -> None:
    axes.annotate(
        f"the seed's recipe (Adam, float32):\n{_printed(point.loss)} "
        f"after {point.seconds:,.0f} s",
        xy=(point.seconds, point.loss),
        xytext=(0, -10),
        textcoords="offset points",
        ha="right",
        va="top",
        color=_SEED,
        weight="bold",
    )


def _dress(axes: Axes, race: Race) -> None:
    from ..devices import describe

    width, height = race.content.size
    axes.set_title(
        f"The seed's loss at {width} × {height} px on {describe(race.device)}",
        loc="left",
        color=_INK,
        weight="bold",
    )
    axes.set_xlabel("seconds, from the pictures on")
    axes.set_ylabel("loss, judged in float32")
    axes.grid(True, which="major", color=_PALE, linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)
