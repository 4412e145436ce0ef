"""A step repeated where there are no graphs; what a graph asks of a step."""

from __future__ import annotations

import pytest
import torch

from stylecore.graphs import Stepper, to_host


def test_without_a_gpu_each_call_is_a_step():
    made = []
    stepper = Stepper(lambda: made.append(1), torch.device("cpu"))

    for _ in range(7):
        stepper()

    assert len(made) == 7


class GraphThatFails:
    """Stands for a device that cannot capture; on CUDA the real one would raise."""

    def __init__(self):
        raise RuntimeError("operation not permitted when stream is capturing")


def test_a_step_that_cannot_be_captured_goes_on_step_by_step(monkeypatch):
    # No GPU is needed to refuse a graph: only warm-up steps need its streams.
    monkeypatch.setattr(torch.cuda, "CUDAGraph", GraphThatFails)
    monkeypatch.setattr(Stepper, "_WARM_UP", 0)
    made = []
    stepper = Stepper(lambda: made.append(1), torch.device("cuda"))

    for _ in range(3):
        stepper()

    assert len(made) == 3


def test_what_comes_to_the_host_no_longer_changes():
    tensor = torch.arange(3.0)

    host = to_host(tensor)
    tensor.zero_()

    assert host.tolist() == [0, 1, 2]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_replayed_steps_go_where_plain_ones_go():
    numbers = [torch.zeros((), device="cuda") for _ in range(2)]

    def step():
        numbers[0].mul_(2).add_(1)

    graphed = Stepper(step, numbers[0].device)

    for _ in range(9):
        graphed()
        numbers[1].mul_(2).add_(1)

    assert graphed._graph is not None
    assert torch.equal(*numbers)
