"""Exact tiling: a picture of any size in the memory of a part of it.

A Gram is a sum over positions, so it can be gathered tile by tile (the idea of
Galerne et al. 2024, "Scaling Painting Style Transfer"). What convolutions at a
tile's border should see lies in a halo around it, and the gradient that the halo
receives belongs to the neighbours: it is added, not cropped, so that the halo needs
half the width and the sum is the gradient of the whole picture.
"""

from __future__ import annotations

from collections.abc import (
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import TYPE_CHECKING, Final, NamedTuple

import torch
from torch import Tensor

from .features import VGGFeatures
from .losses import gram, variation_of_steps
from .masks import Mask, weigh
from .memory import give_back
from .objective import Evaluation, Objective
from .recipes import Recipe
from .targets import GramKey, Statistic, StylePixels, halvings, layer_size
from .windows import Window

if TYPE_CHECKING:
    from .cache import StyleCache

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

    def window_of(self, picture: Tensor) -> Tensor:
        """What the network must see of `(..., H, W)`; a view."""
        return picture[
            ..., self.rows.low : self.rows.high, self.columns.low : self.columns.high
        ]

    def at_layer(self, layer: str) -> Window:
        """The tile's own part of a layer."""
        scale = 2 ** halvings(layer)
        rows, columns = (
            (slice(s.start // scale, s.stop // scale), s.low // scale)
            for s in (self.rows, self.columns)
        )
        return Window(_shifted(*rows), _shifted(*columns), rows[0], columns[0])


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


def _shifted(part: slice, origin: int) -> slice:
    return slice(part.start - origin, part.stop - origin)


class TiledObjective(Objective):
    """The same objective, loss and gradient, in the memory of one tile.

    Two passes over the tiles make an evaluation: the first sums the Grams, without a
    graph; their derivative is formed once; the second sends it back through each
    tile. That is half as much arithmetic again, and the halo's.

    Args:
        features: see `Objective`.
        recipe: the same.
        content: the same.
        styles: the same; they are looked at in tiles as well.
        tile_px: the side of a tile without its halo, a multiple of 16.
        cache: see `Objective`.
    """

    def __init__(
        self,
        features: VGGFeatures,
        recipe: Recipe,
        content: Tensor,
        styles: Tensor | Sequence[StylePixels],
        tile_px: int,
        cache: StyleCache | None = None,
    ) -> None:
        self._tile_px = tile_px
        super().__init__(features, recipe, content, styles, cache)

    def _view(self) -> tuple[Hashable, ...]:
        # Sums over other tiles round otherwise.
        return (*super()._view(), self._tile_px)

    def content_features(
        self, content: Tensor, layers: Collection[str]
    ) -> dict[str, Tensor]:
        whole: dict[str, Tensor] = {}
        for tile, found in self._tiles_of(content, layers):
            for layer in layers:
                window = tile.at_layer(layer)
                part = window.inside(found[layer])
                if layer not in whole:
                    shape = part.shape[:2] + layer_size(layer, content.shape)
                    whole[layer] = part.new_empty(shape)
                window.of_whole(whole[layer]).copy_(part)
        return whole

    def statistics(
        self, style: StylePixels, layers: Collection[str]
    ) -> dict[str, Statistic]:
        shape = style.picture.shape
        masks = {x: Mask.of(style.mask, layer_size(x, shape)) for x in layers}
        sums: dict[str, Tensor] = {}
        for tile, found in self._tiles_of(style.picture, layers):
            for layer in layers:
                window, mask = tile.at_layer(layer), masks[layer].weights
                part = window.inside(found[layer])
                if mask is not None:
                    part = weigh(part, window.of_whole(mask))
                sums[layer] = _added(sums.get(layer), gram(part))
        return {x: Statistic.of(sums[x], masks[x]) for x in layers}

    def evaluate(self, numbers: Tensor) -> Evaluation:
        numbers = numbers.detach()
        style, pull = self._pull(self._grams(numbers))
        content, variation = numbers.new_zeros(()), numbers.new_zeros(())
        gradient = torch.zeros_like(numbers)
        for tile in self._layout(numbers):
            own_content, own_variation, back = self._send_back(numbers, tile, pull)
            content = content + own_content
            variation = variation + own_variation
            tile.window_of(gradient).add_(back)
        losses = self.total(content, style, variation)
        if numbers.device.type == "cpu":
            give_back()
        return Evaluation(losses=losses, gradient=gradient)

    def _grams(self, numbers: Tensor) -> dict[GramKey, Tensor]:
        sums: dict[GramKey, Tensor] = {}
        with torch.no_grad():
            for tile in self._layout(numbers):
                found = self.see(self.decode(tile.window_of(numbers)))
                own = self.gram_sums(found, _windows(tile, found))
                sums = {key: _added(sums.get(key), own[key]) for key in own}
        return sums

    def _pull(
        self, sums: Mapping[GramKey, Tensor]
    ) -> tuple[Tensor, dict[GramKey, Tensor]]:
        """The style loss, and its derivative by the sums of the Grams."""
        points = {key: value.requires_grad_() for key, value in sums.items()}
        with torch.enable_grad():
            grams = {key: points[key] / self.divisors[key] for key in points}
            loss = self.style_loss(grams)
            pull = torch.autograd.grad(loss, list(points.values()))
        return loss.detach(), dict(zip(points, pull, strict=True))

    def _send_back(
        self, numbers: Tensor, tile: Tile, pull: Mapping[GramKey, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The tile's losses of content and variation, and the gradient of all that
        depends on its own part, over its window."""
        point = tile.window_of(numbers).clone().requires_grad_()
        with torch.enable_grad():
            picture = self.decode(point)
            found = self.see(picture)
            windows = _windows(tile, found)
            content = self.content_loss(found, windows)
            variation = self._variation_of(tile, picture, numbers.shape)
            sums = self.gram_sums(found, windows)
            style = [(pull[key] * sums[key]).sum() for key in pull]
            whole = sum(style, start=content + variation)
            (gradient,) = torch.autograd.grad(whole, point)
        return content.detach(), variation.detach(), gradient

    def _variation_of(self, tile: Tile, picture: Tensor, shape: torch.Size) -> Tensor:
        """The steps from each of the tile's pixels to the right and down."""
        rows, columns = (_shifted(slice(*s[:2]), s.low) for s in tile)
        next_row, next_column = (slice(s.start, s.stop + 1) for s in (rows, columns))
        across, down = picture[:, rows, next_column], picture[:, next_row, columns]
        kind = self._recipe.variation
        return self._recipe.tv * variation_of_steps(kind, across, down, shape)

    def _layout(self, picture: Tensor) -> tuple[Tile, ...]:
        height, width = picture.shape[1:]
        return layout(height, width, self._tile_px)

    def _tiles_of(
        self, picture: Tensor, layers: Collection[str]
    ) -> Iterator[tuple[Tile, dict[str, Tensor]]]:
        for tile in self._layout(picture):
            yield tile, self.see(tile.window_of(picture), layers)


def _windows(tile: Tile, layers: Iterable[str]) -> dict[str, Window]:
    return {layer: tile.at_layer(layer) for layer in layers}


def _added(sums: Tensor | None, more: Tensor) -> Tensor:
    return more if sums is None else sums + more
