"""The trained weights, seen to before anything starts."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from stylecore import weights
from stylecore.command.terminal import download_bar
from stylecore.errors import WeightsError

from .errors import EngineUnusable
from .settings import UNTRAINED

AUTO = weights.AUTO

_ANSWER_WITHIN_S = 5.0


def on_disk() -> bool:
    """Whether trained weights lie where `auto` looks for them."""
    return weights.locate() is not None


def have_weights(source: str, *, otherwise: str) -> None:
    """Sees to it that the weights `source` stands for are on this machine.

    `auto` fetches them, with a progress bar, if they are not there and a server
    answers within 5 s. Raises `EngineUnusable` that says what mends it; `otherwise`:
    how to ask for untrained weights here.
    """
    try:
        if source != UNTRAINED and weights.locate(source) is None:
            _fetch_elsewhere()
    except WeightsError as exc:
        raise EngineUnusable(
            f"There are no trained weights to paint with. {exc} "
            f"To paint without, use {otherwise}."
        ) from exc


def _fetch_elsewhere() -> None:
    """In a process of its own: to slim the file takes torch, which then goes again."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            pool.submit(_fetch).result()
        except BrokenProcessPool as exc:
            raise WeightsError(
                f"The process that fetches them has died. {weights.MENDING}"
            ) from exc


def _fetch() -> None:
    if not weights.can_be_fetched(_ANSWER_WITHIN_S):
        raise WeightsError(
            "The server that has them cannot be reached. " + weights.MENDING,
            "unreachable",
        )
    with download_bar() as hook:
        weights.fetch(progress=hook)
