"""The command `stylecore` as a user meets it: files, sentences, exit statuses."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from dataclasses import fields
from importlib.metadata import version

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from stylecore import images, weights
from stylecore.cli import UNTRAINED_NOTICE
from stylecore.recipes import Recipe, Strength
from stylecore.weights import SLIM_NAME

TINY = ("--device", "cpu", "--edge", "64", "--last-steps")


def check_sentence(result, status):
    """A refusal is one plain sentence on standard error, and never a traceback."""
    assert result.exit_code == status
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert result.stderr.strip().endswith(".")
    return result.stderr


def test_two_pictures_become_one_of_the_size_asked_for(run, pair, tmp_path):
    output = tmp_path / "out.jpg"

    result = run("transfer", *pair, "-o", output, *TINY, 3)

    assert result.exit_code == 0
    info = images.inspect(output)
    assert (info.format, info.width, info.height) == ("JPEG", 64, 43)
    assert result.stdout.startswith(f"{output}: 64 × 43 px in ")
    with Image.open(pair[0]) as content:
        before = np.asarray(content.resize((64, 43)), int)
    after = np.asarray(images.load(output), int)
    assert np.abs(after - before).mean() > 4


def test_a_picture_is_never_enlarged(run, pair, tmp_path):
    output = tmp_path / "out.png"

    result = run(
        *("transfer", *pair, "-o", output, *TINY, 1),
        *("--first-steps", 1, "--edge", 4096),
    )

    assert result.exit_code == 0
    assert images.inspect(output).width == 96


def test_untrained_weights_are_said_so_with_what_mends_it(run, pair, tmp_path):
    output = ("-o", tmp_path / "out.png", "--weights", "untrained")

    result = run("transfer", *pair, *output, *TINY, 1)

    assert UNTRAINED_NOTICE in " ".join(result.stderr.split())
    assert "`stylecore weights fetch`" in UNTRAINED_NOTICE


def test_the_same_seed_paints_the_same_picture_and_another_seed_another(paint):
    arguments = ("--recipe", "gatys2016", "--seed")

    first, again, other = (paint(*arguments, seed) for seed in (7, 7, 8))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_every_strength_paints_another_picture(paint):
    pictures = {paint("--strength", each, steps=4).tobytes() for each in Strength}

    assert len(pictures) == len(Strength) == 4


def test_the_default_strength_is_balanced(paint):
    assert np.array_equal(paint(), paint("--strength", "balanced"))


def test_a_field_of_the_recipe_can_be_overridden(paint):
    assert not np.array_equal(paint("--tv", 0), paint("--tv", 500))


def test_every_field_of_the_recipe_is_one_flag(run):
    help_text = run("transfer", "--help").stdout

    flags = {f"--{field.name.replace('_', '-')}" for field in fields(Recipe)}

    assert flags <= set(re.findall(r"--[a-z-]+", help_text))


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_a_clip_is_filmed_along_the_way(suffix, run, pair, tmp_path):
    clip = tmp_path / f"clip{suffix}"

    result = run(
        *("transfer", *pair, "-o", tmp_path / "out.png", *TINY, 3, "--clip", clip)
    )

    assert result.exit_code == 0
    assert f"{clip}: 64 × 42 px, 4 s" in result.stdout
    if suffix == ".mp4":
        with av.open(str(clip)) as container:
            frames = [frame.to_image() for frame in container.decode(video=0)]
    else:
        with Image.open(clip) as image:
            frames = [each.copy() for each in ImageSequence.Iterator(image)]
    assert {frame.size for frame in frames} == {(64, 42)}
    assert len(frames) > 3


def test_bad_pictures_are_refused_by_name_and_nothing_is_written(run, pair, tmp_path):
    (tmp_path / "text.jpg").write_text("not a picture")
    before = sorted(tmp_path.iterdir())

    for content, style, role, words in (
        (tmp_path / "gone.jpg", pair[1], "CONTENT “gone.jpg”", "no readable file"),
        (pair[0], tmp_path / "text.jpg", "STYLE “text.jpg”", "not a picture"),
    ):
        result = run("transfer", content, style, "-o", tmp_path / "o.png", *TINY, 1)
        sentence = check_sentence(result, 2)
        assert role in sentence
        assert words in sentence

    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "out.xyz"), "“out.xyz” must end in one of .jpg,"),
        (("-o", "nowhere/out.png"), "no folder “nowhere”"),
        (("-o", "out.png", "--clip", "c.avi"), "must end in one of .mp4, .gif, .webp"),
        (("-o", "out.webp", "--clip", "out.webp"), "would overwrite"),
        (("-o", "out.png", "--device", "tpu"), "choose auto, cpu, cuda"),
        (("-o", "out.png", "--alpha", "-1"), "alpha is -1.0; expected 0 to"),
        (("-o", "out.png", "--strength", "wild", "--recipe", "seed"), "exclude each"),
        (("-o", "out.png", "--weights", "no.pth"), "“no.pth”"),
    ],
)
def test_bad_options_are_refused_before_anything_is_painted(
    arguments, words, run, pair, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())

    result = run("transfer", *pair, "--last-steps", 1, *arguments)

    assert words in check_sentence(result, 2).replace("\n", " ")
    assert sorted(tmp_path.iterdir()) == before


def test_a_choice_that_does_not_exist_lists_those_that_do(run, pair, tmp_path):
    result = run("transfer", *pair, "-o", tmp_path / "o.png", "--strength", "huge")

    assert result.exit_code == 2
    assert all(strength in result.stderr for strength in Strength)


def test_the_originals_are_never_overwritten(run, pair):
    before = [path.read_bytes() for path in pair]

    for path in pair:
        sentence = check_sentence(run("transfer", *pair, "-o", path, *TINY, 1), 2)
        assert "would overwrite" in sentence

    assert [path.read_bytes() for path in pair] == before


def test_without_weights_and_network_the_way_out_is_said(
    run, pair, tmp_path, monkeypatch
):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(
        weights, "official_url", lambda: "http://127.0.0.1:9/vgg19-dcbb9e9d.pth"
    )

    result = run(
        *("transfer", *pair, "-o", tmp_path / "o.png", "--cache", tmp_path / "c")
    )

    assert (result.exit_code, "Traceback" in result.output) == (1, False)
    assert "cannot be reached" in result.stderr
    assert "add `--weights untrained`." in result.stderr
    assert not (tmp_path / "o.png").exists()


def test_missing_weights_are_downloaded_once_and_painted_with(
    run, pair, pth, server, tmp_path, monkeypatch
):
    """Only the address of torchvision's server is exchanged."""
    server.body = pth.read_bytes()
    monkeypatch.setattr(weights, "official_url", lambda: server.url)
    command = ("transfer", *pair, "--edge", 64, "--last-steps", 1, "--device", "cpu")
    command += ("--cache", tmp_path / "cache")

    first = run(*command, "-o", tmp_path / "1.png")
    second = run(*command, "-o", tmp_path / "2.png")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "VGG-19 weights" in first.stderr
    assert "VGG-19 weights" not in second.stderr
    assert len(server.requests) == 1
    assert (tmp_path / "1.png").read_bytes() == (tmp_path / "2.png").read_bytes()


def test_weights_are_fetched_imported_and_reported(run, pth, server, tmp_path):
    server.body = pth.read_bytes()
    address = ("--url", server.url, "--sha256", server.sha256)
    cache = ("--cache", tmp_path / "a")

    missing = run("weights", "status", *cache)
    fetched = run("weights", "fetch", *address, *cache)
    ready = run("weights", "status", *cache)
    again = run("weights", "fetch", *address, *cache)
    imported = run(
        *("weights", "import", tmp_path / "a" / SLIM_NAME, "--cache", tmp_path / "b")
    )

    assert (missing.exit_code, fetched.exit_code, ready.exit_code) == (1, 0, 0)
    assert "`stylecore weights fetch`" in missing.stdout
    path = tmp_path / "a" / SLIM_NAME
    assert fetched.stdout == ready.stdout == f"Ready: {path} (52 MB)\n"
    assert (again.exit_code, again.stdout) == (0, f"Already there: {path}\n")
    assert len(server.requests) == 1
    assert imported.exit_code == 0
    assert (tmp_path / "b" / SLIM_NAME).read_bytes() == path.read_bytes()


def test_a_fetch_that_fails_ends_with_one_sentence(run, server, tmp_path):
    server.body = b"something else"

    result = run(
        *("weights", "fetch", "--url", server.url, "--sha256", "dcbb9e9d"),
        *("--cache", tmp_path / "cache"),
    )

    assert (result.exit_code, result.stdout) == (1, "")
    assert "are not the expected file" in result.stderr
    assert "Traceback" not in result.output


def test_a_damaged_cache_is_reported(run, tmp_path):
    (tmp_path / SLIM_NAME).write_bytes(b"\x08\0\0\0\0\0\0\0{broken}")

    result = run("weights", "status", "--cache", tmp_path)

    assert result.exit_code == 1
    assert result.stdout.startswith("Damaged: ")


def test_the_version_and_the_help_come_without_loading_torch():
    script = (
        "import sys\nfrom stylecore.cli import main\n"
        "sys.argv = ['stylecore', *sys.argv[1:]]\n"
        "try:\n    main()\n"
        "finally:\n    assert not {'torch', 'av', 'httpx'} & {*sys.modules}"
    )

    for argument in ("--version", "--help"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script, argument],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        if argument == "--version":
            assert done.stdout == f"stylecore {version('stylebot')}\n"


def test_ctrl_c_stops_the_painting_and_leaves_nothing_half_written(
    pair, cache, tmp_path
):
    """The live bar is read through a terminal, and Ctrl-C comes when it moves."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "stylecore", "transfer", *map(str, pair)),
            *("-o", str(tmp_path / "o.png"), "--clip", str(tmp_path / "o.mp4")),
            *(*TINY, "100000"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={
            **os.environ,
            **{"TERM": "xterm", "COLUMNS": "120", "OMP_NUM_THREADS": "1"},
            "STYLECORE_CACHE": str(cache),
        },
    )
    os.close(theirs)
    try:
        shown = read_until(ours, b"s left", deadline=time.monotonic() + 120)
        process.send_signal(signal.SIGINT)
        shown += read_until(ours, b"end.", deadline=time.monotonic() + 30)
        status = process.wait(30)
    finally:
        process.kill()
        process.wait(10)
        os.close(ours)

    assert status == 130
    assert b"64 \xc3\x97 43" in shown
    assert b"Stopped before the end." in shown
    assert b"Traceback" not in shown
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "content.png",
        "style.png",
    ]


def read_until(terminal, words, deadline):
    seen = b""
    while words not in seen:
        assert time.monotonic() < deadline, seen
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        seen += piece
    return seen
