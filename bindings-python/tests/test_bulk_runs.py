"""Tables in bulk as a run: threads, progress, Ctrl-C, streams, memory, and exports that are no good."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest

from bulk_world import ArrayOnly, Row, rater, rows_of, table
from counterfoil import CounterfoilError, InvalidInput, bulk

ROWS = [Row(start=minute, mode=mode) for minute in range(-30, 1_500, 5) for mode in ("post_paid", "pre_paid", "gratis")]


def many(rows: int) -> pa.Table:
    """So many rows in one batch."""
    usage = table(ROWS)
    return pa.concat_tables([usage] * (rows // len(ROWS) + 1)).slice(0, rows).combine_chunks()


def long() -> pa.Table:
    """Many minutes of work that take no memory: one batch over and over."""
    [batch] = many(1 << 14).to_batches()
    return pa.Table.from_batches([batch] * 20_000)


def bits(batches: Any) -> bytes:
    """The columns as they are written; the metadata of a field comes in any order."""
    rated = pa.table(batches)
    rated = pa.table(rated.columns, names=rated.column_names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rated.schema) as writer:
        writer.write_table(rated)
    return sink.getvalue().to_pybytes()


def test_threads_change_no_bit() -> None:
    usage = many(100_000)
    for each in (usage, pa.concat_tables([usage.slice(row, 7_001) for row in range(0, 100_000, 7_001)])):
        one = rater(usage="parts").rate(each)
        for threads in (2, 3):
            assert bits(rater(usage="parts").rate(each, threads=threads)) == bits(one)
    for wrong in (0, -1, 1.0, True, "2", 2**70):
        with pytest.raises(CounterfoilError):
            rater().rate(usage, threads=wrong)  # type: ignore[arg-type]


def test_one_rater_of_many_threads_and_python_runs_on() -> None:
    shared, usage = rater(), many(60_000)
    expected, found = bits(shared.rate(usage)), []
    threads = [threading.Thread(target=lambda: found.append(bits(shared.rate(usage)))) for _ in range(4)]
    counted, done = 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    counter.join()
    assert found == [expected] * 4 and counted > 5


def test_progress_is_told_and_ends_with_all() -> None:
    usage = many(100_000)
    for each, of in ((usage, 100_000), (pa.concat_tables([usage.slice(0, 40_000), usage.slice(40_000)]), 100_000)):
        told: list[tuple[int, int | None]] = []
        rater().rate(each, progress=lambda rows, of, told=told: told.append((rows, of)))
        assert told == sorted(told) and told[-1] == (100_000, of) and {total for _, total in told} == {of}
    told = []
    rater().rate(usage.to_reader(9_999), progress=lambda *now: told.append(now))
    assert told[0][1] is None and told[-1] == (100_000, 100_000)
    with pytest.raises(InvalidInput):
        rater().rate(usage, progress=5)  # type: ignore[arg-type]


class Stop(Exception):
    """What a caller of ours raises."""


def test_what_progress_raises_stops_the_run() -> None:
    def stop(rows: int, of: int | None) -> None:
        if rows > 100_000:
            raise Stop(rows, of)

    for threads in (1, 2):
        with pytest.raises(Stop) as caught:
            rater().rate(long(), threads=threads, progress=stop)
        assert caught.value.args[1] == long().num_rows


def interrupting(call: Any) -> None:
    """Calls, and is interrupted as by Ctrl-C."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    before = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        call()
    assert time.monotonic() - before < 10


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are those of Unix")
def test_ctrl_c_stops_a_run() -> None:
    usage = long()
    interrupting(lambda: rater().rate(usage))
    interrupting(lambda: rater().rate(usage, threads=2))
    interrupting(lambda: [None for _ in rater().stream(usage)])
    stated = pa.concat_tables([charged(1 << 14)] * 20_000)
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all")
    interrupting(lambda: statements.add(stated))
    # Some lines are in and some are not: nobody is told sums of that.
    for call in (statements.statements, lambda: statements.add(charged(1))):
        with pytest.raises(CounterfoilError) as caught:
            call()
        assert caught.value.code == "arrow.cancelled"
    assert rater().rate(table(ROWS)).num_rows == len(ROWS)


def charged(rows: int) -> pa.Table:
    words = {name: pa.array([word] * rows).dictionary_encode() for name, word in WORDS.items()}
    return pa.table(words | {name: pa.array([1] * rows, pa.int64()) for name in ("original", "payable")})


WORDS = {"owner": "user:ada", "unit": "vm", "kind": "server"}


def test_statements_that_were_not_touched_go_on() -> None:
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all")
    statements.add(charged(2))
    for wrong in (charged(1).drop_columns("owner"), 5, charged(0).drop_columns("kind")):
        with pytest.raises(CounterfoilError):
            statements.add(wrong)
    statements.add(charged(3))
    assert rows_of(statements.statements())[0]["lines"] == 5

    def stop(rows: int, of: int | None) -> None:
        raise Stop

    with pytest.raises(Stop):
        statements.add(charged(1), progress=stop)
    with pytest.raises(CounterfoilError, match="cancelled after 6 rows"):
        statements.statements()


# Streams


def test_a_stream_holds_one_batch_at_a_time() -> None:
    pulled: list[int] = []
    alive: list[int] = []
    before = pa.total_allocated_bytes()

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(50):
            pulled.append(number)
            yield many(5_000).to_batches()[0]
            alive.append(pa.total_allocated_bytes() - before)

    schema = many(1).schema
    stream = rater().stream(pa.RecordBatchReader.from_batches(schema, batches()))
    assert not pulled and pa.schema(stream) == pa.schema(stream.schema) == pa.schema(rater().output_schema(schema))
    for number, rated in enumerate(stream, start=1):
        assert len(pulled) == number and rated.num_rows == 5_000
    assert len(pulled) == 50 and max(alive) < 6 * alive[0]
    assert list(stream) == []


def test_streams_into_every_library() -> None:
    usage = many(30_000)
    pieces = pa.concat_tables([usage.slice(row, 10_000) for row in (0, 10_000, 20_000)])
    expected = rows_of(rater().rate(pieces))
    for threads in (1, 2):
        reader = pa.RecordBatchReader.from_stream(rater().stream(pieces, threads=threads))
        assert rows_of(reader.read_all()) == expected
    amounts = [row["payable"] for row in expected]
    assert polars.DataFrame(rater().stream(pieces))["payable"].to_list() == amounts
    stream = rater().stream(pieces)
    assert [amount for (amount,) in duckdb.sql("select payable from stream").fetchall()] == amounts
    # As `mapInArrow` of Spark calls: batches in, batches out.
    mapped = [pa.RecordBatchReader.from_stream(rater().rate(batch)).read_all() for batch in pieces.to_batches()]
    assert rows_of(pa.concat_tables(mapped)) == expected


def test_a_stream_is_handed_over_once() -> None:
    stream = rater().stream(table(ROWS))
    assert pa.RecordBatchReader.from_stream(stream).read_all().num_rows == len(ROWS)
    with pytest.raises(InvalidInput, match="handed over before"):
        stream.__arrow_c_stream__()
    with pytest.raises(InvalidInput, match="handed over before"):
        next(stream)
    reader = table(ROWS).to_reader()
    assert rater().rate(reader).num_rows == len(ROWS)
    assert rater().rate(reader).num_rows == 0  # a reader that was read to its end


def failing() -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch]:
        yield from table(ROWS).to_batches() * 3
        raise RuntimeError("the disk\0 is gone")

    return pa.RecordBatchReader.from_batches(table(ROWS).schema, batches())


def test_where_batches_come_from_fails() -> None:
    for threads in (1, 2):
        with pytest.raises(CounterfoilError, match="the disk") as caught:
            rater().rate(failing(), threads=threads)
        assert caught.value.code == "arrow.source_failed"
    stream = rater().stream(failing())
    assert [next(stream).num_rows for _ in range(3)] == [len(ROWS)] * 3
    with pytest.raises(CounterfoilError, match="the disk"):
        next(stream)
    assert list(stream) == []
    reader = pa.RecordBatchReader.from_stream(rater().stream(failing()))
    with pytest.raises(pa.ArrowInvalid, match=r"arrow\.source_failed"):
        reader.read_all()


def test_a_stream_that_reads_itself_is_refused() -> None:
    told: list[BaseException] = []

    def batches() -> Iterator[pa.RecordBatch]:
        yield table(ROWS).to_batches()[0]
        try:
            next(stream)
        except ValueError as error:
            told.append(error)

    stream = rater().stream(pa.RecordBatchReader.from_batches(table(ROWS).schema, batches()))
    assert len(list(stream)) == 1 and "being read already" in str(told[0])


# Exports


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
    for each in [Exports(capsule) for capsule in wrong] + [ExportsArray(pair) for pair in [*wrong[:-1], (array, schema)]]:
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


@pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="the system does not tell how much memory a process holds")
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
