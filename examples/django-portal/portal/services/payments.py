"""Paying: lock, plan, write the legs and take them from their sources, all in one transaction."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from .. import seams
from ..models import Account, Coupon, Payment, PaymentLeg
from ..models.money import Source
from .transactions import in_transaction, lock_account


def pay(payment: Payment, now: datetime.datetime) -> Payment:
    """Makes a payment that is not written yet; or finds it, if the same one was made before.

    A payment is what it is by its application and order id: the same request again returns the first payment and takes
    nothing, another one under the same id is refused.
    """
    return in_transaction(lambda: charge(payment, lock_account(payment.owner_type, payment.owner_id), now))


def charge(payment: Payment, account: Account, now: datetime.datetime) -> Payment:
    """The same, inside a transaction that has locked the account."""
    earlier = _earlier(payment)
    coupons = coupons_of(account)
    plan = seams.plan_payment(payment, _who_charges(payment), account, coupons.values(), earlier, now)
    if earlier and plan.outcome == "replay":
        return earlier
    payment.method = plan.method
    payment.paid_at = now
    payment.save(force_insert=True)
    for position, leg in enumerate(plan.legs):
        coupon_id = seams.coupon_of(leg.source)
        _take(leg, coupons[coupon_id] if coupon_id else account)
        PaymentLeg.objects.create(
            payment=payment,
            position=position,
            source=Source.COUPON if coupon_id else Source.BALANCE,
            coupon_id=coupon_id,
            amount=leg.amount.amount,
            before=leg.before.amount,
            after=leg.after.amount,
        )
    return payment


def _who_charges(payment: Payment) -> str:
    """The application that may charge for the unit: the unit's own, and for a statement of any unit the portal."""
    of_statement = payment.app_id == settings.STATEMENT_APPLICATION
    return settings.STATEMENT_APPLICATION if of_statement else payment.unit.app_id


def coupons_of(account: Account) -> dict[str, Coupon]:
    """The coupons of an owner by their ids, locked."""
    return {row.id: row for row in coupons_seen_by(account).select_for_update()}


def coupons_seen_by(account: Account) -> QuerySet[Coupon]:
    """The coupons of an owner, to look at."""
    rows = Coupon.objects.filter(owner_type=account.owner_type, owner_id=account.owner_id)
    return rows.prefetch_related("unit").order_by("id")


def _earlier(payment: Payment) -> Payment | None:
    same_order = Payment.objects.filter(app_id=payment.app_id, order_id=payment.order_id)
    return same_order.prefetch_related("legs").first()


def _take(leg: Any, source: Account | Coupon) -> None:
    source.balance = leg.after.amount
    source.save(update_fields=["balance"])
