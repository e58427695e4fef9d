"""What an owner is asked to pay for a day, and what is done about it (R-S1, R-S2)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import counterfoil
from django.conf import settings

from ..models import Payment, Reading, Statement
from .metering import billing_day
from .terms import money, owner


def state(
    day: counterfoil.time.Day, statements: Iterable[Statement], readings: Iterable[Reading]
) -> counterfoil.statement.Restated:
    """The statements that are missing so that all readings of a day are stated: all of them, corrections, or none."""
    return counterfoil.statement.restate(
        day=_day(day.date),
        stated=_stated(day, statements),
        readings=[_charged(row, row.resource_id, row.original_amount, row.payable_amount, day) for row in readings],
    )


def pay(statement: Statement) -> counterfoil.statement.Changed:
    """The statement, paid; an error unless it is unpaid."""
    return counterfoil.statement.pay(statement=_stands(statement))


def settle(group: Sequence[Statement]) -> counterfoil.statement.Correction:
    """What settles the open statements of a day, owner, unit and kind: a charge, a refund, or nothing."""
    return counterfoil.statement.correct(group=[{"statement": _stands(row)} for row in group])


def refund_of_correction(
    amount: Decimal, payments: Iterable[tuple[Payment, Decimal]]
) -> counterfoil.wallet.OfCorrection:
    """From which payments a correction is given back; each comes with what is left of it."""
    return counterfoil.wallet.refund_of_correction(
        amount=money(amount),
        payments=[{"order": row.order_id, "paid_at": row.paid_at, "left": money(left)} for row, left in payments],
    )


def _day(date: datetime.date) -> dict[str, Any]:
    return {"date": date, "zone": settings.TIME_ZONE}


def _stands(row: Statement) -> dict[str, Any]:
    window = _window(billing_day(row.date))
    lines = [
        {
            "resource": line.resource_id,
            "window": window,
            "original": money(line.original_amount),
            "payable": money(line.payable_amount),
        }
        for line in row.lines.all()
    ]
    return {
        "day": _day(row.date),
        "owner": owner(row),
        "unit": row.unit_id,
        "kind": row.kind,
        "sequence": row.sequence,
        "lines": lines,
        "status": row.status,
    }


def _stated(day: counterfoil.time.Day, statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Each reading with the sum of its lines, and the last statement of its group."""
    last: dict[tuple[str, ...], Statement] = {}
    lines: dict[tuple[tuple[str, ...], str], list[Any]] = defaultdict(list)
    for row in sorted(statements, key=lambda row: row.sequence):
        group = (row.owner_type, row.owner_id, row.unit_id, row.kind)
        last[group] = row
        for line in row.lines.all():
            lines[group, line.resource_id].append(line)
    return [
        {
            "charged": _charged(
                last[group],
                resource,
                sum(line.original_amount for line in of_reading),
                sum(line.payable_amount for line in of_reading),
                day,
            ),
            "sequence": last[group].sequence,
        }
        for (group, resource), of_reading in lines.items()
    ]


def _charged(
    row: Statement | Reading, resource: str, original: Decimal, payable: Decimal, day: counterfoil.time.Day
) -> dict[str, Any]:
    return {
        "resource": resource,
        "window": _window(day),
        "owner": owner(row),
        "unit": row.unit_id,
        "kind": row.kind,
        "original": money(original),
        "payable": money(payable),
    }


def _window(day: counterfoil.time.Day) -> dict[str, datetime.datetime]:
    return {"start": day.start, "end": day.end}
