"""Where to compute: device names for the engine, and their names for people."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from .errors import RecipeError

if TYPE_CHECKING:
    import torch

_KNOWN: Final = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


def resolve(name: str) -> torch.device:
    """The device of a name: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.

    `auto` is the first GPU if there is one, else the CPU. Raises `RecipeError` for
    other names and for devices that this machine does not have.
    """
    import torch

    if not _KNOWN.fullmatch(name):
        raise RecipeError(
            f"“{name}” is no device; choose auto, cpu, cuda, cuda:N or mps.",
            "unknown_device",
        )
    if name == "auto":
        name = next((gpu for gpu in ("cuda", "mps") if _count(gpu)), "cpu")
    device = torch.device(name)
    if (device.index or 0) >= _count(device.type):
        raise RecipeError(
            f"This machine has no device “{name}” that PyTorch can use; "
            "choose auto or cpu.",
            "no_such_device",
        )
    return device


def describe(device: torch.device) -> str:
    """The device for people, such as “2 CPU cores” or “NVIDIA H200”."""
    import torch

    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    if device.type == "mps":
        return "Apple GPU"
    cores = _usable_cores()
    return "1 CPU core" if cores == 1 else f"{cores} CPU cores"


def _count(kind: str) -> int:
    import torch

    if kind == "cuda":
        return torch.cuda.device_count() if torch.cuda.is_available() else 0
    if kind == "mps":
        return int(torch.backends.mps.is_available())
    return 1


def _usable_cores() -> int:
    # A container or `taskset` may allow fewer cores than the machine has.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
