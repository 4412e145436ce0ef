"""The schedule of a picture that goes on from a finished one."""

from __future__ import annotations

from typing import Final

from .fields import Scale

_WORK: Final = 0.5
_LAST: Final = 2 / 3


def continued(scales: tuple[Scale, ...]) -> tuple[Scale, ...]:
    """At most half the work of `scales`: two thirds of the steps at the final size, at
    the scales before it an equal share of theirs.

    The final size alone would do for the loss, but not for the eye: large forms of the
    earlier strength would stay, and those of the new one would not come.
    """
    *coarse, last = scales
    half = _WORK * sum(map(_work, scales))
    most = half / (last.width * last.height)
    # One step is the least there can be, should half of one be asked for.
    steps = max(1, int(min(_LAST * last.steps, most)))
    spare = half - _work(last._replace(steps=steps))
    share = spare / sum(map(_work, coarse)) if coarse else 0.0
    shorter = [each._replace(steps=int(share * each.steps)) for each in coarse]
    return (*(each for each in shorter if each.steps > 0), last._replace(steps=steps))


def _work(scale: Scale) -> int:
    return scale.width * scale.height * scale.steps
