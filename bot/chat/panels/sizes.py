"""How many pixels a chosen size has on this machine."""

from __future__ import annotations

from ..studio import Studio
from .preferences import Size

_SMALL = 2 / 3


def edge_of(size: str, studio: Studio) -> int | None:
    """The longer side in pixels; None: what the machine paints by default.

    Before the first worker is ready nothing is known but that.
    """
    if size == Size.LARGE:
        return studio.next_edge()
    if size == Size.SMALL and studio.profile is not None:
        return max(16, 16 * round(_SMALL * studio.profile.default_edge_px / 16))
    return None
