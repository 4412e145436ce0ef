"""`LBFGS`: limited-memory BFGS for pictures that never asks the device anything.

Every decision (is the point good, is the curvature usable, is it time to start
afresh) is taken on the device with `torch.where`, so that a step is one evaluation
and a fixed sequence of kernels on buffers that stay where they are.

Against the textbook (Nocedal 1980) there are four departures:

* The inverse Hessian starts from a filter P that damps high frequencies, `Smoothing`,
  in place of the identity, scaled by s·y / y·Py of the newest pair.
* The two loops are replaced by the compact form of Byrd, Nocedal & Schnabel (1994,
  theorem 2.2), H = (I - SR⁻ᵀYᵀ) P (I - YR⁻¹Sᵀ) + SR⁻ᵀDR⁻¹Sᵀ: four products with the
  history instead of 4 · history small kernels. R⁻¹ itself is kept up to date, so that
  no triangular system is ever solved.
* There is no line search. A point that fails the non-monotone test of Grippo et al.
  (1986) is retried nearer, and after some failures the curvature is forgotten.
* Losses and gradients are divided by the first gradient's size, so that an objective
  of any scale keeps clear of what float32 cannot square.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from .descent import (
    Bounds,
    Evaluate,
    Health,
    PictureOptimizer,
    exact_zero,
    inside,
)


def _unchanged(gradient: Tensor) -> Tensor:
    return gradient


class LBFGS(PictureOptimizer):
    """L-BFGS on the device, smoothed, projected onto the bounds.

    A point that is worse, infinite or NaN is refused and the way to it shortened, so
    a badly scaled objective costs steps, never the picture. Numbers at a bound that
    the gradient pushes outwards stay there and are left out of the direction.

    Memory, in pictures: 2 · history + 3 all the time and 6 more at most within a step,
    the filter's temporaries included; 1 of these 6 while the objective is evaluated.

    Args:
        evaluate: the objective.
        start: the first point; float32 or float64.
        bounds: least and greatest number allowed, or none.
        history: how many pairs to remember.
        smooth: what the inverse Hessian starts from; none: the identity.
        first_rms: root mean square of the first step, in the units of the numbers.
        longest_rms: of the longest step that curvature may suggest.
    """

    _SUFFICIENT: Final = 1e-4
    _PATIENCE: Final = 4
    _LOOK_BACK: Final = 3

    def __init__(
        self,
        evaluate: Evaluate,
        start: Tensor,
        bounds: Bounds,
        history: int,
        smooth: Callable[[Tensor], Tensor] | None = None,
        first_rms: float = 0.02,
        longest_rms: float = 0.5,
    ) -> None:
        exact = exact_zero(start.device)
        self._evaluate = evaluate
        self._bounds = bounds
        self._smooth = smooth or _unchanged
        self._first_rms = first_rms
        self._longest_rms = longest_rms
        self._numbers = inside(start.detach().clone(), bounds)
        self._losses = start.new_zeros(4)
        self._gradient = torch.zeros_like(self._numbers)
        self._direction = torch.zeros_like(self._numbers)
        self._s = start.new_zeros(history, start.numel())
        self._y = torch.zeros_like(self._s)
        self._inverse = exact.new_zeros(history, history)
        """R⁻¹ by row of the buffers; R is SᵀY where s is no younger than y, else 0."""
        self._curvature = exact.new_zeros(history)
        """D: s·y by row; 0 where there is no pair."""
        self._rows = torch.arange(history, device=start.device)
        self._next = torch.zeros(1, dtype=torch.int64, device=start.device)
        """The row of the oldest pair, which the next one overwrites."""
        self._recent = exact.new_full((self._LOOK_BACK,), torch.inf)
        """The losses last accepted, newest last; infinite at the very start."""
        self._unit = exact + 1.0
        self._scale = exact.clone()
        self._length = exact.clone()
        self._stride = exact + first_rms
        """Root mean square of a step along the gradient, for fresh starts."""
        self._refused = exact.clone()
        self._stalled = exact.clone()

    @property
    def numbers(self) -> Tensor:
        return self._numbers.clone()

    @property
    def losses(self) -> Tensor:
        return self._losses.clone()

    def health(self) -> Health:
        loss, recent, refused, stalled = torch.stack(
            (
                self._losses[0].to(self._recent.dtype),
                self._recent[-1],
                self._refused,
                self._stalled,
            )
        ).tolist()
        return Health(loss, math.isfinite(recent), int(refused), int(stalled))

    def restart(self, evaluate: Evaluate, *, keep: bool = False) -> None:
        self._evaluate = evaluate
        self._recent.fill_(torch.inf)
        self._stride.clamp_(min=0.01 * self._first_rms)
        for buffer in (self._length, self._refused, self._stalled):
            buffer.zero_()
        if not keep:
            self._forget(torch.ones_like(self._scale, dtype=torch.bool))

    def _buffers(self) -> dict[str, Tensor]:
        return {
            name.removeprefix("_"): value
            for name, value in vars(self).items()
            if isinstance(value, Tensor)
        }

    def step(self) -> None:
        trial = inside(
            (self._direction * self._length).add_(self._numbers), self._bounds
        )
        found = self._evaluate(trial)
        losses, gradient = found.losses, found.gradient
        del found
        fresh = self._recent[-1].isinf()
        largest = torch.linalg.vector_norm(gradient, torch.inf).to(self._unit)
        # Pairs that a restart has kept are in the old unit.
        renew = fresh & (self._scale == 0) & (largest > 0) & largest.isfinite()
        self._take(self._unit, renew, 1 / largest)
        gradient = gradient * self._unit
        loss = losses[0].to(self._unit) * self._unit
        y = gradient - self._gradient
        stiffness = self._dot(y, self._smooth(y))
        s = trial - self._numbers
        slope = self._dot(self._gradient, s)
        limit = self._recent.max() + self._SUFFICIENT * slope
        finite = loss.isfinite() & largest.isfinite()
        good = finite & (fresh | ((slope < 0) & (loss <= limit)))
        taught = self._remember(good & ~fresh, s, y, stiffness)
        # A way that only grows steeper has no curvature to measure; go on faster.
        pace = _rms(s).to(self._stride) * (2 - taught.to(self._stride))
        self._take(self._stride, good & ~fresh, pace.clamp(max=self._longest_rms))
        forget = self._judge(good, loss, slope)
        self._take(self._losses, good | fresh, losses)
        recent = torch.cat((self._recent[1:], loss[None]))
        self._take(self._recent, good, torch.where(fresh, loss, recent))
        self._take(self._numbers, good, trial)
        self._take(self._gradient, good, gradient)
        del trial, gradient, s, y
        self._aim(good | forget)

    def _remember(
        self, good: Tensor, s: Tensor, y: Tensor, stiffness: Tensor
    ) -> Tensor:
        """Overwrites the oldest pair, unless the new one is of no use; whether it was.

        `stiffness` is y·Py.
        """
        sy = self._dot(s, y)
        scale = sy / stiffness
        # Only clear positive curvature keeps the inverse Hessian positive definite
        # (Li & Fukushima's cautious update).
        size = torch.linalg.vector_norm(s) * torch.linalg.vector_norm(y)
        useful: Tensor = good & (sy > 1e-7 * size) & (scale > 0) & scale.isfinite()
        for buffer, new in ((self._s, s), (self._y, y)):
            row = buffer.index_select(0, self._next)
            torch.where(useful, new.view_as(row), row, out=row)
            buffer.index_copy_(0, self._next, row)
        new = (self._rows == self._next).to(sy)
        others = self._inverse * torch.outer(1 - new, 1 - new)
        column = (new - others @ (self._s @ y.flatten()).to(sy)) / sy
        self._take(self._inverse, useful, others + torch.outer(column, new))
        self._take(self._curvature, useful, torch.lerp(self._curvature, sy, new))
        self._take(self._scale, useful, scale)
        self._next.add_(useful).remainder_(len(self._rows))
        return useful

    def _judge(self, good: Tensor, loss: Tensor, slope: Tensor) -> Tensor:
        """After a refusal shortens the way, and now and then forgets the curvature."""
        rise = loss - self._recent[-1] - slope
        # The parabola through both losses and the slope has its minimum there.
        share = (-0.5 * slope / rise.clamp_min(1e-300)).clamp(0.1, 0.5)
        share.masked_fill_((slope >= 0) | ~rise.isfinite(), 0.25)
        self._take(self._length, ~good, self._length * share)
        self._refused.add_(~good)
        self._stalled.add_(1).mul_(~good)
        enough = ~good & (self._stalled.remainder(self._PATIENCE) == 0)
        forget = enough & (self._scale > 0)
        # Each fresh start is more careful than the last.
        self._take(self._stride, forget, 0.25 * self._stride)
        self._forget(forget)
        return forget

    def _forget(self, condition: Tensor) -> None:
        for buffer in (self._inverse, self._curvature, self._scale):
            buffer.masked_fill_(condition, 0.0)

    def _aim(self, renew: Tensor) -> None:
        """Sets the direction from the present point, and where `renew` the length."""
        gradient = self._gradient
        free = self._free()
        if free is not None:
            gradient = gradient * free
        direction = self._product(gradient).neg_()
        if free is not None:
            direction.mul_(free)
        # A direction that rounding has turned uphill is no direction.
        sound = self._dot(direction, gradient) < 0
        torch.where(sound, direction, -gradient, out=self._direction)
        self._forget(~sound)
        rms = _rms(self._direction).to(self._length)
        # Where the loss is almost straight, its curvature suggests endless steps.
        whole = rms.clamp(max=self._longest_rms)
        whole = torch.where(self._scale > 0, whole, self._stride)
        length = (whole / rms).masked_fill(rms == 0, 0.0)
        self._take(self._length, renew, length)

    def _product(self, gradient: Tensor) -> Tensor:
        """The inverse Hessian times the gradient; see the top of this module."""
        flat, inverse = gradient.flatten(), self._inverse
        along = inverse @ (self._s @ flat).to(inverse)
        rest = flat - along.to(flat) @ self._y
        scale = self._scale.masked_fill(self._scale == 0, 1.0)
        rest = self._smooth(rest.view_as(gradient)).flatten() * scale
        back = self._curvature * along - (self._y @ rest).to(inverse)
        rest = rest + (inverse.T @ back).to(flat) @ self._s
        return rest.view_as(gradient)

    def _free(self) -> Tensor | None:
        """1 where a number may move, else 0."""
        if self._bounds is None:
            return None
        low, high = self._bounds
        pinned = (self._numbers <= low) & (self._gradient > 0)
        pinned |= (self._numbers >= high) & (self._gradient < 0)
        return (~pinned).to(self._numbers.dtype)

    def _dot(self, a: Tensor, b: Tensor) -> Tensor:
        return torch.dot(a.flatten(), b.flatten()).to(self._unit)

    @staticmethod
    def _take(buffer: Tensor, condition: Tensor, value: Tensor) -> None:
        """`value` where the condition holds; NaN elsewhere in it does no harm."""
        torch.where(condition, value.to(buffer.dtype), buffer, out=buffer)


def _rms(numbers: Tensor) -> Tensor:
    length: Tensor = torch.linalg.vector_norm(numbers)
    return length / math.sqrt(numbers.numel())
