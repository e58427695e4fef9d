"""What a row costs in bulk from Python, through Arrow: the servers of ``bulk/meter and rate, one core``, number for number.

The table and the rater are made before; what is timed is ``Rater.rate`` on one thread, from a table of pyarrow to a
result that pyarrow can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any, NamedTuple

import pyarrow as pa
from counterfoil import bulk

#: As `ROWS` of `benches/benches/bulk.rs`.
ROWS = 200_000
DAY = datetime(2024, 2, 20, tzinfo=timezone.utc)
CARD = """
revision = "bench"
currency = "CNY"
rates = [
    { kind = "server", part = "base", price = "0", per = "count", every = "hour" },
    { kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "server", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "server", part = "disk", price = "0.122", per = "GiB", every = "hour" },
    { kind = "server", part = "public_ip", price = "0.66", per = "count", every = "hour" },
]
"""
QUANTITIES = {"base": bulk.Constant(1, "count"), "cpu": "core", "ram": "GiB", "disk": "GiB", "public_ip": "count"}


class Bulk(NamedTuple):
    """A call that does so many rows."""

    name: str
    rows: int
    call: Callable[[], Any]


def numbers(state: int) -> Iterator[int]:
    """`Numbers` of the benches in Rust."""
    while True:
        state ^= state << 13 & (1 << 64) - 1
        state ^= state >> 7
        state ^= state << 17 & (1 << 64) - 1
        yield state >> 32


def servers(rows: int) -> pa.Table:
    """`Servers` of the benches in Rust: one in eight is pre-paid, one in sixteen began or ended during the day."""
    words = numbers(23)

    def column(first: int, step: int, values: int) -> list[int]:
        return [first + step * (word % values) for word in islice(words, rows)]

    cpu, ram, disk = column(1, 1, 64), column(1, 1, 256), column(40, 10, 200)
    public_ip, kind, micros = column(0, 1, 2), column(0, 1, 32), column(1, 1_000, 86_000_000)
    first = (DAY - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)
    start = [first + at if of == 1 else first - 1_000_000 for of, at in zip(kind, micros, strict=True)]
    end = [first + at if of == 2 else None for of, at in zip(kind, micros, strict=True)]
    instant = pa.timestamp("us", "UTC")
    columns: dict[str, pa.Array] = {
        "mode": pa.array([1 if of % 8 == 3 else 0 for of in kind], pa.uint8()),
        "start": pa.array(start, pa.int64()).cast(instant),
        "end": pa.array(end, pa.int64()).cast(instant),
    }
    for name, values in (("cpu", cpu), ("ram", ram), ("disk", disk), ("public_ip", public_ip)):
        columns[name] = pa.array(values, pa.int64())
    return pa.table(columns)


def rater(**options: Any) -> bulk.Rater:
    window = (DAY, DAY + timedelta(days=1))
    return bulk.Rater(CARD, quantities=QUANTITIES, rounding="portal", window=window, kind="server", **options)


def runs(rows: int = ROWS) -> list[Bulk]:
    """What is timed; before that, that no row has a fault, and that a row alone comes to the same."""
    usage = servers(rows)
    decimals, cents, parts = rater(), rater(money="scaled"), rater(usage="parts")
    rated = pa.table(decimals.rate(usage))
    if rated["code"].null_count != rows:
        raise SystemExit("a row has a fault")
    for row in range(0, rows, max(1, rows // 50)):
        if decimals.row(usage, row) != tuple(rated[name][row].as_py() for name in ("original", "payable")):
            raise SystemExit(f"row {row} comes to something else by itself")
    batches = pa.Table.from_batches(usage.to_batches(max_chunksize=10_000))
    return [
        Bulk("bulk: meter and rate, through Arrow", rows, lambda: decimals.rate(usage)),
        Bulk("bulk: meter and rate, through Arrow, int64 money", rows, lambda: cents.rate(usage)),
        Bulk("bulk: meter and rate, through Arrow, with the usage of parts", rows, lambda: parts.rate(usage)),
        Bulk("bulk: meter and rate, through Arrow, batches of 10,000", rows, lambda: decimals.rate(batches)),
    ]
