"""How the package is used by typed code: checked by `mypy --strict` and `pyright`, and run by pytest."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import assert_type

from counterfoil import (
    CounterfoilError,
    Coupon,
    History,
    Leg,
    Line,
    Money,
    Owner,
    Period,
    Plan,
    Quote,
    RateCard,
    Rated,
    Span,
    Spec,
    Tariff,
    Usage,
    Wallet,
)

CARD = """
revision = "2024-02"
currency = "CNY"
[[rates]]
kind = "disk"
part = "size"
price = "1.02"
per = "GiB"
every = "day"
"""


def price_of_a_disk() -> Decimal:
    card = RateCard.from_toml(CARD)
    tariff = assert_type(card.tariff("disk", datetime(2024, 2, 20, tzinfo=timezone.utc)), Tariff)
    quote = assert_type(tariff.inquire(Spec.disk(Decimal(50)), days=2, rounding="half_even 0.01 total"), Quote)
    lines = assert_type(quote.lines, tuple[Line, ...])
    assert_type(lines[0].used, Fraction)
    return assert_type(quote.payable, Decimal)


def cost_of_a_day() -> Money:
    day = Period.day("2024-02-20", "Asia/Shanghai")
    history = History([Span.post_paid(day.start, None, Spec(size="50 GiB"))])
    usage = assert_type(history.usage(day), Usage | None)
    assert usage is not None
    tariff = RateCard.from_toml(CARD).tariff("disk", day.start)
    rated = assert_type(tariff.rate(usage, rounding="portal"), Rated)
    return assert_type(rated.payable_money, Money)


def payment() -> tuple[Leg, ...]:
    payer = Owner.user("zhang")
    coupon = Coupon(
        id="C1",
        face_value="100.00 CNY",
        balance=Money("20.00", "CNY"),
        status="available",
        category="server",
        effective="2025-03-01T00:00:00Z",
        expiration=datetime(2025, 4, 1, tzinfo=timezone.utc),
        created="2025-02-20T08:00:00Z",
        owner=payer,
        unit="vm",
    )
    wallet = Wallet(payer=payer, balance="50.00 CNY", coupons=[coupon])
    at = datetime(2025, 3, 14, tzinfo=timezone.utc)
    plan = wallet.plan(Decimal("23.45"), application="portal", order="7", unit="vm", at=at, funding="enough_funds")
    assert_type(plan, Plan)
    return assert_type(plan.legs, tuple[Leg, ...])


def what_is_wrong(amount: str) -> str | None:
    try:
        Money(amount, "CNY")
    except CounterfoilError as error:
        assert_type(error.details, dict[str, str])
        return error.code
    return None


def test_typed_usage() -> None:
    assert price_of_a_disk() == Decimal("102.00")
    assert cost_of_a_day() == Money("51.00", "CNY")
    assert [leg.source for leg in payment()] == ["coupon", "balance"]
    assert what_is_wrong("1e3") == "money.not_a_decimal"
