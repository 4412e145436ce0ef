"""Coarse to fine: pictures at each scale, and where the next scale starts."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from .errors import PictureError
from .images import from_array, size_to_fit, to_array
from .recipes import SMALLEST_SIDE_PX, Border, Normalisation, Recipe

Size = tuple[int, int]
"""Width and height in px."""


def picture_size(size: Size, edge_px: int) -> Size:
    """Scales a size until the longer side is `edge_px`; never up.

    The shorter side stays at `SMALLEST_SIDE_PX` at least, since the deepest layers
    would see nothing below; so a long strip may come out longer than `edge_px`.

    Raises:
        PictureError: the size is too small as it is.
    """
    shorter, longer = sorted(size)
    if shorter < SMALLEST_SIDE_PX:
        raise PictureError(
            f"The picture is {size[0]} × {size[1]} pixels; "
            f"each side needs at least {SMALLEST_SIDE_PX}.",
            "too_small",
        )
    return size_to_fit(size, max(edge_px, -(-longer * SMALLEST_SIDE_PX // shorter)))


def style_size(recipe: Recipe, style: Size, picture: Size) -> Size:
    """How large the style is beside a picture of that size: its shape is kept, except
    that the seed's raw Grams can only be compared at the picture's own shape."""
    if recipe.normalisation is Normalisation.SEED:
        return picture
    return picture_size(style, round(max(picture) * recipe.style_scale))


def to_tensor(image: Image.Image, size: Size, device: torch.device) -> Tensor:
    """A picture resized to `(3, H, W)` float32 RGB in [0, 1]."""
    image = image.convert("RGB")
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    return torch.from_numpy(to_array(image)).to(device)


def to_image(picture: Tensor) -> Image.Image:
    """The inverse of `to_tensor`; what lies outside [0, 1] is clipped."""
    return from_array(picture.detach().float().cpu().numpy())


def next_picture(
    previous: Tensor,
    content: Tensor,
    detail: float = 0.0,
    start: Tensor | None = None,
) -> Tensor:
    """`previous` enlarged to the size of `content`, `(3, H, W)`, in [0, 1].

    What is finer than `previous` could show is missing from it; `detail` is the share
    of it that is taken from the content, as one level of a Laplacian pyramid. A
    handful of steps would not bring back lines and faces that the content still has.
    The rest is taken from `start`, if there is one: the picture the run started from,
    as large as `content`.
    """
    found = _enlarge(previous, content)
    if detail:
        found = found + detail * _finer(content, previous)
    if start is not None and detail < 1:
        found = found + (1 - detail) * _finer(start, previous)
    return found.clamp(0.0, 1.0)


def _finer(picture: Tensor, previous: Tensor) -> Tensor:
    """What of `picture` is too fine for a picture as large as `previous`."""
    coarse = F.interpolate(picture[None], previous.shape[1:], mode="area")[0]
    return picture - _enlarge(coarse, picture)


def on_canvas(picture: Tensor, border: Border) -> Tensor:
    """`picture`, `(3, H, W)`, or with `Border.EXTEND` a larger one: its last row and
    column go on to the right and below until both sides are multiples of 16.

    The network halves its input four times and drops what is left over; rows that the
    deep layers never see would keep whatever the shallow ones make of them.
    """
    if border is Border.ZERO:
        return picture
    height, width = picture.shape[1:]
    return F.pad(picture[None], (0, -width % 16, 0, -height % 16), mode="replicate")[0]


def _enlarge(picture: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(
        picture[None], like.shape[1:], mode="bicubic", align_corners=False
    )[0]
