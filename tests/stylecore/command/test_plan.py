"""Everything between files and the engine, as `stylecore transfer` does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from stylecore import checkpoints, images
from stylecore.command import plan
from stylecore.command.outputs import Output

SHALLOW = (
    *("--device", "cpu", "--edge", "96", "--coarsest-edge-px", "48"),
    *("--content-layers", "conv2_1=1", "--style-layers", "conv1_1=1,conv2_1=1"),
)
"""Two scales, and hardly any network."""


@pytest.fixture
def painted(run, pair, tmp_path):
    """Paints with a shallow network; returns the pixels of `o.png`."""

    def paint(*arguments, styles=pair[1:], first=2, last=3):
        output = tmp_path / "o.png"
        steps = ("--first-steps", first, "--last-steps", last)
        command = ("transfer", pair[0], *styles, "-o", output, *SHALLOW, *steps)
        result = run(*command, *arguments)
        assert result.exit_code == 0, result.output
        return np.asarray(images.load(output), int)

    return paint


@pytest.fixture
def refused(run, pair, tmp_path):
    """The sentence that refuses; nothing is written."""

    def refuse(*arguments, styles=pair[1:], content=pair[0], status=2):
        before = sorted(tmp_path.iterdir())
        command = ("transfer", content, *styles, "-o", tmp_path / "o.png", *SHALLOW)
        result = run(*command, "--last-steps", 1, *arguments)
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        assert result.stdout == ""
        assert sorted(tmp_path.iterdir()) == before
        sentence = " ".join(result.stderr.split())
        assert sentence.endswith(".")
        return sentence

    return refuse


def plain_file(path, colour, size=(64, 64), mode="RGB"):
    Image.new(mode, size, colour).save(path)
    return path


def levels(path):
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        assert frame.format.components[0].bits == 16
        return len(np.unique(frame.to_ndarray(format="rgb48le")))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_hold_more_levels_than_eight_could(suffix, run, pair, tmp_path):
    output = tmp_path / f"o{suffix}"

    result = run(
        *("transfer", *pair, "-o", output, *SHALLOW, "--last-steps", 2),
        *("--depth", 16, "--save-every", 4, "--first-steps", 4),
    )

    assert result.exit_code == 0, result.output
    assert levels(output) > 2000
    assert levels(tmp_path / f"o.00004{suffix}") > 300


def test_sixteen_bits_as_jpeg_are_refused(refused, tmp_path):
    sentence = refused("--depth", "16", "-o", tmp_path / "o.jpg")

    assert "“o.jpg” with 16 bits must end in one of .png, .tif, .tiff." in sentence


@pytest.mark.parametrize("depth", [8, 16])
def test_the_profile_of_the_content_is_carried_through(
    depth, run, pair, tmp_path, wide_gamut
):
    """Nothing is learned from a style of the same picture, so nothing may change."""
    with Image.open(pair[0]) as image:
        image.save(pair[0], icc_profile=wide_gamut)
    output = tmp_path / "o.png"
    command = [
        *("transfer", pair[0], pair[0], "-o", output, *SHALLOW, "--beta", 0),
        *("--tv", 0, "--first-steps", 1, "--last-steps", 1, "--depth", depth),
    ]

    converted = run(*command, "--profile", "srgb")
    with Image.open(output) as image:
        assert "icc_profile" not in image.info
        in_srgb = np.asarray(image, int)
    own = run(*command)

    assert (own.exit_code, converted.exit_code) == (0, 0)
    with Image.open(output) as image, Image.open(pair[0]) as content:
        assert image.info["icc_profile"] == wide_gamut
        kept, before = np.asarray(image, int), np.asarray(content, int)
    assert np.abs(kept - before).mean() < 3
    assert np.abs(in_srgb - before).mean() > 6
    assert np.abs(in_srgb - np.asarray(images.load(pair[0]), int)).mean() < 3


def test_pictures_are_kept_every_so_many_steps(painted, tmp_path):
    painted("--save-every", 2, first=4, last=4)

    kept = sorted(path.name for path in tmp_path.glob("o.*.png"))
    assert kept == ["o.00002.png", "o.00004.png", "o.00006.png"]
    loose = images.Limits(min_side_px=1)
    sizes = [images.load(tmp_path / name, loose).width for name in kept]
    assert sizes == [48, 48, 96]


def test_kept_pictures_may_not_overwrite_the_originals(refused, pair, tmp_path):
    pair[0].rename(tmp_path / "o.00002.png")

    sentence = refused("--save-every", 2, content=tmp_path / "o.00002.png")

    assert "--save-every keeps would overwrite something else" in sentence


def test_a_picture_kept_on_a_full_disk_does_not_cost_the_painting(
    painted, tmp_path, monkeypatch, capsys
):
    write = Output.write

    def fails_in_between(self, pixels):
        if self.path.name != "o.png":
            raise OSError(28, "No space left on device")
        write(self, pixels)

    monkeypatch.setattr(Output, "write", fails_in_between)

    assert painted("--save-every", 2).shape == (64, 96, 3)


def test_blending_weighs_several_styles(painted, tmp_path):
    red = plain_file(tmp_path / "red.png", (230, 20, 20))
    blue = plain_file(tmp_path / "blue.png", (20, 20, 230))
    both = {"styles": (red, blue), "last": 12}
    strong = ("--beta", 1000)

    redder = painted(*strong, "--blend", "9,1", **both).mean(axis=(0, 1))
    bluer = painted(*strong, "--blend", "1,9", **both).mean(axis=(0, 1))

    assert redder[0] - redder[2] > 10 + bluer[0] - bluer[2]


def test_a_region_keeps_a_style_on_its_side(painted, pair, tmp_path):
    red = plain_file(tmp_path / "red.png", (230, 20, 20))
    blue = plain_file(tmp_path / "blue.png", (20, 20, 230))
    left = Image.new("L", (96, 64))
    left.paste(255, (0, 0, 48, 64))
    left.save(tmp_path / "left.png")
    left.point(lambda level: 255 - level).save(tmp_path / "right.png")
    regions = ("--region", tmp_path / "left.png", "--region", tmp_path / "right.png")

    found = painted(
        *("--beta", 1000, "--alpha", 0.01), *regions, styles=(red, blue), last=20
    )

    sides = found[:, :24].mean(axis=(0, 1)), found[:, -24:].mean(axis=(0, 1))
    assert sides[0][0] - sides[0][2] > 20 + sides[1][0] - sides[1][2]


def test_a_mask_hides_a_part_of_the_style(painted, tmp_path):
    style = Image.new("RGB", (64, 64), (230, 20, 20))
    style.paste((20, 20, 230), (32, 0, 64, 64))
    style.save(tmp_path / "halves.png")
    mask = Image.new("L", (64, 64))
    mask.paste(255, (36, 0, 64, 64))
    mask.save(tmp_path / "mask.png")
    given = {"styles": (tmp_path / "halves.png",), "last": 12}
    plain = ("--beta", 1000)

    masked = painted(*plain, "--style-mask", tmp_path / "mask.png", **given)
    none = painted(*plain, "--style-mask", "-", **given)

    assert masked[..., 2].mean() > none[..., 2].mean() + 5
    assert np.array_equal(none, painted(*plain, **given))


def test_masks_of_the_wrong_size_are_refused_with_both_sizes(refused, tmp_path):
    mask = plain_file(tmp_path / "mask.png", 255, (50, 40), "L")

    style, content = refused("--style-mask", mask), refused("--region", mask)

    assert "50 × 40 pixels but the style is 90 × 70" in style
    assert "50 × 40 pixels but the content is 96 × 64" in content


def test_a_region_is_of_the_photos_size_however_small_one_paints(painted, tmp_path):
    white = plain_file(tmp_path / "white.png", 255, (96, 64), "L")

    assert painted("--region", white, "--edge", 48).shape == (32, 48, 3)


def test_more_masks_than_styles_are_refused(refused):
    sentence = refused("--region", "-", "--region", "-")

    assert "--region is given 2 times, but there is 1 style; give it at" in sentence


def test_a_blend_of_another_length_is_refused(refused):
    assert "The blend has 3 weights for 1 styles" in refused("--blend", "1,2,3")


def test_a_given_start_is_where_the_painting_begins(painted, tmp_path):
    green = plain_file(tmp_path / "green.png", (0, 255, 0), (96, 64))
    still = ("--recipe", "seed", "--learning-rate", "1e-6")

    begun = painted(*still, "--start", green, last=1)

    assert np.abs(begun - (0, 255, 0)).max() < 20


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--style-layers", "conv9_1=1"), "'conv9_1' is no layer; expected one of"),
        (("--style-layers", "conv1_1=-1"), "weight of conv1_1 is -1.0; expected 0"),
        (("--style-layers", "conv1_1=0,conv2_1=0"), "style_layers: every weight is 0"),
        (("--content-layers", "conv4_2"), "of the form LAYER=WEIGHT,…, such as"),
        (("--blend", "-1"), "blend"),
        (("--blend", "0"), "blend"),
        (("--blend", "much"), "“much” is not of the form WEIGHT,…, such as 2,1."),
        (("--checkpoint-every", "5"), "add --checkpoint FILE"),
        (("--checkpoint", "gone/c"), "There is no folder “gone” to write into."),
        (("--resume", "gone"), "There is no checkpoint “gone” in that place."),
    ],
)
def test_flags_that_make_no_sense_are_answered_with_a_sentence(
    arguments, words, refused
):
    assert words in refused(*arguments)


@pytest.mark.parametrize("size", [(1, 100), (100, 1), (1, 1), (31, 100)])
def test_a_picture_of_a_pixels_width_is_refused(size, refused, pair, tmp_path):
    thin = plain_file(tmp_path / "thin.png", 0, size)

    for role, given in (("CONTENT", {"content": thin}), ("STYLE", {"styles": (thin,)})):
        sentence = refused(**given)
        assert (
            f"{role} “thin.png”: That picture is only {size[0]} × {size[1]} px; "
            in (sentence)
        )
        assert "each side needs at least 32 px" in sentence


def test_a_style_below_the_receptive_field_is_noticed(run, pair, tmp_path):
    small = plain_file(tmp_path / "small.png", 99, (155, 300))
    large = plain_file(tmp_path / "large.png", 99, (156, 300))
    command = (
        *("-o", tmp_path / "o.png", "--device", "cpu", "--edge", 64),
        *("--coarsest-edge-px", 64, "--last-steps", 1),
    )

    noticed = run("transfer", pair[0], small, *command)
    silent = run("transfer", pair[0], large, *command)
    shallow = run("transfer", pair[0], small, *command, "--style-layers", "conv4_4=1")

    assert {each.exit_code for each in (noticed, silent, shallow)} == {0}
    words = "STYLE is 155 px on its shorter side, but conv5_1 sees 156 px at once;"
    assert words in " ".join(noticed.stderr.split())
    assert "shorter side" not in silent.stderr + shallow.stderr


def test_running_out_of_memory_ends_in_a_sentence(refused, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr(plan, "watch", exhausted)

    assert "not enough memory" in refused(status=1)


COMMAND = (sys.executable, "-m", "stylecore", "transfer")


@pytest.fixture
def start(pair, cache, tmp_path):
    """Starts the command by itself, as `start(*arguments)`; it is killed at the end."""
    processes = []

    def started(*arguments, **options):
        process = subprocess.Popen(
            [*COMMAND, *map(str, (*pair, *SHALLOW, *arguments))],
            env={**os.environ, "OMP_NUM_THREADS": "1", "STYLECORE_CACHE": str(cache)},
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        processes.append(process)
        return process

    yield started
    for process in processes:
        process.kill()
        process.communicate()


def appears(path: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 100
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "optimizer"),
    [
        (signal.SIGTERM, "lbfgs"),
        (signal.SIGINT, "adam"),
        (signal.SIGKILL, "lbfgs"),
    ],
)
def test_a_command_that_was_stopped_goes_on_to_the_same_picture(
    number, optimizer, start, run, pair, tmp_path
):
    """The signal comes somewhere in the second scale; where exactly is all the same."""
    arguments = ("--optimizer", optimizer, "--first-steps", 5, "--last-steps", 60)
    kept = ("--checkpoint", tmp_path / "c", "--save-every", 10, "--checkpoint-every", 5)
    stopped = start("-o", tmp_path / "a.png", *arguments, *kept)
    appears(tmp_path / "a.00010.png", stopped)

    stopped.send_signal(number)
    _, said = stopped.communicate(timeout=60)

    assert "Traceback" not in said
    assert not (tmp_path / "a.png").exists()
    step = checkpoints.load(tmp_path / "c").step
    if number == signal.SIGKILL:
        assert stopped.returncode == -signal.SIGKILL
        assert step % 5 == 0
    else:
        assert stopped.returncode == 128 + number
        assert f"Stopped after step {step} of 65. To go on, give the same" in said
        assert f"--resume {tmp_path / 'c'}." in said.replace("\n", "")
    command = ("transfer", *pair, *SHALLOW, *arguments, "-o")
    rest = run(*command, tmp_path / "a.png", "--resume", tmp_path / "c")
    whole = run(*command, tmp_path / "b.png")
    assert (rest.exit_code, whole.exit_code) == (0, 0)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_sigterm_without_a_checkpoint_leaves_nothing(start, pair, tmp_path):
    process = start("-o", tmp_path / "a.png", "--last-steps", 9999, "--save-every", 9)
    appears(tmp_path / "a.00009.png", process)

    process.terminate()
    _, said = process.communicate(timeout=60)

    assert process.returncode == 143
    assert "Stopped before the end." in said
    assert "Traceback" not in said
    left = {path.name for path in tmp_path.iterdir()}
    assert "a.png" not in left
    assert not [name for name in left if name.startswith(".")]


def test_resuming_another_run_is_refused(run, refused, pair, start, tmp_path):
    process = start(
        *("-o", tmp_path / "a.png", "--last-steps", 9999),
        *("--checkpoint", tmp_path / "c", "--checkpoint-every", 1),
    )
    appears(tmp_path / "c", process)
    process.kill()
    process.wait(10)
    resume = ("--resume", tmp_path / "c", "--last-steps", 9999)

    assert "alpha was 1.0 and is 2.0 now" in refused(*resume, "--alpha", 2)
    assert "of a picture of 96 × 64 px, this run of 48" in refused(
        *resume, "--edge", 48
    )
    assert "another picture as style 1" in refused(*resume, styles=(pair[0],))
    assert "would overwrite" in refused(*resume, "--checkpoint", pair[0])
    (tmp_path / "c").write_bytes((tmp_path / "c").read_bytes()[:5000])
    assert "“c” is damaged or no checkpoint" in refused(*resume)


def test_a_reader_that_went_away_is_no_error(start, tmp_path):
    process = start(
        *("-o", tmp_path / "a.png", "--last-steps", 1, "--first-steps", 1),
        stdout=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdout = None

    _, said = process.communicate(timeout=100)

    assert process.returncode == 141
    assert "Traceback" not in said
    assert "Broken" not in said
    assert images.inspect(tmp_path / "a.png").width == 96
