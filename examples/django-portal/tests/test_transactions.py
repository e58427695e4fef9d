"""Transactions that are done again: which are, and that nothing of the try that failed stays."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError
from django.db.models.query import QuerySet

from portal import seams
from portal.models import Account, IPv4Range, Payment, PaymentLeg, Reading, Refund
from portal.services import metering, payments, refunds, transactions

from . import make
from .make import DATE, NOW
from .test_payments import balances

pytestmark = pytest.mark.django_db(transaction=True)
DEADLOCK = OperationalError(1213, "Deadlock found when trying to get lock")


@pytest.fixture
def between(monkeypatch):
    """What another transaction does while one waits for its next try."""
    works = []
    monkeypatch.setattr(transactions.time, "sleep", lambda _: works and works.pop()())
    return works


def test_a_refund_that_is_tried_again_takes_no_other_s_number(ada, between, monkeypatch):
    first, second = (payments.pay(make.payment(order, "10.00"), NOW) for order in ["o-1", "o-2"])
    credit, failed = refunds._credit, []

    def flaky(leg, account):
        if not failed:
            failed.append(leg)
            raise DEADLOCK
        credit(leg, account)

    monkeypatch.setattr(refunds, "_credit", flaky)
    between.append(lambda: refunds.refund(make.refund(second, "r-2", "1.00"), NOW))
    made = refunds.refund(make.refund(first, "r-1", "2.00"), NOW)
    assert (made.refund_id, made.refunded_at) == ("r-1", NOW)
    assert {row.refund_id: row.amount for row in Refund.objects.all()} == {
        "r-1": Decimal("2.00"),
        "r-2": Decimal("1.00"),
    }
    assert balances() == {"balance": Decimal("83.00")}


def test_a_payment_that_is_tried_again_is_one(ada, between, monkeypatch):
    create, failed = QuerySet.create, []

    def flaky(self, **row):
        made = create(self, **row)
        if self.model is PaymentLeg and not failed:
            failed.append(made)
            raise DEADLOCK
        return made

    monkeypatch.setattr(QuerySet, "create", flaky)
    between.append(lambda: payments.pay(make.payment("o-2", "1.00"), NOW))
    payments.pay(make.payment("o-1", "2.00"), NOW)
    assert Payment.objects.count() == PaymentLeg.objects.count() == 2
    assert balances() == {"balance": Decimal("97.00")}


def test_readings_that_are_tried_again_take_no_other_s_number(prices, ada, between, monkeypatch):
    make.server().save()
    bulk_create, failed = QuerySet.bulk_create, []

    def flaky(self, rows, *args, **options):
        made = bulk_create(self, rows, *args, **options)
        if self.model is Reading and not failed:
            failed.append(made)
            raise DEADLOCK
        return made

    monkeypatch.setattr(QuerySet, "bulk_create", flaky)
    figures = {"original_amount": 1, "payable_amount": 1, "exact_payable": "1", "price_list": "2024-01"}
    other = {"kind": "disk", "resource_id": "d-1", "date": DATE, "owner_id": "bob", "unit_id": "vm"}
    between.append(lambda: Reading.objects.create(**other, **figures))
    metered = metering.meter_day(DATE, seams.Rule.PORTAL)
    assert metered.new == 1
    assert sorted(Reading.objects.values_list("kind", flat=True)) == ["disk", "server"]


def tries_of(work) -> int:
    tries = []

    def counted():
        tries.append(1)
        work()

    with pytest.raises(IntegrityError):
        transactions.in_transaction(counted)
    return len(tries)


def test_another_s_row_is_worth_another_try(ada, between, monkeypatch):
    monkeypatch.setattr(transactions, "MOST_TRIES", 3)
    assert tries_of(lambda: Account.objects.create(owner_id=ada.owner_id)) == 3


def test_a_row_that_the_database_refuses_is_not(between):
    assert tries_of(lambda: Account.objects.create(owner_id="bob", balance=None)) == 1
    assert tries_of(lambda: IPv4Range.objects.create(start=2, end=1, prefix_len=32)) == 1
