"""Everything that stylecore raises on purpose.

StyleError
├── InputError            the user can mend it
│   ├── PictureError      a file that is not a usable picture
│   ├── RecipeError       a recipe, flag or option that makes no sense
│   └── CheckpointError   a checkpoint that is damaged or of another run
├── WeightsError          VGG-19 weights missing, damaged or not the right ones
└── EngineError           the computation itself failed
    └── DivergedError     the loss became NaN or infinite

Each error is picklable (its arguments are exactly what `__init__` was given), so
that it crosses process borders unchanged. `code` names the kind of mishap for
programs; `str(error)` is a sentence for people, without any path.
"""

from __future__ import annotations


class StyleError(Exception):
    """The root: something stylecore can explain."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return self.message


class InputError(StyleError):
    """What was given cannot be used; the user can mend it."""


class PictureError(InputError):
    """The file is not a picture that can be used.

    `code` is one of `PICTURE_CODES`.
    """


PICTURE_CODES = (
    "unreadable",  # no such file, or one that may not be read
    "empty",  # zero bytes
    "not_a_picture",  # no known format, or only a name that claims one
    "damaged",  # a known format that breaks off or does not decode
    "too_many_pixels",  # decompression bombs included
    "too_long_a_side",
    "too_small",
    "too_elongated",
    "too_many_bytes",
)


class RecipeError(InputError):
    """A recipe, flag or option that makes no sense."""


class CheckpointError(InputError):
    """The checkpoint is missing, damaged, or of another run.

    `code` is one of `missing`, `damaged`, `version`, `recipe`, `picture`, `size`,
    `seed`, `weights` and `finished`: what is wrong with it, or differs.
    """


class WeightsError(StyleError):
    """The VGG-19 weights are missing, damaged or not the right ones."""


class EngineError(StyleError):
    """The computation failed."""


class DivergedError(EngineError):
    """The loss became NaN or infinite."""
