"""What the tests of the benchmarks share."""

from __future__ import annotations

import pytest
import torch

from stylecore.bench.pictures import pair
from stylecore.bench.race import Race


@pytest.fixture(autouse=True)
def one_thread():
    """Threads that wait for each other cost more than such small pictures do."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def drawn():
    """The pair of the benchmarks at 32 px."""
    return pair(32)


@pytest.fixture
def race(tensors, drawn):
    """Not run yet: `race(steps)`."""
    content, style = drawn
    return lambda steps, weights=tensors: Race(weights, content, style, steps, "cpu")
