"""Runs every contender over one pair of pictures, before the judge of the race."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from PIL import Image
from torch import Tensor

from ..errors import StyleError
from ..objective import Objective
from ..pyramid import to_tensor
from ..transfer import StyleTransfer
from .contenders import CONTENDERS, Contender, Task
from .race import Point, Track, finite, product_recipe, whole_recipe
from .seed import Judge, network, normalised
from .stopwatch import Stopwatch

_STUCK: Final = 0.95
"""The second half of the evaluations should lower the loss at least by this factor."""


class Comparison:
    """One objective for all contenders.

    Args:
        weights: of VGG-19, named as torchvision names them.
        content, style: RGB; the style is stretched to the content's size.
        evaluations: of loss and gradient, for each contender.
        device: see `devices.resolve`.
    """

    def __init__(
        self,
        weights: Mapping[str, Tensor],
        content: Image.Image,
        style: Image.Image,
        evaluations: int,
        device: str = "auto",
    ) -> None:
        engine = StyleTransfer(weights, device)
        self.device, self.dtype = engine.device, engine.features.dtype
        photo, painting = (
            to_tensor(each, content.size, self.device) for each in (content, style)
        )
        recipe = whole_recipe()
        self.style = painting
        objective = Objective(engine.features, recipe, photo, painting)
        paint = partial(_painted, engine, content, style)
        self.task = Task(objective, photo, recipe, evaluations, paint)
        vgg = network({name: each.to(self.device) for name, each in weights.items()})
        self._judge = Judge(vgg, photo, painting)
        # The first evaluation of a process sets up what later ones share.
        objective.evaluate(objective.encode(photo))

    @property
    def start_loss(self) -> float:
        """Of the content."""
        return self._judge(normalised(self.task.picture))

    def run(self) -> Iterator[dict[str, Any]]:
        """One report per contender, ready for JSON, in the order of `CONTENDERS`."""
        for name, contender in CONTENDERS.items():
            yield {"optimizer": name, **self._report(contender)}

    def _report(self, contender: Contender) -> dict[str, Any]:
        track = Track([Point(evaluations=0, seconds=0.0, loss=self.start_loss)])
        idle, problem = 0, ""
        try:
            for point in self._points(contender):
                idle += point.loss == track.last.loss
                track.points.append(point)
        except StyleError as error:
            problem = str(error)
        allowed = self.task.evaluations
        marks = {
            f"loss_at_{share}": self._loss(track, share) for share in (25, 50, 100)
        }
        return {
            **{name: finite(loss) for name, loss in marks.items()},
            "seconds": track.last.seconds,
            "evaluations": track.last.evaluations,
            # Nothing was gained there: a refused point, or one looked at twice.
            "idle": idle,
            "stuck": not marks["loss_at_100"] < _STUCK * marks["loss_at_50"]
            or track.last.evaluations < allowed,
            "problem": problem,
        }

    def _points(self, contender: Contender) -> Iterator[Point]:
        watch = Stopwatch(self.device)
        watch.start()
        held = contender(self.task)
        while True:
            watch.start()
            found = next(held, None)
            watch.stop()
            if found is None:
                return
            picture = self.task.objective.decode(found.numbers)
            loss = self._judge(normalised(picture))
            yield Point(evaluations=found.evaluations, seconds=watch.seconds, loss=loss)

    def _loss(self, track: Track, percent: int) -> float:
        """What was held after that share of the evaluations."""
        count = self.task.evaluations * percent / 100
        return [each.loss for each in track.points if each.evaluations <= count][-1]


def _painted(
    engine: StyleTransfer, content: Image.Image, style: Image.Image
) -> Iterator[Tensor]:
    """The product's pictures as a race would have them."""
    longest = max(content.size)
    for event in engine.run(content, style, product_recipe(), edge_px=longest):
        yield event.pixels
