"""What is done with each batch of rows, on a worker of Spark and in one process alike."""

from __future__ import annotations

import datetime

import pyarrow as pa
from counterfoil import bulk

CARD = """
revision = "2024-02"
currency = "CNY"
rates = [
    { kind = "standard", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "standard", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "compute", part = "cpu", price = "0.072", per = "core", every = "hour" },
    { kind = "compute", part = "ram", price = "0.012", per = "GiB", every = "hour" },
    { kind = "memory", part = "cpu", price = "0.066", per = "core", every = "hour" },
    { kind = "memory", part = "ram", price = "0.0105", per = "GiB", every = "hour" },
    { kind = "shared", part = "cpu", price = "0.024", per = "core", every = "hour" },
    { kind = "shared", part = "ram", price = "0.009", per = "GiB", every = "hour" },
]
"""

# Made once in each process that imports this: of text, so that nothing but this file goes to a worker.
RATER = bulk.Rater(
    CARD,
    quantities={"cpu": "core", "ram_gib": bulk.Column("GiB", part="ram")},
    rounding="portal",
    window=datetime.date(2024, 2, 20),
    zone="Asia/Shanghai",
    passed=["id"],
)

RATED = pa.schema(
    [
        ("id", pa.int64()),
        ("state", pa.string()),
        ("micros", pa.int64()),
        ("payable_micros", pa.int64()),
        ("original", pa.decimal128(38, 2)),
        ("payable", pa.decimal128(38, 2)),
        ("code", pa.string()),
    ]
)
RATED_IN_SPARK = (
    "id bigint, state string, micros bigint, payable_micros bigint, "
    "original decimal(38, 2), payable decimal(38, 2), code string"
)


def meter_and_rate(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of usage in, as many rows of amounts out; one thread, since Spark counts its own."""
    rated = pa.table(RATER.rate(batch, threads=1))
    # Spark takes no dictionaries: the words of `state` and `code` are written out.
    return pa.RecordBatch.from_struct_array(rated.cast(RATED).to_struct_array().combine_chunks())
