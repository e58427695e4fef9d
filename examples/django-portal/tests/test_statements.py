"""Statements of a day, what corrects them, and how both are settled."""

from decimal import Decimal

import counterfoil
import pytest

from portal.models import Account, AppService, Payment, Reading, Refund, Statement
from portal.services import statements

from .make import ADA, DATE, NOW


@pytest.fixture
def metered(ada):
    """A reading of 2.06, stated."""
    return state("2.06")


def state(payable: str, **other: str) -> list[Statement]:
    """What a day of somebody's server comes to now."""
    row = {"owner_id": ADA, "unit_id": "vm", "price_list": "2024-01", **other}
    figures = {"original_amount": Decimal("9.00"), "payable_amount": Decimal(payable), "exact_payable": payable}
    Reading.objects.update_or_create(
        kind="server",
        resource_id=f"s-{row['owner_id'][:4]}",
        date=DATE,
        defaults={**row, **figures},
    )
    return statements.state_day(DATE).written


def balance() -> Decimal:
    return Account.objects.get(owner_id=ADA).balance


def test_a_statement_is_paid_once(metered):
    statements.settle(metered[0], NOW)
    assert balance() == Decimal("97.94")
    payment = Payment.objects.get()
    assert (payment.order_id, payment.amount) == ("2024-02-20/UTC/user/7/vm/server/0", Decimal("2.06"))
    with pytest.raises(counterfoil.Conflict) as refused:
        statements.settle(metered[0], NOW)
    assert refused.value.code == "statement.already_paid"
    assert balance() == Decimal("97.94")


def test_a_withdrawn_statement_is_not_paid(metered):
    Statement.objects.update(status="cancelled")
    with pytest.raises(counterfoil.Conflict) as refused:
        statements.settle(metered[0], NOW)
    assert refused.value.code == "statement.cancelled"


def test_a_day_stated_again_is_stated_once(metered):
    assert state("2.06") == []
    assert Statement.objects.count() == 1


def test_a_correction_before_the_payment_lowers_it(metered):
    [correction] = state("1.50")
    assert (correction.sequence, correction.payable_amount) == (1, Decimal("-0.56"))
    statements.settle(metered[0], NOW)
    assert balance() == Decimal("98.50")
    assert [row.status for row in Statement.objects.all()] == ["paid", "paid"]
    assert (Payment.objects.get().amount, Refund.objects.count()) == (Decimal("1.50"), 0)


def test_a_correction_after_the_payment_is_given_back(metered):
    statements.settle(metered[0], NOW)
    [correction] = state("1.50")
    statements.settle(correction, NOW)
    assert balance() == Decimal("98.50")
    assert Refund.objects.get().amount == Decimal("0.56")
    [again] = state("1.90")
    statements.settle(again, NOW)
    assert balance() == Decimal("98.10")
    assert sum(row.payable_amount for row in Statement.objects.all()) == Decimal("1.90")


def test_what_was_charged_is_never_edited(metered):
    statements.settle(metered[0], NOW)
    before = Statement.objects.filter(sequence=0).values().get()
    statements.settle(state("0.00")[0], NOW)
    assert Statement.objects.filter(sequence=0).values().get() == before
    assert balance() == Decimal("100.00")
    assert str(Payment.objects.get().amount) == "2.06"


def test_a_correction_of_two_payments_gives_back_of_both(ada):
    """Of an owner and a service with long ids, both refunds have ids that are longer than the column."""
    ids = {"owner_id": "9" * 36, "unit_id": "u" * 36}
    AppService.objects.create(id=ids["unit_id"], name="Long", app_id="portal")
    for payable in ["2.00", "5.00", "1.00"]:
        [statement] = state(payable, **ids)
        statements.settle(statement, NOW)
    assert sorted(row.amount for row in Refund.objects.all()) == [Decimal("1.00"), Decimal("3.00")]
    assert Account.objects.get(owner_id=ids["owner_id"]).balance == Decimal("-1.00")
