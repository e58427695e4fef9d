"""Tables in bulk as a run: threads, progress, Ctrl-C, streams."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pytest
from bulk_world import MANY as ROWS
from bulk_world import many, rater, rows_of, table

from counterfoil import CounterfoilError, InvalidInput, bulk


def long() -> pa.Table:
    """A minute of work that takes no memory: one batch over and over."""
    [batch] = many(1 << 14).to_batches()
    return pa.Table.from_batches([batch] * 2_000)


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


def test_a_callback_may_rate_but_not_without_end() -> None:
    usage, within = table(ROWS), 0

    def other(rows: int, of: int | None) -> None:
        assert rows_of(rater().rate(usage, progress=lambda *_: None)) == rows_of(rater().rate(usage))

    def itself(rows: int, of: int | None) -> None:
        nonlocal within
        within += 1
        rater().rate(usage, progress=itself)

    rater().rate(usage, progress=other)
    for _ in range(2):  # the second time from the beginning, too
        within = 0
        with pytest.raises(InvalidInput, match="`progress` calls what calls it") as caught:
            rater().rate(usage, progress=itself)
        assert caught.value.details["at"] == "progress" and 2 < within < 50
    rater().rate(usage, progress=other)


def interrupting(call: Any) -> None:
    """Calls, and is interrupted as by Ctrl-C.

    A process that a shell starts in the background ignores the signal, and Python leaves that as it is.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            call()
        assert time.monotonic() - began < 10
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are those of Unix")
def test_ctrl_c_stops_a_run() -> None:
    usage = long()
    interrupting(lambda: rater().rate(usage))
    interrupting(lambda: rater().rate(usage, threads=2))
    interrupting(lambda: [None for _ in rater().stream(usage)])
    stated = pa.concat_tables([charged(1 << 14)] * 2_000)
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
    stream = rater().stream(pieces)  # noqa: F841 (duckdb finds it by its name)
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


def test_what_is_read_once_loses_no_row_to_a_question() -> None:
    usage, grouped = many(1_000), bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all")
    for reader in (usage.to_reader(100), rater().stream(usage)):
        for ask in (rater().row, rater().explain, grouped.line):
            with pytest.raises(InvalidInput, match="would lose its rows: pass a table") as caught:
                ask(reader, 500)
            assert (caught.value.code, caught.value.details["at"]) == ("wire.bad_input", "table")
        assert sum(batch.num_rows for batch in pa.RecordBatchReader.from_stream(reader)) == 1_000


def test_results_stay_in_their_process_and_say_so() -> None:
    usage = table(ROWS)
    for made, instead in ((rater().rate(usage), "pyarrow.table"), (rater().explain(usage, 0), "`text()`")):
        with pytest.raises(TypeError, match="can not be pickled") as caught:
            pickle.dumps(made)
        assert instead in str(caught.value)


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
