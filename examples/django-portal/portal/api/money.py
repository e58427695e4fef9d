"""Inquiry, payment, refund."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import seams
from ..models import Account, AppService, Payment, Refund, Statement
from ..seams.terms import SPECS
from ..services import metering, payments, refunds, statements
from . import inputs

CENT = Decimal("0.01")


def read(serializer: type, data: Any) -> dict[str, Any]:
    asked = serializer(data=data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def owner_id(request: Request) -> str:
    """Who asks, as an owner of accounts, statements and resources."""
    return str(request.user.pk)


class Spec:
    """What was asked for, with the names that a row would have."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.__dict__.update(asked)


class InquiryView(APIView):
    """`GET /api/inquiry?kind=server&pay_type=prepaid&vcpus=2&ram_gib=4&months=1`"""

    def get(self, request: Request) -> Response:
        asked = read(inputs.Inquiry, request.query_params)
        now = timezone.now()
        prices = metering.price_list_at(now)
        term = {"months": asked["months"], "days": asked["days"]} if asked["months"] or asked["days"] else None
        spec = SPECS[asked["kind"]](Spec(asked))
        quote = seams.price_order(prices, asked["kind"], spec, asked["pay_type"], term, asked["count"], now)
        return Response(
            {
                "currency": quote.currency,
                "original": str(quote.original.amount),
                "payable": str(quote.payable.amount),
                "price_list": quote.revision,
                "why": quote.text,
            }
        )


class FundsView(APIView):
    """`GET /api/funds?service_id=vm`: what the caller could pay with."""

    def get(self, request: Request) -> Response:
        unit = AppService.objects.get(pk=request.query_params.get("service_id", ""))
        # Who has none yet is told of an empty one: to ask makes no row.
        mine = {"owner_type": "user", "owner_id": owner_id(request)}
        account = Account.objects.filter(**mine).first() or Account(balance=Decimal(0), **mine)
        coupons = payments.coupons_seen_by(account)
        usable = seams.usable_funds(account, coupons, unit, timezone.now()).usable
        return Response({"balance": _cents(account.balance), "usable": _cents(usable.amount)})


class PayView(APIView):
    """`POST /api/payments`: the caller pays an order of an application."""

    def post(self, request: Request) -> Response:
        asked = read(inputs.PaymentRequest, request.data)
        payment = Payment(
            app_id=asked["app_id"],
            order_id=asked["order_id"],
            unit=AppService.objects.get(pk=asked["service_id"]),
            owner_type="user",
            owner_id=owner_id(request),
            amount=asked["amount"],
            coupon_ids=asked["coupon_ids"],
            funding="enough_funds",
        )
        return Response(_paid(payments.pay(payment, timezone.now())))


class StatementsView(APIView):
    """`GET /api/statements?date=2024-02-20`: the caller's statements and corrections, of a day or the latest."""

    def get(self, request: Request) -> Response:
        asked = read(inputs.StatementsAsked, request.query_params)
        rows = Statement.objects.filter(owner_type="user", owner_id=owner_id(request))
        if asked["date"]:
            rows = rows.filter(date=asked["date"])
        return Response([_stated(row) for row in rows.order_by("-date", "order_id")[: inputs.MOST_STATEMENTS]])


class SettleView(APIView):
    """`POST /api/statements/<id>/pay`: the owner pays a statement, with its corrections."""

    def post(self, request: Request, id: str) -> Response:
        mine = Statement.objects.filter(owner_type="user", owner_id=owner_id(request))
        statement = statements.settle(mine.get(pk=id), timezone.now())
        return Response({"order_id": statement.order_id, "status": statement.status})


class RefundView(APIView):
    """`POST /api/refunds`: an order is paid back in part or whole."""

    permission_classes = [IsAdminUser]

    def post(self, request: Request) -> Response:
        asked = read(inputs.RefundRequest, request.data)
        payment = Payment.objects.get(app_id=asked["app_id"], order_id=asked["order_id"])
        asked_for = Refund(
            app_id=asked["app_id"], refund_id=asked["refund_id"], payment=payment, amount=asked["amount"]
        )
        refund = refunds.refund(asked_for, timezone.now())
        legs = [_leg(leg) for leg in refund.legs.all()]
        return Response({"refund_id": refund.refund_id, "amount": _cents(refund.amount), "legs": legs})


def _cents(amount: Decimal) -> str:
    """An amount with its cents, whether it was read from the database or came with the request just now."""
    return str(amount.quantize(CENT))


def _paid(payment: Payment) -> dict[str, Any]:
    legs = [{**_leg(leg), "before": _cents(leg.before), "after": _cents(leg.after)} for leg in payment.legs.all()]
    return {
        "id": payment.id,
        "order_id": payment.order_id,
        "amount": _cents(payment.amount),
        "method": payment.method,
        "legs": legs,
    }


def _stated(row: Statement) -> dict[str, Any]:
    return {
        "id": row.id,
        "order_id": row.order_id,
        "date": row.date.isoformat(),
        "service_id": row.unit_id,
        "kind": row.kind,
        "original": _cents(row.original_amount),
        "payable": _cents(row.payable_amount),
        "status": row.status,
    }


def _leg(leg: Any) -> dict[str, Any]:
    return {"source": leg.source, "coupon": leg.coupon_id, "amount": _cents(leg.amount)}
