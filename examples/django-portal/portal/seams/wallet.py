"""What pays for an amount, and what comes back of it (R-W3 … R-W8, R-W13 … R-W16).

By operations, and not by the handle `Wallet`: that plans a payment which is a new one. Here the payment that was made
under the same order goes in as well, and `replay` or `wallet.payment_conflict` comes out; so does the application of the
service unit, which has to be that of the charge.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import counterfoil

from ..models import Account, AppService, Coupon, Payment, Refund
from .terms import money, owner

#: Refunds are of whole cents, go back in the proportion paid, and to the coupons that paid.
REFUND_TERMS = {"step": Decimal("0.01"), "returned": "proportional", "give_back": "same_coupon"}


def plan_payment(
    payment: Payment,
    unit_application: str,
    account: Account,
    coupons: Iterable[Coupon],
    earlier: Payment | None,
    now: datetime.datetime,
) -> counterfoil.wallet.Planned:
    """What to take from what for a payment that is not written yet; or the first plan, if it was made before."""
    return counterfoil.wallet.plan(
        charge=_charge(payment),
        unit_application=unit_application,
        earlier=_paid(earlier) if earlier else None,
        funds=_funds(account, coupons),
        now=now,
    )


def usable_funds(
    account: Account, coupons: Iterable[Coupon], unit: AppService, now: datetime.datetime
) -> counterfoil.wallet.Usable:
    """Coupons for a service unit, and the balance if there is any."""
    purpose = {"payer": owner(account), "unit": unit.id, "currency": money(Decimal(0)).currency}
    return counterfoil.wallet.usable_funds(purpose=purpose, funds=_funds(account, coupons), now=now)


def refund(
    request: Refund, payment: Payment, so_far: Iterable[Refund], elsewhere: Refund | None, now: datetime.datetime
) -> counterfoil.wallet.Refund:
    """What of a payment goes back to whom, of a refund that is not written yet; or the first answer, if it was."""
    return counterfoil.wallet.refund(
        payment=_paid(payment),
        refunds=[_refunded(row) for row in so_far],
        elsewhere=_refunded(elsewhere) if elsewhere else None,
        request=_request(request),
        now=now,
    )


def _charge(row: Payment) -> dict[str, Any]:
    return {
        "application": row.app_id,
        "order": row.order_id,
        "unit": row.unit_id,
        "payer": owner(row),
        "amount": money(row.amount),
        "coupons": "automatic" if row.coupon_ids is None else {"named": row.coupon_ids},
        "funding": {"overdraft": {}} if row.funding == "overdraft" else row.funding,
    }


def _paid(row: Payment) -> dict[str, Any]:
    legs = [
        {"source": _source(leg), "amount": money(leg.amount), "before": money(leg.before)} for leg in row.legs.all()
    ]
    return {"charge": _charge(row), "legs": legs}


def _source(leg: Any) -> str | dict[str, str]:
    return {"coupon": leg.coupon_id} if leg.coupon_id else "balance"


def _funds(account: Account, coupons: Iterable[Coupon]) -> dict[str, Any]:
    return {"balance": money(account.balance), "coupons": [_coupon(row) for row in coupons]}


def _coupon(row: Coupon) -> dict[str, Any]:
    return {
        "id": row.id,
        "face_value": money(row.face_value),
        "balance": money(row.balance),
        "status": row.status,
        "effective": row.effective_time,
        "expiration": row.expiration_time,
        "created": row.creation_time,
        "owner": {"kind": row.owner_type, "id": row.owner_id} if row.owner_id else None,
        "unit": row.unit_id,
        "scope": {"order": row.order_id} if row.order_id else "unit",
        "category": row.unit.category,
    }


def _request(row: Refund) -> dict[str, Any]:
    return {
        "id": row.refund_id,
        "application": row.app_id,
        "order": row.payment.order_id,
        "amount": money(row.amount),
        **REFUND_TERMS,
    }


def _refunded(row: Refund) -> dict[str, Any]:
    legs = [{"source": _source(leg), "amount": money(leg.amount), "to": "source"} for leg in row.legs.all()]
    return {"request": _request(row), "legs": legs, "state": row.state}


def coupon_of(source: Any) -> str | None:
    """The coupon that a leg of an answer is about; none where it is about the balance."""
    return None if source == "balance" else source.coupon
