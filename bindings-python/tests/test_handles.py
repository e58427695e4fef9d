"""Handles and what they answer: equal, hashable, picklable, shown; the same digits as the operation by its name."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conftest import CARD, ROUNDING, coupon

import counterfoil
from counterfoil import (
    ArchiveRow,
    CounterfoilError,
    History,
    Leg,
    Money,
    Owner,
    Period,
    Plan,
    PortalRows,
    Quantity,
    RateCard,
    Span,
    Spec,
    Usage,
    Wallet,
    evaluate,
)


def every_value() -> list[Callable[[], Any]]:
    """How to make one of each class; called twice, it makes equal ones."""
    card = RateCard.from_toml(CARD)
    day = Period.day("2024-02-20", "UTC")
    spec = Spec.server(cpu=4, ram="8 GiB", disk=50, public_ip=True)
    span = Span.post_paid("2024-02-19T12:00:00Z", None, spec)
    tariff = card.tariff("server", day.start)
    wallet = Wallet(
        payer=Owner.user("zhang"), balance="50.00 CNY", coupons=[coupon("C1", "20.00 CNY", "2025-06-01T00:00:00Z")]
    )

    def rows(**other: Any) -> PortalRows:
        archive = [ArchiveRow("rebuild", "2024-02-19T12:00:00Z", day.start, spec, "quota")]
        return PortalRows.server(
            created="2024-02-19T12:00:00Z", start=day.start, mode="post_paid", spec=spec, archive=archive, **other
        )

    def plan() -> Plan:
        return wallet.plan("23.45", application="p", order="o", unit="vm", at="2025-03-14T00:00:00Z", funding="debt")

    return [
        lambda: Money("12.30", "CNY"),
        lambda: Quantity("8", "GiB"),
        lambda: Period(day.start, day.end),
        lambda: Spec.server(cpu=4, ram="8 GiB", disk=50, public_ip=True),
        lambda: Span.post_paid("2024-02-19T12:00:00Z", None, spec),
        lambda: Span.quota("2024-02-19T12:00:00Z", day.end, spec),
        lambda: History([span]),
        lambda: History([span]).usage(day),
        lambda: ArchiveRow("rebuild", "2024-02-19T12:00:00Z", day.start, spec),
        lambda: rows(deleted=day.end),
        lambda: rows(deleted=day.end).segments((day.start, "2024-02-20T12:00:00Z"))[0],
        lambda: Usage.counted(day, {"web": "1 count"}),
        lambda: RateCard.from_toml(CARD),
        lambda: card.tariff("server", day.start),
        lambda: tariff.rate(History([span]).usage(day), rounding=ROUNDING),
        lambda: tariff.rate(History([span]).segments((day.start, "2024-02-20T12:00:00Z")), rounding=ROUNDING),
        lambda: tariff.inquire(spec, days=2, count=3, rounding=ROUNDING),
        lambda: tariff.bill(History([span]).usage(day), rounding=ROUNDING),
        lambda: tariff.inquire(spec, days=2, rounding=ROUNDING).lines[1],
        lambda: Owner.group("g'1"),
        lambda: coupon("C1", "20.00 CNY", "2025-06-01T00:00:00Z"),
        lambda: plan(),
        lambda: plan().legs[0],
        lambda: Leg(source="balance", amount="1.00 CNY", before="3.00 CNY"),
        lambda: Wallet(payer=Owner.user("zhang"), balance="50.00 CNY", debt="1.00 CNY"),
    ]


@pytest.mark.parametrize("make", every_value(), ids=lambda make: type(make()).__name__)
def test_a_value_is_what_it_shows(make: Callable[[], Any]) -> None:
    value, same = make(), make()
    assert value == same and hash(value) == hash(same) and not value != same
    assert value != object() and (value is not None)
    assert copy.copy(value) == value and copy.deepcopy(value) == value
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value and hash(again) == hash(value) and repr(again) == repr(value)
    assert str(value) and type(value).__name__ in repr(value)
    with pytest.raises(AttributeError):
        value.something = 1
    for name in ("to_dict", "_repr_html_"):
        if hasattr(value, name):
            assert getattr(value, name)()


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Money("1.0", "CNY"), Money("1.00", "CNY")),
        (Quantity("1.0", "GiB"), Quantity("1", "GiB")),
        (Spec(cpu="1 core"), Spec(cpu="1.0 core")),
        (
            History([Span.post_paid("2024-02-20T00:00:00Z", None, {"cpu": "1 core"})]),
            History([Span.post_paid("2024-02-20T08:00:00+08:00", None, {"cpu": "1.0 core"})]),
        ),
        (
            Plan("1 CNY", [Leg(source="balance", amount="1 CNY", before="3 CNY")]),
            Plan("1.0 CNY", [Leg(source="balance", amount="1.00 CNY", before="3.0 CNY")]),
        ),
        (RateCard.from_toml(CARD), RateCard.from_toml(CARD.replace("0.066", "0.0660"))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_equal_has_one_hash(one: Any, same: Any) -> None:
    assert one == same and hash(one) == hash(same)
    assert {one: "found"}[same] == "found"


def test_different_values_differ() -> None:
    values = [make() for make in every_value()]
    for place, value in enumerate(values):
        assert [other == value for other in values].index(True) == place


def test_a_history_is_metered_and_rated_as_by_the_operation(card: RateCard, history: History, day: Period) -> None:
    usage = history.usage(day)
    assert usage is not None
    rated = card.tariff("server", day.start).rate(usage, rounding=ROUNDING)
    of = {"spans": [json.loads(to_wire(span)) for span in history.spans]}
    call = {"card": json.loads(card.to_json()), "kind": "server", "rounding": ROUNDING, "of": of}
    call["window"] = {"start": "2024-02-20T00:00:00Z", "end": "2024-02-21T00:00:00Z"}
    answer = json.loads(evaluate("pricing.rate", json.dumps(call)))
    assert "ok" in answer, answer
    assert str(rated.payable) == answer["ok"]["payable"]["amount"]
    assert str(rated.original) == answer["ok"]["original"]["amount"]
    assert Fraction(rated.payable) != 0
    assert rated.recompute() == (rated.original, rated.payable)
    assert sum(line.subtotal for line in rated.lines) == rated.payable


def to_wire(span: Span) -> str:
    from counterfoil._native import to_json

    spec = {part: str(quantity) for part, quantity in span.spec.to_dict().items()}
    return to_json({"start": span.start, "end": span.end, "mode": span.mode, "spec": spec})


def test_a_handle_is_made_again_of_its_members_and_they_are_those_of_a_call(
    card: RateCard, history: History, day: Period
) -> None:
    assert RateCard.from_json(json.dumps(card.to_dict())) == card
    assert [Span(**span.to_dict()) for span in history.spans] == list(history.spans)
    assert History([Span(**members) for members in history.to_dict()["spans"]]) == history
    tariff = card.tariff("server", day.start)
    of, rated = tariff.to_dict(), tariff.rate(history.usage(day), rounding=ROUNDING)
    assert (
        set(of) == {"card", "kind", "at"}
        and RateCard.from_json(json.dumps(of["card"])).tariff(of["kind"], of["at"]) == tariff
    )
    told = counterfoil.pricing.rate(
        card=of["card"], kind=of["kind"], of=history.to_dict(), window=day, rounding=ROUNDING
    )
    assert (told.original.amount, told.payable.amount) == (rated.original, rated.payable) and rated.payable > 0


def test_segments_add_up(history: History, day: Period) -> None:
    usage, segments = history.usage(day), history.segments(day)
    assert usage is not None and len(segments) == 3
    for part in usage.parts:
        assert usage.hours(part) == sum(segment.hours(part) for segment in segments)
        assert usage.payable_hours(part) == sum(segment.payable_hours(part) for segment in segments)


def test_windows_that_meet_add_up_and_come_apart(history: History) -> None:
    days = [Period.day(f"2024-02-{day}", "UTC") for day in (20, 21)]
    first, second = (history.usage(day) for day in days)
    both = history.usage((days[0].start, days[1].end))
    assert first is not None and second is not None and both is not None
    assert first + second == both
    assert (first - first).payable_hours("cpu") == 0


def test_a_quote_is_the_bill_for_the_same_facts(card: RateCard, day: Period) -> None:
    tariff, spec = card.tariff("server", day.start), Spec.server(cpu=4, ram=8, disk=50, public_ip=True)
    quote = tariff.inquire(spec, days=1, rounding=ROUNDING)
    bill = tariff.bill(Usage.timed(day, spec), rounding=ROUNDING)
    assert (quote.payable, quote.lines) == (bill.payable, bill.lines)
    assert quote == card.inquire(spec, kind="server", start=day.start, end=day.end, rounding=ROUNDING)
    assert quote.payable == Decimal("12.48") == sum(line.subtotal for line in quote.lines)
    assert quote.recompute() == (quote.original, quote.payable)
    assert "12.48 CNY" in quote.explain() and "12.48 CNY" in quote.explain("zh") != quote.explain()
    assert "<table>" in quote._repr_html_() and "12.48" in quote._repr_html_()


def test_terms_of_an_inquiry(card: RateCard) -> None:
    tariff, spec = card.tariff("disk", "2024-02-01T00:00:00Z"), Spec.disk(1)

    def days(**term: Any) -> Decimal:
        return tariff.inquire(spec, rounding=ROUNDING, **term).payable / Decimal("1.02")

    assert days(months=1) == 30
    assert days(months=1, zone="UTC") == 29
    assert days(weeks=1, days=2) == 9
    assert days(end="2024-02-03T00:00:00Z") == 2
    for term, code in [
        ({}, "pricing.no_duration"),
        ({"end": "2024-02-03T00:00:00Z", "days": 1}, "wire.bad_input"),
        ({"days": True}, "wire.bad_input"),
        ({"days": 1.0}, "money.float"),
        ({"days": -1}, "wire.bad_input"),
        ({"days": 1 << 40}, "wire.bad_input"),
        ({"days": 1, "count": 0}, "pricing.no_items"),
        ({"days": 1, "zone": "Mars"}, "time.unknown_zone"),
    ]:
        with pytest.raises(CounterfoilError) as caught:
            days(**term)
        assert caught.value.code == code, term


def test_a_plan_conserves_and_nothing_is_taken(wallet: Wallet) -> None:
    def plan(amount: Any, **more: Any) -> Plan:
        terms: dict[str, Any] = {"application": "p", "order": "o", "unit": "vm", "at": "2025-03-14T00:00:00Z"}
        return wallet.plan(amount, **{**terms, "funding": "enough_funds", **more})

    for amount in ["0", "0.01", "20.00", "20.01", "120.00", "169.99", "170.00"]:
        made = plan(amount)
        assert sum(leg.amount.amount for leg in made.legs) == Decimal(amount)
        assert all(leg.before.amount - leg.after.amount == leg.amount.amount for leg in made)
        assert made.from_coupons + made.from_account == Money(amount, "CNY")
        assert Plan(made.amount, made.legs) == made
    assert [leg.id for leg in plan("30", coupons=["C1"])] == ["C1"]
    assert wallet.usable(unit="vm", at="2025-03-14T00:00:00Z") == Money("170.00", "CNY")
    for arguments, code in [
        (("170.01",), "wallet.funds_not_enough"),
        (("1 USD",), "money.currency_mismatch"),
        (("-1",), "wallet.negative_amount"),
    ]:
        with pytest.raises(CounterfoilError) as caught:
            plan(*arguments)
        assert caught.value.code == code
    for more, code in [
        ({"coupons": ["C9"]}, "wallet.no_such_coupon"),
        ({"coupons": "C1"}, "wire.bad_input"),
        ({"funding": "magic"}, "wallet.unknown_word"),
        ({"limit": "1"}, "wire.bad_input"),
        ({"order": ""}, "wallet.empty_id"),
        ({"at": datetime(2025, 3, 14)}, "time.not_an_instant"),
    ]:
        with pytest.raises(CounterfoilError) as caught:
            plan("1", **more)
        assert caught.value.code == code, more
    with pytest.raises(CounterfoilError) as caught:
        Plan("3.00 CNY", [Leg(source="balance", amount="1.00 CNY", before="3.00 CNY")])
    assert caught.value.code == "money.not_conserved"


def test_a_card_tells_the_line_of_a_fault() -> None:
    with pytest.raises(CounterfoilError) as caught:
        RateCard.from_toml(CARD.replace('price = "0.066"', 'price = "0,066"'))
    assert (caught.value.code, caught.value.details["cause"]) == ("pricing.bad_card", "money.not_a_decimal")
    assert caught.value.details["line"] == "12"  # where the rate begins
    card = RateCard.from_toml(CARD)
    with pytest.raises(CounterfoilError) as caught:
        RateCard.from_json(card.to_json().replace('"0.066"', "0.066"))
    assert (caught.value.code, caught.value.details["cause"]) == ("pricing.bad_card", "money.float")
    assert RateCard.from_json(card.to_json()) == RateCard.from_toml(card.to_toml()) == card


def test_handles_are_shared_by_threads(card: RateCard, history: History, day: Period, wallet: Wallet) -> None:
    tariff = card.tariff("server", day.start)
    expected = tariff.rate(history.usage(day), rounding=ROUNDING).payable
    found: list[Any] = []

    def work() -> None:
        for _ in range(300):
            usage = history.usage(day)
            paid = wallet.plan(
                "23.45", application="p", order="o", unit="vm", at="2025-03-14T00:00:00Z", funding="debt"
            )
            found.append((tariff.rate(usage, rounding=ROUNDING).payable, len(paid)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1200 and set(found) == {(expected, 2)}


def test_instants_come_back_in_utc(wallet: Wallet) -> None:
    assert wallet.coupons[0].created == datetime(2025, 2, 20, 8, tzinfo=timezone.utc)
    assert counterfoil.__doc__
