"""The arithmetic of a cloud portal: metering, pricing, coupons and balance, statements, address ranges, placement.

- Handles, for what is asked often: ``RateCard``, ``Tariff``, ``History``, ``Wallet``, ``Range``, ``RangeSet``, ``Snapshot``, …
- Operations, for everything: a module for each context, as ``counterfoil.pricing``; its functions take keywords and answer
  with frozen records. ``call`` takes the name of one.
- ``counterfoil.bulk``, for tables: anything with the Arrow C interface in, Arrow out.

No float comes near money: pass ``Decimal`` or text. Faults are ``CounterfoilError`` with a stable ``code``.

>>> import counterfoil
>>> counterfoil.money.allocate(amount="10.00", weights=["1", "1", "1"], step="0.01").parts
(Decimal('3.34'), Decimal('3.33'), Decimal('3.33'))
"""

from __future__ import annotations

from counterfoil import _native
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
    ArchiveRow,
    Coupon,
    History,
    Leg,
    Line,
    LookupTable,
    Match,
    Money,
    Owner,
    Period,
    Plan,
    PortalRows,
    Quantity,
    Quote,
    Range,
    Ranges,
    RangeSet,
    RateCard,
    Rated,
    Snapshot,
    Span,
    Spec,
    Tariff,
    Usage,
    Wallet,
    aggregate,
    evaluate,
    merge_ranges,
    operations,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from counterfoil import bulk, ipam, metering, money, order, placement, pricing, statement, time, units, wallet

#: Modules that are loaded when they are first asked for, so that an import of the package stays quick.
_MODULES = frozenset(
    ("bulk", "ipam", "metering", "money", "order", "placement", "pricing", "statement", "time", "units", "wallet")
)


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        from importlib import import_module

        return import_module(f"counterfoil.{name}")
    raise AttributeError(f"module `counterfoil` has no attribute `{name}`")


def call(operation: str, /, **arguments: Any) -> Any:
    """Calls an operation by its name: what the function of its context does.

    >>> call("time.plus_months", date="2024-01-31", months=1).date
    datetime.date(2024, 2, 29)
    """
    from keyword import iskeyword

    def member(name: str) -> str:  # `for_` is `for`, which is no name in Python
        return name[:-1] if name.endswith("_") and iskeyword(name[:-1]) else name

    return _native.call(operation, {member(name): value for name, value in arguments.items()})


__all__ = [
    "ArchiveRow",
    "Conflict",
    "CounterfoilError",
    "Coupon",
    "History",
    "Insufficient",
    "InvalidInput",
    "Leg",
    "Line",
    "LookupTable",
    "Match",
    "Money",
    "NotFound",
    "OutOfRange",
    "Owner",
    "Period",
    "Plan",
    "PortalRows",
    "Quantity",
    "Quote",
    "Range",
    "RangeSet",
    "Ranges",
    "RateCard",
    "Rated",
    "Snapshot",
    "Span",
    "Spec",
    "Tariff",
    "Unsupported",
    "Usage",
    "Wallet",
    "aggregate",
    "bulk",
    "call",
    "evaluate",
    "ipam",
    "merge_ranges",
    "metering",
    "money",
    "operations",
    "order",
    "placement",
    "pricing",
    "statement",
    "time",
    "units",
    "wallet",
]
