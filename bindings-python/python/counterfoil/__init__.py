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
from counterfoil._native import Money, Quantity, evaluate, operations

__all__ = [
    "Conflict",
    "CounterfoilError",
    "Insufficient",
    "InvalidInput",
    "Money",
    "NotFound",
    "OutOfRange",
    "Quantity",
    "Unsupported",
    "evaluate",
    "operations",
]
