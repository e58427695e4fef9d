"""Refunds: to those who paid, in the proportion paid, and never a cent more or less."""

from decimal import Decimal

import counterfoil
import pytest
from django.db.models import signals

from portal.models import Account, Coupon, Payment, Refund, RefundLeg
from portal.services import payments, refunds

from . import make
from .make import NOW
from .test_payments import APRIL, MARCH, balances


@pytest.fixture
def paid(ada) -> Payment:
    """303.30 from the balance, 10.00 and 20.00 by two coupons."""
    Account.objects.update(balance=Decimal("303.30"))
    make.coupon("C1", "10.00", MARCH)
    make.coupon("C2", "20.00", APRIL)
    return payments.pay(make.payment("o-1", "333.30"), NOW)


def test_it_is_split_as_it_was_paid(paid):
    refund = refunds.refund(make.refund(paid, "r-1", "222.20"), NOW)
    assert {leg.coupon_id: leg.amount for leg in refund.legs.all()} == {
        None: Decimal("202.20"),
        "C1": Decimal("6.67"),
        "C2": Decimal("13.33"),
    }  # R-W15
    assert balances() == {"balance": Decimal("202.20"), "C1": Decimal("6.67"), "C2": Decimal("13.33")}


@pytest.mark.parametrize("parts", [["111.10"] * 3, ["0.01", "333.28", "0.01"], ["0.01"] * 40 + ["332.90"]])
def test_parts_of_a_refund_come_to_what_was_paid(paid, parts):
    for number, part in enumerate(parts):
        refund = refunds.refund(make.refund(paid, f"r-{number}", part), NOW)
        assert sum(leg.amount for leg in refund.legs.all()) == Decimal(part)
        assert all(leg.amount >= 0 for leg in refund.legs.all())
    assert balances() == {"balance": Decimal("303.30"), "C1": Decimal("10.00"), "C2": Decimal("20.00")}


def test_not_a_cent_more_than_was_paid(paid):
    refunds.refund(make.refund(paid, "r-1", "300.00"), NOW)
    before = balances()
    with pytest.raises(counterfoil.CounterfoilError) as refused:
        refunds.refund(make.refund(paid, "r-2", "33.31"), NOW)
    assert "33.30" in str(refused.value)
    assert balances() == before
    assert Refund.objects.count() == 1


def test_the_same_refund_again_is_the_first(paid):
    refunds.refund(make.refund(paid, "r-1", "222.20"), NOW)
    before = balances()
    again = refunds.refund(make.refund(paid, "r-1", "222.20"), APRIL)
    assert again.refunded_at == NOW
    assert balances() == before
    assert Refund.objects.count() == 1


def test_the_same_id_for_another_amount_or_payment_is_a_conflict(paid):
    refunds.refund(make.refund(paid, "r-1", "0.10"), NOW)
    other = payments.pay(make.payment("o-2", "0.10"), NOW)
    for request in (make.refund(paid, "r-1", "0.11"), make.refund(other, "r-1", "0.10")):
        with pytest.raises(counterfoil.Conflict):
            refunds.refund(request, NOW)
    assert Refund.objects.count() == 1


def test_a_crash_between_gives_nothing_back(paid):
    before = balances()

    def crash(**_):
        raise ConnectionError("the power is gone")

    signals.post_save.connect(crash, sender=RefundLeg)
    try:
        with pytest.raises(ConnectionError):
            refunds.refund(make.refund(paid, "r-1", "222.20"), NOW)
    finally:
        signals.post_save.disconnect(crash, sender=RefundLeg)
    assert balances() == before
    assert not Refund.objects.exists()


def test_an_expired_coupon_gets_its_part_back(paid):
    Coupon.objects.update(expiration_time=make.LONG_AGO)
    refunds.refund(make.refund(paid, "r-1", "333.30"), NOW)
    assert balances() == {"balance": Decimal("303.30"), "C1": Decimal("10.00"), "C2": Decimal("20.00")}
