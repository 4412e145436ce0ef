"""`Studio`: what the chat may say about the machine that paints."""

from __future__ import annotations

import math

from stylecore.recipes import DEFAULT_STRENGTH, preset

from ..executors.base import EngineProfile

_USUAL_RATIO = 3 / 4


class Studio:
    """Knows the engine's profile from the moment the first worker is ready."""

    def __init__(self, *, untrained: bool) -> None:
        """`untrained`: what to say about the weights until the engine has."""
        self._untrained = untrained
        self.profile: EngineProfile | None = None

    @property
    def untrained(self) -> bool:
        """Whether pictures are painted with untrained weights."""
        if self.profile is None:
            return self._untrained
        return self.profile.weights == "untrained"

    def painting_s(self, strength: str = DEFAULT_STRENGTH.value) -> float | None:
        """Seconds for one picture of the usual shape; None: not measured yet."""
        if self.profile is None:
            return None
        edge_px = self.profile.default_edge_px
        pixel_steps = preset(strength).pixel_steps(
            edge_px, round(edge_px * _USUAL_RATIO)
        )
        return pixel_steps * self.profile.seconds_per_pixel_step

    def waiting_s(self, place: int) -> float | None:
        """Seconds until the picture at `place` (1: next) begins, at the usual pace.

        What is being painted now is reckoned half done.
        """
        each_s = self.painting_s()
        if each_s is None or self.profile is None:
            return None
        rounds = math.ceil(place / self.profile.slots)
        return (rounds - 0.5) * each_s
