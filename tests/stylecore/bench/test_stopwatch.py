"""The clock of the benchmarks."""

from __future__ import annotations

import time

import torch

from stylecore.bench.stopwatch import Stopwatch


def test_only_what_lies_between_start_and_stop_counts(monkeypatch):
    times = iter([10.0, 13.0, 50.0, 51.5])
    monkeypatch.setattr(time, "perf_counter", lambda: next(times))
    watch = Stopwatch(torch.device("cpu"))

    watch.start()
    watch.start()  # already runs
    watch.stop()
    watch.stop()  # already stands
    watch.start()
    watch.stop()

    assert watch.seconds == 4.5
