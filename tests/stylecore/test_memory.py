"""Memory: amounts as people write them, what the system leaves, what a run needs."""

from __future__ import annotations

import subprocess
import sys
from mmap import PAGESIZE
from pathlib import Path

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from stylecore.errors import RecipeError
from stylecore.memory import available, parse, written

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("4GB", 4_000_000_000),
        ("4 gb", 4_000_000_000),
        ("1.5GiB", 1_610_612_736),
        ("500MB", 500_000_000),
        (" 512 MiB ", 536_870_912),
        ("2T", 2_000_000_000_000),
        ("12345678", 12_345_678),
        ("0.5k", 500),
    ],
)
def test_amounts_are_read_in_any_unit(text, amount):
    assert parse(text) == amount


@pytest.mark.parametrize(
    "text", ["", "lots", "4XB", "-4GB", "GB", "4,5GB", "1e9", "9" * 400]
)
def test_nonsense_is_answered_by_an_example(text):
    with pytest.raises(RecipeError, match="such as 4GB"):
        parse(text)


@pytest.mark.parametrize("text", ["0", "0GB", "0.0001B"])
def test_no_memory_at_all_is_refused(text):
    with pytest.raises(RecipeError, match="0 bytes"):
        parse(text)


@given(st.integers(1, 10**15))
@example(999_500_000_000_000)
def test_amounts_are_written_as_they_can_be_read(amount):
    text = written(amount).removesuffix("ytes").rstrip("b")

    assert parse(text) == pytest.approx(amount, rel=0.006)


class Machine:
    """The files in which Linux says how much memory there is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable: 8000 kB\n")

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @property
    def available(self) -> int:
        return available(CPU, self.root)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_free_memory_of_the_machine_is_available(machine):
    assert machine.available == 8000 * 1024


def test_cgroup_limits_what_is_available_less_what_is_taken(machine):
    machine.write("proc/self/cgroup", "0::/box\n")
    machine.write("sys/fs/cgroup/box/memory.max", "5000000\n")
    machine.write("sys/fs/cgroup/box/memory.current", "3000000\n")
    machine.write("sys/fs/cgroup/box/memory.stat", "anon 7\ninactive_file 500000\n")

    assert machine.available == 2_500_000


def test_parents_of_a_cgroup_limit_it_too(machine):
    machine.write("proc/self/cgroup", "0::/pod/box\n")
    machine.write("sys/fs/cgroup/pod/box/memory.max", "max\n")
    machine.write("sys/fs/cgroup/pod/box/memory.current", "100\n")
    machine.write("sys/fs/cgroup/pod/memory.max", "4000000\n")
    machine.write("sys/fs/cgroup/pod/memory.current", "1000000\n")

    assert machine.available == 3_000_000


def test_old_cgroups_count_as_well(machine):
    machine.write("proc/self/cgroup", "5:cpu:/\n4:memory:/box\n0::/\n")
    group = "sys/fs/cgroup/memory/box/memory"
    machine.write(f"{group}.limit_in_bytes", "6000000\n")
    machine.write(f"{group}.usage_in_bytes", "1000000\n")

    assert machine.available == 5_000_000


def test_group_over_its_limit_leaves_nothing(machine):
    machine.write("proc/self/cgroup", "0::/\n")
    machine.write("sys/fs/cgroup/memory.max", "100\n")
    machine.write("sys/fs/cgroup/memory.current", "200\n")

    assert machine.available == 0


def test_limit_of_the_address_space_counts(machine):
    machine.write(
        "proc/self/limits",
        "Limit                Soft Limit   Hard Limit   Units\n"
        "Max address space    4096000      unlimited    bytes\n",
    )
    machine.write("proc/self/statm", "0 1 2 3\n")

    assert machine.available == 4_096_000


def test_system_that_says_nothing_is_given_a_modest_budget(tmp_path):
    assert 10**9 < available(CPU, tmp_path) < 10**10


def test_this_machine_has_memory_left():
    assert 10**7 < available(CPU) < 10**14


FAULTS = """
import resource, torch
from stylecore.memory import keep_freed

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        torch.ones(16_000_000)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep_freed(True)
keep_freed(False)
usual = faults()
keep_freed(True)
faults()  # until the heap has grown
print(usual, faults())
"""
"""Pages that the system has to give for ten tensors of 64 MB, one after another."""


def test_freed_memory_is_used_again_only_while_it_is_kept():
    ran = subprocess.run(
        [sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True
    )
    usual, kept = map(int, ran.stdout.split())

    assert usual > 0.95 * 10 * 64_000_000 / PAGESIZE
    assert kept < usual / 4
