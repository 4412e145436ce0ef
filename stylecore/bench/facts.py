"""On what a figure was measured: it means nothing without that."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import torch

from ..devices import describe


def facts(device: torch.device) -> dict[str, Any]:
    """Machine, threads and versions, ready for JSON."""
    return {
        "machine": describe(device),
        "threads": torch.get_num_threads(),
        "versions": {
            "stylebot": version("stylebot"),
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
    }


def load_average() -> list[float] | None:
    """How busy the machine is with everything, over 1, 5 and 15 minutes; None where
    the system does not say. Much more than `threads` spoils a measurement."""
    if not hasattr(os, "getloadavg"):
        return None
    return [round(each, 2) for each in os.getloadavg()]
