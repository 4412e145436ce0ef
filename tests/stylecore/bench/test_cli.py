"""`stylecore bench` as a user meets it: JSON, sentences, exit statuses."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from PIL import Image
from typer.testing import CliRunner

from stylecore.cli import app
from stylecore.weight_files import save
from stylecore.weights import SLIM_NAME


@pytest.fixture(scope="module")
def weights(tensors, tmp_path_factory):
    """A slim file that is quicker to read than untrained weights are to make."""
    path = tmp_path_factory.mktemp("weights") / SLIM_NAME
    save(tensors, path)
    return path


@pytest.fixture
def bench(weights):
    def run(*arguments):
        given = ("--device", "cpu", "--weights", weights)
        return CliRunner().invoke(app, list(map(str, ("bench", *arguments, *given))))

    return run


def check_sentence(result, *words):
    """A refusal is one plain sentence on standard error, and never a traceback."""
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert result.stderr.strip().endswith(".")
    for word in words:
        assert word in result.stderr


def test_the_race_prints_its_figures_and_draws_its_picture(bench, tmp_path):
    plot, kept = tmp_path / "race.png", tmp_path / "race.json"

    result = bench(
        *("seed", "--edge", 32, "--steps", 8, "--plot", plot, "--json", kept)
    )

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["seed_seconds"] > 0
    assert found["seed_loss"] < found["start_loss"]
    assert found["ratio"] == pytest.approx(
        found["seed_seconds"] / found["product_seconds"]
    )
    assert found["product_evaluations"] >= 1
    assert (found["edge"], found["size"], found["steps"]) == (32, [32, 32], 8)
    assert found["weights"] == SLIM_NAME
    assert found["finished"]
    assert {"machine", "threads", "versions", "load_average_before"} < found.keys()
    assert "seed" in result.stderr
    everything = json.loads(kept.read_text())
    assert everything.keys() == {*found, "seed_track", "product_track"}
    assert [n for n, _, _ in everything["seed_track"]] == list(range(9))
    with Image.open(plot) as image:
        image.load()
        assert image.format == "PNG"


def test_given_pictures_are_raced_at_the_contents_shape(bench, quarters, tmp_path):
    content, style = tmp_path / "content.png", tmp_path / "style.png"
    quarters.save(content)
    quarters.rotate(90, expand=True).save(style)

    result = bench(
        *("seed", "--edge", 48, "--steps", 2, "--content", content, "--style", style)
    )

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["size"] == [48, 32]


def test_the_roofline_has_a_fraction_per_size(bench, tmp_path):
    kept = tmp_path / "roofline.json"

    result = bench("roofline", "--edges", "32,48", "--repeats", 2, "--json", kept)

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found == json.loads(kept.read_text())
    assert found["fraction"].keys() == {"32", "48"}
    for size in found["sizes"]:
        floor = size["gflop"] / size["gflops_of_convolutions"]
        assert size["floor_seconds"] == pytest.approx(floor)
        assert size["fraction"] == pytest.approx(floor / size["step_seconds"])
        assert size["steps_timed"] == 2
        assert 0 < size["step_seconds"] <= size["step_seconds_median"]
    per_pixel = found["seconds_per_pixel"].values()
    assert found["seconds_per_pixel_spread"] == max(per_pixel) / min(per_pixel)


def test_the_comparison_has_a_row_per_optimiser(bench):
    result = bench("optimizers", "--edge", 32, "--evaluations", 4)

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert len(found["optimizers"]) == 7
    for row in found["optimizers"]:
        assert {"optimizer", "loss_at_25", "loss_at_100", "seconds", "stuck"} < {*row}


def test_ctrl_c_prints_what_there_is_and_keeps_it(weights, tmp_path):
    kept = tmp_path / "race.json"
    command = [sys.executable, "-m", "stylecore", "bench", "seed", "--edge", "32"]
    command += ["--steps", "100000", "--json", str(kept), "--weights", str(weights)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not kept.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        try:
            out, error = process.communicate(timeout=60)
        finally:
            process.kill()

    assert process.returncode == 130
    assert "Traceback" not in error
    found = json.loads(out)
    assert not found["finished"]
    assert found["seed_steps"] >= 1
    assert found["ratio"] is None
    assert len(json.loads(kept.read_text())["seed_track"]) >= 2
    assert list(tmp_path.iterdir()) == [kept]


def test_one_picture_alone_is_refused(bench, tmp_path):
    check_sentence(bench("seed", "--content", tmp_path / "a.png"), "--style", "both")
    check_sentence(bench("optimizers", "--style", tmp_path / "a.png"), "--content")


@pytest.mark.parametrize(
    "arguments",
    [("seed", "--edge", 31), ("seed", "--steps", 0), ("optimizers", "--edge", 8)],
)
def test_numbers_too_small_are_refused_with_the_least_that_will_do(bench, arguments):
    result = bench(*arguments)

    assert result.exit_code == 2
    assert arguments[1] in result.stderr
    assert "greater than or equal to" in result.stderr
    assert "Traceback" not in result.output


def test_a_result_that_cannot_be_written_is_refused_before_the_run(bench, tmp_path):
    nowhere = tmp_path / "missing" / "race.png"
    check_sentence(bench("seed", "--plot", nowhere), "cannot be written", "folder")
    check_sentence(bench("seed", "--plot", tmp_path / "race.gif"), ".png", ".svg")
    folder = tmp_path / "folder.png"
    folder.mkdir()
    check_sentence(bench("seed", "--plot", folder), "is a folder")
    check_sentence(bench("roofline", "--json", tmp_path / "race.txt"), ".json")


@pytest.mark.parametrize("edges", ["", "256,", "large", "16", "256,100000"])
def test_sizes_that_make_no_sense_are_refused(bench, edges):
    check_sentence(bench("roofline", "--edges", edges), "--edges", "32")
