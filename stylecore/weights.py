"""The trained VGG-19: found on disk, fetched, verified, slimmed, loaded.

Painting needs conv1_1 to conv5_1, 52 MB of torchvision's 548 MB. That slice is kept
as one safetensors file in a cache folder, written whole or not at all, so that any
number of processes may fetch or import at once. Finding and fetching need no torch
until there is a file to slim.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .download import ProgressHook, download, reachable
from .errors import WeightsError
from .files import aside, sweep
from .weight_files import check_container, read, save

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from torch import Tensor

AUTO: Final = "auto"
"""The cache, else a download."""
UNTRAINED: Final = "untrained"
"""Structured random filters, see `stylecore.untrained`."""

Source = str | Path
"""`AUTO`, `UNTRAINED`, or a file: torchvision's `.pth` or a slim safetensors file."""

SLIM_NAME: Final = "vgg19-conv5_1.safetensors"
MENDING: Final = (
    "`stylecore weights fetch` downloads the weights once, "
    "`stylecore weights import FILE` takes them from a file."
)
_STALE_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is known of the slim file without loading it."""

    path: Path
    present: bool
    size_bytes: int
    problem: str
    """A sentence if the file cannot be used; empty if it can, or is not there."""


def cache_dir() -> Path:
    """The default cache folder, whether it exists or not."""
    try:
        return Path.home() / ".cache" / "stylebot"
    except RuntimeError as exc:
        raise WeightsError(
            "There is no home folder to keep the weights in; name a cache folder.",
            "cannot_write",
        ) from exc


def locate(source: Source = AUTO, cache: Path | None = None) -> Path | None:
    """The file that `load` would read; None if it would download or do without.

    Raises `WeightsError` if `source` names a file that is not there.
    """
    if source == UNTRAINED:
        return None
    if source == AUTO:
        slim = _slim_path(cache)
        return slim if slim.is_file() else None
    path = Path(source)
    if not path.is_file():
        raise WeightsError(
            f"There is no weights file of the name “{path.name}”. {MENDING}", "missing"
        )
    return path


def status(cache: Path | None = None) -> Status:
    """Whether the slim file is there and whole; needs neither torch nor network."""
    path = _slim_path(cache)
    problem = ""
    if path.is_file():
        try:
            check_container(path)
        except WeightsError as error:
            problem = f"{error} {MENDING}"
    return Status(
        path=path,
        present=path.is_file(),
        size_bytes=path.stat().st_size if path.is_file() else 0,
        problem=problem,
    )


def can_be_fetched(timeout_s: float = 5.0, url: str | None = None) -> bool:
    """Whether the download would begin, found out within `timeout_s`."""
    return reachable(url or official_url(), timeout_s)


def fetch(
    cache: Path | None = None,
    *,
    url: str | None = None,
    sha256: str | None = None,
    timeout_s: float = 30.0,
    progress: ProgressHook | None = None,
) -> Path:
    """Downloads torchvision's file, checks it, keeps the slim slice, removes the rest.

    Args:
        cache: the folder of the slim file; none: `cache_dir()`.
        url: a mirror; none: torchvision's own address.
        sha256: the beginning of the expected hash; none: torchvision's.
        timeout_s: for how long the server may be silent.
        progress: called with bytes so far and in all.

    Raises:
        WeightsError: says what went wrong and how to mend it.
    """
    url = url or official_url()
    sha256 = sha256 or _hash_in_name(official_url())
    slim = _slim_path(cache)
    with _writing(slim):
        sweep(slim.parent, _STALE_S)
        # Beside the cache and not in /tmp, which may be too small for 548 MB.
        with _mending(), aside(slim.with_name("vgg19.pth")) as big:
            download(url, big, sha256=sha256, timeout_s=timeout_s, progress=progress)
            save(read(big), slim)
    return slim


def import_file(path: Path, cache: Path | None = None) -> Path:
    """Takes the weights from a file, torchvision's `.pth` or a slim one, to the cache.

    Returns the slim file's path. Raises `WeightsError`.
    """
    located = locate(Path(path), cache)
    slim = _slim_path(cache)
    with _writing(slim), _mending():
        save(read(located or path), slim)
    return slim


def load(
    source: Source = AUTO,
    device: torch.device | str = "cpu",
    cache: Path | None = None,
    *,
    progress: ProgressHook | None = None,
) -> dict[str, Tensor]:
    """The tensors of conv1_1 … conv5_1, float32, named as torchvision names them.

    Raises `WeightsError` if they cannot be found, fetched or understood.
    """
    if source == UNTRAINED:
        from .untrained import untrained_weights

        tensors = untrained_weights()
    else:
        path = locate(source, cache) or fetch(cache, progress=progress)
        with _mending():
            tensors = read(path)
    return {name: tensor.to(device) for name, tensor in tensors.items()}


def official_url() -> str:
    """Where torchvision keeps `VGG19_Weights.IMAGENET1K_V1`; its name holds a hash."""
    from torchvision.models import VGG19_Weights

    return str(VGG19_Weights.IMAGENET1K_V1.url)


def _hash_in_name(url: str) -> str:
    # torchvision ends file names in the first digits of their SHA-256.
    found = re.search(r"-([0-9a-f]{8,64})\.[a-z]+$", url)
    if not found:
        raise WeightsError("The expected hash of the weights is not known.")
    return found[1]


def _slim_path(cache: Path | None) -> Path:
    return (cache or cache_dir()) / SLIM_NAME


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Makes the folder; a full disk or a forbidden folder becomes a sentence."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as exc:
        raise WeightsError(
            "The cache folder of the weights cannot be written: "
            f"{exc.strerror or 'unknown reason'}. Name another one, or make room.",
            "cannot_write",
        ) from exc


@contextmanager
def _mending() -> Iterator[None]:
    """Ends the sentence of an error with what to do about it."""
    try:
        yield
    except WeightsError as error:
        raise WeightsError(
            f"{error} {MENDING}", error.code or "wrong_weights"
        ) from error
