"""The optimisers of a recipe: `Adam`, and `LBFGS` of its own module."""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor

from .descent import Bounds as Bounds
from .descent import Evaluate as Evaluate
from .descent import Health as Health
from .descent import PictureOptimizer as PictureOptimizer
from .descent import exact_zero, inside
from .lbfgs import LBFGS as LBFGS
from .objective import Objective
from .recipes import Optimizer, Recipe, Space
from .smoothing import Smoothing
from .spaces import LEVELS

_UNIT: Final = {Space.RGB: 1.0, Space.NORMALISED: 4.4, Space.CAFFE: float(LEVELS)}
"""By how much a number grows while a channel goes from 0 to 1."""


def make_optimizer(
    recipe: Recipe, objective: Objective, picture: Tensor, steps: int
) -> PictureOptimizer:
    """The optimiser of a recipe for `steps` steps from `picture` on."""
    evaluate, bounds = objective.evaluate, objective.bounds
    start = objective.encode(picture)
    if recipe.optimizer is Optimizer.ADAM:
        period = steps if recipe.cosine else None
        return Adam(evaluate, start, bounds, recipe.learning_rate, period)
    smooth = Smoothing(start.shape, recipe.smoothing, start.device)
    unit = _UNIT[recipe.space]
    return LBFGS(
        *(evaluate, start, bounds, recipe.history, smooth),
        first_rms=0.02 * unit,
        longest_rms=0.5 * unit,
    )


class Adam(PictureOptimizer):
    """Adam (Kingma & Ba 2015) with its usual constants, clamped after each step.

    Args:
        evaluate: the objective.
        start: the first point.
        bounds: least and greatest number allowed, or none.
        rate: the step size.
        period: over so many steps the rate falls to zero along a cosine; none: it
            stays.
    """

    def __init__(
        self,
        evaluate: Evaluate,
        start: Tensor,
        bounds: Bounds,
        rate: float,
        period: int | None = None,
    ) -> None:
        self._evaluate = evaluate
        self._bounds = bounds
        self._rate = rate
        self._period = period
        self._numbers = inside(start.detach().clone(), bounds)
        self._losses = start.new_zeros(4)
        self._mean = torch.zeros_like(start)
        self._square = torch.zeros_like(start)
        self._made = exact_zero(start.device)

    @property
    def numbers(self) -> Tensor:
        return self._numbers.clone()

    @property
    def losses(self) -> Tensor:
        return self._losses.clone()

    def step(self) -> None:
        found = self._evaluate(self._numbers)
        self._losses.copy_(found.losses)
        self._mean.lerp_(found.gradient, 0.1)
        self._square.mul_(0.999).addcmul_(found.gradient, found.gradient, value=0.001)
        rate = self._next_rate()
        self._made += 1
        mean = self._mean / (1 - 0.9**self._made)
        root = (self._square / (1 - 0.999**self._made)).sqrt_().add_(1e-8)
        moved = self._numbers - rate * mean.div_(root)
        self._numbers.copy_(inside(moved, self._bounds))

    def _next_rate(self) -> float | Tensor:
        if self._period is None:
            return self._rate
        share = 0.5 + 0.5 * torch.cos(self._made * (math.pi / self._period))
        return self._rate * share

    def restart(self, evaluate: Evaluate, *, keep: bool = False) -> None:
        self._evaluate = evaluate

    def health(self) -> Health:
        loss = float(self._losses[0])
        return Health(loss, math.isfinite(loss))

    def _buffers(self) -> dict[str, Tensor]:
        return {
            "numbers": self._numbers,
            "losses": self._losses,
            "mean": self._mean,
            "square": self._square,
            "made": self._made,
        }
