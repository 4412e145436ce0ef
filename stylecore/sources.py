"""`Sources`: the pictures that a run starts from, at any scale, as tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from .colors import content_to_paint, luma, style_to_learn, with_chroma
from .masks import coverage
from .pyramid import on_canvas, style_size, to_tensor
from .recipes import Colors, Recipe, Scale
from .styles import Style, Styles, as_styles, check_styles
from .targets import StylePixels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """A content and its styles, checked against each other and the recipe."""

    content: Image.Image
    styles: tuple[Style, ...]
    recipe: Recipe
    device: torch.device
    start: Image.Image | None = None

    @classmethod
    def of(
        cls,
        content: Image.Image,
        styles: Styles,
        recipe: Recipe,
        device: torch.device,
        start: Image.Image | None = None,
    ) -> Sources:
        """Raises `PictureError` if styles, masks and blend do not fit together."""
        found = as_styles(styles)
        check_styles(found, content, recipe)
        return cls(
            content=content, styles=found, recipe=recipe, device=device, start=start
        )

    def content_at(self, scale: Scale) -> Tensor:
        """The content as it is painted, `(3, height, width)` in [0, 1]."""
        return content_to_paint(self.recipe.colors, self._colored_content(scale))

    def start_at(self, scale: Scale) -> Tensor | None:
        """The picture to start from, stretched to that size, as it is painted."""
        if self.start is None:
            return None
        start = to_tensor(self.start, (scale.width, scale.height), self.device)
        return content_to_paint(self.recipe.colors, start)

    def finish_at(self, scale: Scale) -> Callable[[Tensor], Tensor]:
        """What makes the result, `(3, height, width)`, of what was painted: the
        content's chroma if only luma was, and the content where no region is."""
        covered = self._covered(scale)
        in_grey = self.recipe.colors is Colors.LUMINANCE
        if covered is None and not in_grey:
            return lambda painted: painted
        content = self._colored_content(scale)

        def finish(painted: Tensor) -> Tensor:
            if in_grey:
                painted = with_chroma(luma(painted), content)
            if covered is None:
                return painted
            return torch.lerp(content, painted, covered)

        return finish

    def _covered(self, scale: Scale) -> Tensor | None:
        images = {id(style.region): style.region for style in self.styles}
        found = coverage(
            [x if x is None else self._region_at(x, scale) for x in images.values()]
        )
        return None if found is None else found[: scale.height, : scale.width]

    def styles_at(self, scale: Scale) -> tuple[StylePixels, ...]:
        """Each style as large as the recipe wants it beside a picture of that size."""
        regions: dict[int, Tensor] = {}
        found = []
        for style in self.styles:
            if style.region is not None and id(style.region) not in regions:
                regions[id(style.region)] = self._region_at(style.region, scale)
            region, mask = regions.get(id(style.region)), self._mask_at(style, scale)
            picture = self._style_at(style.picture, style, scale)
            picture = self._recolored(picture, mask, region, scale)
            found.append(StylePixels(picture=picture, mask=mask, region=region))
        return tuple(found)

    def _recolored(
        self, style: Tensor, mask: Tensor | None, region: Tensor | None, scale: Scale
    ) -> Tensor:
        colors = self.recipe.colors
        if colors is Colors.STYLE:
            return style
        if region is not None:
            region = region[: scale.height, : scale.width]
        content = self._colored_content(scale)
        return style_to_learn(colors, style, content, mask, region)

    def _colored_content(self, scale: Scale) -> Tensor:
        return to_tensor(self.content, (scale.width, scale.height), self.device)

    def _style_at(self, image: Image.Image, style: Style, scale: Scale) -> Tensor:
        size = style_size(self.recipe, style.picture.size, (scale.width, scale.height))
        return to_tensor(image, size, self.device)

    def _mask_at(self, style: Style, scale: Scale) -> Tensor | None:
        if style.mask is None:
            return None
        return self._style_at(_grey(style.mask), style, scale)[0]

    def _region_at(self, region: Image.Image, scale: Scale) -> Tensor:
        size = scale.width, scale.height
        mask = to_tensor(_grey(region), size, self.device)
        return on_canvas(mask, self.recipe.border)[0]


def _grey(mask: Image.Image) -> Image.Image:
    return mask.convert("L").convert("RGB")
