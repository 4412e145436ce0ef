"""What each field of `Recipe` does to the picture that a run paints."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from torch import Tensor

from stylecore.colors import luma
from stylecore.features import weight_names
from stylecore.objective import Objective
from stylecore.pyramid import to_tensor
from stylecore.recipes import (
    Border,
    Colors,
    Init,
    LayerSteps,
    LayerWeight,
    Normalisation,
    Optimizer,
    Pooling,
    Recipe,
    Space,
    Variation,
)
from stylecore.styles import Style, Styles
from stylecore.transfer import Progress, StyleTransfer
from stylecore.untrained import untrained_weights

CPU = torch.device("cpu")
SIZE = (48, 36)
EDGE = 48


def layers(**weights: float) -> tuple[LayerWeight, ...]:
    return tuple(LayerWeight(name, weight) for name, weight in weights.items())


QUICK = Recipe(
    content_layers=layers(conv2_1=1.0),
    style_layers=layers(conv1_1=1.0, conv2_1=1.0),
    optimizer=Optimizer.LBFGS,
    last_steps=12,
)


WEIGHTS = untrained_weights()


@pytest.fixture(scope="module")
def engine() -> StyleTransfer:
    return StyleTransfer(WEIGHTS, device="cpu", dtype=torch.float32)


def house() -> Image.Image:
    image = Image.new("RGB", SIZE, (150, 190, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 24, 48, 36), fill=(90, 140, 60))
    draw.rectangle((15, 12, 33, 28), fill=(200, 80, 60))
    return image


def stripes(side: int = 48, period: int = 8) -> Image.Image:
    image = Image.new("RGB", (side, side), (240, 220, 90))
    draw = ImageDraw.Draw(image)
    for start in range(0, side, period):
        draw.rectangle((start, 0, start + period // 2 - 1, side), fill=(30, 40, 120))
    return image


def flat(*colour: int) -> Image.Image:
    return Image.new("RGB", SIZE, colour)


def half(left: int, right: int) -> Image.Image:
    mask = Image.new("L", SIZE, right)
    mask.paste(left, (0, 0, SIZE[0] // 2, SIZE[1]))
    return mask


RED, BLUE = flat(220, 40, 40), flat(40, 60, 220)


def run(
    engine: StyleTransfer,
    content: Image.Image | None = None,
    style: Styles | None = None,
    *,
    seed: int = 0,
    **changes: Any,
) -> list[Progress]:
    recipe = replace(QUICK, **changes)
    pair = content or house(), style or stripes()
    return list(engine.run(*pair, recipe, edge_px=EDGE, seed=seed))


def painted(engine: StyleTransfer, *pair: Any, **changes: Any) -> Tensor:
    return run(engine, *pair, **changes)[-1].pixels


def start_of(engine: StyleTransfer, *pair: Any, **changes: Any) -> Tensor:
    """The first picture, but for a step that cannot be seen."""
    still = {"optimizer": Optimizer.ADAM, "learning_rate": 1e-6, "last_steps": 1}
    return painted(engine, *pair, **still, **changes)


def tensor(image: Image.Image) -> Tensor:
    return to_tensor(image, SIZE, CPU)


def distance(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().mean())


def roughness(picture: Tensor) -> float:
    return float(picture.diff(dim=2).abs().mean() + picture.diff(dim=1).abs().mean())


def style_error(engine: StyleTransfer, picture: Tensor, layer: str) -> float:
    """How far a layer's Gram is from the stripes'."""
    judge = replace(QUICK, style_layers=(LayerWeight(layer, 1.0),), beta=1.0)
    style = to_tensor(stripes(), (48, 48), CPU)
    found = Objective(engine.features, judge, tensor(house()), style)
    return float(found.evaluate(picture).losses[2])


def test_every_field_has_a_test_of_its_effect_here():
    names = [name for name in globals() if name.startswith("test_")]

    missing = {
        field.name
        for field in fields(Recipe)
        if not any(name.startswith(f"test_{field.name}_") for name in names)
    }
    assert not missing


def test_content_layers_that_are_shallow_keep_more_of_the_pixels(engine):
    found = [
        painted(
            engine,
            content_layers=(LayerWeight(layer, 1.0),),
            beta=0.0,
            init=Init.NOISE,
        )
        for layer in ("conv1_1", "conv4_2")
    ]

    shallow, deep = (distance(picture, tensor(house())) for picture in found)
    assert shallow < 0.6 * deep


def test_style_layers_come_close_to_the_style_if_they_are_named(engine):
    shallow, deep = (
        painted(
            engine, style_layers=(LayerWeight(name, 1.0),), alpha=0.01, last_steps=25
        )
        for name in ("conv1_1", "conv3_1")
    )

    assert style_error(engine, deep, "conv3_1") < 0.5 * style_error(
        engine, shallow, "conv3_1"
    )


def test_blend_mixes_the_styles_by_their_weights(engine):
    reds = [
        float(
            painted(
                engine, flat(128, 128, 128), (RED, BLUE), blend=blend, last_steps=25
            )[0].mean()
        )
        for blend in ((1.0, 0.0), (3.0, 1.0), (1.0, 3.0), (0.0, 1.0))
    ]

    assert reds == sorted(reds, reverse=True)
    assert reds[1] - reds[2] > 0.3


def test_alpha_keeps_more_of_the_content(engine):
    little, much = (
        distance(painted(engine, alpha=alpha), tensor(house()))
        for alpha in (0.1, 100.0)
    )

    assert much < 0.7 * little


def test_beta_comes_closer_to_the_style(engine):
    little, much = (
        style_error(engine, painted(engine, beta=beta), "conv2_1")
        for beta in (0.1, 100.0)
    )

    assert much < 0.7 * little


def test_tv_smooths_the_picture(engine):
    little, much = (roughness(painted(engine, tv=tv)) for tv in (0.0, 300.0))

    assert much < 0.7 * little


def test_variation_as_a_sum_smooths_far_more_than_as_a_mean(engine):
    mean, total = (
        roughness(painted(engine, tv=0.01, variation=kind)) for kind in Variation
    )

    assert total < 0.5 * mean


def test_normalisation_decides_what_an_error_costs(engine):
    one = layers(conv1_1=1.0)
    losses = {
        kind: run(
            engine,
            init=Init.NOISE,
            normalisation=kind,
            content_layers=one,
            style_layers=one,
            optimizer=Optimizer.ADAM,
            last_steps=1,
        )[0].losses
        for kind in (Normalisation.PAPER, Normalisation.JOHNSON)
    }
    paper, johnson = losses[Normalisation.PAPER], losses[Normalisation.JOHNSON]

    # ½Σ against a mean over C·N; Σ/(4C²) against Σ/C⁴; C = 64.
    values = 64 * SIZE[0] * SIZE[1]
    assert paper["content"] / johnson["content"] == pytest.approx(values / 2, rel=1e-4)
    assert paper["style"] / johnson["style"] == pytest.approx(64**2 / 4, rel=1e-4)


def test_normalisation_of_the_presets_is_one_for_a_picture_without_content(engine):
    found = run(
        engine,
        init=Init.GREY,
        content_layers=layers(conv4_2=1.0),
        optimizer=Optimizer.ADAM,
        last_steps=1,
    )

    assert found[0].losses["content"] == pytest.approx(1.0, abs=0.8)


@pytest.mark.parametrize(
    ("pooling", "pool"), [(Pooling.MAX, F.max_pool2d), (Pooling.AVERAGE, F.avg_pool2d)]
)
def test_pooling_is_what_stands_between_the_blocks(engine, pooling, pool):
    recipe = replace(QUICK, pooling=pooling, content_layers=layers(conv1_2=1.0))
    content = tensor(house())
    objective = Objective(engine.features, recipe, content, content)
    kernels, biases = (WEIGHTS[name] for name in weight_names("conv2_1"))

    found = objective.see(content, ["conv1_2", "conv2_1"])

    pooled = pool(found["conv1_2"], 2)
    expected = F.conv2d(pooled, kernels, biases, padding=1).relu()
    torch.testing.assert_close(found["conv2_1"], expected, rtol=1e-4, atol=1e-4)


def test_pooling_reaches_the_painted_picture(engine):
    largest, mean = (painted(engine, pooling=kind) for kind in Pooling)

    assert distance(largest, mean) > 0.005


def test_border_that_goes_on_leaves_no_rim(engine):
    # A flat picture and a flat style of another colour, so that all must move alike.
    zero, extend = (
        painted(engine, flat(90, 120, 160), RED, border=border, alpha=0.1)
        for border in Border
    )

    middle = (slice(None), slice(12, 24), slice(12, 36))
    rims = [
        float((found[:, 0].mean(dim=1) - found[middle].mean(dim=(1, 2))).abs().max())
        for found in (zero, extend)
    ]
    assert rims[1] < 0.01 < 0.02 < rims[0]


def test_colors_of_luma_painting_are_the_contents(engine):
    found = painted(engine, colors=Colors.LUMINANCE, alpha=0.01)
    content = tensor(house())

    chroma, wanted = found - luma(found), content - luma(content)
    # Weakened where it had to be, never turned.
    cosines = F.cosine_similarity(chroma, wanted, dim=0)
    assert cosines[chroma.norm(dim=0) > 0.02].min() > 0.999
    assert float((luma(found) - luma(content)).abs().mean()) > 0.02


def test_colors_that_match_are_nearer_to_the_contents(engine):
    own, match = (
        painted(engine, house(), RED, colors=kind, last_steps=25).mean(dim=(1, 2))
        for kind in (Colors.STYLE, Colors.MATCH)
    )
    wanted = tensor(house()).mean(dim=(1, 2))

    assert distance(match, wanted) < 0.4 * distance(own, wanted)


@pytest.mark.parametrize("colors", list(Colors))
@pytest.mark.parametrize(
    ("content", "style"),
    [
        (house().convert("L").convert("RGB"), stripes()),
        (house(), stripes().convert("L").convert("RGB")),
        (flat(128, 128, 128), flat(128, 128, 128)),
        (flat(255, 0, 0), stripes()),
        (house(), flat(0, 0, 0)),
    ],
)
def test_colors_of_grey_and_flat_pictures_are_numbers(engine, colors, content, style):
    found = run(engine, content, style, colors=colors, last_steps=3)

    assert found[-1].pixels.isfinite().all()


def test_init_is_the_first_picture(engine):
    content = tensor(house())

    torch.testing.assert_close(start_of(engine), content, rtol=0, atol=1e-5)
    assert roughness(start_of(engine, init=Init.NOISE)) > 3 * roughness(content)
    assert roughness(start_of(engine, init=Init.GREY)) < 1e-3
    clouds = start_of(engine, house(), RED, init=Init.STYLE)
    torch.testing.assert_close(clouds, tensor(RED), rtol=0, atol=0.01)


def test_init_of_noise_is_another_for_another_seed(engine):
    one, again, other = (
        painted(engine, init=Init.NOISE, last_steps=2, seed=seed) for seed in (3, 3, 4)
    )

    assert torch.equal(one, again)
    assert distance(one, other) > 0.05


def test_init_noise_lies_over_the_first_picture(engine):
    content = tensor(house())

    steps = [
        distance(start_of(engine, init_noise=share), content)
        for share in (0.1, 0.2, 0.4)
    ]

    assert steps[1] == pytest.approx(2 * steps[0], rel=0.01)
    assert steps[2] == pytest.approx(4 * steps[0], rel=0.01)


def test_style_scale_makes_the_strokes_as_large(engine):
    broad = stripes(192, 64)
    small, large = (
        painted(
            engine,
            house(),
            broad,
            style_scale=scale,
            alpha=0.0,
            init=Init.NOISE,
            last_steps=40,
        )
        for scale in (0.75, 3.0)
    )

    # Stripes of 6 px against 24 px.
    assert roughness(large) < 0.7 * roughness(small)


@pytest.mark.parametrize(
    ("space", "rates"),
    [
        (Space.RGB, (0.01, 0.01, 0.01)),
        (Space.NORMALISED, (0.00229, 0.00224, 0.00225)),
        (Space.CAFFE, (0.01 / 256,) * 3),
    ],
)
def test_space_is_the_unit_of_a_step(engine, space, rates):
    # Adam's first step is as long as its rate, for every number.
    found = painted(
        engine,
        flat(128, 128, 128),
        space=space,
        optimizer=Optimizer.ADAM,
        learning_rate=0.01,
        cosine=False,
        last_steps=1,
    )

    steps = (found - tensor(flat(128, 128, 128))).abs().amax(dim=(1, 2))
    assert steps.tolist() == pytest.approx(rates, rel=0.02)


def test_space_of_rgb_alone_keeps_to_the_range(engine):
    extremes = {
        space: painted(
            engine,
            flat(250, 250, 250),
            space=space,
            init_noise=0.1,
            optimizer=Optimizer.ADAM,
            learning_rate=0.5 if space is not Space.CAFFE else 128.0,
            last_steps=2,
        )
        for space in Space
    }

    rgb = extremes.pop(Space.RGB)
    assert rgb.min() >= 0
    assert rgb.max() <= 1
    assert all(max(x.max() - 1, -x.min()) > 0.05 for x in extremes.values())


def test_optimizer_lbfgs_gets_further_than_adam_in_as_many_steps(engine):
    adam, lbfgs = (
        run(engine, optimizer=kind, init=Init.NOISE, beta=0.0)[-1].losses["total"]
        for kind in (Optimizer.ADAM, Optimizer.LBFGS)
    )

    assert lbfgs < 0.1 * adam


def test_learning_rate_is_how_far_adam_goes(engine):
    steps = [
        distance(
            painted(
                engine,
                optimizer=Optimizer.ADAM,
                learning_rate=rate,
                cosine=False,
                last_steps=1,
            ),
            tensor(house()),
        )
        for rate in (0.001, 0.002)
    ]

    assert steps[1] == pytest.approx(2 * steps[0], rel=0.01)


def test_cosine_lets_the_last_steps_shrink(engine):
    shares = []
    for cosine in (True, False):
        events = run(
            engine,
            optimizer=Optimizer.ADAM,
            learning_rate=0.01,
            cosine=cosine,
            last_steps=12,
        )
        first, second, *_, last_but_one, last = (event.pixels for event in events)
        shares.append(distance(last, last_but_one) / distance(first, second))

    assert shares[0] < 0.1 < 0.3 < shares[1]


def test_history_is_how_many_pairs_are_kept(engine):
    one, many = (
        run(engine, history=pairs, beta=0.0, init=Init.NOISE) for pairs in (1, 20)
    )

    # The third step knows one pair, the twelfth ten; and they pay.
    assert distance(one[2].pixels, many[2].pixels) < 1e-6
    assert many[-1].losses["total"] < 0.9 * one[-1].losses["total"]


def test_smoothing_prefers_large_shapes(engine):
    start = tensor(house())

    ratios = []
    for power in (0.0, 1.0):
        step = painted(engine, smoothing=power, last_steps=2) - start
        ratios.append(roughness(step) / float(step.abs().mean()))

    assert ratios[1] < 0.3 * ratios[0]


def test_coarsest_edge_px_is_where_the_run_begins(engine):
    found = run(engine, stripes(128), coarsest_edge_px=32, first_steps=2, last_steps=2)

    assert (found[0].width, found[0].height) == (32, 32)
    assert (found[-1].width, found[-1].height) == (48, 48)


def test_detail_brings_lines_back_at_the_next_scale(engine):
    content = stripes(64, 8)
    found = []
    for share in (0.0, 1.0):
        recipe = replace(
            QUICK,
            coarsest_edge_px=32,
            first_steps=1,
            last_steps=1,
            detail=share,
            optimizer=Optimizer.ADAM,
            learning_rate=1e-6,
        )
        *_, last = engine.run(content, flat(90, 90, 90), recipe, edge_px=64)
        found.append(distance(last.pixels, to_tensor(content, (64, 64), CPU)))

    assert found[1] < 0.4 * found[0]


def test_first_steps_and_last_steps_are_made_at_their_scales(engine):
    recipe = replace(QUICK, coarsest_edge_px=32, first_steps=5, last_steps=3)

    events = list(engine.run(stripes(64), stripes(), recipe, edge_px=64))

    assert [event.width for event in events] == [32] * 5 + [64] * 3


def test_last_steps_alone_count_at_a_single_scale(engine):
    assert len(run(engine, first_steps=9, last_steps=4)) == 4


def test_cascade_begins_without_the_deep_layers(engine):
    plain, shallow = (
        run(
            engine,
            style_layers=layers(conv1_1=1.0, conv3_1=1.0),
            content_layers=layers(conv1_1=1.0),
            cascade=steps,
            last_steps=4,
        )
        for steps in ((), (LayerSteps("conv2_1", 3),))
    )

    # The first three events know conv1_1 alone, the fourth both.
    assert shallow[0].losses["style"] < 0.7 * plain[0].losses["style"]
    assert shallow[3].losses["style"] > shallow[2].losses["style"]


def test_relaxed_steps_see_a_milder_loss_than_the_plain_ones(engine):
    plain, relaxed = (
        run(engine, relaxed_steps=steps, last_steps=3) for steps in (0, 2)
    )

    assert relaxed[0].losses["style"] < 0.7 * plain[0].losses["style"]
    assert relaxed[2].losses["style"] > relaxed[1].losses["style"]


def test_relaxation_of_almost_everything_changes_nothing(engine):
    firsts = [
        run(engine, relaxed_steps=1, last_steps=2, relaxation=share)[0].losses["style"]
        for share in (0.001, 0.1, 1.0)
    ]

    assert firsts == sorted(firsts)
    assert firsts[0] < 0.7 * firsts[-1]


def test_continued_halves_the_work(engine):
    recipe = replace(QUICK, coarsest_edge_px=32, first_steps=40, last_steps=20)
    again = replace(recipe, continued=True)

    assert again.pixel_steps(96, 64) <= 0.5 * recipe.pixel_steps(96, 64)


# Masks and regions, which are no fields but go with the pictures.


def test_region_is_painted_and_the_rest_kept(engine):
    style = Style(picture=RED, region=half(255, 0))

    found = (painted(engine, house(), style, alpha=0.01) - tensor(house())).abs()

    assert float(found[:, :, :22].mean()) > 0.1
    assert float(found[:, :, 26:].max()) < 1e-6


def test_two_regions_get_a_style_each(engine):
    left, right = half(255, 0), half(0, 255)
    styles = (Style(picture=RED, region=left), Style(picture=BLUE, region=right))

    found = painted(engine, flat(128, 128, 128), styles, alpha=0.01)

    red, _, blue = found[:, :, :20].mean(dim=(1, 2)).tolist()
    assert red > blue + 0.2
    red, _, blue = found[:, :, 28:].mean(dim=(1, 2)).tolist()
    assert blue > red + 0.2


def test_style_is_learnt_where_its_mask_is_white(engine):
    painting = RED.copy()
    painting.paste(BLUE.crop((24, 0, 48, 36)), (24, 0))

    reds = [
        float(
            painted(
                engine,
                flat(128, 128, 128),
                Style(picture=painting, mask=mask),
                last_steps=25,
            )[0].mean()
        )
        for mask in (half(255, 0), None, half(0, 255))
    ]

    assert reds == sorted(reds, reverse=True)
    assert reds[0] - reds[-1] > 0.3


def speck(size: int) -> Image.Image:
    mask = Image.new("L", SIZE)
    mask.paste(255, (30, 20, 30 + size, 20 + size))
    return mask


def ramp() -> Image.Image:
    """Every grey there is, as at the edge of a soft brush."""
    return Image.linear_gradient("L").resize(SIZE)


def rows() -> Image.Image:
    mask = Image.new("L", SIZE)
    mask.paste(255, (0, 16, 48, 17))
    return mask


@pytest.mark.parametrize("mask", [speck(1), speck(3), ramp(), rows(), half(9, 0)])
@pytest.mark.parametrize("normalisation", list(Normalisation))
def test_masks_of_any_kind_give_numbers(engine, mask, normalisation):
    painting = stripes().resize(SIZE)
    style = Style(picture=painting, mask=mask, region=mask)

    found = run(
        engine,
        house(),
        (style, Style(picture=RED, region=half(255, 0))),
        style_layers=Recipe().style_layers,
        normalisation=normalisation,
        border=Border.EXTEND,
        beta=1.0,
        last_steps=2,
    )

    assert found[-1].pixels.isfinite().all()
    assert all(value < 1e30 for value in found[-1].losses.values())


def test_soft_region_changes_the_picture_by_degrees(engine):
    style = Style(picture=RED, region=ramp())

    found = painted(engine, flat(128, 128, 128), style, alpha=1.0, beta=3.0)

    # From black above to white below.
    by_row = (found - 128 / 255).abs().mean(dim=(0, 2))
    upper, middle, lower = (part.mean().item() for part in by_row.split(12))
    assert upper < middle < lower
    assert float(by_row.diff().abs().max()) < 0.5 * float(by_row.max())


@pytest.mark.parametrize("normalisation", list(Normalisation))
@pytest.mark.parametrize("level", [0, 128, 255])
def test_flat_pictures_give_numbers_in_every_normalisation(
    engine, normalisation, level
):
    grey = flat(level, level, level)
    for content, style in ((grey, stripes()), (house(), grey), (grey, grey)):
        found = run(engine, content, style, normalisation=normalisation, last_steps=2)

        assert found[-1].pixels.isfinite().all()
