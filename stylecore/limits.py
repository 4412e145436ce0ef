"""What a picture may cost before it is refused, each refusal a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import PictureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a picture may cost before it is refused."""

    max_bytes: int = 20_000_000
    max_pixels: int = 80_000_000
    max_side_px: int = 12_000
    min_side_px: int = 32
    max_ratio: float = 20.0
    """Longer side over shorter side."""


DEFAULT_LIMITS = Limits()
"""For pictures from strangers."""


def check_bytes(count: int, limits: Limits) -> None:
    """Raises `PictureError` for a file of so many bytes."""
    if count == 0:
        raise PictureError(
            "That file is empty. Please send the picture once more.", "empty"
        )
    if count > limits.max_bytes:
        raise PictureError(
            f"That file has {count / 1e6:,.1f} MB; at most "
            f"{limits.max_bytes / 1e6:,.0f} MB can be read. "
            "Please send a smaller copy, for example as a JPEG.",
            "too_many_bytes",
        )


def check_size(size: tuple[int, int], limits: Limits) -> None:
    """Raises `PictureError` for a picture of that width and height."""
    width, height = size
    longer, shorter = max(size), min(size)
    if longer > limits.max_side_px:
        raise PictureError(
            f"That picture is {longer:,} px on its longer side; at most "
            f"{limits.max_side_px:,} px can be read. Please send a smaller copy.",
            "too_long_a_side",
        )
    if width * height > limits.max_pixels:
        raise PictureError(
            f"That picture has {width * height / 1e6:,.0f} megapixels; at most "
            f"{limits.max_pixels / 1e6:,.0f} can be read. Please send a smaller copy.",
            "too_many_pixels",
        )
    if shorter < limits.min_side_px:
        raise PictureError(
            f"That picture is only {width:,} × {height:,} px; each side needs at "
            f"least {limits.min_side_px} px. Please send a larger one.",
            "too_small",
        )
    if longer > limits.max_ratio * shorter:
        raise PictureError(
            f"That picture is {width:,} × {height:,} px, too long a strip: one side "
            f"may be at most {limits.max_ratio:g} times the other. Please crop it.",
            "too_elongated",
        )
