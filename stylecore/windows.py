"""`Window`: which part of the layers a tile answers for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from torch import Tensor


class Window(NamedTuple):
    """The part of a layer that a tile answers for."""

    rows: slice
    """In the layer of the tile: what lies outside is halo."""
    columns: slice
    whole_rows: slice
    """The same rows in the layer of the whole picture."""
    whole_columns: slice

    def inside(self, x: Tensor) -> Tensor:
        """The part of the tile's `(..., h, w)`."""
        return x[..., self.rows, self.columns]

    def of_whole(self, x: Tensor) -> Tensor:
        """The part of the whole picture's `(..., h, w)`."""
        return x[..., self.whole_rows, self.whole_columns]


Windows = Mapping[str, Window]
"""By layer; layers that are not named count whole."""

EVERYTHING: Final = slice(None)
WHOLE: Final = Window(EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING)
WHOLE_LAYERS: Final[Windows] = MappingProxyType({})
