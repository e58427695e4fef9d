"""Metering, pricing and deduction in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
HOUR = timedelta(hours=1)
MICROS_PER_HOUR = 3_600_000_000
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Server:
    """What a server is made of: cores, GiB, GiB, and whether it has a public address."""

    cpu: int
    ram: int
    disk: int
    public_ip: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What a server was from an instant until another, and whether it is paid by use."""

    start: datetime
    end: datetime | None
    server: Server
    post_paid: bool


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of an hour."""

    base: Decimal
    cpu: Decimal
    ram: Decimal
    disk: Decimal
    public_ip: Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """Quantity × microseconds: all of it, and what is payable."""

    used: Mapping[str, int]
    payable: Mapping[str, int]


def meter(spans: Iterable[Span], start: datetime, end: datetime) -> Usage:
    """Quantity × time of each part in a window."""
    used = dict.fromkeys(("base", "cpu", "ram", "disk", "public_ip"), 0)
    payable = dict(used)
    for span in spans:
        first = max(span.start, start)
        last = min(span.end, end) if span.end is not None else end
        if last <= first:
            continue
        micros = (last - first) // MICROSECOND
        server = span.server
        amounts = {
            "base": micros,
            "cpu": server.cpu * micros,
            "ram": server.ram * micros,
            "disk": server.disk * micros,
            "public_ip": server.public_ip * micros,
        }
        for part, amount in amounts.items():
            used[part] += amount
            if span.post_paid:
                payable[part] += amount
    return Usage(used, payable)


def rate(usage: Usage, prices: Prices) -> tuple[Decimal, Decimal]:
    """The original amount and what is payable: one division of each, at the end."""

    def amount(micros: Mapping[str, int]) -> Decimal:
        total = (
            micros["base"] * prices.base
            + micros["cpu"] * prices.cpu
            + micros["ram"] * prices.ram
            + micros["disk"] * prices.disk
            + micros["public_ip"] * prices.public_ip
        )
        return (total / MICROS_PER_HOUR).quantize(CENT, rounding=ROUND_HALF_EVEN)

    return amount(usage.used), amount(usage.payable)


@dataclass(frozen=True, slots=True)
class Line:
    part: str
    quantity: int
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    lines: tuple[Line, ...]
    payable: Decimal


def inquire(server: Server, prices: Prices, days: int, count: int) -> Quote:
    """What a server would cost for some days, with its lines."""
    hours = 24 * days * count
    lines = tuple(
        Line(part, quantity, price, quantity * price * hours)
        for part, quantity, price in (
            ("base", 1, prices.base),
            ("cpu", server.cpu, prices.cpu),
            ("ram", server.ram, prices.ram),
            ("disk", server.disk, prices.disk),
            ("public_ip", int(server.public_ip), prices.public_ip),
        )
    )
    total = sum((line.amount for line in lines), Decimal(0))
    return Quote(lines, total.quantize(CENT, rounding=ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Coupon:
    id: str
    balance: Decimal
    effective: datetime
    expiration: datetime
    created: datetime
    owner: str
    unit: str
    status: str


@dataclass(frozen=True, slots=True)
class Leg:
    source: str
    amount: Decimal
    before: Decimal
    after: Decimal


class NotEnough(Exception):
    """Coupons and the balance do not hold so much."""


def deduct(
    amount: Decimal, balance: Decimal, coupons: Sequence[Coupon], owner: str, unit: str, now: datetime
) -> list[Leg]:
    """Coupons first, the next to expire before the others; the rest from the balance."""
    fit = [
        coupon
        for coupon in coupons
        if coupon.status == "available"
        and coupon.owner == owner
        and coupon.unit == unit
        and coupon.effective <= now < coupon.expiration
        and coupon.balance > 0
    ]
    fit.sort(key=lambda coupon: (coupon.expiration, coupon.created, coupon.id))
    legs: list[Leg] = []
    left = amount
    for coupon in fit:
        if left <= 0:
            break
        taken = min(left, coupon.balance)
        legs.append(Leg(coupon.id, taken, coupon.balance, coupon.balance - taken))
        left -= taken
    if left > 0:
        if balance < left:
            raise NotEnough(left)
        legs.append(Leg("balance", left, balance, balance - left))
    if sum((leg.amount for leg in legs), Decimal(0)) != amount:
        raise AssertionError("the legs do not add up")
    return legs


def after(coupons: Iterable[Coupon], legs: Iterable[Leg]) -> list[Coupon]:
    """The coupons as they stand after a payment."""
    balances = {leg.source: leg.after for leg in legs}
    return [replace(coupon, balance=balances.get(coupon.id, coupon.balance)) for coupon in coupons]
