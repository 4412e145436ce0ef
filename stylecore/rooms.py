"""`Room`: how much of a picture fits into memory at once, and what if it did not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import torch

from .errors import EngineError
from .features import CONV_SHAPES
from .memory import available, give_back, written
from .recipes import Border, Optimizer, Recipe
from .targets import halvings
from .tiles import GRID_PX, HALO_PX

_LOG = logging.getLogger(__name__)

_SHARE: Final = 0.6
"""Of the free memory; the rest is for whatever else runs here."""

_WINDOW_BYTES: Final = {
    (Border.ZERO, 2): 1750,
    (Border.ZERO, 4): 2600,
    (Border.EXTEND, 2): 1800,
    (Border.EXTEND, 4): 3000,
}
"""By border and bytes per number: what an evaluation takes of each pixel that the
network sees. Measured with five style layers, a little more than the peaks found."""

_PIXEL_BYTES: Final = 12
"""Of a picture, three float32."""
_AROUND: Final = 5
"""Pictures that a run holds: content, canvas, start, what was shown last, and one more
for all that is smaller."""
_EVALUATING: Final = 3
"""Pictures that an evaluation takes beside its windows: point, gradient, result."""
_STEPPING: Final = 6
"""Pictures that an optimiser takes between evaluations; see `lbfgs.LBFGS`."""
_CONSTANT_BYTES: Final = 50_000_000
"""Threads, work space of the libraries, Grams."""

_FEWEST_PAIRS: Final = 10
"""A picture is rather tiled than painted with less of L-BFGS's memory."""
_LARGE_TILE_PX: Final = 512
"""Below this the halo costs more than pairs are worth."""
_TILES: Final = (2048, 1536, 1280, 1024, 768, 640, 512, 384, 256, 192, 128, 64)
_PAIRS: Final = (30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1)

_MISHAPS: Final = (
    *("can't allocate memory", "not enough memory", "out of memory", "bad_alloc"),
    *("could not create a memory", "memory allocation", "alloc_failed"),
    *("unable to allocate", "cannot allocate memory", "could not create a primitive"),
)


class Plan(NamedTuple):
    """How to paint a picture in the memory there is."""

    tile_px: int | None
    """The side of a tile; None: the picture as a whole."""
    history: int
    """Pairs of L-BFGS."""
    need: int
    """Bytes at the peak, as far as can be foretold."""


class Room:
    """The memory that a run may take over the loaded network.

    Args:
        budget: bytes; none: a share of what is free on the device now.
        device: of the computation.
    """

    def __init__(self, budget: int | None, device: torch.device) -> None:
        self._device = device
        self.budget = budget or int(_SHARE * available(device))
        self._needed = self._least = self.budget

    def plan(
        self,
        recipe: Recipe,
        size: tuple[int, int],
        styles: Sequence[int],
        dtype: torch.dtype,
        *,
        keep_history: bool = False,
    ) -> Plan:
        """The fastest way that fits.

        As a whole, with ten pairs at least; else in tiles of 512 px or more with as
        many pairs as fit; else in smaller tiles with few pairs.

        Args:
            recipe: layers, border, optimiser and the pairs it would like.
            size: width and height of the canvas in px.
            styles: the pixels of each at this scale.
            dtype: of the network's arithmetic.
            keep_history: whether the optimiser is there already, with all pairs.

        Raises:
            EngineError: not even the smallest tile fits.
        """
        choices = list(_choices(recipe.history, max(size), keep_history))
        needs = [_need(recipe, size, styles, dtype, *each) for each in choices]
        self._least = min(needs)
        for (tile_px, history), need in zip(choices, needs, strict=True):
            if need <= self.budget or (keep_history and need == self._least):
                self._needed = need
                return Plan(tile_px, history, need)
        raise EngineError(
            f"A picture of {size[0]} × {size[1]} px needs about "
            f"{written(self._least)} of memory, but only {written(self.budget)} may be "
            "used. Choose a smaller size, or allow more memory.",
            "out_of_memory",
        )

    def suffices_for(self, action: Callable[[], None]) -> bool:
        """Runs an action; False, and half the budget, if memory ran out in it.

        What it raises otherwise is raised. Whatever the action holds must be let go by
        the caller before the next try.
        """
        try:
            action()
        except (RuntimeError, MemoryError) as mishap:
            if not ran_out(mishap):
                raise
            self._halve()
            _LOG.warning("Memory ran out; going on with %s.", written(self.budget))
        else:
            return True
        # Only now the exception has let go of the frames and what they held.
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        give_back()
        return False

    def _halve(self) -> None:
        half = min(self.budget, self._needed) // 2
        # The smallest tiles are tried before giving up, whatever they were foretold.
        self.budget = half if self._needed <= self._least else max(half, self._least)


def ran_out(mishap: BaseException) -> bool:
    """Whether an exception says that there is no memory left, here or on a GPU."""
    if isinstance(mishap, MemoryError | torch.OutOfMemoryError):
        return True
    # On the CPU the allocator raises a plain RuntimeError, as do MKL and oneDNN.
    text = str(mishap).lower()
    return isinstance(mishap, RuntimeError) and any(each in text for each in _MISHAPS)


def _choices(most: int, side: int, exactly: bool) -> Iterator[tuple[int | None, int]]:
    """Tiles and pairs, `most` of them or exactly so many, the fastest first."""
    if exactly:
        yield from ((px, most) for px in (None, *_TILES) if px is None or px < side)
        return
    pairs = [each for each in _PAIRS if each < most]
    pairs = [most, *pairs]
    yield from ((None, each) for each in pairs if each >= min(most, _FEWEST_PAIRS))
    large, small = (
        [px for px in _TILES if px < side and (px >= _LARGE_TILE_PX) is wanted]
        for wanted in (True, False)
    )
    few = [each for each in pairs if each <= 4 or each == most][-4:]
    yield from ((px, each) for each in pairs for px in large)
    yield from ((px, each) for px in small for each in few)


def _need(
    recipe: Recipe,
    size: tuple[int, int],
    styles: Sequence[int],
    dtype: torch.dtype,
    tile_px: int | None,
    history: int,
) -> int:
    pixels = size[0] * size[1]
    lbfgs = recipe.optimizer is Optimizer.LBFGS
    kept = _AROUND + (2 * history + 3 if lbfgs else 3)
    per_pixel = _WINDOW_BYTES[recipe.border, min(4, dtype.itemsize)]
    if tile_px is None:
        # Without a graph, to look at a style takes half as much.
        window = max(pixels, max(styles, default=0) // 2)
    else:
        whole = tile_px + GRID_PX + 2 * HALO_PX
        window = min(size[0], whole) * min(size[1], whole)
    evaluating = _EVALUATING * _PIXEL_BYTES * pixels + per_pixel * window
    within = max(evaluating, _STEPPING * _PIXEL_BYTES * pixels)
    held = _PIXEL_BYTES * (kept * pixels + sum(styles))
    return held + within + _content_bytes(recipe, pixels, dtype) + _CONSTANT_BYTES


def _content_bytes(recipe: Recipe, pixels: int, dtype: torch.dtype) -> int:
    return sum(
        CONV_SHAPES[layer][0] * dtype.itemsize * pixels >> 2 * halvings(layer)
        for layer, weight in recipe.content_layers
        if weight
    )
