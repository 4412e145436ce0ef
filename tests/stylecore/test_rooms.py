"""Rooms: what fits is foretold, and what did not fit after all is painted smaller."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stylecore.errors import EngineError
from stylecore.features import VGGFeatures
from stylecore.memory import parse
from stylecore.recipes import LayerWeight, Optimizer, Recipe, Strength, preset
from stylecore.rooms import Plan, Room, ran_out
from stylecore.transfer import Progress, StyleTransfer

CPU = torch.device("cpu")
BALANCED = preset(Strength.BALANCED)
SHALLOW = Recipe(
    content_layers=(LayerWeight("conv1_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0),),
    optimizer=Optimizer.LBFGS,
    history=2,
    last_steps=4,
)


def planned(memory: str, size: tuple[int, int], recipe: Recipe = BALANCED) -> Plan:
    room = Room(parse(memory), CPU)
    return room.plan(recipe, size, [size[0] * size[1]], torch.bfloat16)


def test_what_fits_is_painted_as_a_whole_with_all_pairs():
    plan = planned("4GB", (1024, 768))

    assert plan.tile_px is None
    assert plan.history == BALANCED.history


def test_pairs_go_before_the_picture_is_cut():
    plan = planned("1.8GB", (1024, 768))

    assert plan.tile_px is None
    assert 10 <= plan.history < BALANCED.history


def test_picture_of_4096_px_fits_into_4_gb_in_large_tiles():
    plan = planned("4GB", (4096, 3072))

    assert plan.tile_px is not None
    assert plan.tile_px >= 384
    assert plan.history >= 3
    assert plan.need <= 4e9


def test_adam_needs_no_pairs():
    adam = dataclasses.replace(BALANCED, optimizer=Optimizer.ADAM)

    assert planned("4GB", (2048, 1536), adam).need < planned("4GB", (2048, 1536)).need


@given(
    amount=st.integers(10**8, 10**11),
    size=st.tuples(st.integers(32, 12_000), st.integers(32, 12_000)),
    dtype=st.sampled_from([torch.bfloat16, torch.float32]),
)
def test_plans_keep_to_the_budget_or_say_so(amount, size, dtype):
    room = Room(amount, CPU)
    try:
        plan = room.plan(BALANCED, size, [size[0] * size[1]], dtype)
    except EngineError:
        return

    assert plan.need <= amount
    assert plan.history >= 1
    assert plan.tile_px is None or plan.tile_px % 16 == 0


@given(amount=st.integers(10**9, 10**11))
def test_more_memory_is_never_worse(amount):
    size = (4096, 3072)
    try:
        some = Room(amount, CPU).plan(BALANCED, size, [], torch.bfloat16)
    except EngineError:
        return
    more = Room(2 * amount, CPU).plan(BALANCED, size, [], torch.bfloat16)

    assert more.tile_px is None or (some.tile_px or 0) <= max(more.tile_px, 512)
    assert more.history >= min(some.history, 10)


def test_a_picture_for_which_no_tile_is_small_enough_is_refused_with_its_need():
    with pytest.raises(EngineError, match=r"needs about [\d.]+ GB of memory, but only"):
        planned("500MB", (4096, 3072))


def test_measured_room_is_a_share_of_what_is_free():
    assert 10**7 < Room(None, CPU).budget < 10**14


@pytest.mark.parametrize(
    "mishap",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:124] err == 0. "
            "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."
        ),
        RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
        RuntimeError("std::bad_alloc"),
    ],
    ids=str,
)
def test_every_way_of_saying_that_memory_ran_out_is_understood(mishap):
    assert ran_out(mishap)


@pytest.mark.parametrize(
    "mishap", [RuntimeError("shape mismatch"), ValueError("out of memory")], ids=str
)
def test_other_mishaps_are_not_taken_for_it(mishap):
    def fail() -> None:
        raise mishap

    assert not ran_out(mishap)
    with pytest.raises(type(mishap)):
        Room(10**9, CPU).suffices_for(fail)


@pytest.fixture(scope="module")
def engine() -> StyleTransfer:
    return StyleTransfer("untrained", device="cpu", dtype=torch.float32)


def scene(width: int, height: int, turn: float) -> Image.Image:
    waves = Image.radial_gradient("L").resize((width, height))
    bars = Image.linear_gradient("L").rotate(turn).resize((width, height))
    return Image.merge(
        "RGB", (waves, bars, waves.transpose(Image.Transpose.ROTATE_180))
    )


def paint(
    engine: StyleTransfer, memory: int, recipe: Recipe = SHALLOW
) -> list[Progress]:
    pictures = scene(320, 288, 0.0), scene(120, 96, 90.0)
    return list(engine.run(*pictures, recipe, edge_px=320, memory=memory))


@pytest.fixture
def limited(monkeypatch):
    """`limited(pixels, after)`: a network that runs out of memory over larger
    windows, after so many calls with them; returns the pixels it managed."""
    see = VGGFeatures.__call__

    def limit(pixels: int, after: int = 0) -> list[int]:
        seen: list[int] = []

        def short_of_memory(self, picture, *rest):
            large = sum(each > pixels for each in seen)
            if picture[0].numel() > pixels and large >= after:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
            seen.append(picture[0].numel())
            return see(self, picture, *rest)

        monkeypatch.setattr(VGGFeatures, "__call__", short_of_memory)
        return seen

    return limit


def test_run_that_ran_out_at_once_goes_on_in_tiles_to_the_same_picture(engine, limited):
    whole = paint(engine, 10**9)[-1].pixels
    seen = limited(60_000)

    events = paint(engine, 10**9)

    assert [event.step for event in events] == [1, 2, 3, 4]
    assert max(seen) <= 60_000
    # Rounding differs, and saturated pixels come off their bounds or do not.
    assert float((events[-1].pixels - whole).abs().mean()) < 1e-3


def test_run_that_ran_out_later_goes_on_from_its_last_picture(engine, limited):
    # The content is seen, three times the picture is evaluated, and then no more.
    limited(60_000, after=4)
    events = paint(engine, 10**9)

    totals = [event.losses["total"] for event in events]
    assert [event.step for event in events] == [1, 2, 3, 4]
    assert [event.final for event in events] == [False, False, False, True]
    # The first step of the new optimiser evaluates where the old one stood.
    assert totals[3] == pytest.approx(totals[2], rel=1e-3)


def test_run_without_any_hope_ends_in_a_sentence(engine, limited):
    limited(100)

    with pytest.raises(EngineError, match="of memory, but only"):
        paint(engine, 10**9)


CHILD = """
import resource, sys
from pathlib import Path

import torch
from PIL import Image
from stylecore.recipes import LayerWeight, Recipe
from stylecore.transfer import StyleTransfer


def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


torch.set_num_threads(1)
engine = StyleTransfer("untrained", device="cpu", dtype=torch.float32)
recipe = Recipe(
    content_layers=(LayerWeight("conv1_1", 1.0),),
    style_layers=(LayerWeight("conv1_1", 1.0),),
    last_steps=1,
)
photo = Image.radial_gradient("L").convert("RGB").resize((640, 576))
style = photo.resize((64, 64))
list(engine.run(style, style, recipe, edge_px=64))
# ru_maxrss would begin with what the parent had taken when it started this process.
Path("/proc/self/clear_refs").write_text("5")
before = kilobytes("VmRSS")
if sys.argv[2] == "limit":
    taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    soft = taken + int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (soft, resource.RLIM_INFINITY))
    memory = 4 * 10**9
else:
    memory = int(sys.argv[1])
(last,) = engine.run(photo, style, recipe, edge_px=640, memory=memory)
assert last.final and last.pixels.isfinite().all()
assert last.picture().size == (640, 576)
print((kilobytes("VmHWM") - before) * 1024)
"""


def peak(memory: int, kind: str) -> tuple[int, str]:
    """Bytes that a child process took at most over its warm network; its log."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD, str(memory), kind],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_tiled_run_keeps_to_its_memory_and_takes_clearly_less():
    (whole, _), (tiled, log) = (
        peak(amount, "budget") for amount in (4 * 10**9, 400_000_000)
    )

    assert tiled < 400_000_000
    assert tiled < 0.7 * whole
    assert "ran out" not in log


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and RLIMIT_AS")
def test_process_that_really_has_no_more_memory_finishes_its_picture():
    taken, log = peak(450_000_000, "limit")

    assert "Memory ran out" in log
    assert taken < 450_000_000
