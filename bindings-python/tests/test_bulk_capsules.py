"""Tables across the Arrow C interface: capsules are taken once, what is none is refused, and memory is let go."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from bulk_world import MANY as ROWS
from bulk_world import ArrayOnly, many, rater, rows_of, table

from counterfoil import CounterfoilError, InvalidInput, bulk


class Stop(Exception):
    """What an export of ours raises."""


class Exports:
    """What exports this, whatever it is."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.capsule


class ExportsArray:
    """What exports this as an array, whatever it is."""

    def __init__(self, pair: Any) -> None:
        self.pair = pair

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.pair


def test_a_capsule_is_taken_once() -> None:
    twice = Exports(table(ROWS).__arrow_c_stream__())
    assert rater().rate(twice).num_rows == len(ROWS)
    pair = ExportsArray(table(ROWS).to_batches()[0].__arrow_c_array__())
    assert rater().rate(pair).num_rows == len(ROWS)
    for again in (twice, pair):
        with pytest.raises(InvalidInput, match="was read before"):
            rater().rate(again)


def test_exports_that_are_none() -> None:
    usage = table(ROWS)
    schema, array = usage.to_batches()[0].__arrow_c_array__()
    wrong: list[Any] = [None, 5, usage, usage.schema.__arrow_c_schema__(), schema, array, (schema, array)]
    streams = [Exports(capsule) for capsule in wrong]
    for each in [*streams, *(ExportsArray(pair) for pair in [*wrong[:-1], (array, schema)])]:
        with pytest.raises(InvalidInput) as caught:
            rater().rate(each)
        assert caught.value.code == "wire.bad_input"

    class Fails:
        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            raise Stop

    with pytest.raises(Stop):
        rater().rate(Fails())
    # A schema that is not that of the array.
    other, _ = pa.record_batch({"start": [1]}).__arrow_c_array__()
    _, array = usage.to_batches()[0].__arrow_c_array__()
    with pytest.raises(CounterfoilError) as failed:
        rater().rate(ExportsArray((other, array)))
    assert failed.value.code == "arrow.source_failed"


def test_rows_that_are_null_as_a_whole_are_refused() -> None:
    [batch] = table(ROWS[:3]).to_batches()
    rows = pa.StructArray.from_arrays(batch.columns, fields=list(batch.schema), mask=pa.array([False, True, False]))
    for each in (pa.chunked_array([rows]), rows, ExportsArray(rows.__arrow_c_array__())):
        with pytest.raises(CounterfoilError, match="null as a whole"):
            rater().rate(each)
    assert rater().rate(pa.chunked_array([rows.slice(2)])).num_rows == 1


# Memory


def resident() -> int:
    """Kilobytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="the system does not tell how much memory it holds")
def test_memory_does_not_grow() -> None:
    shared, usage = rater(usage="parts"), many(300)
    gc.collect()
    allocated = pa.total_allocated_bytes()

    def run(count: int) -> None:
        for _ in range(count):
            pa.table(shared.rate(usage))
            pa.table(bulk.faults(shared.rate(ArrayOnly(usage.to_batches()[0]), threads=2)))
            for rated in shared.stream(usage):
                str(rated)
            shared.stream(usage).__arrow_c_stream__()
            shared.explain(usage, 1)
            shared.rate(usage).__arrow_c_schema__()
            with pytest.raises(CounterfoilError):
                shared.rate(usage.drop_columns("cpu"))

    run(60)
    gc.collect()
    before = resident()
    run(300)
    gc.collect()
    assert resident() - before < 6_000
    assert pa.total_allocated_bytes() <= allocated


def test_what_came_in_is_let_go() -> None:
    gc.collect()
    before = pa.total_allocated_bytes()
    usage = many(50_000)
    rated = rater(passed=[]).rate(usage)
    del usage
    gc.collect()
    assert pa.total_allocated_bytes() <= before and rated.num_rows == 50_000
    # What is passed through is held, as long as the result is.
    usage = many(50_000)
    rated = rater().rate(usage)
    del usage
    gc.collect()
    assert pa.total_allocated_bytes() > before and rows_of(rated)[49_999]["resource"] == f"i-{49_999 % len(ROWS)}"
    del rated
    gc.collect()
    assert pa.total_allocated_bytes() <= before


def test_bytes_that_are_called_text_are_refused() -> None:
    """Pyarrow lets them through; to read them as text would be undefined."""
    usage = table(ROWS)
    place = usage.schema.get_field_index("kind") if "kind" in usage.schema.names else 0
    bad = pa.array([b"\xff"] * len(ROWS), pa.binary()).view(pa.string())
    for column in (bad, bad.dictionary_encode()):
        broken = usage.set_column(place, usage.schema.names[place], column)
        with pytest.raises(CounterfoilError) as caught:
            rater().rate(broken)
        assert caught.value.code == "arrow.source_failed"
