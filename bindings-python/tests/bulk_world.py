"""Usage of servers and disks for the tests of `counterfoil.bulk`: rows that a person reads, and the tables they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
from conftest import CARD, ROUNDING

from counterfoil import bulk

DAY = datetime(2024, 2, 20, tzinfo=timezone.utc)
WINDOW = (DAY, DAY + timedelta(days=1))
INSTANT = pa.timestamp("us", "UTC")
TEXT = pa.string()
QUANTITIES = {
    "base": bulk.Constant(1, "count"),
    "cpu": "core",
    "ram": "GiB",
    "disk": "GiB",
    "public_ip": "count",
}
DISKS = {"size": "GiB"}
PARTS = {"cpu": pa.int64(), "ram": pa.decimal128(20, 2), "disk": pa.int32(), "public_ip": pa.uint8()}


@dataclass(frozen=True)
class Row:
    """A server of one span; minutes are from midnight."""

    start: int | None = 0
    end: int | None = None
    mode: str | None = "post_paid"
    kind: str | None = "server"
    amounts: dict[str, Decimal | int | None] = field(default_factory=lambda: {"cpu": 2, "ram": Decimal("4.50")})

    def instants(self) -> tuple[datetime | None, datetime | None]:
        def at(minutes: int | None) -> datetime | None:
            return None if minutes is None else DAY + timedelta(minutes=minutes)

        return at(self.start), at(self.end)


def table(rows: list[Row], types: dict[str, pa.DataType] = PARTS, text: pa.DataType = TEXT) -> pa.Table:
    columns = {
        "resource": pa.array([f"i-{number}" for number in range(len(rows))], pa.string()),
        "kind": pa.array([row.kind for row in rows], pa.string()).cast(text),
        "mode": pa.array([row.mode for row in rows], pa.string()).cast(text),
        "start": pa.array([row.instants()[0] for row in rows], INSTANT),
        "end": pa.array([row.instants()[1] for row in rows], INSTANT),
    }
    for name, kind in types.items():
        columns[name] = pa.array([row.amounts.get(name) for row in rows], pa.decimal128(38, 2)).cast(kind)
    return pa.table(columns)


def rater(**options: Any) -> bulk.Rater:
    said: dict[str, Any] = {
        "quantities": QUANTITIES,
        "rounding": ROUNDING,
        "window": WINDOW,
        "kind": "server",
        "passed": ["resource"],
    }
    return bulk.Rater(CARD, **(said | options))


def rows_of(batches: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pa.table(batches).to_pylist()
    return rows


def only(batches: Any) -> dict[str, Any]:
    [row] = rows_of(batches)
    return row


MANY = [Row(start=minute, mode=mode) for minute in range(-30, 1_500, 5) for mode in ("post_paid", "pre_paid", "gratis")]


def many(rows: int) -> pa.Table:
    """So many rows in one batch."""
    usage = table(MANY)
    return pa.concat_tables([usage] * (rows // len(MANY) + 1)).slice(0, rows).combine_chunks()


class ArrayOnly:
    """What has no stream."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.batch.__arrow_c_array__(requested_schema)


def _duckdb(usage: pa.Table) -> Any:
    return duckdb.sql("select * from usage")


def _slice(usage: pa.Table) -> pa.Table:
    """In the middle of other rows, so that it begins somewhere in its columns."""
    count = usage.num_rows
    return pa.concat_tables([usage.slice(1), usage, usage]).combine_chunks().slice(count - 1, count)


#: The same table in every library that there is.
LIBRARIES: dict[str, Callable[[pa.Table], Any]] = {
    "pyarrow.Table": lambda usage: usage,
    "pyarrow.RecordBatch": lambda usage: usage.combine_chunks().to_batches()[0],
    "pyarrow.RecordBatchReader": lambda usage: usage.to_reader(2),
    "polars": polars.from_arrow,
    "pandas": lambda usage: usage.to_pandas(types_mapper=pandas.ArrowDtype),
    "duckdb": _duckdb,
    "an array": lambda usage: ArrayOnly(usage.combine_chunks().to_batches()[0]),
    "a slice": _slice,
    "pieces": lambda usage: pa.concat_tables([usage.slice(row, 1) for row in range(usage.num_rows)]),
}
