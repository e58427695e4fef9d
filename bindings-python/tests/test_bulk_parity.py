"""In bulk and one by one: the same digits, or the same code."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from bulk_world import DAY, PARTS, QUANTITIES, WINDOW, Row, rater, rows_of, table
from conftest import CARD
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil import RateCard, bulk, evaluate

UNITS = {"cpu": "core", "ram": "GiB", "disk": "GiB", "public_ip": "count"}
TYPES = dict.fromkeys(PARTS, pa.decimal128(38, 2))
CARD_JSON = json.loads(RateCard.from_toml(CARD).to_json())
ROUNDINGS = [
    "half_even 0.01 total",
    "down 0.0001 total",
    "half_up 0.01 line",
    "half_even 0.05 line_carry",
    "up 1 total",
]


def is_negative_zero(amount: Decimal) -> bool:
    """As text it is an error of its own, and a column has none."""
    return amount.is_zero() and amount.is_signed()


minutes = st.integers(-200, 1_700)
amounts = st.one_of(
    st.none(),
    st.integers(0, 40),
    st.decimals(0, 10**6, places=2, allow_nan=False),
    st.decimals(-5, 10**34, places=2, allow_nan=False).filter(lambda amount: not is_negative_zero(amount)),
)
rows = st.builds(
    Row,
    start=minutes,
    end=st.one_of(st.none(), minutes),
    mode=st.sampled_from(["post_paid", "pre_paid", "quota"]),
    kind=st.just("server"),
    amounts=st.fixed_dictionaries({name: amounts for name in PARTS}),
)


def alone(row: Row, rounding: str, quota: str) -> tuple[Any, ...]:
    """State, both amounts and code of the operation for one."""
    start, end = row.instants()
    # With the digits of the column, since how many there are has a limit; in the order of the columns, since the first
    # of several faults is told.
    said = ((name, row.amounts.get(name)) for name in PARTS)
    spec = {name: f"{amount:.2f} {UNITS[name]}" for name, amount in said if amount is not None}
    span = {"start": start, "mode": row.mode, "spec": {"base": "1 count"} | spec} | ({"end": end} if end else {})
    call = {
        "card": CARD_JSON,
        "kind": "server",
        "of": {"spans": [span]},
        "window": {"start": WINDOW[0], "end": WINDOW[1]},
        "rounding": rounding,
        "quota": quota,
    }
    answer = json.loads(evaluate("pricing.rate", json.dumps(call, default=lambda instant: instant.isoformat())))
    if "error" in answer:
        return "faulty", None, None, answer["error"]["code"]
    if answer["ok"] is None:
        return "absent", None, None, None
    return "rated", *(Decimal(answer["ok"][name]["amount"]) for name in ("original", "payable")), None


@settings(max_examples=150, deadline=None)
@given(st.lists(rows, min_size=1, max_size=12), st.sampled_from(ROUNDINGS), st.sampled_from(["free", "like_post_paid"]))
def test_random_rows(lives: list[Row], rounding: str, quota: str) -> None:
    usage = table(lives, TYPES)
    expected = [alone(row, rounding, quota) for row in lives]
    one = rater(rounding=rounding, quota=quota)
    rated = [tuple(row[name] for name in ("state", "original", "payable", "code")) for row in rows_of(one.rate(usage))]
    assert rated == expected
    pieces = pa.concat_tables([usage.slice(row, 1) for row in range(len(lives))])
    assert rows_of(one.rate(pieces, threads=2)) == rows_of(one.rate(usage))


@pytest.mark.parametrize("digits", [17, 22, 26, 27, 28, 34, 35])
def test_large_numbers(digits: int) -> None:
    amount = Decimal(10**digits)
    row = Row(amounts={"cpu": amount})
    expected = alone(row, "half_even 0.01 total", "free")
    [rated] = rows_of(rater(quantities={"base": QUANTITIES["base"], "cpu": "core"}).rate(table([row], TYPES)))
    assert tuple(rated[name] for name in ("state", "original", "payable", "code")) == expected
    assert (expected[0] == "rated") == (digits < 27)


def test_money_that_does_not_fit_its_column() -> None:
    """A row that costs more than an int64 holds of cents costs no other row."""
    usage = table([Row(amounts={"cpu": 10**17}), Row(amounts={"cpu": 1})], TYPES)
    decimals, cents = rows_of(rater().rate(usage)), rows_of(rater(money="scaled").rate(usage))
    assert decimals[0]["payable"] == Decimal("158400000000000000.24")
    assert (cents[0]["payable"], cents[0]["code"]) == (None, "money.overflow")
    assert cents[1]["payable"] == 182 and decimals[1]["payable"] == Decimal("1.82")


# Statements


def lines(owners: list[str], payable: list[int], **more: Any) -> pa.Table:
    count = len(owners)
    words = {"owner": owners, "unit": ["vm"] * count, "kind": ["server"] * count}
    columns = {name: pa.array(values, pa.string()) for name, values in words.items()}
    return pa.table(columns | {name: pa.array(payable, pa.int64()) for name in ("original", "payable")} | more)


def by_operation(owners: list[str], payable: list[int]) -> list[tuple[Any, ...]]:
    def reading(place: int, owner: str, cents: int) -> dict[str, Any]:
        kind, _, name = owner.partition(":")
        money = f"{Decimal(cents).scaleb(-2)} CNY"
        return {
            "resource": f"r-{place}",
            "window": {"start": WINDOW[0].isoformat(), "end": WINDOW[1].isoformat()},
            "owner": {"kind": kind, "id": name},
            "unit": "vm",
            "kind": "server",
            "original": money,
            "payable": money,
        }

    readings = [reading(place, *line) for place, line in enumerate(zip(owners, payable, strict=True))]
    call = {"day": {"date": "2024-02-20", "zone": "UTC"}, "readings": readings}
    stated = json.loads(evaluate("statement.daily", json.dumps(call)))["ok"]["statements"]
    return [
        (each["id"], Decimal(each["payable"].removesuffix(" CNY")), len(each["lines"]), each["status"])
        for each in stated
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["user:ada", "user:bob", "group:x"]), st.integers(0, 10**9)), min_size=1))
def test_statements_are_those_of_the_operation(charged: list[tuple[str, int]]) -> None:
    owners, payable = [owner for owner, _ in charged], [cents for _, cents in charged]
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all")
    half = len(charged) // 2
    tables = [lines(owners[:half], payable[:half]), lines(owners[half:], payable[half:])]
    placed = [statements.add(each) for each in tables]
    stated = rows_of(statements.statements())
    found = [(row["statement"], row["payable"], row["lines"], row["status"]) for row in stated]
    assert found == by_operation(owners, payable)
    # Each line says which statement it is in, and these sums are the statements.
    sums: dict[int, int] = defaultdict(int)
    groups = [row["group"] for each in placed for row in rows_of(each)]
    for group, cents in zip(groups, payable, strict=True):
        sums[group] += cents
    assert {row["group"]: row["payable"] for row in stated} == {
        group: Decimal(cents).scaleb(-2) for group, cents in sums.items()
    }


def test_a_month_of_what_was_rated() -> None:
    days = ["2024-02-20", "2024-02-21"]
    usage = table([Row(), Row(mode="pre_paid"), Row(start=None), Row(start=2_000)])
    for name, values in (("owner", ["user:ada"] * 4), ("unit", ["vm"] * 4)):
        usage = usage.append_column(name, pa.array(values))
    one, other = (
        rater(window=day, kind=None, passed=["owner", "unit", "kind", "window_start", "window_end"]) for day in days
    )
    statements = bulk.Statements(days, currency="CNY", scale=2, by="window")
    for day, each in zip((0, 1), (one, other), strict=True):
        bounds = [pa.array([bulk_day(day + place)] * 4, pa.timestamp("us", "UTC")) for place in (0, 1)]
        windowed = usage.append_column("window_start", bounds[0]).append_column("window_end", bounds[1])
        statements.add(each.rate(windowed))
    assert statements.counts == {"stated": 5, "passed_over": 3, "faulty": 0}
    stated = [(row["statement"], row["original"], row["payable"]) for row in rows_of(statements.statements())]
    assert stated == [
        ("2024-02-20/UTC/user/ada/vm/server/0", Decimal("9.40"), Decimal("4.70")),
        # The third began at 9:20 on the second day: 14 h 40 min of it.
        ("2024-02-21/UTC/user/ada/vm/server/0", Decimal("12.27"), Decimal("7.57")),
    ]


def bulk_day(place: int) -> Any:
    return DAY.replace(day=DAY.day + place)


def test_the_same_resource_is_stated_once() -> None:
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all", resources=3)
    first = lines(["user:ada"] * 2, [100, 200], resource=pa.array([0, 1], pa.uint32()))
    again = lines(["user:ada"] * 3, [999, 300, 1], resource=pa.array([1, 2, 3], pa.uint32()))
    statements.add(first)
    faults = rows_of(bulk.faults(statements.add(again)))
    assert faults == [{"row": 0, "code": "statement.repeated_reading"}, {"row": 2, "code": "bulk.unknown_id"}]
    assert [row["payable"] for row in rows_of(statements.statements())] == [Decimal("6.00")]
    assert rows_of(statements.statements(money="scaled"))[0]["payable"] == 600


def test_a_line_tells_all() -> None:
    statements = bulk.Statements("2024-02-20", currency="CNY", scale=2, state="all")
    line = statements.line(lines(["user:ada"], [317]), 0)
    assert line is not None and str(line["payable"]) == "3.17 CNY" and line["owner"] == "user:ada"
    with pytest.raises(Exception, match="`ada` is no owner"):
        statements.line(lines(["ada"], [317]), 0)
    assert statements.counts == {"stated": 0, "passed_over": 0, "faulty": 0}
