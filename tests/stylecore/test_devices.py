"""Device names are checked before anything is loaded onto them."""

from __future__ import annotations

import os

import pytest
import torch

from stylecore.devices import describe, resolve
from stylecore.errors import RecipeError


def test_auto_is_a_gpu_where_there_is_one_and_else_the_cpu():
    expected = "cpu"
    if torch.backends.mps.is_available():
        expected = "mps"
    if torch.cuda.is_available():
        expected = "cuda"

    assert resolve("auto").type == expected


def test_a_named_device_is_taken_at_its_word():
    assert resolve("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    "name", ["tpu", "cuda:", "cuda:x", "cuda:-1", "", "CPU", "xla"]
)
def test_a_name_that_is_no_device_is_refused_with_the_choice(name):
    with pytest.raises(RecipeError, match="choose auto, cpu, cuda, cuda:N or mps"):
        resolve(name)


def test_a_device_that_is_not_there_is_refused_before_it_is_used():
    with pytest.raises(RecipeError, match="no device “cuda:99”") as caught:
        resolve("cuda:99")

    assert caught.value.code == "no_such_device"


def test_the_cpu_is_described_by_the_cores_one_may_use():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    description = describe(torch.device("cpu"))

    assert description.endswith(("CPU core", "CPU cores"))
    assert cores is None or description.split()[0] == str(cores)


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system cannot restrict cores"
)
def test_one_core_is_described_in_the_singular():
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert describe(torch.device("cpu")) == "1 CPU core"
    finally:
        os.sched_setaffinity(0, allowed)


@pytest.mark.gpu
def test_a_gpu_is_described_by_its_name():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device on this machine")

    assert describe(resolve("cuda")) == torch.cuda.get_device_name(0)
    assert resolve("cuda:0") == torch.device("cuda:0")
