"""The rows that Spark wrote, beside those that one process makes of the same input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rating import RATED, meter_and_rate


@dataclass(frozen=True)
class Compared:
    """A file of the input whose rows came out the same both ways."""

    rows: int
    states: dict[str, int]
    payable: Decimal


class DiffersError(Exception):
    """The two runs do not agree."""


def compare(inputs: Path, outputs: Path) -> Iterator[Compared]:
    """Hold every row against the one with its id, file of the input by file.

    Spark's rows come in no order that means anything, so they are sorted by id first. Each id of the input has to be
    there exactly once and no other, and each column has to hold the same bits.
    """
    index = [group for file in sorted(outputs.glob("*.parquet")) for group in _groups(file)]
    found = 0
    expected_rows = 0
    for file in sorted(inputs.glob("*.parquet")):
        expected = rated_here(pq.read_table(file))
        first, last = expected["id"][0].as_py(), expected["id"][-1].as_py()
        actual = _rows(index, first, last)
        _same(expected, actual)
        found += actual.num_rows
        expected_rows += expected.num_rows
        states = {count["values"]: count["counts"] for count in pc.value_counts(expected["state"]).to_pylist()}
        yield Compared(expected.num_rows, states, pc.sum(expected["payable"]).as_py() or Decimal(0))
    written = sum(group.rows for group in index)
    if not expected_rows == found == written:
        raise DiffersError(f"{expected_rows} rows were expected, {written} were written")


def rated_here(table: pa.Table) -> pa.Table:
    """The same function, called in this process."""
    return pa.Table.from_batches([meter_and_rate(batch) for batch in table.to_batches()], schema=RATED)


@dataclass(frozen=True)
class _Group:
    """A row group of the output, and the ids between which its rows are."""

    file: Path
    number: int
    rows: int
    first: int
    last: int


def _groups(file: Path) -> Iterator[_Group]:
    metadata = pq.read_metadata(file)
    column = metadata.schema.names.index("id")
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        ids = group.column(column).statistics
        yield _Group(file, number, group.num_rows, ids.min, ids.max)


def _rows(index: list[_Group], first: int, last: int) -> pa.Table:
    """The rows of the output from one id to another, in the order of their ids."""
    tables = [
        pq.ParquetFile(group.file).read_row_group(group.number)
        for group in index
        if group.first <= last and first <= group.last
    ]
    if not tables:
        raise DiffersError(f"no row from id {first} to {last} was written")
    table = pa.concat_tables(tables)
    inside = pc.and_(pc.greater_equal(table["id"], first), pc.less_equal(table["id"], last))
    return table.filter(inside).sort_by("id")


def _same(expected: pa.Table, actual: pa.Table) -> None:
    if not expected["id"].equals(actual["id"]):
        raise DiffersError(
            f"of the ids {expected['id'][0]} to {expected['id'][-1]}, a row is missing or there twice: "
            f"{actual.num_rows} rows for {expected.num_rows}"
        )
    for name in expected.column_names:
        left, right = expected[name], actual[name]
        if left.type != right.type:
            raise DiffersError(f"column `{name}` is {left.type} here and {right.type} from Spark")
        if not left.equals(right):
            places = (place for place in range(len(left)) if left[place] != right[place])
            place = next(places)
            raise DiffersError(
                f"id {expected['id'][place]} has `{name}` {left[place]} here and {right[place]} from Spark"
            )
