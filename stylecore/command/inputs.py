"""The pictures that the command line names, read, checked and ready to paint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from PIL import Image

from .. import images
from ..errors import PictureError, RecipeError
from ..limits import Limits
from ..recipes import LAYERS, Recipe
from ..styles import Style, check_styles
from .outputs import Profile

NONE: Final = "-"
"""Stands for a mask or region that a style does not have."""

OWN_LIMITS: Final = Limits(
    max_bytes=2_000_000_000, max_pixels=400_000_000, max_side_px=60_000
)
"""For one's own pictures on one's own machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFiles:
    """What was named on the command line, in the order of the styles."""

    content: Path
    styles: Sequence[Path]
    masks: Sequence[str] = ()
    """Of the styles' parts to learn from, as `--style-mask` has them; or `NONE`."""
    regions: Sequence[str] = ()
    """Of the content's parts to paint, as `--region` has them; or `NONE`."""
    start: Path | None = None

    def __post_init__(self) -> None:
        for flag, given in (("--style-mask", self.masks), ("--region", self.regions)):
            if len(given) > len(self.styles):
                raise RecipeError(
                    f"{flag} is given {len(given)} times, but there "
                    f"{_count(len(self.styles), 'style')}; give it at most once for "
                    f"each, and “{NONE}” for a style without."
                )

    def paths(self) -> Iterator[Path]:
        """All files, which no output may overwrite."""
        yield from (self.content, *self.styles)
        masks = (*self.masks, *self.regions)
        yield from (Path(name) for name in masks if name != NONE)
        if self.start is not None:
            yield self.start


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures:
    """What a run is given."""

    content: Image.Image
    styles: tuple[Style, ...]
    start: Image.Image | None
    profile: bytes | None
    """The ICC profile of all their numbers; none: sRGB."""

    @classmethod
    def read(cls, files: InputFiles, recipe: Recipe, profile: Profile) -> Self:
        """Raises `PictureError` with the file's role and name."""
        content = _load("CONTENT", files.content, own=profile is Profile.CONTENT)
        icc = content.info.get("icc_profile")
        styles = tuple(_styles(files, icc))
        check_styles(styles, content, recipe)
        start = None if files.start is None else _load("--start", files.start, icc)
        return cls(content=content, styles=styles, start=start, profile=icc)

    def fitted(self, edge_px: int) -> Pictures:
        """The same with content and regions no larger than they will be painted."""
        # Here alone is torch needed, which takes seconds to import.
        from ..pyramid import picture_size

        longest = max(picture_size(self.content.size, edge_px))
        styles = (
            replace(each, region=each.region and images.fit(each.region, longest))
            for each in self.styles
        )
        return replace(
            self, content=images.fit(self.content, longest), styles=tuple(styles)
        )

    def notices(self, recipe: Recipe) -> Iterator[str]:
        """A sentence for each style that is smaller than what the network sees."""
        weights = dict(recipe.style_layers)
        deepest = [layer for layer in LAYERS if weights.get(layer)][-1]
        field = receptive_field_px(deepest)
        for number, style in enumerate(self.styles, start=1):
            shorter = min(style.picture.size)
            if shorter < field:
                role = _role("STYLE", number, len(self.styles))
                yield (
                    f"{role} is {shorter} px on its shorter side, but {deepest} sees "
                    f"{field} px at once; a larger copy would show its large shapes."
                )


def receptive_field_px(layer: str) -> int:
    """The side of the square of pixels that one activation of VGG-19 depends on."""
    field, stride = 1, 1
    for each in LAYERS:
        if each.endswith("_1") and each != LAYERS[0]:
            field, stride = field + stride, 2 * stride
        field += 2 * stride
        if each == layer:
            break
    return field


def _styles(files: InputFiles, icc: bytes | None) -> Iterator[Style]:
    count = len(files.styles)
    for index, path in enumerate(files.styles):
        picture = _load(_role("STYLE", index + 1, count), path, icc)
        mask = _mask("--style-mask", files.masks, index)
        region = _mask("--region", files.regions, index)
        yield Style(picture=picture, mask=mask, region=region)


def _mask(flag: str, names: Sequence[str], index: int) -> Image.Image | None:
    if index >= len(names) or names[index] == NONE:
        return None
    return _load(_role(flag, index + 1, len(names)), Path(names[index]))


def _load(
    role: str, path: Path, profile: bytes | None = None, *, own: bool = False
) -> Image.Image:
    try:
        if own:
            return images.load_unconverted(path, OWN_LIMITS)
        return images.load(path, OWN_LIMITS, profile=profile)
    except PictureError as error:
        raise PictureError(f"{role} “{path.name}”: {error}", error.code) from error


def _role(name: str, number: int, count: int) -> str:
    return name if count == 1 else f"{name} {number}"


def _count(number: int, noun: str) -> str:
    return f"is 1 {noun}" if number == 1 else f"are {number} {noun}s"
