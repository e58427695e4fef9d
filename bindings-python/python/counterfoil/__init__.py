"""The arithmetic of a cloud portal: metering, pricing, coupons and balance, statements, address ranges, placement."""

from counterfoil._errors import (
    Conflict,
    CounterfoilError,
    Insufficient,
    InvalidInput,
    NotFound,
    OutOfRange,
    Unsupported,
)
from counterfoil._native import (
    LookupTable,
    Match,
    Money,
    Quantity,
    Range,
    RangeSet,
    Ranges,
    Snapshot,
    aggregate,
    evaluate,
    merge_ranges,
    operations,
)

__all__ = [
    "Conflict",
    "CounterfoilError",
    "Insufficient",
    "InvalidInput",
    "LookupTable",
    "Match",
    "Money",
    "NotFound",
    "OutOfRange",
    "Quantity",
    "Range",
    "RangeSet",
    "Ranges",
    "Snapshot",
    "Unsupported",
    "aggregate",
    "evaluate",
    "merge_ranges",
    "operations",
]
