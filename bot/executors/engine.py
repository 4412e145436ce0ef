"""`load_engine`: the engine of this machine, and what it is able to do.

The only module of `bot` that loads `stylecore`'s engine, and torch with it: called in
worker processes alone.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stylecore.devices import describe, resolve
from stylecore.errors import EngineError
from stylecore.recipes import DEFAULT_STRENGTH, largest_edge, preset

from .base import EngineProfile
from .task import Engine

if TYPE_CHECKING:
    from stylecore.transfer import StyleTransfer

_NICENESS = 10
_CPU_BUDGET_S = 50.0
_GPU_BUDGET_S = 30.0
"""For the default size; 60 s are promised on a CPU, which has other work too."""
_PATIENCE = 3
"""How many times that a picture may take that somebody wants larger."""
_LARGEST_EDGE_PX = 2560
"""Telegram's own clients show no more; and as a PNG it is still a picture that can be
sent and read again."""


def load_engine(
    weights: str | Path, device: str, edge_px: int | None
) -> tuple[Engine, EngineProfile, tuple[str, ...]]:
    """Loads and measures the engine; also says which other devices `auto` means.

    `edge_px` is the default size; None: the largest that the measured rate allows.
    Raises `StyleError` if there is no such device or there are no usable weights.
    """
    import torch

    from stylecore.transfer import StyleTransfer

    on_cpu = resolve(device).type == "cpu"
    if on_cpu:
        # Taps come first. Only threads made from here on inherit it, so this has to
        # happen before torch makes its own.
        os.nice(_NICENESS)
    engine = StyleTransfer(weights, device)
    rate = engine.measure()
    budget_s = _CPU_BUDGET_S if on_cpu else _GPU_BUDGET_S
    usual_px = edge_px or largest_edge(preset(DEFAULT_STRENGTH), rate, budget_s)
    profile = EngineProfile(
        device=describe(engine.device),
        weights="untrained" if weights == "untrained" else "trained",
        default_edge_px=usual_px,
        largest_edge_px=_largest_edge(engine, rate, _PATIENCE * budget_s, usual_px),
        seconds_per_pixel_step=rate,
        slots=1,
    )
    others = range(1, torch.cuda.device_count() if device == "auto" else 1)
    return engine, profile, tuple(f"cuda:{index}" for index in others)


def _largest_edge(
    engine: StyleTransfer, rate: float, budget_s: float, usual_px: int
) -> int:
    """The longer side, in px, of the largest picture worth offering: it goes on from a
    smaller one within the time and the memory there is."""
    from stylecore.rooms import Room

    recipe = replace(preset(DEFAULT_STRENGTH), continued=True)
    edge_px = largest_edge(recipe, rate, budget_s, usual_px, _LARGEST_EDGE_PX)
    room = Room(None, engine.device)
    while edge_px > usual_px:
        size = edge_px, edge_px * 3 // 4
        try:
            room.plan(recipe, size, [edge_px**2], engine.features.dtype)
        except EngineError:
            edge_px = max(usual_px, edge_px - 16)
        else:
            break
    return edge_px
