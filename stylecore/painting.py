"""`Painting`: the steps at one scale, on stand-ins first, then on the objective."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

import torch
from torch import Tensor

from .errors import DivergedError
from .graphs import Stepper
from .objective import Objective
from .optimizers import make_optimizer
from .recipes import LAYERS, Recipe, described, differences
from .relaxation import GramMetric
from .targets import GramKey

ObjectiveIn = Callable[[torch.dtype], Objective]
"""The objective of a scale, on the network in one of its types."""


class Phase(NamedTuple):
    """Steps that are made on the same stand-in for the objective."""

    end: int
    """Up to which step, counted from the first of the scale."""
    deepest: str
    """The last layer that counts."""
    relaxed: bool


class Painting:
    """Improves a picture at one scale.

    Where bfloat16 is too coarse for any further step, the rest is made in float32.

    Args:
        recipe: the steps' optimiser and stand-ins.
        objective_in: makes the objective; called again for another type.
        dtype: of the network to begin with.
        start: `(3, H, W)` float32 RGB in [0, 1].
        steps: how many there will be.
        first: whether no coarser scale came before; stand-ins are for the first.
    """

    _STALLED: Final = 8
    """Steps refused in a row, after which the arithmetic is taken to be too coarse;
    twice in them L-BFGS has started afresh."""
    _POLL_EVERY: Final = 10

    def __init__(
        self,
        recipe: Recipe,
        objective_in: ObjectiveIn,
        dtype: torch.dtype,
        start: Tensor,
        steps: int,
        *,
        first: bool = True,
    ) -> None:
        self._recipe = recipe
        self._objective_in = objective_in
        self._dtype = dtype
        self._steps = steps
        self._made = 0
        self._phases = phases(recipe, steps) if first else (_plain(steps),)
        self._phase = self._phases[0]
        # What is left to be waited for costs nothing where nothing runs beside.
        self._poll_every = 1 if start.device.type == "cpu" else self._POLL_EVERY
        with reproducible():
            self._renew()
            eased = self._eased()
        self._optimizer = make_optimizer(recipe, eased, start, steps)
        self._stepper = Stepper(self._optimizer.step, start.device)

    @property
    def losses(self) -> Tensor:
        """A copy of `Evaluation.losses`, those of the stand-in in its steps."""
        return self._optimizer.losses

    @property
    def picture(self) -> Tensor:
        """A copy of the present picture, `(3, H, W)` RGB, nominally in [0, 1]."""
        return self._objective.decode(self._optimizer.numbers)

    @property
    def dtype(self) -> torch.dtype:
        """Of the network's arithmetic at present."""
        return self._dtype

    def step(self) -> None:
        """One evaluation; on a GPU it waits for the device every ten steps only.

        Raises:
            DivergedError: the loss is not a finite number, since ten steps at most.
        """
        if self._made == self._phase.end:
            self._enter(self._phase_at(self._made), keep=True)
        with reproducible():
            self._stepper()
        self._made += 1
        if self._made % self._poll_every == 0 or self._made == self._steps:
            self._check()

    def wait(self) -> None:
        """Returns when the device has made the steps."""
        self._optimizer.health()

    def state(self) -> dict[str, Tensor]:
        """What `restore` needs; see `PictureOptimizer.state`."""
        own = {"made": self._made, "coarse": int(self._coarse)}
        numbers = {name: torch.tensor(value) for name, value in own.items()}
        return numbers | self._optimizer.state()

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Goes on from a `state`; errors are those of `PictureOptimizer.restore`."""
        self._made = int(state["made"])
        if self._coarse and not state["coarse"]:
            self._dtype = torch.float32
            self._renew()
        self._enter(self._phase_at(max(0, self._made - 1)), keep=False)
        self._optimizer.restore(state)

    def _check(self) -> None:
        health = self._optimizer.health()
        if not health.finite:
            raise diverged(self._recipe)
        if health.stalled >= self._STALLED and self._coarse:
            self._dtype = torch.float32
            self._renew()
            self._enter(self._phase, keep=False)

    @property
    def _coarse(self) -> bool:
        return torch.finfo(self._dtype).eps > torch.finfo(torch.float32).eps

    def _phase_at(self, step: int) -> Phase:
        return next(each for each in self._phases if step < each.end)

    def _enter(self, phase: Phase, *, keep: bool) -> None:
        self._phase = phase
        with reproducible():
            self._optimizer.restart(self._eased().evaluate, keep=keep)
        self._stepper = Stepper(self._optimizer.step, self._optimizer.numbers.device)

    def _renew(self) -> None:
        with reproducible():
            self._objective = self._objective_in(self._dtype)
        self._metrics: dict[GramKey, GramMetric] = {}

    def _eased(self) -> Objective:
        found = self._objective
        if self._phase.deepest != LAYERS[-1]:
            found = found.shallow(self._phase.deepest)
        if self._phase.relaxed:
            found = found.relaxed(self._recipe.relaxation, self._metrics)
        return found


def phases(recipe: Recipe, steps: int) -> tuple[Phase, ...]:
    """The stand-ins of a recipe; the last step is always made on its own objective."""
    seen = {LAYERS.index(layer) for layer, weight in recipe.style_layers if weight}
    ends: dict[int, str] = {}
    end = 0
    for layer, count in recipe.cascade:
        # A stand-in without any style would only blur.
        if count and LAYERS.index(layer) >= min(seen) and end + count < steps:
            end += count
            ends[end] = layer
    relaxed = min(recipe.relaxed_steps, steps - 1)
    found = []
    for stop in sorted({*ends, relaxed, steps} - {0}):
        deepest = next((ends[end] for end in ends if stop <= end), LAYERS[-1])
        found.append(Phase(stop, deepest, stop <= relaxed))
    return tuple(found)


def _plain(steps: int) -> Phase:
    return Phase(steps, LAYERS[-1], relaxed=False)


def diverged(recipe: Recipe) -> DivergedError:
    """Says which values of the recipe are out of the ordinary."""
    unusual = [f"{name} {described(v)}" for name, v in differences(recipe).items()]
    if not unusual:
        return DivergedError(
            "The loss is not a finite number, though the recipe is a usual one. "
            "Please check the weights of the network."
        )
    return DivergedError(
        f"The loss is not a finite number with {', '.join(unusual)}. "
        "Please choose values nearer to those of a strength."
    )


@contextmanager
def reproducible() -> Iterator[None]:
    """Equal arguments give equal pictures; on a GPU float32 is multiplied as TF32."""
    matmul = torch.backends.cuda.matmul
    before = matmul.allow_tf32
    # cuDNN may otherwise choose between algorithms that round differently.
    with torch.backends.cudnn.flags(
        enabled=True, benchmark=False, deterministic=True, allow_tf32=True
    ):
        matmul.allow_tf32 = True
        try:
            yield
        finally:
            matmul.allow_tf32 = before
