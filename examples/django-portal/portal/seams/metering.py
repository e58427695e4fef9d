"""What a resource used on a day, and what that costs (R-U1 … R-U10, R-P1, R-P2)."""

import datetime
import enum
from collections.abc import Iterable
from typing import Any

import counterfoil
from django.conf import settings

from ..models import Bucket, Disk, DiskArchive, PriceList, Server, ServerArchive
from .terms import MODES, SPECS, bucket_spec


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

    def rate(kind: str, part: str, price: Any, per: str, every: str) -> dict[str, Any]:
        return {"kind": kind, "part": part, "price": price, "per": per, "every": every}

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


def meter_server(
    server: Server, archive: Iterable[ServerArchive], day: counterfoil.time.Day, card: Any, rule: Rule
) -> counterfoil.pricing.Rated | None:
    """What a server costs on a day; none where there is no reading."""
    return _rate("server", server, archive, day, card, rule, rounding="portal")


def meter_disk(
    disk: Disk, archive: Iterable[DiskArchive], day: counterfoil.time.Day, card: Any, rule: Rule
) -> counterfoil.pricing.Rated | None:
    """The same of a disk. The portal rounds its own part and that of its archive apart, and adds them then."""
    rounding = "half_even 0.01 segment" if rule is Rule.PORTAL else "portal"
    return _rate("disk", disk, archive, day, card, rule, rounding)


def meter_bucket(bucket: Bucket, day: counterfoil.time.Day, card: Any) -> counterfoil.pricing.Rated | None:
    """The same of a bucket: its size, of the sample of the day, counts for all of it."""
    life = {
        "start": bucket.creation_time,
        "end": bucket.deleted_time,
        "mode": MODES[bucket.pay_type],
        "spec": bucket_spec(bucket),
    }
    return counterfoil.pricing.rate(
        card=card, kind="bucket", of={"spans": [life]}, window=_window(day), rounding="portal"
    )


def _rate(
    kind: str, row: Any, archive: Iterable[Any], day: counterfoil.time.Day, card: Any, rule: Rule, rounding: str
) -> counterfoil.pricing.Rated | None:
    rows = {"current": _current(kind, row), "archive": [_archived(kind, past) for past in archive]}
    if rule is Rule.PORTAL:
        of = {"portal": {"rows_of": kind, **rows}}
    else:
        of = {"spans": counterfoil.metering.portal_history(**rows).spans}
    return counterfoil.pricing.rate(card=card, kind=kind, of=of, window=_window(day), rounding=rounding)


def _window(day: counterfoil.time.Day) -> dict[str, datetime.datetime]:
    return {"start": day.start, "end": day.end}


def _current(kind: str, row: Any) -> dict[str, Any]:
    return {
        "created": row.creation_time,
        "start": row.start_time,
        "deleted": row.deleted_time,
        "mode": MODES[row.pay_type],
        "spec": SPECS[kind](row),
    }


def _archived(kind: str, row: Any) -> dict[str, Any]:
    return {
        "change": row.change,
        "start": row.start_time,
        "end": row.end_time,
        "mode": MODES[row.pay_type],
        "spec": SPECS[kind](row),
    }
