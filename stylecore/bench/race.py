"""`Race`: the seed's recipe, then the product, on one clock and before one judge."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from PIL import Image
from torch import Tensor

from ..errors import StyleError
from ..pyramid import to_tensor
from ..recipes import REFERENCE_RECIPES, Recipe
from ..transfer import StyleTransfer
from .seed import Judge, network, normalised, paint
from .stopwatch import Stopwatch

_SHARE: Final = 0.1
"""Of the seed's time, after which the product's loss is compared."""
_LEAST_LIMIT_S: Final = 10.0
"""The product may take as long as the seed did, and at least this."""
_NO_END: Final = 100_000
_WARM_UP_PX: Final = 64
_GROWTH: Final = 1.1
_POINTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A loss on the way."""

    evaluations: int
    """Of the objective and its gradient so far."""
    seconds: float
    """Since the pictures were given, judging left out."""
    loss: float
    """As the judge sees it."""


class _Step(NamedTuple):
    """A picture of the product's that may still be judged."""

    evaluations: int
    seconds: float
    picture: Tensor

    def judged(self, loss: float) -> Point:
        return Point(evaluations=self.evaluations, seconds=self.seconds, loss=loss)


@dataclass(slots=True)
class Track:
    """What one side did, from the content on."""

    points: list[Point] = field(default_factory=list)

    @property
    def last(self) -> Point:
        return self.points[-1]

    def reached(self, loss: float) -> Point | None:
        """The first point with at most that loss."""
        return next((each for each in self.points if each.loss <= loss), None)

    def at(self, seconds: float) -> Point:
        """The last point up to then; the first one is at 0."""
        return [each for each in self.points if each.seconds <= seconds][-1]


def product_recipe() -> Recipe:
    """The product's way to the seed's loss, for as long as it is let."""
    return replace(REFERENCE_RECIPES["seed-fast"], last_steps=_NO_END)


def whole_recipe() -> Recipe:
    """The same without its first steps that leave layers out: every step costs alike
    and lowers the seed's objective itself."""
    return replace(product_recipe(), cascade=(), relaxed_steps=0)


def finite(number: float) -> float | None:
    """JSON knows no NaN and no infinity."""
    return number if math.isfinite(number) else None


def next_due(step: int, steps: int) -> int:
    """Which of the seed's steps is judged after `step`: evenly on a logarithmic axis,
    but a hundred over the whole run at least, and the last one always."""
    sparse = min(step * _GROWTH, step + steps / _POINTS)
    return min(steps, math.ceil(max(step + 1, sparse)))


class Race:
    """Both runs over one pair of pictures, from the content to a loss.

    Args:
        weights: of VGG-19, named as torchvision names them.
        content, style: RGB; the style is stretched to the content's size, as the
            seed's raw Grams need it.
        steps: of the seed.
        device: see `devices.resolve`.
    """

    def __init__(
        self,
        weights: Mapping[str, Tensor],
        content: Image.Image,
        style: Image.Image,
        steps: int,
        device: str = "auto",
    ) -> None:
        self._engine = StyleTransfer(weights, device)
        self.device = self._engine.device
        self.content = content
        self._style = style.resize(content.size, Image.Resampling.LANCZOS)
        self.steps = steps
        on_device = {name: each.to(self.device) for name, each in weights.items()}
        self._vgg = network(on_device)
        photo, painting = (
            to_tensor(each, content.size, self.device)
            for each in (content, self._style)
        )
        self._pictures = photo, painting
        self._judge = Judge(self._vgg, photo, painting)
        self.start = Point(evaluations=0, seconds=0.0, loss=self._of(photo))
        self.seed = Track([self.start])
        self.product = Track([self.start])
        self.problem = ""
        """Why the product ended early; empty if it did not."""

    def _of(self, picture: Tensor) -> float:
        return self._judge(normalised(picture))

    @property
    def finished(self) -> bool:
        """Whether both ran to their ends."""
        seed_done = self.seed.last.evaluations == self.steps
        return seed_done and len(self.product.points) > 1

    def warm_up(self) -> None:
        """Two small steps of each side on other pictures, off the clock.

        The first step of a process imports and sets up what later ones share.
        """
        grey = Image.new("RGB", (_WARM_UP_PX, _WARM_UP_PX), (128, 128, 128))
        flat = to_tensor(grey, grey.size, self.device)
        list(paint(self._vgg, flat, flat, steps=2))
        recipe = replace(product_recipe(), last_steps=2)
        list(self._engine.run(grey, grey, recipe, edge_px=_WARM_UP_PX))

    def run_seed(self) -> Iterator[Point]:
        """Paints as the seed does; yields the points that were judged."""
        watch = Stopwatch(self.device)
        pictures = paint(self._vgg, *self._pictures, self.steps)
        due = 1
        for step in range(1, self.steps + 1):
            watch.start()
            numbers = next(pictures)
            if step < due:
                continue
            watch.stop()
            self.seed.points.append(
                Point(
                    evaluations=step, seconds=watch.seconds, loss=self._judge(numbers)
                )
            )
            yield self.seed.last
            due = next_due(step, self.steps)

    def run_product(self) -> Iterator[Point]:
        """Paints as the product does, until the seed's loss is reached and a tenth of
        its time is over; yields the points that were judged."""
        try:
            for point in self._chase(self.seed.last):
                self.product.points.append(point)
                yield point
        except StyleError as error:
            # The seed's run took long; it is not thrown away for this.
            self.problem = str(error)

    def _chase(self, goal: Point) -> Iterator[Point]:
        """Every step is judged until the goal's loss is reached, then a few are."""
        held: _Step | None = None
        reached, due = False, 1
        for step in self._product_steps(max(goal.seconds, _LEAST_LIMIT_S)):
            if reached and step.seconds > goal.seconds * _SHARE:
                break
            held = step
            if reached and step.evaluations < due:
                continue
            held = None
            point = step.judged(self._of(step.picture))
            yield point
            reached = reached or point.loss <= goal.loss
            due = math.ceil(step.evaluations * _GROWTH)
        if held is not None:
            yield held.judged(self._of(held.picture))

    def _product_steps(self, limit_s: float) -> Iterator[_Step]:
        """The steps at the final size, each with the time it took to get there."""
        watch = Stopwatch(self.device)
        watch.start()
        events = self._engine.run(
            self.content, self._style, product_recipe(), edge_px=max(self.content.size)
        )
        for count in itertools.count(1):
            watch.start()
            event = next(events, None)
            watch.stop()
            if event is None or watch.seconds > limit_s:
                return
            if (event.width, event.height) == self.content.size:
                yield _Step(count, watch.seconds, event.pixels.clone())

    def report(self) -> dict[str, Any]:
        """What came out so far, ready for JSON; null where nothing did."""
        seed, product = self.seed.last, self.product
        crossing = product.reached(seed.loss) if len(self.seed.points) > 1 else None
        tenth = product.at(seed.seconds * _SHARE) if len(product.points) > 1 else None
        return {
            "seed_seconds": seed.seconds,
            "seed_loss": finite(seed.loss),
            "product_seconds": crossing and crossing.seconds,
            "ratio": crossing and seed.seconds / max(crossing.seconds, 1e-9),
            "product_loss": tenth and finite(tenth.loss),
            "loss_ratio": tenth and finite(seed.loss / max(tenth.loss, 1e-30)),
            "start_loss": finite(self.start.loss),
            "seed_steps": seed.evaluations,
            "product_evaluations": crossing and crossing.evaluations,
            "product_evaluations_in_a_tenth": tenth and tenth.evaluations,
            "product_dtype": str(self._engine.features.dtype).removeprefix("torch."),
            "problem": self.problem,
            "finished": self.finished,
        }

    def tracks(self) -> dict[str, list[tuple[int, float, float | None]]]:
        """Evaluations, seconds and loss of every point judged, ready for JSON."""
        return {
            f"{name}_track": [
                (each.evaluations, each.seconds, finite(each.loss))
                for each in track.points
            ]
            for name, track in (("seed", self.seed), ("product", self.product))
        }
