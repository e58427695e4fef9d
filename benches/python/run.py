"""What a call from Python costs beside plain Python that does the same, in one run.

    python benches/python/run.py [--quick] [--results FOLDER]

Each pair is first compared: both ways have to give the same answer. Then they are timed in turns, so that what else
runs on the machine meets both; the median of the rounds counts. With ``--results`` the figures are written as Criterion
writes its own, where ``cargo xtask bench`` finds them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from python import billing  # noqa: E402
from python.billing import Pair  # noqa: E402


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


def measure(pair: Pair, rounds: int, seconds: float) -> tuple[list[float], list[float]]:
    ours, plain = count_for(pair.ours, seconds), count_for(pair.plain, seconds)
    figures = [(timed(pair.ours, ours), timed(pair.plain, plain)) for _ in range(rounds)]
    return [figure[0] for figure in figures], [figure[1] for figure in figures]


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds: orders of magnitude only")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write the figures here, as Criterion does")
    arguments = parser.parse_args()
    rounds, seconds = (3, 0.05) if arguments.quick else (15, 0.2)

    print(f"{'':44} {'ours':>12} {'plain Python':>14} {'ratio':>7}  bar")
    for pair in billing.pairs():
        if not pair.same(pair.ours(), pair.plain()):
            print(f"{pair.name}: the two answers differ", file=sys.stderr)
            return 1
        ours, plain = measure(pair, rounds, seconds)
        mine, theirs = statistics.median(ours), statistics.median(plain)
        ratio = theirs / mine
        bar = f"≥ {pair.least_ratio:g} {'met' if ratio >= pair.least_ratio else 'MISSED'}" if pair.least_ratio else ""
        print(f"{pair.name:44} {mine:9,.0f} ns {theirs:11,.0f} ns {ratio:6.1f}×  {bar}")
        if arguments.results:
            write(arguments.results, f"python/{pair.name}", ours)
            write(arguments.results, f"python/{pair.name}: plain Python", plain)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
