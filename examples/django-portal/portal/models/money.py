"""Accounts, coupons, payments and refunds."""

from django.db import models

from .terms import AppService, Owned, id_field, money_field


class Account(Owned):
    """The balance of a user or a group. Whoever moves money of an owner locks this row first."""

    balance = money_field(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_type", "owner_id"], name="one_account")]

    def __str__(self) -> str:
        return f"{self.owner_type} {self.owner_id}"


class Coupon(models.Model):
    class Status(models.TextChoices):
        WAIT = "wait"
        AVAILABLE = "available"
        CANCELLED = "cancelled"
        DELETED = "deleted"

    id = id_field()
    owner_type = models.CharField(max_length=8, blank=True, default="")
    owner_id = models.CharField(max_length=36, blank=True, default="")
    face_value = money_field()
    balance = money_field()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAIT)
    unit = models.ForeignKey(AppService, on_delete=models.PROTECT)
    order_id = models.CharField(max_length=200, blank=True, default="")  # of the one order that it is for
    effective_time = models.DateTimeField()
    expiration_time = models.DateTimeField()
    creation_time = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="coupons_of_owner")]

    def __str__(self) -> str:
        return self.id


class Source(models.TextChoices):
    COUPON = "coupon"
    BALANCE = "balance"


class Payment(Owned):
    id = id_field()
    app_id = models.CharField(max_length=36)
    order_id = models.CharField(max_length=200)
    unit = models.ForeignKey(AppService, on_delete=models.PROTECT)
    amount = money_field()
    method = models.CharField(max_length=16)
    funding = models.CharField(max_length=16)  # `enough_funds`, or `overdraft` for what has been used already
    coupon_ids = models.JSONField(null=True)  # those that were named; none: chosen for the payer
    paid_at = models.DateTimeField()

    class Meta:
        ordering = ["-paid_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["app_id", "order_id"], name="one_payment_of_an_order")]

    def __str__(self) -> str:
        return f"{self.app_id} {self.order_id}"


class PaymentLeg(models.Model):
    """What one source paid. The legs of a payment add up to it."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=16, choices=Source.choices)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, null=True)
    amount = money_field()
    before = money_field()
    after = money_field()

    class Meta:
        ordering = ["payment_id", "position"]
        constraints = [models.UniqueConstraint(fields=["payment", "position"], name="one_leg_a_position")]


class Refund(models.Model):
    app_id = models.CharField(max_length=36)
    refund_id = models.CharField(max_length=200)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = money_field()
    state = models.CharField(max_length=16)
    refunded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["app_id", "refund_id"], name="one_refund_of_an_id")]

    def __str__(self) -> str:
        return self.refund_id


class RefundLeg(models.Model):
    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=16, choices=Source.choices)
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, null=True)
    amount = money_field()

    class Meta:
        ordering = ["refund_id", "position"]
