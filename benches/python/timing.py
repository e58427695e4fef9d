"""How calls are timed, and how their figures are kept."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def timed(call: Callable[[], Any], count: int) -> float:
    """Nanoseconds of one call, of so many."""
    before = time.perf_counter_ns()
    for _ in range(count):
        call()
    return (time.perf_counter_ns() - before) / count


def count_for(call: Callable[[], Any], seconds: float) -> int:
    """How often it can be called in so many seconds."""
    once = max(timed(call, 3), 1)
    return max(1, int(seconds * 1e9 / once))


def write(folder: Path, name: str, figures: list[float], elements: int | None = None) -> None:
    """As Criterion keeps a bench."""
    figures = sorted(figures)
    quarter = len(figures) // 4
    new = folder / "".join(letter if letter.isalnum() else "_" for letter in name) / "new"
    new.mkdir(parents=True, exist_ok=True)
    throughput = {"Elements": elements} if elements else None
    (new / "benchmark.json").write_text(json.dumps({"full_id": name, "throughput": throughput}))
    interval = {"lower_bound": figures[quarter], "upper_bound": figures[-1 - quarter]}
    median = {"point_estimate": statistics.median(figures), "confidence_interval": interval}
    (new / "estimates.json").write_text(json.dumps({"median": median}))
