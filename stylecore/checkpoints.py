"""Checkpoints: files from which a run goes on as if it had never stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from .errors import CheckpointError, RecipeError
from .files import written_whole
from .origins import Origin, other_version
from .recipes.notation import from_json, to_json

if TYPE_CHECKING:
    from .descent import Resumable

_KEY: Final = "stylecore_checkpoint"
_PICTURE: Final = "picture"
_OPTIMIZER: Final = "optimizer."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """A run after one of its steps."""

    origin: Origin
    scale: int
    """At which scale, from 1."""
    step: int
    """Steps made, those at earlier scales included."""
    picture: Tensor
    """`(3, height, width)` float32, as it is painted at this scale."""
    optimizer: Mapping[str, Tensor]
    """`PictureOptimizer.state`: until saved, it changes with every further step."""

    @classmethod
    def of(
        cls,
        origin: Callable[[], Origin],
        optimizer: Resumable,
        picture: Tensor,
        scale: int,
        step: int,
    ) -> Self:
        """The checkpoint of a run whose optimiser is after that very step."""
        return cls(
            origin=origin(),
            scale=scale,
            step=step,
            picture=picture,
            optimizer=optimizer.state(),
        )

    def restore(self, optimizer: Resumable) -> None:
        """Brings an optimiser of the same run to where that of the checkpoint was.

        Raises:
            CheckpointError: it was of another kind or size.
        """
        try:
            optimizer.restore(self.optimizer)
        except (KeyError, ValueError) as exc:
            raise CheckpointError(
                f"The checkpoint does not fit its recipe ({exc}). Begin without it.",
                "damaged",
            ) from exc

    def check(self, origin: Origin, total: int) -> None:
        """Raises `CheckpointError` unless a run of that origin goes on from here.

        `total` is the number of its steps.
        """
        self.origin.check_same(origin)
        if self.step >= total:
            raise CheckpointError(
                "The checkpoint is of the last step: that picture is finished.",
                "finished",
            )

    def save(self, path: Path) -> None:
        """Writes it whole or not at all.

        The file is as large as the optimiser's memory: 3 pictures of 12 bytes per px
        with Adam, about 2 · history + 4 with L-BFGS.

        Raises `OSError` if it cannot be written.
        """
        tensors = {_PICTURE: self.picture}
        tensors |= {_OPTIMIZER + name: each for name, each in self.optimizer.items()}
        facts = asdict(self.origin) | {
            "recipe": to_json(self.origin.recipe),
            "scale": self.scale,
            "step": self.step,
        }
        with written_whole(path) as aside:
            save_file(
                {
                    name: each.detach().cpu().contiguous()
                    for name, each in tensors.items()
                },
                aside,
                metadata={_KEY: json.dumps(facts)},
            )


def load(path: Path) -> Checkpoint:
    """Reads what `Checkpoint.save` wrote; its tensors are on the CPU.

    Raises:
        CheckpointError: there is no such file, or it is not a whole checkpoint.
    """
    if not path.is_file():
        raise CheckpointError(
            f"There is no checkpoint “{path.name}” in that place. "
            "Please check the name, or begin without one.",
            "missing",
        )
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[_KEY])
            # `safe_open` has a `keys` of its own, and cannot be iterated over.
            names = file.keys()
            tensors = {name: file.get_tensor(name) for name in names}
        return _assembled(facts, tensors)
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as exc:
        raise CheckpointError(
            f"“{path.name}” is damaged or no checkpoint. Begin without it.", "damaged"
        ) from exc


def _assembled(facts: dict[str, Any], tensors: dict[str, Tensor]) -> Checkpoint:
    known = {field.name for field in fields(Origin)}
    origin = {name: facts[name] for name in known}
    try:
        recipe = from_json(facts["recipe"])
    except RecipeError as exc:
        # Another version may have had other fields.
        if facts["version"] == version("stylebot"):
            raise ValueError(exc) from exc
        raise other_version(facts["version"]) from exc
    return Checkpoint(
        origin=Origin(**origin | {"recipe": recipe}),
        scale=int(facts["scale"]),
        step=int(facts["step"]),
        picture=tensors.pop(_PICTURE),
        optimizer={
            name.removeprefix(_OPTIMIZER): each for name, each in tensors.items()
        },
    )
