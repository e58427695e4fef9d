"""How the package is used by typed code: checked by `mypy --strict` and `pyright`, and run by pytest."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import assert_never, assert_type

import pytest

from counterfoil import (
    ArchiveRow,
    CounterfoilError,
    Coupon,
    History,
    Leg,
    Line,
    LookupTable,
    Money,
    Owner,
    Period,
    Plan,
    PortalRows,
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
    bulk,
    merge_ranges,
    placement,
    pricing,
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


def price_of_an_order() -> Decimal:
    """Operations take handles in place of what these hold."""
    now = datetime(2024, 2, 20, tzinfo=timezone.utc)
    card = RateCard.from_toml(CARD)
    order = pricing.portal_order(
        card=card, kind="disk", spec=Spec.disk(50), prepaid_percent="66", pay="post_paid", now=now, explain="text"
    )
    assert_type(order, pricing.Quote)
    window = Period(now, now + timedelta(days=1))
    span = Span.post_paid(now, None, Spec.disk(50))
    rated = pricing.rate(card=card, kind="disk", of={"spans": [span]}, window=window, rounding="portal")
    assert rated is not None
    assert rated.payable.amount == order.payable.amount
    return assert_type(order.payable.amount, Decimal)


def cost_of_rows() -> Decimal:
    day = Period.day("2024-02-20", "UTC")
    small = ArchiveRow("post2pre", "2024-01-01T00:00:00Z", day.start, Spec.disk(50))
    rows = PortalRows.disk(
        created=small.start, start=day.start, mode="post_paid", spec={"size": "50 GiB"}, archive=[small]
    )
    assert_type(rows.history(), History)
    tariff = RateCard.from_toml(CARD).tariff("disk", day.start)
    segments = assert_type(rows.segments(day), tuple[Usage, ...] | None)
    assert segments is not None
    rated = assert_type(tariff.rate(segments, rounding="half_even 0.01 segment"), Rated)
    assert_type(rated.usage, Usage | None)
    assert rated == assert_type(tariff.rate_rows(rows, day, rounding="half_even 0.01 segment"), Rated | None)
    return rated.payable


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


def cost_of_a_table(usage: bulk.Table) -> dict[str, int]:
    card = RateCard.from_toml(CARD)
    quantities = {"size": bulk.Column("GiB", part="size", scale=0)}
    tariff = card.tariff("disk", "2024-02-20T00:00:00Z")
    by_place = bulk.Rater(None, quantities=quantities, rounding="portal", tariffs=[tariff])
    assert_type(by_place.schema, bulk.Schema)
    day = Period.day("2024-02-20", "UTC")
    rater = bulk.Rater(card, quantities=quantities, rounding="portal", window=day, passed=["owner", "unit", "kind"])
    rated = assert_type(rater.rate(usage, threads=2, progress=lambda rows, of: None), bulk.Batches)
    assert_type([batch.num_rows for batch in rater.stream(usage)], list[int])
    assert_type(rater.row(usage, 0), tuple[Decimal, Decimal] | None)
    why = rater.explain(usage, 0)
    assert why is None or assert_type(why.lines, tuple[Line, ...])
    assert_type(bulk.faults(rated).schema.names, list[str])
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2)
    assert_type(statements.add(rated), bulk.Batches)
    assert_type(statements.statements(money="scaled").num_rows, int)
    return statements.counts


def what_is_wrong(amount: str) -> str | None:
    try:
        Money(amount, "CNY")
    except CounterfoilError as error:
        assert_type(error.details, dict[str, str])
        return error.code
    return None


def ranges() -> Range:
    office = Range("10.0.0.0/24")
    pieces = office.split(26)
    assert_type(pieces, Ranges)
    assert_type(pieces[1:], Ranges)
    assert_type([piece.prefix_len for piece in pieces], list[int])
    free = RangeSet(office) - RangeSet([pieces[0], IPv4Network("10.0.0.128/26")])
    assert_type(free.prefixes(), tuple[IPv4Network | IPv6Network, ...])
    table = LookupTable({"10.0.0.0/24": "office"})
    assert_type(table.get(IPv4Address("10.0.0.1")), str | None)
    assert_type(table.get("10.0.0.1", 0), str | int)
    return merge_ranges([pieces[1], "10.0.0.0/26"], 24)


def what_fits() -> list[str]:
    snapshot = Snapshot([{"name": "w1", "resources": {"cpu": "4"}}])
    answer = snapshot.check([{"id": "8-core", "parts": [{"resource": "cpu", "amount": "8"}]}])
    return list(answer.greyed)


def why_not(reason: placement.Refusal) -> str:
    """Each class has its own members; with one more, this does not pass."""
    match reason:
        case placement.RefusalInsufficient(resource=resource) | placement.RefusalUnknown(resource=resource):
            return assert_type(resource, str)
        case placement.RefusalTaint():
            return f"{reason.key}={reason.value}"
        case (
            placement.RefusalNotWorker()
            | placement.RefusalNotReady()
            | placement.RefusalCordoned()
            | placement.RefusalRequiredLabel()
            | placement.RefusalAddedAffinity()
            | placement.RefusalAffinity()
            | placement.RefusalTooManyPods()
        ):
            return reason.is_
        case _:
            assert_never(reason)


def what_is_told(verdict: placement.Verdict) -> int | str:
    if isinstance(verdict, placement.Sellable):
        assert_type(verdict.stage, None)
        return assert_type(verdict.nodes, int)
    assert_type(verdict.nodes, None)
    assert verdict.why is not None
    stage: placement.Stage = verdict.stage
    return ", ".join([stage, *(why_not(count.reason) for count in verdict.why.reasons)])


def why_an_answer_fails(found: placement.Verification) -> str | None:
    if found.is_ == "rejected":
        return found.why.is_
    assert_type(found, placement.NotRejected)
    return None


def test_typed_usage() -> None:
    snapshot = Snapshot([{"name": "w1", "resources": {"cpu": "4"}}])
    products = [{"id": cpu, "parts": [{"resource": "cpu", "amount": cpu}]} for cpu in ("4", "8")]
    assert [what_is_told(verdict) for verdict in snapshot.check(products).products] == [1, "dynamic, cpu"]
    assert price_of_an_order() == Decimal("51.00")
    assert str(ranges()) == "10.0.0.0-10.0.0.127/24"
    assert what_fits() == ["8-core"]
    assert price_of_a_disk() == Decimal("102.00")
    assert cost_of_a_day() == Money("51.00", "CNY")
    assert cost_of_rows() == Decimal("51.00")
    assert [leg.source for leg in payment()] == ["coupon", "balance"]
    assert what_is_wrong("1e3") == "money.not_a_decimal"


def test_typed_usage_of_tables() -> None:
    table = pytest.importorskip("pyarrow").table
    text = {"owner": "user:ada", "unit": "vm", "kind": "disk", "mode": "post_paid"}
    start = datetime(2024, 2, 19, tzinfo=timezone.utc)
    usage = table({name: [value] for name, value in text.items()} | {"start": [start], "end": [start], "size": [50]})
    assert cost_of_a_table(usage) == {"stated": 0, "passed_over": 1, "faulty": 0}
