"""What the tests of the benchmarks share."""

from __future__ import annotations

import pytest

from stylecore.bench.pictures import pair
from stylecore.bench.race import Race


@pytest.fixture(scope="session")
def drawn():
    """The pair of the benchmarks at 32 px."""
    return pair(32)


@pytest.fixture
def race(tensors, drawn):
    """Not run yet: `race(steps)`."""
    content, style = drawn
    return lambda steps, weights=tensors: Race(weights, content, style, steps, "cpu")
