"""The pairs of metering, pricing and deduction: ours, and plain Python, on the same facts with the same answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from counterfoil import Coupon, History, Leg, Money, Owner, Period, Plan, RateCard, Span, Spec, Wallet
from python_baseline import billing as plain

UTC = timezone.utc
DAY = datetime(2024, 2, 20, tzinfo=UTC)
NOW = datetime(2025, 3, 14, 15, 9, 26, tzinfo=UTC)
ROUNDING = "half_even 0.01 total"

PRICES = plain.Prices(Decimal("0.01"), Decimal("0.066"), Decimal("0.012"), Decimal("0.001"), Decimal("0.1"))

CARD = RateCard.from_toml(
    'revision = "2024-02"\ncurrency = "CNY"\n'
    + "".join(
        f'[[rates]]\nkind = "server"\npart = "{part}"\nprice = "{price}"\nper = "{per}"\nevery = "hour"\n'
        for part, price, per in [
            ("base", PRICES.base, "count"),
            ("cpu", PRICES.cpu, "core"),
            ("ram", PRICES.ram, "GiB"),
            ("disk", PRICES.disk, "GiB"),
            ("public_ip", PRICES.public_ip, "count"),
        ]
    )
)


class Pair(NamedTuple):
    """One thing done in two ways. `same` is what both answer."""

    name: str
    ours: Callable[[], Any]
    plain: Callable[[], Any]
    least_ratio: float
    same: Callable[[Any, Any], bool]


def metering() -> Pair:
    """A server-day with three changes: from typed spans to what is payable."""
    hours = [0, 7, 13, 19]
    sizes = [(1, 2), (4, 8), (8, 16), (2, 4)]
    ends = [DAY + timedelta(hours=hour) for hour in hours[1:]] + [None]
    starts = [DAY - timedelta(days=3)] + [DAY + timedelta(hours=hour) for hour in hours[1:]]
    spans = [
        plain.Span(start, end, plain.Server(cpu, ram, 50, True), post_paid=place != 3)
        for place, (start, end, (cpu, ram)) in enumerate(zip(starts, ends, sizes, strict=True))
    ]
    history = History(
        (Span.post_paid if span.post_paid else Span.pre_paid)(
            span.start, span.end, Spec.server(cpu=span.server.cpu, ram=span.server.ram, disk=50, public_ip=True)
        )
        for span in spans
    )
    tariff, day = CARD.tariff("server", DAY), Period(DAY, DAY + timedelta(days=1))

    def ours() -> tuple[Decimal, Decimal]:
        usage = history.usage(day)
        assert usage is not None
        rated = tariff.rate(usage, rounding=ROUNDING)
        return rated.original, rated.payable

    def by_hand() -> tuple[Decimal, Decimal]:
        return plain.rate(plain.meter(spans, DAY, DAY + timedelta(days=1)), PRICES)

    return Pair("server-day with 3 changes", ours, by_hand, 2, lambda a, b: bool(a == b))


def metering_of_rows() -> Pair:
    """The same, where the history is made of rows in the call as well."""
    pair = metering()
    rows = [
        (DAY - timedelta(days=3), DAY + timedelta(hours=7), 1, 2, True),
        (DAY + timedelta(hours=7), DAY + timedelta(hours=13), 4, 8, True),
        (DAY + timedelta(hours=13), DAY + timedelta(hours=19), 8, 16, True),
        (DAY + timedelta(hours=19), None, 2, 4, False),
    ]
    tariff, day = CARD.tariff("server", DAY), Period(DAY, DAY + timedelta(days=1))

    def ours() -> tuple[Decimal, Decimal]:
        history = History(
            [
                (Span.post_paid if post_paid else Span.pre_paid)(
                    start, end, Spec.server(cpu=cpu, ram=ram, disk=50, public_ip=True)
                )
                for start, end, cpu, ram, post_paid in rows
            ]
        )
        usage = history.usage(day)
        assert usage is not None
        rated = tariff.rate(usage, rounding=ROUNDING)
        return rated.original, rated.payable

    def by_hand() -> tuple[Decimal, Decimal]:
        spans = [
            plain.Span(start, end, plain.Server(cpu, ram, 50, True), post_paid)
            for start, end, cpu, ram, post_paid in rows
        ]
        return plain.rate(plain.meter(spans, DAY, DAY + timedelta(days=1)), PRICES)

    return Pair("server-day with 3 changes, from rows", ours, by_hand, 2, pair.same)


def inquiry() -> Pair:
    """A server for 30 days, twice: a typed spec in, a quote with its lines out, and what is payable read."""
    tariff = CARD.tariff("server", DAY)

    def ours() -> Decimal:
        spec = Spec.server(cpu=4, ram=8, disk=50, public_ip=True)
        payable: Decimal = tariff.inquire(spec, days=30, count=2, rounding=ROUNDING).payable
        return payable

    def by_hand() -> Decimal:
        return plain.inquire(plain.Server(4, 8, 50, True), PRICES, 30, 2).payable

    return Pair("inquiry of a server", ours, by_hand, 2, lambda a, b: bool(a == b))


def inquiry_with_lines() -> Pair:
    """The same, and of every line its part and what it comes to."""
    tariff = CARD.tariff("server", DAY)

    def ours() -> list[tuple[str, Decimal]]:
        spec = Spec.server(cpu=4, ram=8, disk=50, public_ip=True)
        quote = tariff.inquire(spec, days=30, count=2, rounding=ROUNDING)
        return [("payable", quote.payable), *((line.part, line.subtotal) for line in quote.lines)]

    def by_hand() -> list[tuple[str, Decimal]]:
        quote = plain.inquire(plain.Server(4, 8, 50, True), PRICES, 30, 2)
        return [("payable", quote.payable), *((line.part, line.amount) for line in quote.lines)]

    return Pair("inquiry of a server, lines read", ours, by_hand, 2, lambda a, b: sorted(a) == sorted(b))


def payment() -> tuple[Callable[[], Plan], Callable[[], list[plain.Leg]]]:
    """A payment from ten coupons, each of another balance, and from the account, in both ways."""
    coupons = [
        plain.Coupon(
            f"C{place}",
            Decimal("5.50") + place,
            datetime(2025, 3, 1, tzinfo=UTC),
            datetime(2025, 4, 1 + place, tzinfo=UTC),
            datetime(2025, 2, 20, 8, tzinfo=UTC),
            "zhang",
            "vm",
            "available",
        )
        for place in range(10)
    ]
    payer = Owner.user("zhang")
    wallet = Wallet(
        payer=payer,
        balance="50.00 CNY",
        coupons=[
            Coupon(
                id=coupon.id,
                face_value="100.00 CNY",
                balance=Money(coupon.balance, "CNY"),
                status=coupon.status,
                category="server",
                unit=coupon.unit,
                effective=coupon.effective,
                expiration=coupon.expiration,
                created=coupon.created,
                owner=payer,
            )
            for coupon in coupons
        ],
    )
    amount = Decimal("123.45")

    def ours() -> Plan:
        return wallet.plan(amount, application="portal", order="o", unit="vm", at=NOW, funding="enough_funds")

    def by_hand() -> list[plain.Leg]:
        return plain.deduct(amount, Decimal("50.00"), coupons, "zhang", "vm", NOW)

    return ours, by_hand


def deduction() -> Pair:
    """The legs of a payment as objects, of which nothing is read yet."""
    plan, by_hand = payment()

    def same(legs: tuple[Leg, ...], by_hand: list[plain.Leg]) -> bool:
        ours = [(leg.id or leg.source, leg.amount.amount, leg.after.amount) for leg in legs]
        return ours == [(leg.source, leg.amount, leg.after) for leg in by_hand]

    return Pair("deduction from 10 coupons", lambda: plan().legs, by_hand, 2, same)


def deduction_read() -> Pair:
    """The same, and of every leg what it takes, finds and leaves, as decimals: the rows of a portal's table."""
    plan, legs = payment()

    def ours() -> list[tuple[str, Decimal, Decimal, Decimal]]:
        return [(id or source, amount, before, after) for source, id, amount, before, after in plan().rows()]

    def by_hand() -> list[tuple[str, Decimal, Decimal, Decimal]]:
        return [(leg.source, leg.amount, leg.before, leg.after) for leg in legs()]

    return Pair("deduction from 10 coupons, amounts read", ours, by_hand, 2, lambda a, b: bool(a == b))


def pairs() -> list[Pair]:
    return [metering(), metering_of_rows(), inquiry(), inquiry_with_lines(), deduction(), deduction_read()]
