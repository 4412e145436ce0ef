"""`StyleCache`: what the network has said of a style, for the next run with it.

The statistics of a style depend on neither content, strength nor weights, so that
another picture or another strength need not look at it again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from torch import Tensor

from .targets import Statistic, StylePixels

_MIB: Final = 2**20

Statistics = Mapping[str, Statistic]
"""By layer."""


class StyleCache:
    """Statistics of styles seen lately by one network; the oldest go first.

    A style of all five layers takes 2.4 MB at each scale.

    Args:
        limit_bytes: how much the Grams may take in all, on their device.
    """

    def __init__(self, limit_bytes: int = 64 * _MIB) -> None:
        self._limit_bytes = limit_bytes
        self._known: OrderedDict[Hashable, Statistics] = OrderedDict()
        self.bytes = 0
        """What the Grams kept take at the moment."""

    def __len__(self) -> int:
        return len(self._known)

    def statistics(
        self, style: StylePixels, view: Hashable, find: Callable[[], Statistics]
    ) -> Statistics:
        """What `find` gave for the same pixels, mask and view, or gives now.

        Args:
            style: its region plays no part.
            view: all else that decides what `find` finds.
            find: looks at the style; its Grams are kept as they are.
        """
        mask = None if style.mask is None else _digest(style.mask)
        key = (_digest(style.picture), mask, view)
        found = self._known.pop(key, None)
        if found is None:
            found = find()
            self.bytes += _size(found)
        self._known[key] = found
        while self.bytes > self._limit_bytes:
            _, oldest = self._known.popitem(last=False)
            self.bytes -= _size(oldest)
        return found


def _digest(pixels: Tensor) -> tuple[tuple[int, ...], bytes]:
    data = pixels.detach().cpu().numpy().tobytes()
    return tuple(pixels.shape), hashlib.blake2b(data, digest_size=16).digest()


def _size(statistics: Statistics) -> int:
    return sum(each.gram.nbytes for each in statistics.values())
