"""Files of VGG-19 weights: torchvision's `.pth` and the slim safetensors slice."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import WeightsError
from .files import written_whole

if TYPE_CHECKING:
    from torch import Tensor


def read(path: Path) -> dict[str, Tensor]:
    """The tensors of conv1_1 … conv5_1, float32, from either kind of file.

    The content decides which kind it is. Raises `WeightsError` if it is damaged, no
    weights file, or that of another network; `OSError` if it cannot be read.
    """
    from .features import check_shapes, weight_names
    from .recipes import LAYERS

    found = _open_safetensors(path) if _is_safetensors(path) else _open_pickle(path)
    slim = {}
    for layer in LAYERS:
        check_shapes(found, layer)
        for name in weight_names(layer):
            slim[name] = _float32(name, found[name])
    return slim


def save(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Writes a slim safetensors file, whole or not at all."""
    from safetensors.torch import save_file

    with written_whole(path) as aside:
        save_file(dict(tensors), aside, metadata={"network": "VGG-19 to conv5_1"})


def check_container(path: Path) -> None:
    """Raises `WeightsError` unless a safetensors file is whole; needs no torch."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"):
            pass  # opening checks the header against the length of the file
    except (SafetensorError, OSError) as exc:
        raise _damaged() from exc


def _float32(name: str, tensor: Tensor) -> Tensor:
    import torch

    # A copy: the original may be a view into a mapped file that is about to go.
    copy = tensor.detach().to(torch.float32, copy=True).contiguous()
    if not bool(torch.isfinite(copy).all()):
        raise WeightsError(
            f"These are no VGG-19 weights: {name} is not finite.", "damaged"
        )
    return copy


def _is_safetensors(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(9)[8:] == b"{"


def _open_safetensors(path: Path) -> Mapping[str, Tensor]:
    from safetensors.torch import load_file

    check_container(path)
    return load_file(path)


def _open_pickle(path: Path) -> Mapping[str, Tensor]:
    import torch

    try:
        # Older files are not zip archives and cannot be mapped.
        mapped = zipfile.is_zipfile(path)
        found: Any = torch.load(
            path, map_location="cpu", weights_only=True, mmap=mapped
        )
    # Unpicklers raise anything at all on a damaged file.
    except Exception as exc:
        raise _damaged() from exc
    if not isinstance(found, Mapping):
        raise _damaged()
    return {
        name: value for name, value in found.items() if isinstance(value, torch.Tensor)
    }


def _damaged() -> WeightsError:
    return WeightsError(
        "The weights file is damaged, or no weights file at all.", "damaged"
    )
