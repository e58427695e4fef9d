"""What the other tables speak of: owners, ways to pay, services, and the price list."""

import uuid
from decimal import Decimal

from django.db import models


def new_id() -> str:
    """An id that is known before the row is written, so that a dry run can show it."""
    return str(uuid.uuid4())


def id_field() -> models.CharField:
    return models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)


def money_field(**options) -> models.DecimalField:
    """An amount of money, to the cent.

    Fourteen digits, and not more: SQLite keeps up to fifteen digits as they were written, and rounds longer decimals.
    For the same reason nothing is added up in SQL: SQLite would add floats.
    """
    return models.DecimalField(max_digits=14, decimal_places=2, **options)


def price_field(default: str) -> models.DecimalField:
    return models.DecimalField(max_digits=12, decimal_places=5, default=Decimal(default))


class OwnerType(models.TextChoices):
    USER = "user"
    GROUP = "group"


class PayType(models.TextChoices):
    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    QUOTA = "quota"


class Owned(models.Model):
    """Something that a user or a group has. A user is known by the primary key: names change, and are given again."""

    owner_type = models.CharField(max_length=8, choices=OwnerType.choices, default=OwnerType.USER)
    owner_id = models.CharField(max_length=36)

    class Meta:
        abstract = True


class AppService(models.Model):
    """A service unit, as `vm`, and the application that may charge for it."""

    id = models.CharField(primary_key=True, max_length=36)
    name = models.CharField(max_length=100)
    app_id = models.CharField(max_length=36)
    category = models.CharField(max_length=16, default="server", choices=[("server", "server"), ("other", "other")])

    def __str__(self) -> str:
        return self.id


class PriceList(models.Model):
    """The portal's price list: one number for each factor."""

    revision = models.CharField(max_length=32, unique=True)
    effective_from = models.DateTimeField()
    vm_base = price_field("0")  # each server and hour
    vm_cpu = price_field("0.066")  # each core and hour
    vm_ram = price_field("0.012")  # each GiB and hour
    vm_disk = price_field("0.122")  # each GiB and hour
    vm_pub_ip = price_field("0.66")  # each address and hour
    disk_size = price_field("1.02")  # each GiB and day
    obj_size = price_field("1.2")  # each GiB and day
    obj_base = price_field("0.06")  # each bucket and day: of the list, and no number in the code
    prepaid_discount = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(66))  # percent that is paid

    def __str__(self) -> str:
        return self.revision
