"""The first picture of a run."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stylecore.colors import color_statistics
from stylecore.features import IMAGENET_MEAN
from stylecore.inits import first_picture
from stylecore.recipes import Colors, Init, Recipe
from stylecore.targets import StylePixels


def picture(seed: int, height: int = 48, width: int = 64) -> Tensor:
    """Colours around the middle, so that none of their kin is cut off."""
    generator = torch.Generator().manual_seed(seed)
    white = torch.rand(3, height, width, generator=generator)
    mixing = torch.rand(3, 3, generator=generator)
    mixed = torch.einsum("ij,jhw->ihw", mixing, white)
    return 0.3 + 0.3 * (mixed - mixed.min()) / (mixed.max() - mixed.min())


CONTENT = picture(1)
STYLE = StylePixels(picture=picture(2))


def first(seed: int = 0, start: Tensor | None = None, **fields: object) -> Tensor:
    recipe = Recipe(**fields)  # type: ignore[arg-type]  # what the test asks for
    return first_picture(recipe, CONTENT, (STYLE,), seed, start)


def roughness(picture: Tensor) -> float:
    """The deviation of neighbours' differences over that of the picture."""
    return float(picture.diff(dim=2).std() / picture.std())


def test_content_is_the_default():
    assert torch.equal(first(), CONTENT)


def test_noise_is_white_and_fills_the_range():
    found = first(init=Init.NOISE)

    assert found.shape == CONTENT.shape
    assert found.mean().item() == pytest.approx(0.5, abs=0.02)
    assert found.std().item() == pytest.approx(12**-0.5, abs=0.01)
    # √2 for values that do not depend on each other.
    assert roughness(found) == pytest.approx(2**0.5, abs=0.05)


def test_grey_is_the_mean_colour_and_hardly_noise():
    found = first(init=Init.GREY)

    means = found.mean(dim=(1, 2)).tolist()
    assert means == pytest.approx(IMAGENET_MEAN, abs=1e-5)
    deviation = (found - found.mean(dim=(1, 2), keepdim=True)).std()
    assert float(deviation) == pytest.approx(0.001 / 256, rel=0.1)


def test_style_init_has_the_styles_colours_and_is_smooth():
    found = first(init=Init.STYLE)

    mean, covariance = color_statistics(found)
    wanted_mean, wanted = color_statistics(STYLE.picture)
    torch.testing.assert_close(mean, wanted_mean, rtol=0, atol=0.005)
    torch.testing.assert_close(covariance, wanted, rtol=0.1, atol=2e-4)
    assert roughness(found) < 0.4


def test_style_init_follows_the_blend():
    black, white = (StylePixels(picture=torch.full((3, 9, 9), x)) for x in (0.0, 1.0))
    recipe = Recipe(init=Init.STYLE, blend=(3.0, 1.0))

    found = first_picture(recipe, CONTENT, (black, white), seed=0)

    torch.testing.assert_close(found, torch.full_like(found, 0.25), rtol=0, atol=1e-5)


def test_style_init_keeps_to_the_regions():
    left = torch.zeros(48, 64)
    left[:, :20] = 1.0
    right = torch.zeros(48, 64)
    right[:, 40:] = 1.0
    black = StylePixels(picture=torch.zeros(3, 9, 9), region=left)
    white = StylePixels(picture=torch.ones(3, 9, 9), region=right)

    found = first_picture(Recipe(init=Init.STYLE), CONTENT, (black, white), seed=0)

    assert found[:, :, :20].max() < 1e-5
    assert found[:, :, 40:].min() > 1 - 1e-5
    torch.testing.assert_close(found[:, :, 20:40], CONTENT[:, :, 20:40])


@pytest.mark.parametrize("style", [torch.full((3, 9, 9), 0.5), picture(3)[:1]])
def test_style_init_of_grey_styles_is_finite(style):
    recipe = Recipe(init=Init.STYLE)
    pixels = StylePixels(picture=style.expand(3, -1, -1))

    found = first_picture(recipe, CONTENT, (pixels,), seed=0)

    assert found.isfinite().all()
    assert (found - found.mean(dim=0)).abs().max() < 1e-4


def test_given_picture_takes_the_place_of_any_init():
    start = picture(5)

    for init in Init:
        assert torch.equal(first(start=start, init=init), start)


@pytest.mark.parametrize("init", list(Init))
def test_share_of_noise_lies_over_any_init(init):
    plain, noisy = first(init=init), first(init=init, init_noise=0.25)

    if init is not Init.NOISE:
        assert roughness(noisy) > roughness(plain)
    torch.testing.assert_close(
        noisy.mean(), 0.75 * plain.mean() + 0.25 * 0.5, rtol=0, atol=0.01
    )


@pytest.mark.parametrize("init", [Init.NOISE, Init.STYLE, Init.GREY])
def test_chance_is_the_same_for_the_same_seed_only(init):
    one, again, other = (first(seed, init=init) for seed in (1, 1, 2))

    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.parametrize("init", list(Init))
def test_painting_of_luma_begins_in_grey(init):
    found = first(init=init, init_noise=0.1, colors=Colors.LUMINANCE)

    assert (found == found[:1]).all()
