"""Tables in, tables out: a million rows by the kernels that rate one.

Anything that exports Arrow goes in, without a copy: a ``Table``, ``RecordBatch`` or ``RecordBatchReader`` of pyarrow, a
``DataFrame`` of polars or pandas, a relation of duckdb. What comes out is a ``Batches``, which each of them reads:
``pyarrow.table(batches)``, ``polars.DataFrame(batches)``, ``duckdb.sql("from batches")``.

- ``Rater`` rates usage: ``rate`` a table, ``stream`` one that does not fit in memory, ``row`` and ``explain`` for one.
- ``Statements`` groups what was rated into the statements of each day, owner, service unit and kind.
- ``faults`` lists the rows that have a fault.

What is wrong with a table is raised; what is wrong with a row is a stable code in its column ``code``. Columns of binary
floats are refused: amounts are decimals or whole numbers.

Of a day of 24 hours, two servers at 0.066 for a core and hour:

>>> import datetime, pyarrow
>>> from counterfoil import bulk
>>> card = '''
... revision = "2024-02"
... currency = "CNY"
... rates = [{ kind = "server", part = "cpu", price = "0.066", per = "core", every = "hour" }]
... '''
>>> rater = bulk.Rater(card, quantities={"cpu": "core"}, rounding="portal", window=datetime.date(2024, 2, 20))
>>> instant = pyarrow.timestamp("us", "UTC")
>>> began = datetime.datetime(2024, 2, 20, 12, tzinfo=datetime.timezone.utc)
>>> usage = pyarrow.table({
...     "kind": ["server", "server"],
...     "mode": ["post_paid", "pre_paid"],
...     "start": pyarrow.array([began, began], instant),
...     "end": pyarrow.array([None, None], instant),
...     "cpu": [2, 8],
... })
>>> print(rater.rate(usage))
state | micros      | payable_micros | original | payable | code
rated | 43200000000 | 43200000000    | 1.58     | 1.58    | null
rated | 43200000000 | 0              | 6.34     | 0.00    | null
>>> print(rater.explain(usage, 0).payable)
1.58
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from counterfoil._native import (
    Batches,
    BatchStream,
    Explanation,
    Rater,
    Schema,
    Statements,
    faults,
    quantities,
)

if TYPE_CHECKING:
    from typing import Protocol, TypeAlias

    class ArrowStream(Protocol):
        """What exports batches one after another, as nearly every table does."""

        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

    class ArrowArray(Protocol):
        """What exports one batch."""

        def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

    class ArrowSchema(Protocol):
        """What exports the names and types of columns."""

        def __arrow_c_schema__(self) -> Any: ...

    #: A table of any library.
    Table: TypeAlias = ArrowStream | ArrowArray

__all__ = [
    "BatchStream",
    "Batches",
    "Column",
    "Constant",
    "Explanation",
    "Rater",
    "Schema",
    "Statements",
    "faults",
    "quantities",
]


class Column(NamedTuple):
    """A column of quantities, where its name does not say all.

    ``unit`` is what its numbers count, as ``GiB``; ``part`` what they are of, as ``gpu[A100]``, and the name of the
    column where it is left out. ``scale`` is for whole numbers: ``1500`` with 3 is 1.5; a decimal has its own, and has
    to agree.
    """

    unit: str
    part: str | None = None
    scale: int | None = None


class Constant(NamedTuple):
    """The same whole number of a part for all rows, in no column: ``{"base": Constant(1, "count")}`` is a base fee."""

    number: int
    unit: str


def _rater(card: Any, said: dict[str, Any]) -> Rater:
    """Makes a rater again: in another process, from a pickle."""
    return Rater(card, **said)
