"""The types of values: what an operation takes (`…Like`), and what it answers with.

Text is read by the parsers of the core, so it is the same value or the same error. A decimal is never taken as a
float, nor as an `int`, which JSON would write as a number.

An instant is a `datetime` with a zone; a time that the clocks of the zone show twice, or skip, is the one that its `fold`
says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeAlias

from counterfoil._native import Coupon, Money, Owner, Period, Quantity, Range, RateCard, Span, Spec

Exact: TypeAlias = Fraction
Instant: TypeAlias = datetime
Date: TypeAlias = date
ClockTime: TypeAlias = datetime
Address: TypeAlias = IPv4Address | IPv6Address
Prefix: TypeAlias = IPv4Network | IPv6Network
Interval: TypeAlias = str
ResourceQuantity: TypeAlias = str
Card: TypeAlias = Mapping[str, Any]

DecimalLike: TypeAlias = Decimal | str
ExactLike: TypeAlias = Decimal | Fraction | str
IntegerLike: TypeAlias = str
MoneyLike: TypeAlias = Money | str
QuantityLike: TypeAlias = Quantity | str
SpecLike: TypeAlias = Spec | Mapping[str, QuantityLike]
InstantLike: TypeAlias = datetime | str
DateLike: TypeAlias = date | str
ClockTimeLike: TypeAlias = str
AddressLike: TypeAlias = IPv4Address | IPv6Address | str
PrefixLike: TypeAlias = IPv4Network | IPv6Network | str
RangeLike: TypeAlias = Range | IPv4Network | IPv6Network | IPv4Address | IPv6Address | str
IntervalLike: TypeAlias = str
ResourceQuantityLike: TypeAlias = Decimal | str
# A rate of a card, or a card, as `docs/rate-card.schema.json` says.
CardLike: TypeAlias = RateCard | Mapping[str, Any]

__all__ = ["Coupon", "Decimal", "Money", "Owner", "Period", "Quantity", "Range", "Span"]
