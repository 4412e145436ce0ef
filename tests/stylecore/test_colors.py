"""The content's colours in the result, by values worked out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from stylecore.colors import (
    color_statistics,
    content_to_paint,
    even,
    grey,
    luma,
    matched,
    matching,
    style_to_learn,
    with_chroma,
)
from stylecore.recipes import Colors


def picture(seed: int, height: int = 20, width: int = 30) -> Tensor:
    """Correlated colours, as a photo has them."""
    generator = torch.Generator().manual_seed(seed)
    white = torch.rand(3, height, width, generator=generator, dtype=torch.float64)
    mixing = torch.rand(3, 3, generator=generator, dtype=torch.float64)
    return torch.einsum("ij,jhw->ihw", mixing / mixing.sum(dim=1), white)


def flat(*colour: float) -> Tensor:
    return torch.tensor(colour, dtype=torch.float64).view(3, 1, 1).repeat(1, 6, 8)


def test_statistics_of_three_pixels():
    # Red 0, 3, 6 and green 1, 1, 4.
    pixels = torch.tensor([[[0.0, 3.0, 6.0]], [[1.0, 1.0, 4.0]]])

    mean, covariance = color_statistics(pixels)

    assert mean.tolist() == [3.0, 2.0]
    assert covariance.tolist() == pytest.approx(torch.tensor([[6.0, 3], [3, 2]]))


def test_statistics_count_each_pixel_as_much_as_its_mask():
    pixels = torch.tensor([[[0.0, 3.0, 900.0]]])

    mean, covariance = color_statistics(pixels, torch.tensor([[1.0, 0.5, 0.0]]))

    assert mean.tolist() == [1.0]
    # (1·1 + ½·4) / 1½
    assert covariance.tolist() == [[2.0]]


def test_statistics_of_many_rows_are_those_of_one_piece():
    pixels = picture(1, height=200, width=7)

    mean, covariance = color_statistics(pixels)

    torch.testing.assert_close(mean, pixels.mean(dim=(1, 2)))
    expected = torch.cov(pixels.flatten(1), correction=0)
    torch.testing.assert_close(covariance, expected)


def test_matched_style_has_the_contents_mean_and_covariance():
    style, content = 0.2 + 0.5 * picture(1), picture(2, 11, 17)

    mean, covariance = color_statistics(matched(style, content))

    wanted_mean, wanted = color_statistics(content)
    torch.testing.assert_close(mean, wanted_mean, rtol=0, atol=1e-12)
    # Not exact, for the little that is added to the style's covariance.
    torch.testing.assert_close(covariance, wanted, rtol=0.01, atol=3e-5)


def test_matching_is_symmetric_and_without_negative_values():
    matrix = matching(color_statistics(picture(1))[1], color_statistics(picture(2))[1])

    torch.testing.assert_close(matrix, matrix.T, rtol=0, atol=1e-12)
    assert torch.linalg.eigvalsh(matrix).min() > 0


def test_matching_for_known_variances():
    # Diagonal covariances: the ratios of the deviations, ε = 3e-5 apart.
    own, wanted = torch.tensor([0.04 - 3e-5, 0.01 - 3e-5]), torch.tensor([0.01, 0.09])

    matrix = matching(torch.diag(own).double(), torch.diag(wanted).double())

    expected = torch.diag(torch.tensor([0.5, 3.0], dtype=torch.float64))
    torch.testing.assert_close(matrix, expected, rtol=1e-5, atol=1e-9)


def test_equal_pictures_match_already():
    style = picture(1)

    torch.testing.assert_close(matched(style, style), style, rtol=0, atol=0.02)


@pytest.mark.parametrize("kind", [Colors.MATCH, Colors.LUMINANCE])
@pytest.mark.parametrize("style", [picture(1), grey(picture(1)), flat(0.2, 0.4, 0.9)])
@pytest.mark.parametrize("content", [picture(2), grey(picture(2)), flat(1, 0, 0)])
def test_grey_and_flat_pictures_give_colours_that_exist(kind, style, content):
    found = style_to_learn(kind, style.float(), content.float())

    assert found.isfinite().all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_grey_content_makes_any_style_grey():
    found = matched(picture(1), grey(picture(2)))

    assert (found - found.mean(dim=0)).abs().max() < 1e-6


def test_flat_style_becomes_the_contents_mean_colour():
    content = picture(2)

    found = matched(flat(0.2, 0.4, 0.9), content)

    expected = content.mean(dim=(1, 2))[:, None, None].expand_as(found)
    torch.testing.assert_close(found, expected)


def test_grain_of_a_grey_style_is_not_blown_up_into_colours():
    # Rounding to 8 bits: a variance of 1 / (12·255²) along each axis.
    grain = torch.eye(3, dtype=torch.float64) / (12 * 255**2)
    content = torch.eye(3, dtype=torch.float64) * 0.02

    matrix = matching(grain, content)

    assert (matrix @ grain @ matrix).trace() < 0.05 * content.trace()


def test_luma_style_has_the_contents_luma_mean_and_deviation_and_no_colour():
    style, content = picture(1), 0.3 + 0.3 * picture(2)

    found = style_to_learn(Colors.LUMINANCE, style, content)

    assert (found == found[:1]).all()
    wanted = luma(content)
    assert found[0].mean().item() == pytest.approx(wanted.mean().item(), abs=1e-6)
    deviation = wanted.std(correction=0).item()
    assert found[0].std(correction=0).item() == pytest.approx(deviation, rel=0.01)


def test_masked_parts_are_matched_to_each_other():
    style, content = picture(1, 8, 8), picture(2, 8, 8)
    left = torch.zeros(8, 8)
    left[:, :4] = 1
    spoilt_style, spoilt = style.clone(), content.clone()
    spoilt_style[:, :, 4:], spoilt[:, :, 4:] = 0.9, 0.1

    whole = matched(style[:, :, :4], content[:, :, :4])
    masked = matched(spoilt_style, spoilt, left, left)

    torch.testing.assert_close(masked[:, :, :4], whole)


def test_colours_are_the_styles_unless_asked_for():
    style, content = picture(1), picture(2)

    assert style_to_learn(Colors.STYLE, style, content) is style
    assert content_to_paint(Colors.MATCH, content) is content
    assert content_to_paint(Colors.STYLE, content) is content


def test_content_is_painted_in_grey_where_only_luma_is():
    content = flat(1.0, 0.5, 0.0)

    found = content_to_paint(Colors.LUMINANCE, content)

    assert found.flatten().tolist() == pytest.approx([0.299 + 0.2935] * 144)


def test_result_has_the_painted_luma_and_the_contents_chroma():
    content = 0.4 + 0.2 * picture(2)
    lumas = 0.4 + 0.2 * luma(picture(3))

    found = with_chroma(lumas, content)

    torch.testing.assert_close(luma(found), lumas)
    torch.testing.assert_close(found - luma(found), content - luma(content))


@pytest.mark.parametrize("painted", [-0.3, 0.0, 0.05, 0.5, 0.95, 1.0, 1.7])
def test_colours_that_do_not_exist_keep_luma_and_hue(painted):
    content = picture(2)
    lumas = torch.full_like(luma(content), painted)

    found = with_chroma(lumas, content)

    assert found.min() >= 0
    assert found.max() <= 1
    torch.testing.assert_close(
        luma(found), lumas.clamp(0, 1), rtol=0, atol=1e-6, check_dtype=False
    )
    chroma, wanted = found - luma(found), content - luma(content)
    # The same direction: one is a multiple of the other.
    products = (chroma * wanted).sum(dim=0)
    torch.testing.assert_close(
        products, chroma.norm(dim=0) * wanted.norm(dim=0), rtol=0, atol=1e-6
    )


def test_painting_in_grey_moves_all_channels_alike():
    numbers = picture(1).requires_grad_()

    even(numbers).sum().backward()

    assert numbers.grad is not None
    assert (numbers.grad == 1).all()
