"""A run that was broken off goes on as if it had never stopped."""

from __future__ import annotations

import dataclasses
import json

import pytest
import torch
from PIL import Image, ImageDraw
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from stylecore import checkpoints
from stylecore.errors import CheckpointError
from stylecore.origins import network_digest
from stylecore.recipes import Border, Colors, Init, LayerWeight, Optimizer, Recipe
from stylecore.styles import Style
from stylecore.transfer import StyleTransfer

RECIPE = Recipe(
    content_layers=(LayerWeight("conv2_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0), LayerWeight("conv2_1", 1.0)),
    coarsest_edge_px=32,
    init_noise=0.2,
    detail=0.5,
    border=Border.EXTEND,
    first_steps=5,
    last_steps=6,
    history=3,
)
"""Two scales, noise, a canvas that is larger than the picture, a full history."""


@pytest.fixture(scope="module")
def engine():
    return StyleTransfer("untrained", device="cpu")


@pytest.fixture
def content():
    image = Image.new("RGB", (70, 50), (150, 190, 230))
    ImageDraw.Draw(image).rectangle((20, 10, 50, 40), fill=(200, 80, 60))
    return image


@pytest.fixture
def style():
    image = Image.new("RGB", (48, 40), (240, 220, 90))
    ImageDraw.Draw(image).line((0, 0, 47, 39), fill=(30, 40, 120), width=6)
    return image


@pytest.fixture
def run(engine, content, style):
    """Runs with some arguments of its own; returns the iterator of events."""

    def started(recipe=RECIPE, **changes):
        given = {"content": content, "style": style, "edge_px": 64, "seed": 3}
        return engine.run(recipe=recipe, **given | changes)

    return started


def break_off(events, step, path):
    for event in events:
        if event.step == step:
            event.checkpoint().save(path)
            break
    events.close()


@pytest.mark.parametrize("optimizer", list(Optimizer))
@pytest.mark.parametrize("step", [1, 4, 5, 6, 10])
def test_the_picture_is_that_of_an_unbroken_run_bit_for_bit(
    optimizer, step, run, tmp_path
):
    """Within either scale, at the end of the first and at the start of the second."""
    recipe = dataclasses.replace(RECIPE, optimizer=optimizer)
    unbroken = list(run(recipe))
    break_off(run(recipe), step, tmp_path / "c")

    rest = list(run(recipe, resume=checkpoints.load(tmp_path / "c")))

    assert [event.step for event in rest] == list(range(step + 1, 12))
    assert [event.final for event in rest] == [False] * (len(rest) - 1) + [True]
    for event, before in zip(rest, unbroken[step:], strict=True):
        assert torch.equal(event.pixels, before.pixels)
        assert event.losses == before.losses
    assert rest[-1].seconds_left == 0


@pytest.mark.parametrize("colors", [Colors.LUMINANCE, Colors.MATCH])
def test_colours_of_the_content_survive_the_break(colors, run, tmp_path):
    recipe = dataclasses.replace(RECIPE, colors=colors, optimizer=Optimizer.LBFGS)
    unbroken = list(run(recipe))[-1]
    break_off(run(recipe), 3, tmp_path / "c")

    *_, last = run(recipe, resume=checkpoints.load(tmp_path / "c"))

    assert torch.equal(last.pixels, unbroken.pixels)


def test_a_broken_run_can_break_again(run, tmp_path):
    unbroken = list(run())[-1]
    break_off(run(), 2, tmp_path / "c")
    break_off(run(resume=checkpoints.load(tmp_path / "c")), 8, tmp_path / "c")

    *_, last = run(resume=checkpoints.load(tmp_path / "c"))

    assert torch.equal(last.pixels, unbroken.pixels)


def test_a_checkpoint_says_what_it_is_of(run, tmp_path):
    break_off(run(), 7, tmp_path / "c")

    found = checkpoints.load(tmp_path / "c")

    assert (found.scale, found.step) == (2, 7)
    assert found.picture.shape == (3, 46, 64)
    assert found.origin.recipe == RECIPE
    assert (found.origin.width, found.origin.height) == (64, 46)
    assert set(found.origin.pictures) == {"content", "style 1"}
    assert list(tmp_path.iterdir()) == [tmp_path / "c"]


def refusal(events):
    with pytest.raises(CheckpointError) as caught:
        next(events)
    assert str(caught.value).endswith(".")
    return caught.value


def test_another_run_is_refused_with_what_differs(run, content, style, tmp_path):
    break_off(run(), 2, tmp_path / "c")
    resume = checkpoints.load(tmp_path / "c")
    turned = content.transpose(Image.Transpose.ROTATE_180)
    white = Image.new("L", style.size, 255)

    for changes, code, words in (
        ({"recipe": dataclasses.replace(RECIPE, beta=3.0)}, "recipe", "beta was 10.0"),
        ({"recipe": dataclasses.replace(RECIPE, init=Init.NOISE)}, "recipe", "init"),
        ({"edge_px": 48}, "size", "64 × 46 px, this run of 48 × 34 px"),
        ({"content": turned}, "picture", "another picture as content"),
        ({"style": turned}, "picture", "another picture as style 1"),
        ({"style": [style, turned]}, "picture", "another picture as style 2"),
        ({"style": Style(picture=style, mask=white)}, "picture", "mask of style 1"),
        ({"seed": 4}, "seed", "seed 3, this one has 4"),
    ):
        error = refusal(run(resume=resume, **changes))
        assert error.code == code
        assert words in str(error)


def test_layers_that_differ_are_shown_as_they_are_given(run, tmp_path):
    break_off(run(), 2, tmp_path / "c")
    other = dataclasses.replace(RECIPE, style_layers=(LayerWeight("conv1_1", 2.0),))

    error = refusal(run(other, resume=checkpoints.load(tmp_path / "c")))

    assert "style_layers was conv1_1=1,conv2_1=1 and is conv1_1=2 now" in str(error)


def test_other_weights_are_refused(run, content, style, tensors, tmp_path):
    break_off(run(), 2, tmp_path / "c")
    resume = checkpoints.load(tmp_path / "c")
    other = StyleTransfer(tensors, device="cpu")

    error = refusal(
        other.run(content, style, RECIPE, edge_px=64, seed=3, resume=resume)
    )

    assert (error.code, "other weights" in str(error)) == ("weights", True)


def test_networks_are_told_apart_by_any_of_their_biases(tensors):
    changed = dict(tensors)
    changed["features.28.bias"] = tensors["features.28.bias"] + 1e-3

    assert network_digest(tensors) == network_digest(dict(tensors))
    assert network_digest(tensors) != network_digest(changed)


def test_a_finished_picture_cannot_go_on(run, tmp_path):
    break_off(run(), 11, tmp_path / "c")

    error = refusal(run(resume=checkpoints.load(tmp_path / "c")))

    assert (error.code, "is finished" in str(error)) == ("finished", True)


def rewritten(path, change, drop=()):
    """The same file with its facts changed and some tensors left out."""
    with safe_open(path, framework="pt") as file:
        facts = json.loads(file.metadata()["stylecore_checkpoint"])
    change(facts)
    tensors = {n: t for n, t in load_file(path).items() if n not in drop}
    save_file(tensors, path, metadata={"stylecore_checkpoint": json.dumps(facts)})


def test_a_checkpoint_of_another_version_is_refused(run, tmp_path):
    for change in (
        lambda facts: facts.update(version="99.0"),
        # Whose recipes had other fields.
        lambda facts: (facts.update(version="99.0"), facts["recipe"].pop("tv")),
    ):
        break_off(run(), 2, tmp_path / "c")
        rewritten(tmp_path / "c", change)
        with pytest.raises(CheckpointError, match=r"of version 99\.0, this is ") as e:
            next(run(resume=checkpoints.load(tmp_path / "c")))
        assert e.value.code == "version"


def test_damaged_checkpoints_are_refused(run, tmp_path):
    path = tmp_path / "c"
    break_off(run(), 2, path)
    whole = path.read_bytes()

    for data in (b"", b"rubbish", whole[: len(whole) // 2], whole[:-1], b"\xff" * 999):
        path.write_bytes(data)
        with pytest.raises(CheckpointError, match=r"“c” is damaged or no check") as e:
            checkpoints.load(path)
        assert e.value.code == "damaged"


def test_checkpoints_that_lack_something_are_refused(run, tmp_path):
    path = tmp_path / "c"
    for change, drop in (
        (lambda facts: facts.pop("seed"), ()),
        (lambda facts: facts["recipe"].pop("tv"), ()),
        (lambda facts: facts["recipe"].update(tv="much"), ()),
        (lambda facts: None, ("picture",)),
        (lambda facts: None, ("optimizer.numbers",)),
    ):
        break_off(run(), 2, path)
        rewritten(path, change, drop)
        with pytest.raises(CheckpointError) as caught:
            next(run(resume=checkpoints.load(path)))
        assert caught.value.code == "damaged"
    save_file({"x": torch.zeros(1)}, path)
    with pytest.raises(CheckpointError):
        checkpoints.load(path)


def test_a_checkpoint_that_is_not_there_is_said_so(tmp_path):
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(CheckpointError, match="There is no checkpoint") as caught:
            checkpoints.load(path)
        assert caught.value.code == "missing"
