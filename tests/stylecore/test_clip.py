"""The clip opens with the photo, advances evenly and holds the painting."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import partial

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from stylecore.clip import SUFFIXES, ClipInfo, ClipRecorder, check_suffix
from stylecore.errors import RecipeError

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def grey(level, size=(96, 64)):
    return Image.new("RGB", size, (level, level, level))


def fading(steps=30, size=(96, 64)):
    """A recorder that saw black become white."""
    recorder = ClipRecorder(grey(0, size))
    for step in range(1, steps + 1):
        recorder.add(grey(round(255 * step / steps), size))
    return recorder


@dataclass(frozen=True)
class Mp4:
    """An MP4 as decoded: brightness and time, in s, of every frame."""

    levels: list[float]
    times: list[float]
    seconds: float
    size: tuple[int, int]
    codec: str
    pixel_format: str | None


def read_mp4(path) -> Mp4:
    # A stream must not be touched after its container is closed.
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        return Mp4(
            levels=[float(frame.to_ndarray(format="rgb24").mean()) for frame in frames],
            times=[float(frame.time or 0) for frame in frames],
            seconds=float((stream.duration or 0) * (stream.time_base or 0)),
            size=(stream.width, stream.height),
            codec=stream.codec_context.name,
            pixel_format=stream.pix_fmt,
        )


def read_animation(path):
    """Brightness and duration, in s, of each frame of a GIF or WebP."""
    with Image.open(path) as image:
        found = []
        for frame in ImageSequence.Iterator(image):
            level = float(np.asarray(frame.convert("RGB")).mean())
            found.append((level, frame.info["duration"] / 1000))
        return found


def test_an_mp4_is_what_a_chat_plays_as_a_silent_loop(tmp_path):
    path = tmp_path / "clip.mp4"

    info = fading().write(path)

    clip = read_mp4(path)
    assert info == ClipInfo(width=96, height=64, seconds=4.0)
    assert (clip.codec, clip.pixel_format, clip.size) == ("h264", "yuv420p", (96, 64))
    assert clip.seconds == pytest.approx(4.0)
    assert len(clip.levels) == 100
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_an_mp4_opens_with_the_photo_and_holds_the_painting_for_a_second(tmp_path):
    path = tmp_path / "clip.mp4"

    fading().write(path)

    clip = read_mp4(path)
    frames = zip(clip.levels, clip.times, strict=True)
    assert clip.levels[0] == pytest.approx(0, abs=3)
    held = [time for level, time in frames if level > 252]
    assert clip.seconds - held[0] == pytest.approx(1.0, abs=0.12)
    assert clip.levels == sorted(clip.levels)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_gif_and_webp_open_with_the_photo_and_hold_the_painting(suffix, tmp_path):
    path = tmp_path / f"clip{suffix.upper()}"

    info = fading().write(path)

    frames = read_animation(path)
    assert info == ClipInfo(width=96, height=64, seconds=4.0)
    assert sum(seconds for _, seconds in frames) == pytest.approx(4.0, abs=0.02)
    assert frames[0][0] == pytest.approx(0, abs=4)
    # A GIF's few greys merge the last moving frames with the one that is held.
    merged = 0.4 if suffix == ".gif" else 0.02
    assert frames[-1][0] == pytest.approx(255, abs=4)
    assert 0.98 <= frames[-1][1] <= 1.0 + merged
    with Image.open(path) as image:
        assert (image.size, image.info["loop"]) == ((96, 64), 0)


def test_the_clip_advances_by_visible_change_and_not_by_steps(tmp_path):
    """Nearly all of the change happens in the first fifth of the steps."""
    recorder = ClipRecorder(grey(0))
    for step in range(1, 101):
        recorder.add(grey(round(255 * min(1.0, step / 20))))

    recorder.write(tmp_path / "clip.mp4")

    levels = read_mp4(tmp_path / "clip.mp4").levels[7:75]
    steady = np.linspace(levels[0], 255, len(levels))
    assert np.abs(np.array(levels) - steady).max() < 40


def test_a_still_picture_still_makes_a_clip(tmp_path):
    recorder = ClipRecorder(grey(80))
    recorder.add(grey(80))

    assert recorder.write(tmp_path / "clip.mp4").seconds == 4.0


def test_a_recorder_that_saw_no_step_shows_the_photo(tmp_path):
    ClipRecorder(grey(80)).write(tmp_path / "clip.mp4")

    clip = read_mp4(tmp_path / "clip.mp4")
    assert clip.levels == pytest.approx([80] * 100, abs=3)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1000, 750), (480, 360)),
        ((333, 777), (206, 480)),
        ((95, 63), (94, 62)),
        ((700, 35), (480, 24)),
    ],
)
def test_sides_are_even_and_at_most_480_px(size, expected, tmp_path):
    recorder = ClipRecorder(grey(0, size))
    recorder.add(grey(255, size))

    info = recorder.write(tmp_path / "clip.mp4")

    assert (info.width, info.height) == expected
    assert read_mp4(tmp_path / "clip.mp4").size == expected


def test_the_clip_is_no_larger_than_the_painting(tmp_path):
    recorder = ClipRecorder(grey(0, (900, 600)))
    recorder.add(grey(128, (60, 40)))
    recorder.add(grey(255, (120, 80)))

    info = recorder.write(tmp_path / "clip.webp")

    assert (info.width, info.height) == (120, 80)


def test_colours_survive_the_encoding(tmp_path, quarters):
    recorder = ClipRecorder(quarters)
    recorder.add(quarters)
    recorder.write(tmp_path / "clip.mp4")

    with av.open(str(tmp_path / "clip.mp4")) as container:
        last = list(container.decode(video=0))[-1].to_ndarray(format="rgb24")

    for x, y in ((24, 16), (72, 16), (24, 48), (72, 48)):
        difference = np.subtract(last[y, x].astype(int), quarters.getpixel((x, y)))
        assert np.abs(difference).max() < 14


def test_memory_stays_bounded_however_many_steps_there_are():
    made = []

    def picture(step):
        made.append(step)
        return grey(min(255, step // 8))

    recorder = ClipRecorder(grey(0), capacity=16)
    for step in range(2000):
        recorder.add(partial(picture, step))

    assert len(recorder._kept) == 16
    assert len(made) < 200


def test_the_last_step_ends_the_clip_even_if_it_was_passed_over(tmp_path):
    recorder = ClipRecorder(grey(0), capacity=3)
    for step in range(1, 42):
        recorder.add(partial(grey, 255 if step == 41 else 100))

    recorder.write(tmp_path / "clip.webp")

    assert read_animation(tmp_path / "clip.webp")[-1][0] == pytest.approx(255, abs=4)


def test_the_pictures_dropped_are_those_that_show_least():
    recorder = ClipRecorder(grey(0), capacity=4)
    for level in (100, 101, 102, 255):
        recorder.add(grey(level))

    kept = [round(float(kept.thumbnail.mean())) for kept in recorder._kept]

    assert kept == [0, 100, 102, 255]


def test_one_recorder_writes_all_formats(tmp_path):
    recorder = fading(steps=5)

    infos = {recorder.write(tmp_path / f"clip{suffix}") for suffix in SUFFIXES}

    assert len(infos) == 1
    assert len(list(tmp_path.iterdir())) == len(SUFFIXES) == 3


def test_an_unknown_suffix_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(RecipeError, match=r"“\.avi”; choose one of \.mp4, \.gif"):
        fading(steps=1).write(tmp_path / "clip.avi")
    with pytest.raises(RecipeError):
        check_suffix(tmp_path / "clip")

    assert not list(tmp_path.iterdir())


def test_a_clip_that_cannot_be_written_leaves_no_litter(tmp_path):
    (tmp_path / "clip.mp4").mkdir()

    with pytest.raises(OSError, match=r"clip\.mp4"):
        fading(steps=1).write(tmp_path / "clip.mp4")

    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_importing_the_recorder_loads_no_codecs_and_no_torch():
    script = (
        "import sys, stylecore.clip; sys.exit(bool({'av', 'torch'} & {*sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)

    assert done.returncode == 0
