"""What a resource used on a day, and what that costs (R-U1 … R-U10, R-P1, R-P2).

By handles, which live in Rust: the rates of a day are made once, and of a resource only its rows cross over.
"""

import datetime
import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import counterfoil
from counterfoil import ArchiveRow, History, Period, PortalRows, RateCard, Rated, Span, Spec, Tariff
from django.conf import settings

from ..models import Bucket, Disk, DiskArchive, PriceList, Server, ServerArchive
from .terms import MODES, bucket_spec, disk_spec, server_spec


class Rule(enum.Enum):
    """Which of the two ways of metering."""

    #: As the portal always did, oddities included, but exactly (R-U10). For moving over, and for old days.
    PORTAL = "portal"
    #: By the whole life of the resource (R-U1 … R-U5): nothing of a day is missed, everything is rounded once.
    HISTORY = "history"


def billing_day(date: datetime.date) -> counterfoil.time.Day:
    """The day from midnight to midnight, in the portal's zone."""
    return counterfoil.time.billing_day(date=date, zone=settings.TIME_ZONE)


def rate_card(prices: PriceList) -> dict[str, Any]:
    """The price list as a rate card: what each number is for stands in the card, and no longer in formulas."""

    def rate(kind: str, part: str, price: Any, per: str, every: str) -> dict[str, str]:
        return {"kind": kind, "part": part, "price": f"{price:f}", "per": per, "every": every}

    rates = [
        rate("server", "base", prices.vm_base, "count", "hour"),
        rate("server", "cpu", prices.vm_cpu, "core", "hour"),
        rate("server", "ram", prices.vm_ram, "GiB", "hour"),
        rate("server", "disk", prices.vm_disk, "GiB", "hour"),
        rate("server", "public_ip", prices.vm_pub_ip, "count", "hour"),
        rate("disk", "size", prices.disk_size, "GiB", "day"),
        rate("bucket", "size", prices.obj_size, "GiB", "day"),
        rate("bucket", "base", prices.obj_base, "count", "day"),
    ]
    return {"revision": prices.revision, "currency": settings.PORTAL_CURRENCY, "rates": rates}


@dataclass(frozen=True)
class Rates:
    """What resources are metered by: the window of a day, and of each kind the rates in force where it begins."""

    window: Period
    server: Tariff
    disk: Tariff
    bucket: Tariff


def rates_of(prices: PriceList, day: counterfoil.time.Day) -> Rates:
    """The rates of a day: to be made once, and used for every resource."""
    card = RateCard.from_json(json.dumps(rate_card(prices)))
    kinds = {kind: card.tariff(kind, day.start) for kind in ("server", "disk", "bucket")}
    return Rates(Period(day.start, day.end), **kinds)


def meter_server(server: Server, archive: Iterable[ServerArchive], rates: Rates, rule: Rule) -> Rated | None:
    """What a server costs on a day; none where there is no reading."""
    rows = PortalRows.server(
        created=server.creation_time,
        start=server.start_time,
        deleted=server.deleted_time,
        mode=MODES[server.pay_type],
        spec=server_spec(server),
        archive=[_archived(past, server_spec(past)) for past in archive],
    )
    if rule is Rule.PORTAL:
        return rates.server.rate_rows(rows, rates.window, rounding="portal")
    return _of_life(rows.history(), rates.server, rates.window)


def meter_disk(disk: Disk, archive: Iterable[DiskArchive], rates: Rates, rule: Rule) -> Rated | None:
    """The same of a disk. The portal rounds its own part and that of its archive apart, and adds them then."""
    rows = PortalRows.disk(
        created=disk.creation_time,
        start=disk.start_time,
        deleted=disk.deleted_time,
        mode=MODES[disk.pay_type],
        spec=disk_spec(disk),
        archive=[_archived(past, disk_spec(past)) for past in archive],
    )
    if rule is Rule.PORTAL:
        return rates.disk.rate_rows(rows, rates.window, rounding="half_even 0.01 segment")
    return _of_life(rows.history(), rates.disk, rates.window)


def meter_bucket(bucket: Bucket, rates: Rates) -> Rated | None:
    """The same of a bucket: its size, of the sample of the day, counts for all of it."""
    life = Span(bucket.creation_time, bucket.deleted_time, bucket_spec(bucket), MODES[bucket.pay_type])
    return _of_life(History([life]), rates.bucket, rates.window)


def _archived(row: Any, spec: Spec) -> ArchiveRow:
    return ArchiveRow(row.change, row.start_time, row.end_time, spec, MODES[row.pay_type])


def _of_life(life: History, tariff: Tariff, window: Period) -> Rated | None:
    usage = life.usage(window)
    return None if usage is None else tariff.rate(usage, rounding="portal")
