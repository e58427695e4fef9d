"""The rows of a portal as handles: the digits of the operations, and segments that are rated apart."""

from __future__ import annotations

import pickle
from datetime import datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from test_vectors import VECTORS, is_same, load, written

import counterfoil
from counterfoil import (
    ArchiveRow,
    CounterfoilError,
    History,
    Period,
    PortalRows,
    RateCard,
    Rated,
    Span,
    Spec,
    Usage,
)

DAY = Period.day("2024-02-20", "UTC")
LONG_AGO, TEN = "2024-01-01T00:00:00Z", "2024-02-20T10:00:00Z"
APART = "half_even 0.01 segment"


def vectors(file: str, *operations: str) -> list[Any]:
    found = [vector for vector in load(VECTORS / "data" / file) if vector["op"] in operations]
    assert found
    return [pytest.param(vector, id=vector["id"]) for vector in found]


def made(current: dict[str, Any], archive: list[dict[str, Any]], rows_of: str = "server") -> PortalRows:
    """As the operation takes them: the handle's names are the same."""
    make = {"server": PortalRows.server, "disk": PortalRows.disk}[rows_of]
    return make(**current, archive=[ArchiveRow(**row) for row in archive])


def told(usage: Usage) -> dict[str, Any]:
    parts = {part: (of["unit"], of["used"], of["payable"]) for part, of in usage.to_dict().items()}
    return {"window": usage.window, "parts": parts}


def expected(segment: dict[str, Any]) -> dict[str, Any]:
    window = Period(segment["window"]["start"], segment["window"]["end"])
    parts = {part["part"]: part for part in segment["parts"]}
    return {
        "window": window,
        "parts": {
            name: (part["unit"], Fraction(part["used"]), Fraction(part["payable"])) for name, part in parts.items()
        },
    }


@pytest.mark.parametrize("vector", vectors("metering/portal.json", "metering.portal_usage"))
def test_segments_are_those_of_the_operation(vector: dict[str, Any]) -> None:
    given = vector["input"]
    if given["rows"]["rows_of"] == "bucket":
        assert not hasattr(PortalRows, "bucket") and vector["expect"].keys() == {"error"}
        return
    match vector["expect"]:
        case {"error": error}:
            with pytest.raises(CounterfoilError) as caught:
                made(**given["rows"])
            assert (caught.value.code, caught.value.details) == (error["code"], error["details"])
        case {"ok": None}:
            assert made(**given["rows"]).segments(given["window"]) is None
        case {"ok": answer}:
            segments = made(**given["rows"]).segments(given["window"])
            assert segments is not None
            assert [told(segment) for segment in segments] == [expected(segment) for segment in answer["segments"]]


@pytest.mark.parametrize("vector", vectors("metering/portal.json", "metering.portal_history"))
def test_the_history_is_that_of_the_operation(vector: dict[str, Any]) -> None:
    for rows_of in ("server", "disk"):  # which tell the same life
        rows = made(vector["input"]["current"], vector["input"].get("archive", []), rows_of)
        match vector["expect"]:
            case {"error": error}:
                with pytest.raises(CounterfoilError) as caught:
                    rows.history()
                assert (caught.value.code, caught.value.details) == (error["code"], error["details"])
            case {"ok": answer}:
                assert is_same([written(span) for span in rows.history().spans], answer["spans"])


def expanded(**other: Any) -> PortalRows:
    """A disk that was paid by use, then converted, then deleted."""
    row = {"created": LONG_AGO, "start": TEN, "mode": "pre_paid", "spec": Spec.disk(50)}
    return PortalRows.disk(
        **{**row, "archive": [ArchiveRow("post2pre", LONG_AGO, TEN, Spec.disk(5), "post_paid")], **other}
    )


@pytest.mark.parametrize("rounding", [APART, "half_even 0.01 total", "floor 1 segment"])
@pytest.mark.parametrize("size", [3, 5, 7, 50, 333])
def test_segments_are_rated_as_by_the_operation(card: RateCard, rounding: str, size: int) -> None:
    rows = expanded(archive=[ArchiveRow("post2pre", LONG_AGO, TEN, Spec.disk(size))])
    segments = rows.segments(DAY)
    assert segments is not None and len(segments) == 2
    rated = card.tariff("disk", DAY.start).rate(segments, rounding=rounding)
    answer = counterfoil.pricing.rate(
        card=card, kind="disk", of={"portal": rows.to_dict()}, window=DAY, rounding=rounding
    )
    assert answer is not None
    assert (rated.original, rated.payable) == (answer.original.amount, answer.payable.amount)
    assert rated.payable_exact == Fraction(answer.payable.exact) and rated.payable > 0
    assert rated.recompute() == (rated.original, rated.payable)
    assert sum(line.subtotal for line in rated.lines) == rated.payable
    assert str(rated.payable) in rated.explain()
    assert rated.usage is None and rated.segments == segments
    assert card.tariff("disk", DAY.start).rate_rows(rows, DAY, rounding=rounding) == rated
    again = pickle.loads(pickle.dumps(rated))
    assert again == rated and again.segments == segments and again.explain() == rated.explain()


def test_segments_are_rounded_apart(card: RateCard) -> None:
    """0.595 and 0.425 are 1.02 together, and apart 0.60 and 0.43."""
    tariff = card.tariff("disk", DAY.start)
    rows = expanded(spec=Spec.disk(1), mode="quota", archive=[ArchiveRow("post2pre", LONG_AGO, TEN, Spec.disk(1))])
    segments = rows.segments(DAY)
    assert segments is not None
    exact = [tariff.rate(segment, rounding="half_up 0.01 total").payable_exact for segment in segments]
    assert exact == [Fraction("0.595"), Fraction("0.425")]
    assert tariff.rate(segments, rounding="half_up 0.01 total").payable == Decimal("1.02")
    assert tariff.rate(segments, rounding="half_up 0.01 segment").payable == Decimal("1.03")
    assert tariff.rate(segments, rounding=APART).payable == Decimal("1.02")  # 0.60 + 0.42


def test_segments_of_a_history_are_rated_together(card: RateCard, history: History) -> None:
    tariff, usage = card.tariff("server", DAY.start), history.usage(DAY)
    assert usage is not None
    whole = tariff.rate(usage, rounding="half_even 0.01 total")
    parts = tariff.rate(history.segments(DAY), rounding="half_even 0.01 total")
    assert (parts.original, parts.payable) == (whole.original, whole.payable)
    assert (whole.usage, whole.segments) == (usage, (usage,))
    assert len(parts.lines) == 3 * len(whole.lines)
    of_a_list = tariff.rate(list(history.segments(DAY)), rounding="half_even 0.01 total")
    assert of_a_list == parts and of_a_list.segments == history.segments(DAY)
    # An iterator that is used up, or a dict, would be rated as nothing.
    no_lists: list[Any] = [iter(history.segments(DAY)), {}, set(), "usage", None]
    for no_list in no_lists:
        with pytest.raises(CounterfoilError) as refused:
            tariff.rate(no_list, rounding="half_even 0.01 total")
        assert refused.value.code == "wire.bad_input"
    nothing = tariff.rate([], rounding=APART)
    assert (nothing.original, nothing.payable, nothing.segments, nothing.lines) == (0, 0, (), ())


def test_rows_without_a_reading_are_not_rated(card: RateCard) -> None:
    tariff = card.tariff("disk", DAY.start)
    created_later = expanded(created="2024-02-21T00:00:00Z", start="2024-02-21T00:00:00Z", archive=None)
    assert created_later.segments(DAY) is None
    assert tariff.rate_rows(created_later, DAY, rounding=APART) is None
    of_a_server: Any = PortalRows.server(created=LONG_AGO, start=LONG_AGO, mode="quota", spec={"cpu": "1 core"})
    for rows, window, rounding, code in [
        (expanded(), DAY, "half_even 0.01 line", "pricing.rounds_elsewhere"),
        (expanded(), DAY, "half_odd 0.01 segment", "money.unknown_rounding"),
        (expanded(), None, APART, "wire.bad_input"),
        (expanded().history(), DAY, APART, "wire.bad_input"),
        (of_a_server, DAY, APART, "pricing.no_rate"),
    ]:
        with pytest.raises(CounterfoilError) as caught:
            tariff.rate_rows(rows, window, rounding=rounding)  # type: ignore[arg-type]
        assert caught.value.code == code


def rated(card: RateCard, usage: Any, rounding: str) -> Rated:
    return card.tariff("server", DAY.start).rate(usage, rounding=rounding)


def test_what_can_not_be_rated_is_told(card: RateCard, history: History) -> None:
    segments = history.segments(DAY)
    for usage, rounding, code in [
        (segments[0], APART, "pricing.rounds_elsewhere"),
        (segments, "half_even 0.01 line", "pricing.rounds_elsewhere"),
        (segments, "half_even 0.01 month", "pricing.rounds_elsewhere"),
        (None, APART, "wire.bad_input"),
        ("segments", APART, "wire.bad_input"),
        ([segments[0], None], APART, "wire.bad_input"),
        ([segments], APART, "wire.bad_input"),
        (7, APART, "wire.bad_input"),
        (expanded().segments(DAY), APART, "pricing.no_rate"),  # of a disk, by the rates of a server
    ]:
        with pytest.raises(CounterfoilError) as caught:
            rated(card, usage, rounding)
        assert caught.value.code == code, (usage, rounding)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("created", None, "wire.bad_input"),
        ("created", datetime(2024, 1, 1), "time.not_an_instant"),
        ("start", "noon", "time.not_an_instant"),
        ("deleted", 0, "wire.bad_input"),
        ("mode", "prepaid", "metering.unknown_charge_mode"),
        ("mode", None, "wire.bad_input"),
        ("spec", 50, "wire.bad_input"),
        ("archive", "rows", "wire.bad_input"),
        ("archive", [Span.post_paid(LONG_AGO, TEN, Spec.disk(50))], "wire.bad_input"),
    ],
)
def test_a_wrong_member_is_told(member: str, value: Any, code: str) -> None:
    with pytest.raises(CounterfoilError) as caught:
        expanded(**{member: value})
    assert caught.value.code == code
    if code == "wire.bad_input":
        assert caught.value.details["at"] == member


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("resize", LONG_AGO, TEN, Spec.disk(50)), "metering.unknown_change"),
        ((None, LONG_AGO, TEN, Spec.disk(50)), "wire.bad_input"),
        (("rebuild", LONG_AGO, None, Spec.disk(50)), "wire.bad_input"),
        (("rebuild", LONG_AGO, TEN, None), "wire.bad_input"),
        (("rebuild", LONG_AGO, TEN, Spec.disk(50), "free"), "metering.unknown_charge_mode"),
    ],
)
def test_a_wrong_row_of_the_archive_is_told(arguments: tuple[Any, ...], code: str) -> None:
    with pytest.raises(CounterfoilError) as caught:
        ArchiveRow(*arguments)
    assert caught.value.code == code


def test_rows_say_what_they_are() -> None:
    deleted = datetime(2024, 2, 20, 18, tzinfo=timezone.utc)
    rows = expanded(deleted=deleted)
    assert (rows.rows_of, rows.mode, rows.spec) == ("disk", "pre_paid", Spec.disk(50))
    assert (rows.created, rows.start, rows.deleted) == (
        datetime(2024, 1, 1, tzinfo=timezone.utc),
        datetime(2024, 2, 20, 10, tzinfo=timezone.utc),
        deleted,
    )
    [row] = rows.archive
    assert (row.change, row.mode, row.spec) == ("post2pre", "post_paid", Spec.disk(5))
    assert (row.start, row.end) == (rows.created, rows.start)
    assert eval(repr(rows), vars(counterfoil)) == rows
    assert made(**rows.to_dict()) == rows
    assert counterfoil.metering.portal_usage(window=DAY, rows=rows.to_dict()) is not None


def test_any_other_member_is_another_value() -> None:
    others = [
        PortalRows.server(created=LONG_AGO, start=TEN, mode="pre_paid", spec=Spec.disk(50), archive=expanded().archive),
        expanded(created="2024-01-02T00:00:00Z"),
        expanded(start="2024-02-20T11:00:00Z"),
        expanded(deleted="2024-02-20T11:00:00Z"),
        expanded(mode="quota"),
        expanded(spec=Spec.disk(51)),
        expanded(archive=None),
        expanded(archive=[ArchiveRow("post2pre", LONG_AGO, TEN, Spec.disk(5))]),
        expanded(archive=[ArchiveRow("expansion", LONG_AGO, TEN, Spec.disk(5), "post_paid")]),
    ]
    assert len({expanded(), *others}) == len(others) + 1
    assert expanded(start="2024-02-20T18:00:00+08:00", spec={"size": "50.0 GiB"}) == expanded()
    assert hash(expanded(start="2024-02-20T18:00:00+08:00", spec={"size": "50.0 GiB"})) == hash(expanded())
    assert expanded(archive=[]) == expanded(archive=None)
