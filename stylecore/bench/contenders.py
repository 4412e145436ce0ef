"""`stylecore bench optimizers`: ways to minimise one objective, held side by side.

Each contender gets the same objective, the same start and the same number of
evaluations of loss and gradient; it yields the picture it holds after each.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from ..objective import Objective
from ..optimizers import make_optimizer
from ..recipes import Optimizer, Recipe

_HISTORY: Final = 50
_POWER: Final = 0.5
"""Of 1/frequency, the amplitude of the Fourier parametrisation."""
_COARSEST_PX: Final = 8
_PIXEL_RATE, _PYRAMID_RATE, _FOURIER_RATE = 0.6, 0.3, 0.3
"""Over 60 evaluations at 64 px the best of 0.05, 0.1, 0.15, 0.3 and 0.6, for pixels of
0.8 and 1.2 as well."""


class Task(NamedTuple):
    """What every contender gets."""

    objective: Objective
    picture: Tensor
    """`(3, H, W)` RGB in [0, 1], where to start."""
    recipe: Recipe
    """The product's, on the whole objective from the first step on."""
    evaluations: int
    paint: Callable[[], Iterator[Tensor]]
    """The product's whole way: pictures `(3, H, W)` after each step."""


class Held(NamedTuple):
    """A picture after so many evaluations."""

    evaluations: int
    numbers: Tensor
    """In the space of the objective."""


Contender = Callable[[Task], Iterator[Held]]


def _product(task: Task) -> Iterator[Held]:
    pictures = itertools.islice(task.paint(), task.evaluations)
    for count, picture in enumerate(pictures, start=1):
        yield Held(count, task.objective.encode(picture))


def _own_lbfgs(task: Task) -> Iterator[Held]:
    return _stepping(task, task.recipe)


def _adam_on_pixels(task: Task) -> Iterator[Held]:
    return _stepping(task, _adam(task, _PIXEL_RATE))


def _adam(task: Task, rate: float) -> Recipe:
    return replace(
        task.recipe, optimizer=Optimizer.ADAM, learning_rate=rate, cosine=True
    )


def _stepping(task: Task, recipe: Recipe) -> Iterator[Held]:
    """An optimiser of stylecore's own."""
    optimizer = make_optimizer(recipe, task.objective, task.picture, task.evaluations)
    for count in range(1, task.evaluations + 1):
        optimizer.step()
        yield Held(count, optimizer.numbers)


def _torch_lbfgs(task: Task, line_search: str | None) -> Iterator[Held]:
    numbers = task.objective.encode(task.picture).clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS(
        [numbers],
        max_iter=1,
        max_eval=task.evaluations,  # else a line search has one evaluation
        history_size=_HISTORY,
        tolerance_grad=0.0,
        tolerance_change=0.0,
        line_search_fn=line_search,
    )
    counted = _Counted(task.objective, numbers)
    while counted.evaluations < task.evaluations:
        before = counted.evaluations
        optimizer.step(counted)  # type: ignore[no-untyped-call]  # torch's
        if counted.evaluations == before:
            return  # it holds that it has arrived
        yield Held(min(counted.evaluations, task.evaluations), numbers.detach())


class _Counted:
    """A closure for torch's L-BFGS. A point that was just evaluated costs nothing: one
    iteration per call of `step` would otherwise pay twice after a line search."""

    def __init__(self, objective: Objective, numbers: Tensor) -> None:
        self._objective = objective
        self._numbers = numbers
        self._known = torch.full_like(numbers, torch.nan)
        self._loss = torch.zeros(())
        self._gradient = torch.zeros_like(numbers)
        self.evaluations = 0

    def __call__(self) -> Tensor:
        point = self._numbers.detach()
        if not torch.equal(point, self._known):
            self._known = point.clone()
            found = self._objective.evaluate(self._known)
            self._loss, self._gradient = found.losses[0], found.gradient
            self.evaluations += 1
        self._numbers.grad = self._gradient.clone()
        return self._loss


def _torch_plain(task: Task) -> Iterator[Held]:
    return _torch_lbfgs(task, None)


def _torch_wolfe(task: Task) -> Iterator[Held]:
    return _torch_lbfgs(task, "strong_wolfe")


def _adam_on_pyramid(task: Task) -> Iterator[Held]:
    """The numbers are a Laplacian pyramid (Burt & Adelson 1983) of the picture."""
    start = task.objective.encode(task.picture)
    return _parametrised(task, pyramid(start), assembled, _PYRAMID_RATE)


def _adam_on_fourier(task: Task) -> Iterator[Held]:
    """The numbers are Fourier coefficients, those of large waves given more weight
    (Olah et al. 2017, Feature Visualization)."""
    start = task.objective.encode(task.picture)
    amplitude = _amplitude(start)

    def decode(parameters: list[Tensor]) -> Tensor:
        waves = torch.view_as_complex(parameters[0]) * amplitude
        numbers: Tensor = torch.fft.irfft2(waves, s=start.shape[1:], norm="ortho")
        return numbers

    waves = torch.fft.rfft2(start, norm="ortho") / amplitude
    return _parametrised(task, [torch.view_as_real(waves)], decode, _FOURIER_RATE)


def _amplitude(numbers: Tensor) -> Tensor:
    """1/|frequency|^power, 1 for waves of two pixels."""
    height, width = numbers.shape[1:]
    down = torch.fft.fftfreq(height, device=numbers.device)[:, None]
    across = torch.fft.rfftfreq(width, device=numbers.device)[None]
    frequency = torch.hypot(down, across).clamp_min(1.0 / max(height, width))
    amplitude: Tensor = (2 * frequency).pow(-_POWER)
    return amplitude


def _parametrised(
    task: Task,
    parameters: list[Tensor],
    decode: Callable[[list[Tensor]], Tensor],
    rate: float,
) -> Iterator[Held]:
    """Adam with a cosine on whatever decodes to the objective's numbers."""
    leaves = [each.detach().clone().requires_grad_(True) for each in parameters]
    optimizer = torch.optim.Adam(leaves, lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, task.evaluations)
    for count in range(1, task.evaluations + 1):
        optimizer.zero_grad()
        numbers = decode(leaves)
        numbers.backward(task.objective.evaluate(numbers.detach()).gradient)  # type: ignore[no-untyped-call]  # torch's
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            yield Held(count, decode(leaves))


def pyramid(numbers: Tensor) -> list[Tensor]:
    """`(3, H, W)` as differences of octaves, finest first, and what is left of it."""
    levels = []
    while min(numbers.shape[1:]) >= 2 * _COARSEST_PX:
        smaller = F.avg_pool2d(numbers[None], 2, ceil_mode=True)[0]
        levels.append(numbers - _enlarged(smaller, numbers))
        numbers = smaller
    return [*levels, numbers]


def assembled(levels: list[Tensor]) -> Tensor:
    """The inverse of `pyramid`."""
    numbers = levels[-1]
    for level in reversed(levels[:-1]):
        numbers = level + _enlarged(numbers, level)
    return numbers


def _enlarged(numbers: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(
        numbers[None], like.shape[1:], mode="bilinear", align_corners=False
    )[0]


CONTENDERS: Final[Mapping[str, Contender]] = MappingProxyType(
    {
        "stylecore: shallow and relaxed first": _product,
        "stylecore's L-BFGS alone": _own_lbfgs,
        "torch's L-BFGS": _torch_plain,
        "torch's L-BFGS, strong Wolfe": _torch_wolfe,
        "Adam on pixels": _adam_on_pixels,
        "Adam on a Laplacian pyramid": _adam_on_pyramid,
        "Adam on Fourier coefficients": _adam_on_fourier,
    }
)
"""By name, in the order in which they run."""
