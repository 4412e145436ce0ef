"""Exact tiling: a picture of any size in the memory of a part of it.

A Gram is a sum over positions, so it can be gathered tile by tile (the idea of
Galerne et al. 2024, "Scaling Painting Style Transfer"). What convolutions at a
tile's border should see lies in a halo around it, and the gradient that the halo
receives belongs to the neighbours: it is added, not cropped, so that the halo needs
half the width and the sum is the gradient of the whole picture.
"""

from __future__ import annotations

from typing import Final, NamedTuple

HALO_PX: Final = 80
"""A cell of conv5_1 sees 70 px beyond its own 16 px; rounded up to the grid."""

GRID_PX: Final = 16
"""Four poolings halve the picture; tiles on this grid have whole cells everywhere."""


class Span(NamedTuple):
    """One side of a tile, in px from the picture's edge; ends are exclusive."""

    start: int
    stop: int
    low: int
    """Where the window begins: `start` less the halo, if there is that much."""
    high: int


class Tile(NamedTuple):
    """A part of the picture, and the window around it that the network must see."""

    rows: Span
    columns: Span


def layout(height: int, width: int, tile_px: int) -> tuple[Tile, ...]:
    """Tiles of at most `tile_px` plus a remainder below 16 px, row by row.

    All starts are on the grid of 16 px. A side that is no multiple of it ends in a
    longer last tile, and windows end at the picture's edges, so that poolings drop
    what they would drop from the whole picture.

    Args:
        height: of the picture in px.
        width: the same.
        tile_px: a multiple of 16.
    """
    columns = _spans(width, tile_px)
    return tuple(
        Tile(row, column) for row in _spans(height, tile_px) for column in columns
    )


def _spans(length: int, tile_px: int) -> tuple[Span, ...]:
    cells = max(1, length // GRID_PX)
    count = -(-cells // (tile_px // GRID_PX))
    starts = [GRID_PX * (cells * index // count) for index in range(count)]
    return tuple(
        Span(start, stop, max(0, start - HALO_PX), min(length, stop + HALO_PX))
        for start, stop in zip(starts, [*starts[1:], length], strict=True)
    )
