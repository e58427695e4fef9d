"""What a call from Python costs beside plain Python that does the same, in one run; what a row costs through Arrow; and the import.

    python benches/python/run.py [--quick] [--results FOLDER]

Each pair is first compared: both ways have to give the same answer. Then they are timed in turns, so that what else
runs on the machine meets both; the median of the rounds counts. With ``--results`` the figures are written as Criterion
writes its own, where ``cargo xtask bench`` finds them. The pairs of a portal need what
``examples/django-portal/requirements.txt`` names.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from python import billing, bulk, ipam, portal  # noqa: E402
from python.billing import Pair  # noqa: E402
from python.timing import count_for, timed, write  # noqa: E402

#: Prints how long the import takes that a fresh interpreter makes, in nanoseconds.
IMPORT = "import time; before = time.perf_counter_ns(); import counterfoil; print(time.perf_counter_ns() - before)"


def measure(pair: Pair, rounds: int, seconds: float) -> tuple[list[float], list[float]]:
    ours, plain = count_for(pair.ours, seconds), count_for(pair.plain, seconds)
    figures = [(timed(pair.ours, ours), timed(pair.plain, plain)) for _ in range(rounds)]
    return [figure[0] for figure in figures], [figure[1] for figure in figures]


def import_time(rounds: int) -> list[float]:
    """Nanoseconds of the import, each time in an interpreter of its own."""
    run = [sys.executable, "-c", IMPORT]
    return [float(subprocess.run(run, capture_output=True, check=True, text=True).stdout) for _ in range(rounds)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few rounds: orders of magnitude only")
    parser.add_argument("--results", type=Path, metavar="FOLDER", help="write the figures here, as Criterion does")
    arguments = parser.parse_args()
    rounds, seconds = (3, 0.05) if arguments.quick else (15, 0.2)

    def keep(name: str, figures: list[float], elements: int | None = None) -> None:
        if arguments.results:
            write(arguments.results, f"python/{name}", figures, elements)

    print(f"{'':50} {'ours':>12} {'plain Python':>14} {'ratio':>7}  bar")
    for pair in [*billing.pairs(), *portal.pairs(), *ipam.pairs()]:
        if not pair.same(pair.ours(), pair.plain()):
            print(f"{pair.name}: the two answers differ", file=sys.stderr)
            return 1
        ours, plain = measure(pair, rounds, seconds)
        mine, theirs = statistics.median(ours), statistics.median(plain)
        ratio = theirs / mine
        bar = f"≥ {pair.least_ratio:g} {'met' if ratio >= pair.least_ratio else 'MISSED'}" if pair.least_ratio else ""
        print(f"{pair.name:50} {mine:9,.0f} ns {theirs:11,.0f} ns {ratio:6.1f}×  {bar}")
        keep(pair.name, ours)
        keep(f"{pair.name}: plain Python", plain)

    print()
    for each in bulk.runs():
        count = count_for(each.call, seconds)
        figures = [timed(each.call, count) for _ in range(rounds)]
        per_row = statistics.median(figures) / each.rows
        print(f"{each.name:60} {per_row:8.1f} ns a row {1_000 / per_row:8.1f} M rows/s")
        keep(each.name, figures, each.rows)

    imports = import_time(rounds)
    print(f"\nimport counterfoil: {statistics.median(imports) / 1e6:.1f} ms, bar < 50")
    keep("import", imports)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
