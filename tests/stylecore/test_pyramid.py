"""Sizes and starts of the coarse-to-fine schedule."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from stylecore.errors import PictureError
from stylecore.pyramid import (
    next_picture,
    on_canvas,
    picture_size,
    style_size,
    to_image,
    to_tensor,
)
from stylecore.recipes import REFERENCE_RECIPES, Border, Recipe, Strength, preset

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("size", "edge_px", "expected"),
    [
        ((800, 600), 400, (400, 300)),
        ((600, 800), 400, (300, 400)),
        ((300, 200), 400, (300, 200)),
        ((2000, 100), 256, (640, 32)),
        ((640, 32), 256, (640, 32)),
    ],
)
def test_sizes_keep_their_shape_never_grow_and_never_become_slivers(
    size, edge_px, expected
):
    assert picture_size(size, edge_px) == expected


def test_picture_too_small_to_be_seen_is_refused_in_a_sentence():
    with pytest.raises(PictureError, match=r"31 × 200 pixels; each side needs .* 32"):
        picture_size((31, 200), 256)


def test_style_keeps_its_own_shape_beside_the_picture():
    recipe = preset(Strength.BALANCED)

    assert style_size(recipe, (1000, 500), (400, 300)) == (400, 200)
    assert style_size(recipe, (100, 50), (400, 300)) == (100, 50)


def test_style_scale_sizes_the_style():
    assert style_size(Recipe(style_scale=0.5), (1000, 500), (400, 300)) == (200, 100)


def test_seed_recipe_stretches_the_style_to_the_picture():
    seed = REFERENCE_RECIPES["seed"]

    assert style_size(seed, (1000, 500), (400, 300)) == (400, 300)


def test_picture_survives_the_way_to_a_tensor_and_back():
    image = Image.new("RGB", (5, 3), (255, 128, 0))
    image.putpixel((4, 0), (1, 2, 3))

    tensor = to_tensor(image, (5, 3), CPU)

    assert tensor.shape == (3, 3, 5)
    assert tensor[:, 0, 4].tolist() == pytest.approx([1 / 255, 2 / 255, 3 / 255])
    assert to_image(tensor).tobytes() == image.tobytes()


def test_values_outside_the_range_are_clipped_in_the_image():
    image = to_image(torch.tensor([-3.0, 0.5, 7.0]).view(3, 1, 1))

    assert image.getpixel((0, 0)) == (0, 128, 255)


def test_next_scale_starts_from_the_last_one_enlarged():
    previous = torch.linspace(0, 1, 20).expand(3, 10, 20)
    content = torch.rand(3, 20, 40)

    start = next_picture(previous, content)

    assert start.shape == content.shape
    assert start.min() >= 0
    assert start.max() <= 1
    means = torch.nn.functional.avg_pool2d(start, 2)
    torch.testing.assert_close(means, previous, atol=0.01, rtol=0)


def test_detail_brings_back_what_the_coarser_scale_could_not_show():
    content = torch.rand(3, 20, 40)
    coarse = torch.nn.functional.avg_pool2d(content, 2)

    errors = [
        (next_picture(coarse, content, detail) - content).abs().mean()
        for detail in (0.0, 0.5, 1.0)
    ]

    assert errors[0] > 1.9 * errors[1] > 0
    assert errors[2] < 1e-6


def test_what_the_content_does_not_add_to_a_scale_comes_from_the_start():
    content, start = torch.rand(3, 20, 40), torch.rand(3, 20, 40)
    coarse = torch.nn.functional.avg_pool2d(start, 2)

    starts, half, contents = (
        next_picture(coarse, content, detail, start) for detail in (0.0, 0.5, 1.0)
    )

    assert (starts - start).abs().max() < 1e-6
    assert torch.equal(contents, next_picture(coarse, content, 1.0))
    inside = (contents > 0) & (contents < 1) & (half > 0) & (half < 1)
    mean = (starts + contents) / 2
    torch.testing.assert_close(half[inside], mean[inside])


def test_canvas_goes_on_to_multiples_of_16_with_the_last_row_and_column():
    picture = torch.arange(3 * 17 * 30, dtype=torch.float32).view(3, 17, 30)

    canvas = on_canvas(picture, Border.EXTEND)

    assert canvas.shape == (3, 32, 32)
    assert torch.equal(canvas[:, :17, :30], picture)
    assert torch.equal(canvas[:, 17:, :30], picture[:, -1:].expand(3, 15, 30))
    assert torch.equal(canvas[:, :17, 30:], picture[:, :, -1:].expand(3, 17, 2))


def test_canvas_is_the_picture_itself_where_borders_are_zero():
    picture = torch.rand(3, 17, 30)

    assert on_canvas(picture, Border.ZERO) is picture
