"""`Output`: where, how deep and in which colours a painted picture is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .. import high_depth, images
from ..errors import RecipeError
from ..files import written_whole


class Depth(StrEnum):
    """Bits per channel."""

    EIGHT = "8"
    SIXTEEN = "16"
    """Only as PNG or TIFF."""


class Profile(StrEnum):
    """In whose colours a picture is painted and written."""

    CONTENT = "content"
    """Those of the content's ICC profile, which the result carries; sRGB without."""
    SRGB = "srgb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file for a picture that is given as floats.

    Raises:
        RecipeError: the suffix is unknown, or unknown for that depth.
    """

    path: Path
    depth: Depth = Depth.EIGHT
    profile: bytes | None = None
    """The ICC profile of the floats; none: sRGB."""

    def __post_init__(self) -> None:
        known = images.SUFFIXES if self.depth is Depth.EIGHT else high_depth.SUFFIXES
        if self.path.suffix.lower() not in known:
            bits = "" if self.depth is Depth.EIGHT else f" with {self.depth} bits"
            raise RecipeError(
                f"“{self.path.name}”{bits} must end in one of {', '.join(known)}.",
                "unknown_suffix",
            )

    def write(self, pixels: NDArray[np.floating]) -> None:
        """Writes `(3, H, W)` RGB in [0, 1], whole or not at all; clips the rest.

        Raises `OSError` if it cannot be written.
        """
        if self.depth is Depth.EIGHT:
            image = images.from_array(pixels)
            images.save(image, self.path, profile=self.profile)
            return
        data = high_depth.encode(pixels, self.path.suffix, profile=self.profile)
        with written_whole(self.path) as aside:
            aside.write_bytes(data)

    def at_step(self, step: int) -> Self:
        """The same for the picture after a step: `painted.00050.png`."""
        name = f"{self.path.stem}.{step:05d}{self.path.suffix}"
        return type(self)(
            path=self.path.with_name(name), depth=self.depth, profile=self.profile
        )

    def would_take(self, path: Path) -> bool:
        """Whether `path` is where the picture, or that after any step, goes."""
        stem, suffix = map(re.escape, (self.path.stem, self.path.suffix))
        beside = path.resolve().parent == self.path.resolve().parent
        numbered = re.fullmatch(rf"{stem}\.\d{{5,}}{suffix}", path.name)
        return path.resolve() == self.path.resolve() or bool(beside and numbered)
