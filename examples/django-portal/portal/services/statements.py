"""Statements of a day, and settling them."""

import datetime
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from counterfoil import CounterfoilError
from django.conf import settings
from django.db.models import Q
from tqdm import tqdm

from .. import seams
from ..models import Account, Payment, Reading, Refund, Statement, StatementLine
from . import payments, refunds
from .transactions import in_transaction, lock_account


@dataclass
class Stated:
    """The statements that were written, and the owners whose readings can not be stated."""

    written: list[Statement] = field(default_factory=list)
    faults: list[tuple[str, CounterfoilError]] = field(default_factory=list)


def state_day(date: datetime.date) -> Stated:
    """Writes the statements of a day that are missing: all of them, corrections of readings that changed, or none.

    One owner after another: a statement is of one, a call is of what one owner has, and a fault hinders no other.
    """
    day = seams.billing_day(date)
    stated = Stated()
    for kind, id in tqdm(_owners(date), desc="state", unit="owner", disable=None):
        of_owner = Q(date=date, owner_type=kind, owner_id=id)
        try:
            stated.written += in_transaction(lambda of_owner=of_owner: _state(day, of_owner))
        except CounterfoilError as fault:
            stated.faults.append((f"{kind} {id}", fault))
    return stated


@dataclass
class Settled:
    """What became of the unpaid statements of a day."""

    paid: int = 0
    #: With one that was paid before it here, by its owner, or by another run at the same time.
    meanwhile: int = 0
    faults: list[tuple[str, CounterfoilError]] = field(default_factory=list)


def settle_day(date: datetime.date, now: datetime.datetime) -> Settled:
    """Pays what is unpaid of a day, each in a transaction of its own: a statement that can not be paid hinders no other.

    One that was paid meanwhile is no fault.
    """
    settled = Settled()
    unpaid = list(Statement.objects.filter(date=date, status=Statement.Status.UNPAID))
    for statement in tqdm(unpaid, desc="pay", unit="statement", disable=None):
        try:
            settle(statement, now)
        except CounterfoilError as fault:
            if fault.code == "statement.already_paid":
                settled.meanwhile += 1
            else:
                settled.faults.append((statement.order_id, fault))
        else:
            settled.paid += 1
    return settled


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
        app_id=settings.STATEMENT_APPLICATION,
        order_id=order_id,
        owner_type=statement.owner_type,
        owner_id=statement.owner_id,
        unit=statement.unit,
        amount=amount,
        funding="overdraft",
    )


def _refund_id(correction: str, order: str) -> str:
    """One for each correction and order. Both together can be longer than the column, and cut they could be the same."""
    return f"correction-{hashlib.sha256(f'{correction} of {order}'.encode()).hexdigest()}"


def _give_back(settlement: Any, statement: Statement, account: Account, now: datetime.datetime) -> None:
    """A correction below zero, out of what was paid for the group."""
    rows = Payment.objects.filter(app_id=settings.STATEMENT_APPLICATION, order_id__in=list(settlement.of))
    made = {row.order_id: row for row in rows}
    left = [(row, refunds.left_of(row)) for row in made.values()]
    for part in seams.refund_of_correction(settlement.amount.amount, left).refunds:
        request = Refund(
            app_id=settings.STATEMENT_APPLICATION,
            refund_id=_refund_id(settlement.id, part.order),
            payment=made[part.order],
            amount=part.amount.amount,
        )
        refunds.give_back(request, account, now)
