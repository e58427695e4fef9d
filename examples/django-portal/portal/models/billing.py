"""What a day came to: readings, and statements of them."""

from django.db import models

from .terms import AppService, Owned, id_field, money_field


class Kind(models.TextChoices):
    SERVER = "server"
    DISK = "disk"
    BUCKET = "bucket"


class Reading(Owned):
    """What a resource cost on a day, as the metering has it last.

    What was charged stands in the lines of statements, and is never edited.
    """

    kind = models.CharField(max_length=16, choices=Kind.choices)
    resource_id = models.CharField(max_length=36)
    date = models.DateField()
    unit = models.ForeignKey(AppService, on_delete=models.PROTECT)
    original_amount = money_field()
    payable_amount = money_field()
    exact_payable = models.CharField(max_length=80)  # before rounding: why it is 2.06
    price_list = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "resource_id", "date"], name="one_reading_a_day")]
        indexes = [models.Index(fields=["date", "owner_type", "owner_id"], name="readings_of_owner")]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id} on {self.date}"


class Statement(Owned):
    """What an owner is asked to pay for a day, a service unit and a kind; or a correction of that."""

    class Status(models.TextChoices):
        UNPAID = "unpaid"
        PAID = "paid"
        CANCELLED = "cancelled"

    id = id_field()
    order_id = models.CharField(max_length=200, unique=True)  # also of its payment: paying it twice takes nothing twice
    date = models.DateField()
    unit = models.ForeignKey(AppService, on_delete=models.PROTECT)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    sequence = models.PositiveIntegerField()  # 0, and 1, 2, … of corrections
    original_amount = money_field()
    payable_amount = money_field()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.UNPAID)

    class Meta:
        ordering = ["date", "order_id"]
        indexes = [models.Index(fields=["date", "owner_type", "owner_id"], name="statements_of_owner")]

    def __str__(self) -> str:
        return self.order_id


class StatementLine(models.Model):
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    resource_id = models.CharField(max_length=36)
    original_amount = money_field()
    payable_amount = money_field()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["statement", "resource_id"], name="one_line_a_resource")]
