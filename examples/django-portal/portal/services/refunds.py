"""Refunds: what comes back goes to the sources that paid, in one transaction."""

import datetime
from decimal import Decimal
from typing import Any

from .. import seams
from ..models import Account, Coupon, Payment, Refund, RefundLeg
from ..models.money import Source
from .transactions import in_transaction, lock_account


def refund(request: Refund, now: datetime.datetime) -> Refund:
    """Makes a refund that is not written yet; or finds it, if the same one was made before."""
    payer = request.payment

    def work() -> Refund:
        return give_back(request, lock_account(payer.owner_type, payer.owner_id), now)

    return in_transaction(work)


def give_back(request: Refund, account: Account, now: datetime.datetime) -> Refund:
    """The same, inside a transaction that has locked the payer's account."""
    payment = Payment.objects.prefetch_related("legs").get(pk=request.payment_id)
    so_far = list(payment.refunds.prefetch_related("legs", "payment"))
    same_id = Refund.objects.filter(app_id=request.app_id, refund_id=request.refund_id)
    elsewhere = same_id.exclude(payment=payment).prefetch_related("legs", "payment").first()
    answer = seams.refund(request, payment, so_far, elsewhere, now)
    if answer.outcome != "new":
        return next(row for row in so_far if row.refund_id == request.refund_id)
    # What is given back is written in this transaction, so there is no refund that waits: it succeeds, or never was.
    # The row is made here and not taken from the caller: done again, it must not keep the number of a try that failed.
    made = Refund.objects.create(
        app_id=request.app_id,
        refund_id=request.refund_id,
        payment=payment,
        amount=request.amount,
        state="success",
        refunded_at=now,
    )
    for position, leg in enumerate(answer.legs):
        _credit(leg, account)
        coupon_id = seams.coupon_of(leg.source)
        RefundLeg.objects.create(
            refund=made,
            position=position,
            source=Source.COUPON if coupon_id else Source.BALANCE,
            coupon_id=coupon_id,
            amount=leg.amount.amount,
        )
    return made


def left_of(payment: Payment) -> Decimal:
    """What can still be refunded of a payment."""
    left = seams.money(payment.amount)
    for refund in payment.refunds.all():
        left -= seams.money(refund.amount)
    return left.amount


def _credit(leg: Any, account: Account) -> None:
    coupon_id = seams.coupon_of(leg.source)
    row = Coupon.objects.select_for_update().get(pk=coupon_id) if coupon_id else account
    row.balance = (seams.money(row.balance) + leg.amount).amount
    row.save(update_fields=["balance"])
