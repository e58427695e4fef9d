"""Payments: from which source how much, once for each order, and all of it or nothing."""

import datetime
from decimal import Decimal

import counterfoil
import pytest
from django.db.models import signals

from portal.models import Account, AppService, Coupon, Payment, PaymentLeg
from portal.services import payments

from . import make
from .make import ADA, NOW

pytestmark = pytest.mark.usefixtures("ada")
MARCH = datetime.datetime(2024, 3, 1, tzinfo=make.UTC)
APRIL = datetime.datetime(2024, 4, 1, tzinfo=make.UTC)


def balances() -> dict[str, Decimal]:
    return {"balance": Account.objects.get(owner_id=ADA).balance} | {
        row.id: row.balance for row in Coupon.objects.all()
    }


def test_coupons_pay_first_the_one_that_expires_first():
    make.coupon("A", "30.00", APRIL)
    make.coupon("B", "20.00", MARCH)
    payment = payments.pay(make.payment("o-1", "45.50"), NOW)
    assert payment.method == "coupon"
    legs = [(leg.coupon_id, leg.amount, leg.before, leg.after) for leg in payment.legs.all()]
    assert legs == [
        ("B", Decimal("20.00"), Decimal("20.00"), Decimal("0.00")),
        ("A", Decimal("25.50"), Decimal("30.00"), Decimal("4.50")),
    ]  # R-W6
    assert balances() == {"balance": Decimal("100.00"), "A": Decimal("4.50"), "B": Decimal("0.00")}


def test_the_rest_is_from_the_balance():
    make.coupon("A", "30.00", APRIL)
    payment = payments.pay(make.payment("o-1", "45.50"), NOW)
    assert payment.method == "mixed"
    assert [(leg.source, leg.amount) for leg in payment.legs.all()] == [
        ("coupon", Decimal("30.00")),
        ("balance", Decimal("15.50")),
    ]
    assert balances() == {"balance": Decimal("84.50"), "A": Decimal("0.00")}


def test_the_same_order_again_is_the_first_payment():
    first = payments.pay(make.payment("o-1", "45.50"), NOW)
    again = payments.pay(make.payment("o-1", "45.50"), APRIL)
    assert (again.id, again.paid_at) == (first.id, NOW)
    assert balances() == {"balance": Decimal("54.50")}
    assert Payment.objects.count() == 1


def test_another_amount_for_an_order_is_a_conflict():
    payments.pay(make.payment("o-1", "45.50"), NOW)
    with pytest.raises(counterfoil.Conflict) as refused:
        payments.pay(make.payment("o-1", "45.51"), NOW)
    assert refused.value.code == "wallet.payment_conflict"
    assert balances() == {"balance": Decimal("54.50")}


def test_too_little_takes_nothing():
    make.coupon("A", "30.00", APRIL)
    with pytest.raises(counterfoil.Insufficient) as refused:
        payments.pay(make.payment("o-1", "130.01"), NOW)
    assert "0.01" in str(refused.value)
    assert balances() == {"balance": Decimal("100.00"), "A": Decimal("30.00")}
    assert not Payment.objects.exists()


def test_what_has_been_used_may_be_paid_below_zero():
    payments.pay(make.payment("o-1", "130.01", funding="overdraft"), NOW)
    assert balances() == {"balance": Decimal("-30.01")}


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (["A", "A"], "wallet.coupon_named_twice"),
        (["gone"], "wallet.no_such_coupon"),
        (["of another"], "wallet.no_such_coupon"),
        (["A", "empty"], "wallet.coupon_no_balance"),
        (["expired"], "wallet.coupon_expired"),
    ],
)
def test_named_coupons_are_checked(named, code):
    make.coupon("A", "30.00", APRIL)
    make.coupon("empty", "0.00", APRIL)
    make.coupon("expired", "5.00", make.MIDNIGHT)
    make.coupon("of another", "5.00", APRIL, owner_id="bob")
    with pytest.raises(counterfoil.CounterfoilError) as refused:
        payments.pay(make.payment("o-1", "10.00", coupon_ids=named), NOW)
    assert refused.value.code == code
    assert not Payment.objects.exists()


def test_an_application_charges_for_its_own_services_only():
    AppService.objects.create(id="notes", name="Notebooks", app_id="notebooks")
    with pytest.raises(counterfoil.CounterfoilError) as refused:
        payments.pay(make.payment("o-1", "10.00", unit="notes"), NOW)
    assert refused.value.code == "wallet.foreign_unit"


@pytest.mark.parametrize("written", [1, 2])
def test_a_crash_between_leaves_nothing_half_done(written):
    """The program dies after so many legs are written."""
    make.coupon("A", "30.00", APRIL)
    before, seen = balances(), []

    def crash(**_):
        seen.append(1)
        if len(seen) == written:
            raise ConnectionError("the power is gone")

    signals.post_save.connect(crash, sender=PaymentLeg)
    try:
        with pytest.raises(ConnectionError):
            payments.pay(make.payment("o-1", "45.50"), NOW)
    finally:
        signals.post_save.disconnect(crash, sender=PaymentLeg)
    assert balances() == before
    assert not Payment.objects.exists() and not PaymentLeg.objects.exists()
    payments.pay(make.payment("o-1", "45.50"), NOW)
    assert balances() == {"balance": Decimal("84.50"), "A": Decimal("0.00")}


@pytest.mark.parametrize("amount", ["0.01", "0.07", "999999999999.99", "-999999999999.99", "123456789012.35"])
def test_the_database_keeps_an_amount_as_it_is(amount):
    Account.objects.filter(owner_id=ADA).update(balance=Decimal(amount))
    assert str(Account.objects.get(owner_id=ADA).balance) == amount
