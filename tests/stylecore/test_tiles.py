"""Tiles: they cover the picture once, and their sum is the whole picture's gradient."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from stylecore import features, tiles
from stylecore.features import CONV_SHAPES, VGGFeatures, weight_names
from stylecore.objective import Evaluation, Objective
from stylecore.recipes import (
    REFERENCE_RECIPES,
    Border,
    LayerWeight,
    Normalisation,
    Pooling,
    Recipe,
    Space,
    Strength,
    preset,
)
from stylecore.targets import StylePixels
from stylecore.tiles import GRID_PX, HALO_PX, TiledObjective, layout

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


@pytest.fixture(scope="module")
def narrow() -> Iterator[VGGFeatures]:
    """VGG-19 with 3 to 6 channels, in float64: its geometry, and rounding's own
    error far below any true difference."""
    generator = torch.Generator().manual_seed(7)
    channels, tensors = 3, {}
    for layer in CONV_SHAPES:
        outputs = {"1": 3, "2": 4, "3": 5}.get(layer[4], 6)
        kernels, biases = weight_names(layer)
        scale = (2 / (9 * channels)) ** 0.5
        tensors[kernels] = scale * torch.randn(
            outputs, channels, 3, 3, generator=generator
        )
        tensors[biases] = 0.1 * torch.randn(outputs, generator=generator)
        channels = outputs
    with pytest.MonkeyPatch.context() as patch:
        # Only the widths are not VGG-19's.
        patch.setattr(features, "check_shapes", lambda *_: None)
        yield VGGFeatures(tensors, dtype=torch.float64)


def picture(seed: int, height: int, width: int) -> Tensor:
    """Patches and noise, `(3, height, width)` float64."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 5, 7, generator=generator, dtype=torch.float64)
    smooth = F.interpolate(coarse, (height, width), mode="bilinear")[0]
    noise = torch.rand(3, height, width, generator=generator, dtype=torch.float64)
    return 0.7 * smooth + 0.3 * noise


EVERY_LAYER = Recipe(
    content_layers=(LayerWeight("conv4_2", 1.0), LayerWeight("conv2_1", 0.2)),
    tv=5.0,
)


def both(
    network: VGGFeatures,
    recipe: Recipe,
    size: tuple[int, int],
    tile_px: int,
    styles: Sequence[StylePixels] | None = None,
) -> tuple[Evaluation, Evaluation]:
    """The untiled evaluation and the tiled one."""
    content, other = picture(1, *size), picture(3, *size)
    seeds = recipe.normalisation is Normalisation.SEED
    styles = styles or [
        StylePixels(picture=picture(2, *(size if seeds else (83, 118))))
    ]
    whole = Objective(network, recipe, content, styles)
    tiled = TiledObjective(network, recipe, content, styles, tile_px)
    numbers = whole.encode(other)
    return whole.evaluate(numbers), tiled.evaluate(numbers)


def difference(whole: Evaluation, tiled: Evaluation) -> float:
    """The larger of the relative errors of loss and gradient."""
    return max(
        float((a - b).norm() / a.norm())
        for a, b in ((whole.losses, tiled.losses), (whole.gradient, tiled.gradient))
    )


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    height=st.integers(32, 210),
    width=st.integers(32, 210),
    tile_px=TILES.filter(lambda px: px >= 32),
    border=st.sampled_from(Border),
    pooling=st.sampled_from(Pooling),
)
def test_any_layout_gives_the_untiled_loss_and_gradient(
    narrow, height, width, tile_px, border, pooling
):
    recipe = dataclasses.replace(EVERY_LAYER, border=border, pooling=pooling)

    assert difference(*both(narrow, recipe, (height, width), tile_px)) < 1e-10


@pytest.mark.parametrize("border", list(Border))
@pytest.mark.parametrize("pooling", list(Pooling))
@pytest.mark.parametrize(
    ("size", "tile_px"),
    [
        pytest.param((321, 287), 96, id="tiles at all borders, odd sides"),
        pytest.param((64, 431), 128, id="one row"),
        pytest.param((400, 47), 48, id="one column"),
        pytest.param((79, 95), 16, id="the smallest tiles, remainders of 15"),
        pytest.param((160, 176), 512, id="one tile"),
    ],
)
def test_tiled_gradient_equals_the_untiled_one(narrow, border, pooling, size, tile_px):
    recipe = dataclasses.replace(EVERY_LAYER, border=border, pooling=pooling)

    assert difference(*both(narrow, recipe, size, tile_px)) < 1e-10


@pytest.mark.parametrize("space", list(Space))
@pytest.mark.parametrize("kind", list(Normalisation))
def test_every_normalisation_and_space_tiles(narrow, kind, space):
    recipe = dataclasses.replace(EVERY_LAYER, normalisation=kind, space=space)

    assert difference(*both(narrow, recipe, (131, 179), 64)) < 1e-10


@pytest.mark.parametrize(
    "recipe",
    [
        *(pytest.param(preset(each), id=each) for each in Strength),
        *(pytest.param(each, id=name) for name, each in REFERENCE_RECIPES.items()),
        pytest.param(dataclasses.replace(EVERY_LAYER, tv=0.0), id="no variation"),
        pytest.param(dataclasses.replace(EVERY_LAYER, alpha=0.0), id="style alone"),
        pytest.param(dataclasses.replace(EVERY_LAYER, beta=0.0), id="content alone"),
    ],
)
def test_every_recipe_tiles(narrow, recipe):
    assert difference(*both(narrow, recipe, (113, 150), 48)) < 1e-10


def test_styles_with_masks_and_regions_tile(narrow):
    size = (147, 190)
    left = torch.zeros(size, dtype=torch.float64)
    left[:, :70] = 1.0
    soft = torch.linspace(0, 1, 118, dtype=torch.float64).expand(83, 118)
    styles = [
        StylePixels(picture=picture(2, 83, 118), mask=soft, region=left),
        StylePixels(picture=picture(4, 120, 64), region=left),
        StylePixels(picture=picture(5, 64, 64), region=1 - left),
        StylePixels(picture=picture(6, 90, 200)),
    ]
    recipe = dataclasses.replace(EVERY_LAYER, blend=(2.0, 1.0, 1.0, 0.5))

    assert difference(*both(narrow, recipe, size, 64, styles)) < 1e-10


@pytest.mark.parametrize("halo_px", [64, 32])
def test_narrower_halo_is_visibly_wrong(narrow, monkeypatch, halo_px):
    monkeypatch.setattr(tiles, "HALO_PX", halo_px)

    assert difference(*both(narrow, EVERY_LAYER, (256, 256), 128)) > 1e-4


def test_no_layer_is_held_whole(narrow, monkeypatch):
    seen = []
    see = VGGFeatures.__call__

    def watched(self, pixels, *rest):
        seen.append(pixels.shape[1:].numel())
        return see(self, pixels, *rest)

    monkeypatch.setattr(VGGFeatures, "__call__", watched)
    size, tile_px = (512, 384), 64
    styles = [StylePixels(picture=picture(2, 500, 400))]
    content = picture(1, *size)

    TiledObjective(narrow, EVERY_LAYER, content, styles, tile_px).evaluate(content)

    assert max(seen) <= (tile_px + 2 * HALO_PX) ** 2
