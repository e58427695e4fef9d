"""A small portal to look at: some owners with what they have, ranges, a cluster."""

import datetime
import ipaddress
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from ... import models, seams
from ...models import PayType

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Makes a small portal, with a user `admin` whose password is `admin`. For trying out: only where DEBUG is on."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("this is for trying out: DEBUG is off")
        if models.PriceList.objects.exists():
            raise CommandError("there is a portal already: nothing was changed")
        today = timezone.localdate()
        midnight, before = seams.billing_day(today).start, seams.billing_day(today - DAY).start
        terms(midnight)
        ids = users()
        servers(before, ids)
        disks_and_buckets(before, ids)
        purses(midnight, ids)
        ranges()
        clusters()
        self.stdout.write(f"Done. Yesterday was {today - DAY}: python manage.py meter_day --pay")


def terms(today: datetime.datetime) -> None:
    models.PriceList.objects.create(revision="2024-02", effective_from=today - 400 * DAY)
    models.AppService.objects.create(id="vm", name="Virtual machines", app_id=settings.PORTAL_APPLICATION)
    models.AppService.objects.create(
        id="oss", name="Object storage", app_id=settings.PORTAL_APPLICATION, category="other"
    )
    models.AppService.objects.create(id="notes", name="Notebooks", app_id="notebooks", category="other")


def users() -> dict[str, str]:
    """Their ids as owners, by their names."""
    user = get_user_model()
    user.objects.create_superuser("admin", password="admin")
    return {name: str(user.objects.create_user(name, password=name).pk) for name in ["ada", "bob", "chen"]}


def servers(day: datetime.datetime, ids: dict[str, str]) -> None:
    """What can happen to a server on a day: nothing, a rebuild, a conversion, a deletion."""

    def server(name: str, owner: str, start: datetime.datetime, **other: Any) -> models.Server:
        spec = {"vcpus": 1, "ram_gib": 2, "disk_gib": 50, "public_ip": True, "unit_id": "vm"}
        created = {"creation_time": day - 30 * DAY, "start_time": start}
        return models.Server.objects.create(name=name, owner_id=ids[owner], **{**spec, **created, **other})

    server("steady", "ada", day - 30 * DAY)
    rebuilt = server("rebuilt at noon", "ada", day + 12 * HOUR, vcpus=4, ram_gib=8)
    models.ServerArchive.objects.create(
        server=rebuilt,
        change="rebuild",
        start_time=day - 30 * DAY,
        end_time=day + 12 * HOUR,
        vcpus=1,
        ram_gib=2,
        disk_gib=50,
        public_ip=True,
    )
    converted = server("paid ahead from 00:18", "bob", day + 0.3 * HOUR, pay_type=PayType.PREPAID)
    models.ServerArchive.objects.create(
        server=converted,
        change="post2pre",
        start_time=day - 30 * DAY,
        end_time=day + 0.3 * HOUR,
        vcpus=1,
        ram_gib=2,
        disk_gib=50,
        public_ip=True,
    )
    server("gone by six", "bob", day - 30 * DAY, deleted_time=day + 6 * HOUR)
    server("given for free", "chen", day - 30 * DAY, pay_type=PayType.QUOTA)


def disks_and_buckets(day: datetime.datetime, ids: dict[str, str]) -> None:
    def disk(name: str, owner: str, size_gib: int, start: datetime.datetime, created: datetime.datetime) -> models.Disk:
        return models.Disk.objects.create(
            name=name, owner_id=ids[owner], size_gib=size_gib, start_time=start, creation_time=created, unit_id="vm"
        )

    disk("since one o'clock", "ada", 50, day + HOUR, day + HOUR)  # 48.875: half a cent, to the even one
    grown = disk("grown at ten", "chen", 200, day + 10 * HOUR, day - 9 * DAY)
    models.DiskArchive.objects.create(
        disk=grown, change="expansion", start_time=day - 9 * DAY, end_time=day + 10 * HOUR, size_gib=100
    )
    models.Bucket.objects.create(
        name="papers",
        owner_id=ids["chen"],
        storage_bytes=3 * 2**30,
        start_time=day - 50 * DAY,
        creation_time=day - 50 * DAY,
        unit_id="oss",
    )


def purses(today: datetime.datetime, ids: dict[str, str]) -> None:
    for owner, balance in [("ada", "1000.00"), ("bob", "20.00"), ("chen", "-3.50")]:
        models.Account.objects.create(owner_id=ids[owner], balance=Decimal(balance))
    for owner, value, days in [("ada", "30.00", 60), ("ada", "20.00", 10), ("chen", "500.00", 90)]:
        models.Coupon.objects.create(
            owner_type="user",
            owner_id=ids[owner],
            face_value=Decimal(value),
            balance=Decimal(value),
            status=models.Coupon.Status.AVAILABLE,
            unit_id="vm",
            effective_time=today - 30 * DAY,
            expiration_time=today + days * DAY,
            creation_time=today - 30 * DAY,
        )


def ranges() -> None:
    for network, status, owner in [
        ("10.0.0.0/16", "wait", ""),
        ("159.0.1.0/24", "reserved", "Institute of Physics"),
        ("159.0.2.0/24", "reserved", "Institute of Physics"),
        ("2001:db8::/64", "wait", ""),
    ]:
        parsed = ipaddress.ip_network(network)
        model: type[models.LabelledRange] = models.IPv4Range if parsed.version == 4 else models.IPv6Range
        model.objects.create(
            start=model.stored(parsed[0]),
            end=model.stored(parsed[-1]),
            prefix_len=parsed.prefixlen,
            status=status,
            owner=owner,
            asn=64500,
        )


def clusters() -> None:
    cluster = models.Cluster.objects.create(name="north")
    models.Node.objects.create(
        cluster=cluster, name="control-1", role="control", free_cpu="3150m", free_memory="15.30Gi"
    )
    models.Node.objects.create(cluster=cluster, name="worker-1", free_cpu="1600m", free_memory="10.11Gi")
    models.Node.objects.create(
        cluster=cluster, name="worker-2", free_cpu="900m", free_memory="40Gi", free_gpu=1, labels=["gpu=true"]
    )
    for id, cpu, memory, gpu in [("small", "1", "2Gi", 0), ("large", "2", "8Gi", 0), ("card", "500m", "8Gi", 1)]:
        models.Product.objects.create(id=id, cpu=cpu, memory=memory, gpu=gpu)
