"""`Studio`: what the chat may say about the machine that paints."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from stylecore.recipes import DEFAULT_STRENGTH, preset

from ..executors.base import EngineProfile

_USUAL_SIZE = (4000, 3000)
"""A photo whose size is not known is taken for one of a telephone."""
_REMEMBERED = 9

_LARGER = 1.5
"""The ratio of two sizes that follow each other: twice the pixels, a bit more."""
WORTHWHILE = 1.15
"""What is larger by less looks the same."""


class Studio:
    """Knows the engine's profile from the moment the first worker is ready.

    What the engine measured while it warmed up is corrected by the pictures it has
    painted since.
    """

    def __init__(self, *, untrained: bool) -> None:
        """`untrained`: what to say about the weights until the engine has."""
        self._untrained = untrained
        self.profile: EngineProfile | None = None
        self._cases: deque[tuple[float, float]] = deque(maxlen=_REMEMBERED)

    @property
    def untrained(self) -> bool:
        """Whether pictures are painted with untrained weights."""
        if self.profile is None:
            return self._untrained
        return self.profile.weights == "untrained"

    def learn(self, expected_s: float, occupied_s: float) -> None:
        """A picture that the engine expected to paint in `expected_s` has kept its
        slot busy for `occupied_s`, its files and its clip included."""
        if expected_s > 0:
            self._cases.append((expected_s, occupied_s))

    def painting_s(self, strength: str = DEFAULT_STRENGTH.value) -> float | None:
        """Seconds for one picture of the usual shape; None: not measured yet."""
        return self.occupied_s(strength, None) if self.profile else None

    def occupied_s(
        self,
        strength: str,
        size: tuple[int, int] | None,
        *,
        edge_px: int | None = None,
        continued: bool = False,
    ) -> float:
        """Seconds for which a picture keeps its slot busy; 0 before any measurement.

        `size`: the photo's width and height in pixels; None: not known. `edge_px`:
        as in `PaintTask`. `continued`: it starts from a finished picture.
        """
        if self.profile is None:
            return 0.0
        recipe = replace(preset(strength), continued=continued)
        width, height = _fitted(
            size or _USUAL_SIZE, edge_px or self.profile.default_edge_px
        )
        expected_s = (
            recipe.pixel_steps(width, height) * self.profile.seconds_per_pixel_step
        )
        return expected_s * self._factor

    def next_edge(self, edge_px: int | None = None) -> int | None:
        """The next size up from a longer side of `edge_px` pixels (None: the usual).

        None: there is none that is worth it, or nothing is known yet.
        """
        if self.profile is None:
            return None
        edge_px = edge_px or self.profile.default_edge_px
        larger = min(_multiple(_LARGER * edge_px), self.profile.largest_edge_px)
        return larger if larger >= WORTHWHILE * edge_px else None

    @property
    def _factor(self) -> float:
        """How much longer than expected; the strangest cases tell nothing, such as a
        machine that was put to sleep."""
        cases = sorted(self._cases, key=lambda case: case[1] / case[0])
        usual = cases[1:-1] or cases
        expected_s = sum(case[0] for case in usual)
        return sum(case[1] for case in usual) / expected_s if usual else 1.0


def _fitted(size: tuple[int, int], edge_px: int) -> tuple[int, int]:
    scale = min(1.0, edge_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _multiple(edge_px: float) -> int:
    return 16 * round(edge_px / 16)
