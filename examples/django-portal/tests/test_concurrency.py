"""Many at once: no cent is lost, and one payment is made of one order."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import counterfoil
import pytest
from django.db import connection

from portal.models import Account, Bucket, Payment, PaymentLeg, RangeRecord, Reading, Refund, Statement
from portal.services import payments, ranges, refunds, statements

from . import make
from .make import ADA, DATE, NOW
from .test_metering import meter
from .test_payments import APRIL, balances
from .test_statements import state

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


def all_at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """What each came to, or its error. All begin together, each with its own connection to the database."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=60)
            return work()
        except counterfoil.CounterfoilError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_one_account_pays_many_orders(ada):
    make.coupon("A", "10.01", APRIL)
    works = [
        lambda order=order: [payments.pay(make.payment(f"o-{order}-{n}", "1.37"), NOW) for n in range(5)]
        for order in range(THREADS)
    ]
    made = all_at_once(works)
    assert sum(len(part) for part in made) == Payment.objects.count() == THREADS * 5
    spent = sum(leg.amount for leg in PaymentLeg.objects.all())
    assert spent == Decimal("1.37") * THREADS * 5
    assert sum(balances().values()) == Decimal("100.00") + Decimal("10.01") - spent
    for leg in PaymentLeg.objects.all():
        assert leg.before - leg.amount == leg.after


def test_no_more_is_spent_than_there_is(ada):
    works = [lambda order=order: payments.pay(make.payment(f"o-{order}", "30.00"), NOW) for order in range(THREADS)]
    outcomes = all_at_once(works)
    refused = [outcome for outcome in outcomes if isinstance(outcome, counterfoil.Insufficient)]
    assert len(refused) == THREADS - 3
    assert balances() == {"balance": Decimal("10.00")}
    assert Payment.objects.count() == 3


def test_one_order_is_paid_once(ada):
    works = [lambda: payments.pay(make.payment("o-1", "12.34"), NOW)] * THREADS
    assert len({payment.id for payment in all_at_once(works)}) == 1
    assert Payment.objects.get().amount == Decimal("12.34")
    assert balances() == {"balance": Decimal("87.66")}


def test_one_order_of_two_payers_is_paid_by_one(ada):
    Account.objects.create(owner_id="bob", balance=Decimal("100.00"))
    works = [
        lambda owner=owner: payments.pay(make.payment("o-1", "12.34", owner_id=owner), NOW)
        for owner in [ADA, "bob"] * (THREADS // 2)
    ]
    outcomes = all_at_once(works)
    assert Payment.objects.count() == 1
    assert sum(isinstance(outcome, counterfoil.Conflict) for outcome in outcomes) == THREADS // 2
    assert sum(row.balance for row in Account.objects.all()) == Decimal("187.66")


def test_one_statement_is_paid_once(ada):
    [statement] = state("2.06")
    outcomes = all_at_once([lambda: statements.settle(statement, NOW)] * THREADS)
    refused = [outcome for outcome in outcomes if isinstance(outcome, counterfoil.CounterfoilError)]
    assert {error.code for error in refused} == {"statement.already_paid"}
    assert len(refused) == THREADS - 1
    assert Statement.objects.get().status == "paid"
    assert balances() == {"balance": Decimal("97.94")}


def test_a_payment_is_given_back_once(ada):
    make.coupon("A", "10.00", APRIL)
    payment = payments.pay(make.payment("o-1", "30.00"), NOW)
    works = [lambda n=n: refunds.refund(make.refund(payment, f"r-{n}", "10.00"), NOW) for n in range(THREADS)]
    outcomes = all_at_once(works)
    assert sum(isinstance(outcome, Refund) for outcome in outcomes) == 3
    assert balances() == {"balance": Decimal("100.00"), "A": Decimal("10.00")}


def test_a_day_is_stated_once(ada):
    state("2.06")
    Statement.objects.all().delete()
    all_at_once([lambda: statements.state_day(DATE)] * THREADS)
    assert Statement.objects.get().payable_amount == Decimal("2.06")


def test_a_range_is_cut_once(db):
    row = make.network("10.0.0.0/24", status="wait")
    how = ranges.How("root")

    def cut() -> Any:
        try:
            return ranges.split(type(row), row.id, ranges.IntoLength(26), how)
        except type(row).DoesNotExist as gone:
            return gone

    outcomes = all_at_once([cut] * THREADS)
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == THREADS - 1
    assert type(row).objects.count() == 4
    assert RangeRecord.objects.count() == 1


def test_funds_are_spent_to_the_last_cent(ada):
    works = [lambda n=n: payments.pay(make.payment(f"o-{n}", "16.67"), NOW) for n in range(5)]
    works.append(lambda: payments.pay(make.payment("o-last", "16.65"), NOW))
    assert all(isinstance(outcome, Payment) for outcome in all_at_once(works))
    assert balances() == {"balance": Decimal("0.00")}


def test_a_day_is_metered_stated_and_paid_once(prices, ada):
    for owner in range(THREADS):
        make.server(owner_id=f"u{owner}").save()
    Bucket.objects.create(
        owner_id="u0", unit_id="oss", storage_bytes=2**30, creation_time=make.LONG_AGO, start_time=make.LONG_AGO
    )
    told = all_at_once([lambda: meter("--pay")] * 4)
    new, paid = (sum(int(re.search(rf"(\d+) {what}", text)[1]) for text in told) for what in ["new", "statements paid"])
    assert (new, paid) == (THREADS + 1, THREADS + 1)
    assert Reading.objects.count() == Statement.objects.filter(status="paid").count() == THREADS + 1
    spent = {row.owner_id: row.balance for row in Account.objects.exclude(pk=ada.pk)}
    assert set(spent.values()) == {Decimal("-164.40"), Decimal("-165.66")}
