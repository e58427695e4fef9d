"""The day of a made-up cloud, as Parquet: one row for each server, the same rows on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_OF_A_FILE = 1_000_000
ROWS_OF_A_GROUP = 62_500

HOUR = 3_600_000_000
DAY = 24 * HOUR
# 2024-02-20 in China, where a day begins at 16:00 of the day before in UTC.
MIDNIGHT = 1_708_358_400_000_000

KINDS = pa.array(["standard", "compute", "memory", "shared"])
MODES = pa.array(["post_paid", "pre_paid", "quota"])

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("start", pa.timestamp("us", tz="UTC")),
        pa.field("end", pa.timestamp("us", tz="UTC")),
        pa.field("mode", pa.string()),
        pa.field("cpu", pa.int64()),
        pa.field("ram_gib", pa.decimal128(9, 2)),
        pa.field("kind", pa.string()),
    ]
)


def write(folder: Path, rows: int) -> Iterator[int]:
    """Write so many rows into files of a million each; after each file, its number of rows."""
    folder.mkdir(parents=True)
    for number, first in enumerate(range(0, rows, ROWS_OF_A_FILE)):
        table = resource_days(first, min(first + ROWS_OF_A_FILE, rows))
        pq.write_table(table, folder / f"part-{number:05}.parquet", row_group_size=ROWS_OF_A_GROUP)
        yield table.num_rows


def resource_days(first: int, end: int) -> pa.Table:
    """The rows from one id to another: each is made of its id alone, so chunks do not matter."""
    ids = np.arange(first, end, dtype=np.uint64)
    scattered = _scattered(ids)

    def choice(of: int, place: int) -> np.ndarray:
        """A number below `of` for each row, another one for each place."""
        return ((scattered >> np.uint64(place)) % np.uint64(of)).astype(np.int64)

    # Most have run for long; one in eight began during the day, to the microsecond.
    began_today = choice(8, 0) == 0
    start = np.where(began_today, MIDNIGHT + choice(DAY, 3), MIDNIGHT - HOUR - choice(90 * DAY, 5))
    # One in eight ended: some of them before the day, so that they are absent from it.
    ended = choice(8, 7) == 1
    stop = np.where(choice(4, 11) == 0, start + HOUR // 2, np.maximum(start, MIDNIGHT) + 1 + choice(DAY, 13))
    # One in some ten thousand is a mistake of whoever wrote it down: it ends before it starts.
    wrong = choice(10_007, 17) == 0
    stop = np.where(wrong, start - HOUR, stop)

    cpu = np.int64(1) << choice(6, 19)
    ram = cpu * np.array([100, 200, 400, 50])[choice(4, 23)]
    mode = np.maximum(choice(8, 29) - 5, 0)
    utc = pa.timestamp("us", tz="UTC")
    return pa.table(
        [
            pa.array(ids.astype(np.int64)),
            pa.array(start).cast(utc),
            pa.array(stop, mask=~(ended | wrong)).cast(utc),
            MODES.take(pa.array(mode)),
            pa.array(cpu),
            _hundredths(ram),
            KINDS.take(pa.array(choice(4, 31))),
        ],
        schema=SCHEMA,
    )


def _scattered(ids: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64: whole numbers only, and so the same on every machine."""
    mixed = (ids + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _hundredths(numbers: np.ndarray) -> pa.Array:
    """Whole hundredths as decimals, without a float on the way: 16 bytes each, the low half first."""
    halves = np.zeros((len(numbers), 2), dtype="<i8")
    halves[:, 0] = numbers
    halves[:, 1] = -(numbers < 0).astype(np.int64)
    return pa.Array.from_buffers(pa.decimal128(9, 2), len(numbers), [None, pa.py_buffer(halves.tobytes())])
