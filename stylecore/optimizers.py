"""Optimisers for pictures: Adam and an L-BFGS that stays on the device.

One step is one evaluation of the objective, whatever the optimiser, so that steps
cost the same and can be counted before they are made.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .errors import DivergedError
from .objective import Evaluation, Objective
from .recipes import Optimizer, Recipe
from .smoothing import Smoothing

Bounds = tuple[float, float] | None
Evaluate = Callable[[Tensor], Evaluation]


class PictureOptimizer(ABC):
    """Improves numbers step by step; `numbers` are never changed in place."""

    @property
    @abstractmethod
    def numbers(self) -> Tensor:
        """The present point, inside the bounds."""

    @property
    @abstractmethod
    def losses(self) -> Tensor:
        """The losses last accepted; see `Evaluation.losses`."""

    @abstractmethod
    def step(self) -> None:
        """One evaluation. Raises `DivergedError` if the objective is not finite."""


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
    return LBFGS(evaluate, start, bounds, recipe.history, smooth)


def _unchanged(gradient: Tensor) -> Tensor:
    return gradient


def _inside(numbers: Tensor, bounds: Bounds) -> Tensor:
    return numbers if bounds is None else numbers.clamp(*bounds)


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
        self._numbers = _inside(start, bounds)
        self._losses = torch.zeros(0)
        self._mean = torch.zeros_like(start)
        self._square = torch.zeros_like(start)
        self._step = 0

    @property
    def numbers(self) -> Tensor:
        return self._numbers

    @property
    def losses(self) -> Tensor:
        return self._losses

    def step(self) -> None:
        found = self._evaluate(self._numbers)
        self._losses = found.losses
        if not math.isfinite(float(found.losses[0])):
            raise DivergedError("The loss is no longer a finite number.")
        rate = self._next_rate()
        self._step += 1
        self._mean.lerp_(found.gradient, 0.1)
        self._square.mul_(0.999).addcmul_(found.gradient, found.gradient, value=0.001)
        mean = self._mean / (1 - 0.9**self._step)
        root = (self._square / (1 - 0.999**self._step)).sqrt_().add_(1e-8)
        self._numbers = _inside(self._numbers - rate * mean / root, self._bounds)

    def _next_rate(self) -> float:
        if self._period is None:
            return self._rate
        return self._rate * 0.5 * (1 + math.cos(math.pi * self._step / self._period))


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """A step s, the change y of the gradient along it, and s·y."""

    s: Tensor
    y: Tensor
    sy: Tensor


class LBFGS(PictureOptimizer):
    """Limited-memory BFGS (Nocedal 1980), projected onto the bounds.

    Each step tries one point. It is taken if it lowers the loss enough; otherwise
    the next step tries a shorter way from the same point, and after some of those
    forgets the curvature and starts afresh along the gradient. So a badly scaled
    objective, an overflow or a misleading curvature costs steps, never the picture.
    Numbers at a bound that the gradient pushes outwards stay there and are left out
    of the direction.

    Args:
        evaluate: the objective.
        start: the first point.
        bounds: least and greatest number allowed, or none.
        history: how many pairs to remember.
        smooth: what the inverse Hessian starts from; none: the identity, scaled.
        first_rms: root mean square of the first step and of each fresh start.
    """

    _SUFFICIENT = 1e-4
    _PATIENCE = 4
    _LOOK_BACK = 3
    _LONGEST_RMS = 0.5

    def __init__(
        self,
        evaluate: Evaluate,
        start: Tensor,
        bounds: Bounds,
        history: int,
        smooth: Callable[[Tensor], Tensor] | None = None,
        first_rms: float = 0.02,
    ) -> None:
        self._evaluate = evaluate
        self._bounds = bounds
        self._smooth = smooth or _unchanged
        self._pairs: deque[_Pair] = deque(maxlen=history)
        self._first_rms = first_rms
        self._numbers = _inside(start, bounds)
        self._losses = torch.zeros(0)
        self._gradient = torch.zeros_like(start)
        self._direction = torch.zeros_like(start)
        self._recent: deque[float] = deque(maxlen=self._LOOK_BACK)
        self._length = 1.0
        self._refused = 0

    @property
    def numbers(self) -> Tensor:
        return self._numbers

    @property
    def losses(self) -> Tensor:
        return self._losses

    def step(self) -> None:
        if not self._recent:
            self._begin()
            return
        point = _inside(self._numbers + self._length * self._direction, self._bounds)
        found = self._evaluate(point)
        moved = point - self._numbers
        # One transfer from the device for all that the host has to decide on.
        loss, slope, finite = torch.stack(
            (
                found.losses[0],
                torch.dot(self._gradient.flatten(), moved.flatten()),
                torch.isfinite(found.gradient).all().to(found.losses.dtype),
            )
        ).tolist()
        limit = max(self._recent) + self._SUFFICIENT * min(slope, 0.0)
        if finite and math.isfinite(loss) and slope < 0 and loss <= limit:
            self._accept(point, moved, found, loss)
        else:
            self._refuse(loss, slope)

    def _begin(self) -> None:
        found = self._evaluate(self._numbers)
        loss = float(found.losses[0])
        if not math.isfinite(loss) or not bool(found.gradient.isfinite().all()):
            raise DivergedError("The loss is not a finite number at the start.")
        self._losses, self._gradient = found.losses, found.gradient
        self._recent.append(loss)
        self._aim()

    def _accept(
        self, point: Tensor, moved: Tensor, found: Evaluation, loss: float
    ) -> None:
        change = found.gradient - self._gradient
        self._numbers, self._gradient = point, found.gradient
        self._losses = found.losses
        self._recent.append(loss)
        self._refused = 0
        self._remember(moved, change)
        self._aim()

    def _remember(self, s: Tensor, y: Tensor) -> None:
        # Only clear positive curvature keeps the inverse Hessian positive definite
        # (Li & Fukushima's cautious update).
        sy, ss, yy = (
            torch.dot(a.flatten(), b.flatten()) for a, b in ((s, y), (s, s), (y, y))
        )
        values = torch.stack((sy, ss, yy)).tolist()
        if values[0] > 1e-8 * math.sqrt(values[1] * values[2]) > 0:
            self._pairs.append(_Pair(s, y, sy))

    def _refuse(self, loss: float, slope: float) -> None:
        self._refused += 1
        if self._refused % self._PATIENCE == 0 and self._pairs:
            self._pairs.clear()
            self._aim()
            return
        self._length *= _shorter(self._recent[-1], loss, slope)

    def _aim(self) -> None:
        """Sets direction and length from the present point on."""
        free = self._free()
        gradient = torch.where(free, self._gradient, 0.0)
        if self._pairs:
            self._direction = torch.where(free, -self._precondition(gradient), 0.0)
            # Where the loss is almost straight, its curvature suggests endless steps.
            self._length = min(1.0, self._LONGEST_RMS / (_rms(self._direction) or 1.0))
            return
        self._direction = torch.where(free, -self._smooth(gradient), 0.0)
        rms = _rms(self._direction)
        # After refusals each fresh start is more careful than the last.
        self._length = self._first_rms * 0.5**self._refused / rms if rms > 0 else 0.0

    def _free(self) -> Tensor:
        if self._bounds is None:
            return torch.ones_like(self._numbers, dtype=torch.bool)
        low, high = self._bounds
        pinned_low = (self._numbers <= low) & (self._gradient > 0)
        pinned_high = (self._numbers >= high) & (self._gradient < 0)
        return ~(pinned_low | pinned_high)

    def _precondition(self, gradient: Tensor) -> Tensor:
        """The two-loop recursion, without any transfer from the device."""
        q = gradient.flatten()
        weights = []
        for pair in reversed(self._pairs):
            weight = torch.dot(pair.s.flatten(), q) / pair.sy
            q = q - weight * pair.y.flatten()
            weights.append(weight)
        last = self._pairs[-1]
        smoothed = self._smooth(last.y).flatten()
        q = self._smooth(q.view_as(gradient)).flatten()
        q = q * (last.sy / torch.dot(last.y.flatten(), smoothed))
        for pair, weight in zip(self._pairs, reversed(weights), strict=True):
            back = torch.dot(pair.y.flatten(), q) / pair.sy
            q = q + (weight - back) * pair.s.flatten()
        return q.view_as(gradient)


def _rms(numbers: Tensor) -> float:
    return float(numbers.square().mean().sqrt())


def _shorter(before: float, after: float, slope: float) -> float:
    """The share of the way to try next: the parabola's minimum, within [0.1, 0.5]."""
    if not math.isfinite(after) or slope >= 0:
        return 0.25
    return min(0.5, max(0.1, -0.5 * slope / max(after - before - slope, 1e-30)))
