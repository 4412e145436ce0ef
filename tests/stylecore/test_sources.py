"""The pictures of a run as tensors at a scale."""

from __future__ import annotations

import torch
from PIL import Image

from stylecore.recipes import Border, Normalisation, Recipe, Scale
from stylecore.sources import Sources
from stylecore.styles import Style

CPU = torch.device("cpu")
SCALE = Scale(width=36, height=24, steps=1)


def half(width: int, height: int) -> Image.Image:
    """White on the left, black on the right."""
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width // 2, height))
    return mask


def sources(recipe: Recipe, *styles: Style) -> Sources:
    return Sources.of(Image.new("RGB", (72, 48)), styles, recipe, CPU)


def test_style_keeps_its_shape_and_its_mask_follows():
    style = Style(picture=Image.new("RGB", (40, 80)), mask=half(40, 80))

    (found,) = sources(Recipe(), style).styles_at(SCALE)

    assert found.picture.shape == (3, 64, 32)
    assert found.mask is not None
    assert found.mask.shape == (64, 32)
    assert (found.mask[:, :14] == 1).all()
    assert (found.mask[:, 18:] == 0).all()
    assert found.region is None


def test_seeds_raw_grams_stretch_the_style_to_the_content():
    recipe = Recipe(normalisation=Normalisation.SEED)
    style = Style(picture=Image.new("RGB", (40, 80)))

    (found,) = sources(recipe, style).styles_at(SCALE)

    assert found.picture.shape == (3, 24, 36)


def test_region_covers_the_canvas_of_the_content():
    style = Style(picture=Image.new("RGB", (40, 80)), region=half(72, 48))

    (plain,) = sources(Recipe(), style).styles_at(SCALE)
    (extended,) = sources(Recipe(border=Border.EXTEND), style).styles_at(SCALE)

    assert plain.region is not None
    assert extended.region is not None
    assert plain.region.shape == (24, 36)
    assert extended.region.shape == (32, 48)
    torch.testing.assert_close(extended.region[:24, :36], plain.region)


def test_styles_of_one_region_share_its_tensor():
    region = half(72, 48)
    painting = Image.new("RGB", (40, 80))

    first, second, third = sources(
        Recipe(),
        Style(picture=painting, region=region),
        Style(picture=painting, region=region),
        Style(picture=painting, region=half(72, 48)),
    ).styles_at(SCALE)

    assert first.region is second.region
    assert third.region is not first.region
