"""What Python would lose without a word is a typed error, wherever it is passed."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import counterfoil
from counterfoil import CounterfoilError, InvalidInput, Money, OutOfRange, Period, Quantity, Span, Spec, Wallet
from counterfoil._native import to_json


def over_the_wire(value: Any) -> Any:
    return to_json({"text": value})


#: Every place at which a decimal crosses.
DECIMALS: dict[str, Callable[[Any], Any]] = {
    "money": lambda value: Money(value, "CNY"),
    "quantity": lambda value: Quantity(value, "GiB"),
    "server": lambda value: Spec.server(cpu=value, ram=1),
    "disk": Spec.disk,
    "payment": lambda value: Wallet(payer=counterfoil.Owner.user("z"), balance="1.00 CNY").plan(
        value, application="p", order="o", unit="u", at="2025-03-14T00:00:00Z", funding="overdraft"
    ),
}


def fault(call: Callable[[], Any]) -> CounterfoilError:
    with pytest.raises(CounterfoilError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("place", [*DECIMALS, "wire"])
@pytest.mark.parametrize("value", [0.1, 1.0, -0.0, math.nan, math.inf, 1e300])
def test_a_float_is_refused_and_the_message_says_what_to_pass(place: str, value: float) -> None:
    call = DECIMALS.get(place, over_the_wire)
    error = fault(lambda: call(value))
    assert (type(error), error.code, error.details["text"]) == (InvalidInput, "money.float", repr(value))
    assert "pass the amount as text" in str(error)
    assert "文本" in error.message("zh")


@pytest.mark.parametrize("place", DECIMALS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("0.123456789012345678901234567890"), "money.too_many_digits"),  # 30 digits
        ("123456789012345678901234567890", "money.too_many_digits"),
        (Decimal("1E+40"), "money.too_many_digits"),
        (Decimal("1E-40"), "money.too_many_digits"),
        (Decimal("1E+999999"), "money.too_many_digits"),
        (Decimal("NaN"), "money.not_a_decimal"),
        (Decimal("sNaN"), "money.not_a_decimal"),
        (Decimal("-Infinity"), "money.not_a_decimal"),
        (Decimal("-0.00"), "money.negative_zero"),
        ("-0", "money.negative_zero"),
        (1 << 100, "money.too_many_digits"),
        (1 << 129, "money.too_many_digits"),
        (-(1 << 129), "money.too_many_digits"),
        pytest.param(10**5000, "money.too_many_digits", id="5000 digits"),
        (True, "wire.bad_input"),
        (None, "wire.bad_input"),
        (Fraction(1, 3), "wire.bad_input"),
        (1 + 2j, "wire.bad_input"),
        (b"1", "wire.bad_input"),
        ([], "wire.bad_input"),
        ("1e3", "money.not_a_decimal"),
        ("1,000", "money.not_a_decimal"),
        ("", "money.not_a_decimal"),
        ("٣", "money.not_a_decimal"),
    ],
)
def test_what_is_no_exact_decimal_is_a_typed_error(place: str, value: Any, code: str) -> None:
    assert fault(lambda: DECIMALS[place](value)).code == code


def test_digits_are_kept_whatever_the_context_says() -> None:
    with localcontext() as context:
        context.prec = 3
        text = "7922816251426433759354395033.5"
        assert str(Money(Decimal(text), "CNY").amount) == text
        assert Money("12.30", "CNY").amount.as_tuple().exponent == -2
        assert str(Money(Decimal("1E+2"), "CNY").amount) == "100"
        assert str(Money(Decimal("1E-7"), "CNY")) == "0.0000001 CNY"


def test_sums_that_do_not_fit_are_an_error_and_not_rounded() -> None:
    large = Money("7922816251426433759354395033.5", "CNY")
    assert fault(lambda: large + Money("0.05", "CNY")).code == "money.overflow"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (datetime(2024, 2, 20), "time.not_an_instant"),
        (date(2024, 2, 20), "wire.bad_input"),
        ("2024-02-20T00:00:00", "time.not_an_instant"),
        (1708387200, "wire.bad_input"),
        (1708387200.0, "wire.bad_input"),
        (None, "wire.bad_input"),
    ],
)
def test_what_is_no_instant_is_a_typed_error(value: Any, code: str) -> None:
    assert fault(lambda: Period(value, "2024-02-21T00:00:00Z")).code == code
    if value is not None:
        assert fault(lambda: Span.post_paid("2024-02-19T00:00:00Z", value, {})).code == code


def test_a_datetime_of_any_zone_is_the_same_instant() -> None:
    shanghai = datetime(2024, 2, 20, 8, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))
    utc = datetime(2024, 2, 20, 0, 0, 0, 123456, tzinfo=timezone.utc)
    period = Period(shanghai, "2024-02-21T00:00:00Z")
    assert period.start == shanghai == utc
    assert period.start.tzinfo is timezone.utc
    assert period == Period(utc, "2024-02-21T00:00:00Z")
    # The hour that comes twice: Python's `fold` says which.
    fold = [datetime(2024, 11, 3, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold) for fold in (0, 1)]
    assert (Period(fold[0], fold[1]).hours) == 1
    for year in (1, 1969, 9999):
        moment = datetime(year, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc)
        assert Period(moment, moment).end == moment


def test_the_place_of_a_fault_is_told() -> None:
    error = fault(lambda: to_json({"spans": [{"start": "x"}, {"start": object()}]}))
    assert (error.code, error.details["at"]) == ("wire.bad_input", "spans[1].start")
    deep: list[Any] = []
    deep.append(deep)
    assert "nested" in fault(lambda: to_json({"text": deep})).details["fault"]
    assert fault(lambda: to_json({"text": {1: 2}})).code == "wire.bad_input"
    assert fault(lambda: to_json({"text": {"a", "b"}})).code == "wire.bad_input"
    assert fault(lambda: to_json({"text": "x" * (5 << 20)})).code == "wire.too_long"
    assert fault(lambda: to_json({"text": "\ud800"})).code == "wire.bad_input"


def test_an_error_is_of_its_category_and_survives_pickle() -> None:
    error = fault(lambda: Money("1", "CNY") + Money("1", "USD"))
    assert isinstance(error, counterfoil.Conflict) and error.category == "conflict"
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.code, again.details, str(again)) == (type(error), error.code, error.details, str(error))
    assert again.message("zh") == error.message("zh") != str(error)
    assert isinstance(fault(lambda: Money("1", "12")), ValueError)
    assert isinstance(fault(lambda: Quantity(10**30, "GiB")), OutOfRange)


def test_an_error_of_the_callers_own_class_passes_through() -> None:
    class Broken(Mapping[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise ZeroDivisionError

        def __iter__(self) -> Any:
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    with pytest.raises(ZeroDivisionError):
        to_json({"text": Broken()})


class Price(Decimal):
    """As some portals have them: it shows two digits, and has more."""

    def __str__(self) -> str:
        return f"{self:.2f}"

    def __format__(self, specification: str) -> str:
        return "0"

    def adjusted(self) -> int:
        return 0


def test_a_subclass_that_shows_less_loses_nothing() -> None:
    assert Money(Price("1.005"), "CNY").amount == Decimal("1.005")
    assert Money(Price("1E-9"), "CNY").amount == Decimal("1E-9")
    assert to_json({"text": Price("10.005")}) == '{"text":"10.005"}'


def test_a_nanosecond_is_refused_as_in_text() -> None:
    pandas = pytest.importorskip("pandas")
    fine = pandas.Timestamp("2024-01-01T00:00:00.000000999Z")
    assert fault(lambda: Period(fine, "2024-01-02T00:00:00Z")).code == "time.too_fine"
    assert fault(lambda: Period("2024-01-01T00:00:00.000000999Z", "2024-01-02T00:00:00Z")).code == "time.too_fine"
    whole = pandas.Timestamp("2024-01-01T00:00:00.000999Z")
    assert Period(whole, "2024-01-02T00:00:00Z").start == whole


def test_what_is_missing_or_naive_is_no_instant_however_fine() -> None:
    pandas = pytest.importorskip("pandas")
    for missing in (pandas.NaT, pandas.Timestamp("2024-01-01T00:00:00.000000001"), datetime(2024, 1, 1)):
        assert fault(lambda missing=missing: Period(missing, "2024-01-02T00:00:00Z")).code == "time.not_an_instant"


def test_a_zone_that_knows_no_offset_is_none_and_one_that_fails_says_so_itself() -> None:
    class Unsure(tzinfo):
        def utcoffset(self, moment: datetime | None) -> timedelta | None:
            return None

    class Broken(Unsure):
        def utcoffset(self, moment: datetime | None) -> timedelta | None:
            raise TypeError("the zone is broken")

    assert (
        fault(lambda: Period(datetime(2024, 1, 1, tzinfo=Unsure()), "2024-01-02T00:00:00Z")).code
        == "time.not_an_instant"
    )
    with pytest.raises(TypeError, match="the zone is broken"):
        Period(datetime(2024, 1, 1, tzinfo=Broken()), "2024-01-02T00:00:00Z")


def test_a_datetime_that_subtracts_in_its_own_way_is_an_instant_all_the_same() -> None:
    class Odd(datetime):
        def __sub__(self, other: Any) -> Any:
            return timedelta.max

    assert Period(Odd(2024, 1, 1, tzinfo=timezone.utc), "2024-01-02T00:00:00Z").hours == 24


@pytest.mark.parametrize(
    "call",
    [
        lambda: Money("\ud800", "CNY"),
        lambda: Money("1", "\ud800"),
        lambda: Period("\ud800", "2024-01-02T00:00:00Z"),
        lambda: Period.day("\ud800", "UTC"),
        lambda: Spec.disk("\ud800"),
        lambda: counterfoil.History(None),  # type: ignore[arg-type]
        lambda: counterfoil.History("spans"),  # type: ignore[arg-type]
        lambda: counterfoil.Plan("1 CNY", 5),  # type: ignore[arg-type]
        lambda: Wallet(payer=counterfoil.Owner.user("z"), balance="1 CNY", coupons=5),  # type: ignore[arg-type]
        lambda: to_json({"text": Fraction(1 << 20_000)}),
    ],
)
def test_what_can_not_be_read_has_a_code(call: Callable[[], Any]) -> None:
    assert fault(call).code in ("wire.bad_input", "money.too_many_digits")


def test_an_interrupt_passes_through() -> None:
    class Interrupted:
        @property
        def start(self) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        counterfoil.History([Span.post_paid("2024-02-19T00:00:00Z", None, {})]).usage(Interrupted())  # type: ignore[arg-type]


def test_what_changes_while_it_is_written_is_written_as_it_was() -> None:
    members: dict[str, Any] = {}

    class Shift(tzinfo):
        def utcoffset(self, moment: datetime | None) -> timedelta:
            members[f"more{len(members)}"] = "1"
            return timedelta(0)

    members["at"] = datetime(2024, 1, 1, tzinfo=Shift())
    assert to_json({"text": members}) == '{"text":{"at":"2024-01-01T00:00:00Z"}}'


def test_a_language_that_there_is_not() -> None:
    error = fault(lambda: Money("x", "CNY"))
    assert fault(lambda: error.message("fr")).code == "wire.bad_input"  # type: ignore[arg-type]


def test_a_record_is_made_by_operations_alone() -> None:
    answer = counterfoil.money.parse(text="1")
    with pytest.raises(TypeError, match="call the operation"):
        type(answer)()
