"""Constants of the host as tensors of the device."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def per_channel(values: Sequence[float], like: Tensor) -> Tensor:
    """`(C, 1, 1)` on the device and of the dtype of `like`.

    Filled there: to copy a list to a GPU is to wait for it, which no step may do and
    no CUDA graph can hold.
    """
    return torch.stack([like.new_full((1, 1), value) for value in values])
