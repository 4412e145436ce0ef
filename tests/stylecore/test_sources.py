"""The pictures of a run as tensors at a scale."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from stylecore.pyramid import to_tensor
from stylecore.recipes import Border, Colors, Normalisation, Recipe, Scale
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


def test_result_is_the_content_where_no_region_is():
    style = Style(picture=Image.new("RGB", (40, 80)), region=half(72, 48))
    content = Image.new("RGB", (72, 48), (255, 128, 0))

    for recipe in (Recipe(), Recipe(border=Border.EXTEND)):
        found = Sources.of(content, (style,), recipe, CPU)
        result = found.finish_at(SCALE)(torch.full((3, 24, 36), 0.25))

        assert (result[:, :, :14] == 0.25).all()
        torch.testing.assert_close(
            result[:, 0, -1], torch.tensor([1.0, 128 / 255, 0.0])
        )


def test_result_is_what_was_painted_where_no_style_has_a_region():
    painted = torch.rand(3, 24, 36)
    style = Style(picture=Image.new("RGB", (40, 80)))

    assert sources(Recipe(), style).finish_at(SCALE)(painted) is painted


def test_result_of_luma_painting_has_the_contents_chroma():
    content = Image.new("RGB", (72, 48), (255, 128, 0))
    style = Style(picture=Image.new("RGB", (40, 80)))
    recipe = Recipe(colors=Colors.LUMINANCE)
    found = Sources.of(content, (style,), recipe, CPU)

    result = found.finish_at(SCALE)(found.content_at(SCALE))

    expected = to_tensor(content, (36, 24), CPU)
    torch.testing.assert_close(result, expected, rtol=0, atol=1e-6)
    assert (found.content_at(SCALE).std(dim=0) < 1e-6).all()


def test_style_is_matched_to_the_part_of_the_content_that_it_paints():
    content = Image.new("RGB", (72, 48), (200, 100, 50))
    content.paste((0, 0, 255), (36, 0, 72, 48))
    painting = Image.new("RGB", (40, 80), (90, 90, 90))
    recipe = Recipe(colors=Colors.MATCH)
    style = Style(picture=painting, region=half(72, 48))

    (found,) = Sources.of(content, (style,), recipe, CPU).styles_at(SCALE)

    # A flat style takes the mean colour.
    colour = (255 * found.picture.mean(dim=(1, 2))).tolist()
    assert colour == pytest.approx([200, 100, 50], abs=3)
