"""How large a picture may be to be done in time."""

from __future__ import annotations

from .recipe import Recipe


def largest_edge(
    recipe: Recipe,
    seconds_per_pixel_step: float,
    budget_s: float,
    low: int = 256,
    high: int = 1280,
    *,
    ratio: float = 4 / 3,
) -> int:
    """The longer side, in px, of the largest picture painted within `budget_s`.

    A multiple of 16 between `low` and `high`, for a picture whose sides are as
    `ratio` to 1; `low` even if that takes longer.
    """
    for edge in range(high - high % 16, low, -16):
        work = recipe.pixel_steps(edge, max(1, round(edge / ratio)))
        if work * seconds_per_pixel_step <= budget_s:
            return edge
    return low
