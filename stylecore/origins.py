"""`Origin`: what a run was started with, by which checkpoints know their run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from typing import Any, Self

import torch
from PIL import Image
from torch import Tensor

from .errors import CheckpointError
from .recipes import Recipe
from .recipes.notation import list_to_text
from .styles import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a run was started with; two runs of one origin paint the same picture."""

    recipe: Recipe
    pictures: Mapping[str, str]
    """Hashes of the pixels by role: `content`, `style 1`, `mask of style 1` …"""
    width: int
    height: int
    """The final size, px."""
    seed: int
    network: str
    """`network_digest` of the weights."""
    version: str
    """Of this package."""

    @classmethod
    def of(
        cls,
        content: Image.Image,
        styles: Sequence[Style],
        recipe: Recipe,
        size: tuple[int, int],
        seed: int,
        network: str,
        start: Image.Image | None = None,
    ) -> Self:
        """The origin of `StyleTransfer.run` with these arguments."""
        pictures = {"content": _digest(content)}
        for number, style in enumerate(styles, start=1):
            name = f"style {number}"
            pictures[name] = _digest(style.picture)
            for part, mask in (("mask", style.mask), ("region", style.region)):
                if mask is not None:
                    pictures[f"{part} of {name}"] = _digest(mask)
        if start is not None:
            pictures["start"] = _digest(start)
        return cls(
            recipe=recipe,
            pictures=pictures,
            width=size[0],
            height=size[1],
            seed=seed,
            network=network,
            version=version("stylebot"),
        )

    def check_same(self, origin: Origin) -> None:
        """Raises `CheckpointError` where `origin`, that of a run, differs."""
        if self.version != origin.version:
            raise other_version(self.version)
        _check_recipe(self.recipe, origin.recipe)
        # Another size makes another picture of the content: first the better reason.
        if (self.width, self.height) != (origin.width, origin.height):
            raise CheckpointError(
                f"The checkpoint is of a picture of {self.width} × {self.height} px, "
                f"this run of {origin.width} × {origin.height} px. "
                "Give the same size as then.",
                "size",
            )
        _check_pictures(self.pictures, origin.pictures)
        if self.seed != origin.seed:
            raise CheckpointError(
                f"The checkpoint is of a run with seed {self.seed}, this one has "
                f"{origin.seed}. Give the same seed.",
                "seed",
            )
        if self.network != origin.network:
            raise CheckpointError(
                "The checkpoint was painted with other weights. Give the same.",
                "weights",
            )


def network_digest(weights: Mapping[str, Tensor]) -> str:
    """Tells networks apart by the kernels of the first layer and all biases."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        if name.startswith("features.0.") or name.endswith(".bias"):
            numbers = weights[name].detach().to("cpu", torch.float32).contiguous()
            digest.update(name.encode() + numbers.numpy().tobytes())
    return digest.hexdigest()


def other_version(then: str) -> CheckpointError:
    """The error for a checkpoint of version `then`."""
    return CheckpointError(
        f"The checkpoint is of version {then}, this is {version('stylebot')}. "
        "Resume it with that version, or begin afresh.",
        "version",
    )


def _check_recipe(mine: Recipe, other: Recipe) -> None:
    for field in fields(Recipe):
        then, now = getattr(mine, field.name), getattr(other, field.name)
        if then != now:
            raise CheckpointError(
                f"The checkpoint is of another recipe: {field.name} was "
                f"{_shown(then)} and is {_shown(now)} now. "
                "Give the strength, recipe and flags of then.",
                "recipe",
            )


def _check_pictures(mine: Mapping[str, str], other: Mapping[str, str]) -> None:
    for role in (*mine, *other):
        if mine.get(role) != other.get(role):
            raise CheckpointError(
                f"The checkpoint is of a run with another picture as {role}. "
                "Give the same pictures as then.",
                "picture",
            )


def _shown(value: Any) -> str:
    return list_to_text(value) or "empty" if isinstance(value, tuple) else str(value)


def _digest(image: Image.Image) -> str:
    head = f"{image.mode} {image.width} {image.height} ".encode()
    return hashlib.sha256(head + image.tobytes()).hexdigest()
