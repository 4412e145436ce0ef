"""How much memory there is, and what a picture of some size needs of it.

Bytes are those of activations, gradients, optimiser and pictures: everything that a
run takes on top of the loaded network.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from mmap import PAGESIZE
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .errors import RecipeError

if TYPE_CHECKING:
    import torch

_UNITS: Final = {
    "": 1,
    "B": 1,
    **{f"{prefix}B": 1000**n for n, prefix in enumerate("KMGT", start=1)},
    **{f"{prefix}IB": 1024**n for n, prefix in enumerate("KMGT", start=1)},
    **{prefix: 1000**n for n, prefix in enumerate("KMGT", start=1)},
}
_AMOUNT: Final = re.compile(r"\s*(\d{1,18}(?:\.\d{1,9})?)\s*([a-z]*)\s*", re.IGNORECASE)

_CGROUP_1: Final = ("memory.limit_in_bytes", "memory.usage_in_bytes")
_CGROUP_2: Final = ("memory.max", "memory.current")

_UNKNOWN_BYTES: Final = 4_000_000_000
"""The budget where the system does not say how much memory it has."""

_TRIM_THRESHOLD: Final = -1
_MMAP_MAX: Final = -4
"""The parameters of glibc's `mallopt`."""

_FREED: Final[Mapping[bool, tuple[int, int]]] = MappingProxyType(
    {False: (128 * 1024, 65536), True: (2**31 - 1, 0)}
)
"""Their values: glibc's own, and those with which the process keeps what it frees."""


def parse(text: str) -> int:
    """Bytes from `4GB`, `500 MB`, `1.5GiB` or `4000000000`; units of any case.

    Raises:
        RecipeError: it is no amount of memory, or none at all.
    """
    found = _AMOUNT.fullmatch(text)
    unit = _UNITS.get(found[2].upper()) if found else None
    if found is None or unit is None:
        raise RecipeError(
            f"“{text}” is no amount of memory; write a number and a unit, "
            "such as 4GB, 500MB or 1.5GiB."
        )
    amount: int = round(float(found[1]) * unit)
    if not amount:
        raise RecipeError("Memory of 0 bytes is not enough for anything; give more.")
    return amount


def written(amount: int) -> str:
    """The inverse of `parse`, to three digits: `4 GB`, `512 MB`."""
    for unit in ("TB", "GB", "MB", "KB"):
        number = amount / _UNITS[unit]
        if number >= 0.9995:
            # Three digits would turn a thousand into a power of ten.
            return f"{number:.3g} {unit}" if number < 999 else f"{number:.0f} {unit}"
    return f"{amount} bytes"


def available(device: torch.device, root: Path = Path("/")) -> int:
    """Bytes that can still be taken on a device without swapping, as far as known.

    Args:
        device: of the computation.
        root: where the system's figures are read; tests bring their own.
    """
    if device.type == "cuda":
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        import torch

        used = torch.mps.driver_allocated_memory()
        return max(0, int(torch.mps.recommended_max_memory()) - int(used))
    return min(_limits(root), default=_UNKNOWN_BYTES)


def _limits(root: Path) -> Iterator[int]:
    """What each of the system's limits leaves: free memory, cgroups, the process's."""
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemAvailable:"):
            yield int(line.split()[1]) * 1024
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            yield from _cgroup(root / "sys/fs/cgroup/memory", path, _CGROUP_1)
        elif not controllers:
            yield from _cgroup(root / "sys/fs/cgroup", path, _CGROUP_2)
    yield from _address_space(root)


def _cgroup(mount: Path, path: str, files: tuple[str, str]) -> Iterator[int]:
    """A group is held to its parents' limits too; `mount` is the topmost."""
    inside = mount / path.strip().lstrip("/")
    for group in (inside, *inside.parents):
        limit, used = (_number(group / file) for file in files)
        if limit is not None and used is not None:
            yield max(0, limit - used + _page_cache(group))
        if group == mount:
            return


def _page_cache(group: Path) -> int:
    """Files that the kernel keeps for a group, and drops as soon as memory is short."""
    for line in _lines(group / "memory.stat"):
        name, _, value = line.partition(" ")
        if name in ("inactive_file", "total_inactive_file"):
            return int(value)
    return 0


def _address_space(root: Path) -> Iterator[int]:
    """What `ulimit -v` leaves, which containers on old kernels use for memory."""
    for line in _lines(root / "proc/self/limits"):
        if line.startswith("Max address space"):
            soft = line.removeprefix("Max address space").split()[0]
            if soft.isdecimal():
                taken = _lines(root / "proc/self/statm")[0].split()[0]
                yield max(0, int(soft) - int(taken) * PAGESIZE)


def _number(file: Path) -> int | None:
    found = _lines(file)
    return int(found[0]) if found and found[0].isdecimal() else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []


def keep_freed(keep: bool) -> None:
    """Whether the process keeps what it frees for what it allocates next, under glibc.

    Activations are so large that glibc returns each to the system, which has to zero
    its pages again for the next layer: a quarter of a step at 1024 px. Where memory is
    short, keeping them costs more of it than it saves of the time.
    """
    trim_threshold, mmap_max = _FREED[keep]
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, trim_threshold)
        mallopt(_MMAP_MAX, mmap_max)


def give_back() -> None:
    """Returns to the system what the C library keeps of freed memory.

    glibc keeps blocks below 32 MB for later; tiles leave half a gigabyte of them.
    Other libraries do without.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
