"""Statements of a day, and settling them."""

import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from tqdm import tqdm

from .. import seams
from ..models import Account, Payment, Reading, Refund, Statement, StatementLine
from . import payments, refunds
from .transactions import in_transaction, lock_account


def state_day(date: datetime.date) -> list[Statement]:
    """Writes the statements of a day that are missing: all of them, corrections of readings that changed, or none.

    One owner after another: a statement is of one, and a call is of what one owner has.
    """
    day = seams.billing_day(date)
    written: list[Statement] = []
    for owner in tqdm(_owners(date), desc="state", unit="owner", disable=None):
        written += in_transaction(lambda owner=owner: _state(day, Q(date=date, owner_type=owner[0], owner_id=owner[1])))
    return written


def _owners(date: datetime.date) -> list[tuple[str, str]]:
    """Who has readings of a day, or has been stated some."""
    names = [
        model.objects.filter(date=date).values_list("owner_type", "owner_id").distinct()
        for model in (Reading, Statement)
    ]
    return sorted(set(names[0]) | set(names[1]))


def _state(day: Any, of_owner: Q) -> list[Statement]:
    stated = Statement.objects.filter(of_owner).prefetch_related("lines")
    answer = seams.state(day, stated, Reading.objects.filter(of_owner))
    return [_write(statement) for statement in answer.statements]


def settle(statement: Statement, now: datetime.datetime) -> Statement:
    """Pays a statement, together with what is open beside it: its corrections of the same day, unit and kind.

    What has been used has to be paid, so the balance may go below zero. A statement that is paid, or withdrawn, is an
    error.
    """

    def work() -> Statement:
        account = lock_account(statement.owner_type, statement.owner_id)
        group = _group(statement)
        this = next(row for row in group if row.pk == statement.pk)
        seams.pay(this)
        settlement = seams.settle(group)
        if settlement.action == "charge":
            payments.charge(_payment(this, settlement.id, settlement.amount.amount), account, now)
        elif settlement.action == "refund":
            _give_back(settlement, this, account, now)
        paid = {row.id for row in settlement.open}
        for row in group:
            if row.order_id in paid:
                row.status = Statement.Status.PAID
                row.save(update_fields=["status"])
        return this

    return in_transaction(work)


def _write(stated: Any) -> Statement:
    statement = Statement.objects.create(
        order_id=stated.id,
        date=stated.date,
        owner_type=stated.owner.kind,
        owner_id=stated.owner.id,
        unit_id=stated.unit,
        kind=stated.kind,
        sequence=stated.sequence,
        original_amount=stated.original.amount,
        payable_amount=stated.payable.amount,
        status=stated.status,
    )
    StatementLine.objects.bulk_create(
        StatementLine(
            statement=statement,
            resource_id=line.resource,
            original_amount=line.original.amount,
            payable_amount=line.payable.amount,
        )
        for line in stated.lines
    )
    return statement


def _group(statement: Statement) -> list[Statement]:
    """The statement and its corrections, locked."""
    same = Statement.objects.filter(
        date=statement.date,
        owner_type=statement.owner_type,
        owner_id=statement.owner_id,
        unit_id=statement.unit_id,
        kind=statement.kind,
    )
    return list(same.select_for_update().prefetch_related("lines").order_by("sequence"))


def _payment(statement: Statement, order_id: str, amount: Decimal) -> Payment:
    return Payment(
        app_id=settings.PORTAL_APPLICATION,
        order_id=order_id,
        owner_type=statement.owner_type,
        owner_id=statement.owner_id,
        unit=statement.unit,
        amount=amount,
        funding="overdraft",
    )


def _give_back(settlement: Any, statement: Statement, account: Account, now: datetime.datetime) -> None:
    """A correction below zero, out of what was paid for the group."""
    rows = Payment.objects.filter(app_id=settings.PORTAL_APPLICATION, order_id__in=list(settlement.of))
    made = {row.order_id: row for row in rows}
    left = [(row, refunds.left_of(row)) for row in made.values()]
    for part in seams.refund_of_correction(settlement.amount.amount, left).refunds:
        request = Refund(
            app_id=settings.PORTAL_APPLICATION,
            refund_id=f"{settlement.id} of {part.order}"[:200],
            payment=made[part.order],
            amount=part.amount.amount,
        )
        refunds.give_back(request, account, now)
