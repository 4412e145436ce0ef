"""The loop: events, cancelling, determinism, and four strengths in their order."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from stylecore.errors import CheckpointError, DivergedError, PictureError
from stylecore.objective import Objective
from stylecore.pyramid import to_tensor
from stylecore.recipes import LayerWeight, Optimizer, Recipe, Scale, Strength, preset
from stylecore.transfer import Progress, StyleTransfer
from stylecore.untrained import untrained_weights


@pytest.fixture(scope="module")
def engine() -> StyleTransfer:
    return StyleTransfer(weights="untrained", device="cpu")


def house(width: int = 96, height: int = 64) -> Image.Image:
    image = Image.new("RGB", (width, height), (150, 190, 230))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(90, 140, 60))
    draw.rectangle((30, 24, 66, 52), fill=(200, 80, 60))
    draw.polygon([(26, 24), (70, 24), (48, 8)], fill=(70, 50, 50))
    return image


def stripes(width: int = 80, height: int = 80) -> Image.Image:
    image = Image.new("RGB", (width, height), (240, 220, 90))
    draw = ImageDraw.Draw(image)
    for start in range(-height, width, 12):
        draw.line((start, 0, start + height, height), fill=(30, 40, 120), width=5)
    return image


SHALLOW = Recipe(
    content_layers=(LayerWeight("conv2_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0), LayerWeight("conv2_1", 1.0)),
    coarsest_edge_px=48,
    first_steps=4,
    last_steps=3,
)
"""Everything the loop does, at a fraction of the network's cost."""


def paint(engine: StyleTransfer, recipe: Recipe, seed: int = 0) -> list[Progress]:
    return list(engine.run(house(), stripes(), recipe, edge_px=96, seed=seed))


def test_events_count_the_steps_and_only_the_last_is_final(engine):
    events = paint(engine, SHALLOW)

    assert [event.step for event in events] == list(range(1, 8))
    assert {event.total for event in events} == {7}
    assert [event.final for event in events] == [False] * 6 + [True]
    assert [(e.width, e.height) for e in events] == [(48, 32)] * 4 + [(96, 64)] * 3
    assert [(e.scale, e.scales) for e in events] == [(1, 2)] * 4 + [(2, 2)] * 3


def test_picture_is_available_at_every_step_and_does_not_change_later(engine):
    events = engine.run(house(), stripes(), SHALLOW, edge_px=96)
    first = next(events)
    before = first.picture()

    last = list(events)[-1]

    assert before.size == (48, 32)
    assert first.picture().tobytes() == before.tobytes()
    assert last.picture().size == (96, 64)
    assert last.picture().mode == "RGB"


def test_time_left_falls_to_zero(engine):
    left = [event.seconds_left for event in paint(engine, SHALLOW)]

    assert all(math.isfinite(seconds) and seconds > 0 for seconds in left[:-1])
    assert left[-1] == 0


def test_losses_are_named_and_add_up(engine):
    last = paint(engine, SHALLOW)[-1].losses

    assert set(last) == {"total", "content", "style", "tv"}
    assert last["total"] == pytest.approx(last["content"] + last["style"] + last["tv"])


@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_same_seed_gives_the_same_picture_to_the_last_bit(engine, optimizer):
    recipe = dataclasses.replace(SHALLOW, init_noise=0.2, optimizer=optimizer)

    first, again, other = (paint(engine, recipe, seed)[-1].pixels for seed in (1, 1, 2))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_closing_stops_within_one_step(engine, monkeypatch):
    evaluations = []
    evaluate = Objective.evaluate

    def counted(self, numbers):
        evaluations.append(1)
        return evaluate(self, numbers)

    monkeypatch.setattr(Objective, "evaluate", counted)
    events = engine.run(house(), stripes(), SHALLOW, edge_px=96)
    for _ in range(3):
        next(events)

    events.close()

    assert len(evaluations) == 3
    assert list(events) == []


def test_small_content_is_not_enlarged(engine):
    last = list(engine.run(house(), stripes(), SHALLOW, edge_px=4000))[-1]

    assert last.picture().size == (96, 64)


def test_elongated_pictures_are_painted(engine):
    ribbon = Image.new("RGB", (640, 32), (200, 30, 30))
    tower = Image.new("RGB", (32, 640), (30, 30, 200))
    recipe = Recipe(coarsest_edge_px=64, first_steps=1, last_steps=1)

    last = list(engine.run(ribbon, tower, recipe, edge_px=64))[-1]

    assert last.picture().size == (640, 32)
    assert math.isfinite(last.losses["total"])


def test_picture_below_the_smallest_side_is_refused(engine):
    with pytest.raises(PictureError, match="at least 32"):
        list(engine.run(house(31, 64), stripes(), SHALLOW, edge_px=96))


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (124, 116, 104)])
def test_flat_pictures_do_not_break_anything(engine, colour):
    flat = Image.new("RGB", (64, 48), colour)
    recipe = dataclasses.replace(
        preset(Strength.WILD), coarsest_edge_px=None, last_steps=3
    )

    for content, style in ((flat, stripes()), (house(), flat), (flat, flat)):
        last = list(engine.run(content, style, recipe, edge_px=64))[-1]
        assert last.pixels.isfinite().all()


def test_overflow_is_an_error_of_its_own():
    weights = untrained_weights()
    weights["features.0.bias"][7] = math.inf
    broken = StyleTransfer(weights, device="cpu")

    with pytest.raises(DivergedError):
        next(broken.run(house(), stripes(), SHALLOW, edge_px=96))


def test_style_moves_the_picture_towards_the_style(engine):
    recipe = dataclasses.replace(
        SHALLOW, alpha=0.1, last_steps=30, first_steps=30, optimizer=Optimizer.LBFGS
    )

    events = paint(engine, recipe)

    assert events[29].losses["total"] < 0.5 * events[0].losses["total"]
    assert events[-1].losses["total"] < events[30].losses["total"]


def test_stronger_presets_keep_less_content_and_miss_less_style(engine):
    found = []
    for strength in Strength:
        recipe = dataclasses.replace(
            preset(strength), coarsest_edge_px=48, first_steps=40, last_steps=15
        )
        losses = paint(engine, recipe)[-1].losses
        found.append((losses["content"] / recipe.alpha, losses["style"] / recipe.beta))
    contents, styles = zip(*found, strict=True)

    assert list(contents) == sorted(contents)
    assert list(styles) == sorted(styles, reverse=True)
    # Clearly, not by a hair.
    assert all(b > 1.15 * a for a, b in pairwise(contents))


def test_schedule_is_the_recipes(engine):
    events = paint(engine, SHALLOW)
    made = [Scale(e.width, e.height, 1) for e in events]

    expected = [
        s._replace(steps=1) for s in SHALLOW.scales(96, 64) for _ in [0] * s.steps
    ]
    assert made == expected


def thumbnail(event: Progress) -> list[tuple[int, ...]]:
    """The mean colours of a picture's 3 × 2 parts: what the golden below records."""
    small = event.picture().resize((3, 2), Image.Resampling.BOX)
    return [tuple(colour) for row in np.asarray(small).tolist() for colour in row]


GOLDEN = {
    Optimizer.ADAM: [
        *((151, 185, 210), (137, 121, 127), (151, 183, 209)),
        *((113, 152, 105), (164, 103, 54), (115, 151, 102)),
    ],
    Optimizer.LBFGS: [
        *((168, 192, 179), (146, 135, 112), (172, 195, 178)),
        *((127, 162, 76), (175, 118, 50), (133, 164, 74)),
    ],
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_loop_paints_what_it_always_painted(optimizer, dtype):
    # After a change that is meant to alter pictures, the failure shows the new values.
    engine = StyleTransfer("untrained", device="cpu", dtype=dtype)
    recipe = dataclasses.replace(SHALLOW, optimizer=optimizer, beta=30.0, detail=0.5)

    found = thumbnail(paint(engine, recipe)[-1])

    assert np.asarray(found) == pytest.approx(np.asarray(GOLDEN[optimizer]), abs=3)


def paint_from(engine, recipe: Recipe, start: Image.Image | None) -> list[Progress]:
    return list(engine.run(house(), stripes(), recipe, edge_px=96, start=start))


def test_a_run_starts_from_the_picture_given_at_any_size(engine):
    # Steps too small to move anything show where they began.
    still = dataclasses.replace(
        SHALLOW, optimizer=Optimizer.ADAM, learning_rate=1e-6, last_steps=1
    )
    turned = house().transpose(Image.Transpose.ROTATE_180)

    for start in (turned, turned.resize((960, 640)), turned.resize((48, 32))):
        last = paint_from(engine, still, start)[-1].pixels
        expected = to_tensor(start, (96, 64), torch.device("cpu"))
        assert (last - expected).abs().mean() < 0.03

    without = paint_from(engine, still, None)[-1].pixels
    assert (without - to_tensor(turned, (96, 64), without.device)).abs().mean() > 0.1


def test_another_strength_of_a_picture_takes_half_the_work_and_is_as_good(engine):
    weak = dataclasses.replace(
        SHALLOW,
        beta=40.0,
        optimizer=Optimizer.LBFGS,
        first_steps=30,
        last_steps=18,
    )
    strong = dataclasses.replace(weak, beta=100.0)
    again = dataclasses.replace(strong, continued=True)
    finished = paint_from(engine, weak, None)[-1].picture()
    before = finished.tobytes()

    cold = paint_from(engine, strong, None)
    warm = paint_from(engine, again, finished)

    work = [sum(e.width * e.height for e in events) for events in (cold, warm)]
    assert work[1] <= work[0] / 2
    assert len(warm) == again.total_steps(96, 64) == warm[0].total
    assert warm[-1].losses["total"] < 1.1 * cold[-1].losses["total"]
    from_content = paint_from(engine, again, None)
    assert warm[-1].losses["total"] < from_content[-1].losses["total"]
    assert finished.tobytes() == before


def test_a_checkpoint_goes_on_only_with_the_start_it_had(engine):
    start = house().transpose(Image.Transpose.ROTATE_180)
    events = engine.run(house(), stripes(), SHALLOW, edge_px=96, start=start)
    saved = next(events).checkpoint()

    def go_on(start: Image.Image | None) -> Progress:
        *_, last = engine.run(
            house(), stripes(), SHALLOW, edge_px=96, start=start, resume=saved
        )
        assert isinstance(last, Progress)
        return last

    assert torch.equal(go_on(start).pixels, list(events)[-1].pixels)
    for other in (None, house()):
        with pytest.raises(CheckpointError, match="start"):
            go_on(other)


def test_measured_rate_is_of_the_order_of_a_real_run(engine):
    rate = engine.measure()

    assert 1e-9 < rate < 1e-3


def test_a_picture_of_odd_sides_has_no_rim(engine):
    # The canvas is wider than the picture; what is cut off must not show.
    recipe = dataclasses.replace(preset(Strength.BALANCED), coarsest_edge_px=None)
    flat = Image.new("RGB", (75, 53), (90, 120, 160))
    recipe = dataclasses.replace(recipe, last_steps=6)

    last = list(engine.run(flat, flat, recipe, edge_px=75))[-1]

    assert last.picture().size == (75, 53)
    rows = last.pixels.mean(dim=(0, 2))
    assert (rows[-3:] - rows[:-3].mean()).abs().max() < 0.02
