"""Tiles: they cover the picture once, and their sum is the whole picture's gradient."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stylecore.tiles import GRID_PX, HALO_PX, layout

SIDES = st.integers(1, 700)
TILES = st.integers(1, 20).map(lambda cells: cells * GRID_PX)


@given(height=SIDES, width=SIDES, tile_px=TILES)
def test_tiles_cover_the_picture_once_and_row_by_row(height, width, tile_px):
    tiles = layout(height, width, tile_px)

    rows = list(dict.fromkeys(tile.rows for tile in tiles))
    columns = list(dict.fromkeys(tile.columns for tile in tiles))
    assert [(tile.rows, tile.columns) for tile in tiles] == [
        (row, column) for row in rows for column in columns
    ]
    for spans, length in ((rows, height), (columns, width)):
        assert [span.start for span in spans] == [0, *(s.stop for s in spans[:-1])]
        assert spans[-1].stop == length


@given(length=SIDES, tile_px=TILES)
def test_tiles_stand_on_the_grid_and_are_no_larger_than_asked(length, tile_px):
    for tile in layout(64, length, tile_px):
        span = tile.columns
        assert span.start % GRID_PX == span.low % GRID_PX == 0
        assert span.high % GRID_PX == 0 or span.high == length
        assert span.stop - span.start < tile_px + GRID_PX
        assert span.stop - span.start >= min(length, GRID_PX)


@given(length=SIDES, tile_px=TILES)
def test_windows_have_a_full_halo_except_at_the_edges(length, tile_px):
    for tile in layout(length, 64, tile_px):
        span = tile.rows
        assert span.low == max(0, span.start - HALO_PX)
        assert span.high == min(length, span.stop + HALO_PX)
