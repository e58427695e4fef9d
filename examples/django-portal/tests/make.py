"""Rows to test with."""

import datetime
import ipaddress
from decimal import Decimal
from typing import Any

from portal import models, seams

UTC = datetime.UTC
#: The user `ada`, as an owner: by primary key.
ADA = "7"
DATE = datetime.date(2024, 2, 20)
MIDNIGHT = datetime.datetime(2024, 2, 20, tzinfo=UTC)
LONG_AGO = datetime.datetime(2024, 1, 1, tzinfo=UTC)
NOW = datetime.datetime(2024, 2, 21, 1, tzinfo=UTC)
SMALL = {"vcpus": 1, "ram_gib": 2, "disk_gib": 50, "public_ip": True}


def at(hours: float, minutes: int = 0) -> datetime.datetime:
    """A time of the day that is metered."""
    return MIDNIGHT + datetime.timedelta(hours=hours, minutes=minutes)


def day() -> Any:
    return seams.billing_day(DATE)


def server(**other: Any) -> models.Server:
    row = {"name": "s", "owner_id": ADA, "unit_id": "vm", "creation_time": LONG_AGO, "start_time": LONG_AGO, **SMALL}
    return models.Server(**{**row, **other})


def server_was(row: models.Server, change: str, start: Any, end: Any, **spec: Any) -> models.ServerArchive:
    return models.ServerArchive(server=row, change=change, start_time=start, end_time=end, **{**SMALL, **spec})


def disk(size_gib: int, start: Any, **other: Any) -> models.Disk:
    row = {"name": "d", "owner_id": ADA, "unit_id": "vm", "creation_time": start, "start_time": start}
    return models.Disk(size_gib=size_gib, **{**row, **other})


def coupon(id: str, balance: str, expires: datetime.datetime, **other: Any) -> models.Coupon:
    row = {
        "owner_type": "user",
        "owner_id": ADA,
        "face_value": Decimal("100.00"),
        "status": "available",
        "unit_id": "vm",
        "effective_time": LONG_AGO,
        "creation_time": LONG_AGO,
    }
    return models.Coupon.objects.create(id=id, balance=Decimal(balance), expiration_time=expires, **{**row, **other})


def payment(order_id: str, amount: str, **other: Any) -> models.Payment:
    """A payment that is asked for."""
    row = {"app_id": "portal", "owner_type": "user", "owner_id": ADA, "funding": "enough_funds", **other}
    unit = models.AppService.objects.get(pk=row.pop("unit", "vm"))
    return models.Payment(order_id=order_id, amount=Decimal(amount), unit=unit, **row)


def refund(of: models.Payment, refund_id: str, amount: str) -> models.Refund:
    """A refund that is asked for."""
    return models.Refund(app_id=of.app_id, refund_id=refund_id, payment=of, amount=Decimal(amount))


def labelled(first: str, last: str, prefix_len: int, **other: Any) -> models.LabelledRange:
    ends = ipaddress.ip_address(first), ipaddress.ip_address(last)
    model = models.IPv4Range if ends[0].version == 4 else models.IPv6Range
    start, end = map(model.stored, ends)
    return model.objects.create(start=start, end=end, prefix_len=prefix_len, **other)


def network(text: str, **other: Any) -> models.LabelledRange:
    parsed = ipaddress.ip_network(text)
    return labelled(str(parsed[0]), str(parsed[-1]), parsed.prefixlen, **other)
