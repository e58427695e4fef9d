"""What callers send, read. Whether it makes sense is Counterfoil's to say."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from rest_framework import serializers

from .. import seams
from ..models import PayType
from ..models.billing import Kind


def distinct(ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise serializers.ValidationError("An id is named twice.")
    return ids


def more_than_nothing(amount: Decimal) -> Decimal:
    """What is below zero is Counterfoil's to say."""
    if amount == 0:
        raise serializers.ValidationError("There is nothing to move: the amount is 0.")
    return amount


class Amount(serializers.Field):
    """An amount of whole cents, as text: a number in JSON is a float when it arrives, and `19.99` is not 19.99 then."""

    def to_internal_value(self, data: Any) -> Decimal:
        return seams.amount(data)


class Inquiry(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Kind.choices)
    pay_type = serializers.ChoiceField(choices=[PayType.PREPAID.value, PayType.POSTPAID.value])
    months = serializers.IntegerField(min_value=0, default=0)
    days = serializers.IntegerField(min_value=0, default=0)
    count = serializers.IntegerField(min_value=1, default=1)
    vcpus = serializers.IntegerField(min_value=1, required=False)
    ram_gib = serializers.IntegerField(min_value=1, required=False)
    disk_gib = serializers.IntegerField(min_value=0, default=0)
    public_ip = serializers.BooleanField(default=False)
    size_gib = serializers.IntegerField(min_value=1, required=False)
    storage_bytes = serializers.IntegerField(min_value=0, required=False)

    NEEDED = {"server": ["vcpus", "ram_gib"], "disk": ["size_gib"], "bucket": ["storage_bytes"]}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        missing = {name: "This field is required." for name in self.NEEDED[attrs["kind"]] if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing)
        return attrs


class PaymentRequest(serializers.Serializer):
    order_id = serializers.CharField(max_length=200)
    app_id = serializers.CharField(max_length=36)
    service_id = serializers.CharField(max_length=36)
    amount = Amount(validators=[more_than_nothing])
    coupon_ids = serializers.ListField(child=serializers.CharField(max_length=36), allow_null=True, default=None)

    def validate_app_id(self, app_id: str) -> str:
        """Not that of statements, in no spelling that some database takes for the same."""
        if app_id.casefold() == settings.STATEMENT_APPLICATION:
            raise serializers.ValidationError("A statement is paid at /api/statements/<id>/pay.")
        return app_id


#: So many statements are told at once.
MOST_STATEMENTS = 200


class StatementsAsked(serializers.Serializer):
    date = serializers.DateField(default=None)


class RefundRequest(serializers.Serializer):
    refund_id = serializers.CharField(max_length=200)
    app_id = serializers.CharField(max_length=36)
    order_id = serializers.CharField(max_length=200)
    amount = Amount(validators=[more_than_nothing])


class _Change(serializers.Serializer):
    remark = serializers.CharField(allow_blank=True, default="", max_length=255)
    dry_run = serializers.BooleanField(default=False)


class SplitRequest(_Change):
    """Either a length, with `mini` into few pieces, of up to `diff` lengths; or a plan: `["10.0.0.0/25", …]`."""

    prefix_len = serializers.IntegerField(min_value=0, max_value=255, required=False)
    mini = serializers.BooleanField(default=False)
    diff = serializers.IntegerField(min_value=0, max_value=255, allow_null=True, default=None)
    plan = serializers.ListField(child=serializers.CharField(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("prefix_len" in attrs) == ("plan" in attrs):
            raise serializers.ValidationError("Send `prefix_len` or `plan`, and not both.")
        if "plan" in attrs and attrs["mini"]:
            raise serializers.ValidationError("`mini` is for `prefix_len`: a plan says its pieces itself.")
        if attrs["diff"] is not None and not attrs["mini"]:
            raise serializers.ValidationError("`diff` is for `mini`.")
        return attrs


class MergeRequest(_Change):
    ids = serializers.ListField(child=serializers.CharField(max_length=36), validators=[distinct])
    prefix_len = serializers.IntegerField(min_value=0, max_value=255)


class Labels(serializers.Serializer):
    """`?labels=zone=a,gpu=true`"""

    labels = serializers.CharField(default="", allow_blank=True)

    def validate_labels(self, text: str) -> list[str]:
        return [label for label in text.split(",") if label]
