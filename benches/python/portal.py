"""The pairs of a portal: the seams of `examples/django-portal`, and the functions of its own that they replaced.

Both take the portal's rows, as Django's models without a database; so Django has to be there, which
`examples/django-portal/requirements.txt` names. Only such rows are taken as the old functions have the right cent of.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "django-portal"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from portal import before, models, seams  # noqa: E402

from .billing import Pair  # noqa: E402

UTC = datetime.timezone.utc
MIDNIGHT = datetime.datetime(2024, 2, 20, tzinfo=UTC)
PRICES = models.PriceList(revision="2024-01", effective_from=MIDNIGHT)
RATES = seams.rates_of(PRICES, seams.billing_day(MIDNIGHT.date()))
#: So many resources are metered in a call, each of another size: a portal meters one after the other.
RESOURCES = 20


class Day(NamedTuple):
    """The day as the old functions take it."""

    start: datetime.datetime
    end: datetime.datetime


DAY = Day(MIDNIGHT, MIDNIGHT + datetime.timedelta(days=1))


def at(hour: int, minute: int = 0) -> datetime.datetime:
    return MIDNIGHT + datetime.timedelta(hours=hour, minutes=minute)


def server(size: int, rebuilt: list[datetime.datetime]) -> tuple[models.Server, list[models.ServerArchive]]:
    """A server that was rebuilt at these times, and its archive."""
    starts = [at(-24 * 9 - size), *rebuilt]

    def spec(place: int) -> dict[str, Any]:
        return {"vcpus": size + place, "ram_gib": 2 * size, "disk_gib": 50, "public_ip": True}

    row = models.Server(pay_type="postpaid", creation_time=starts[0], start_time=starts[-1], **spec(len(rebuilt)))
    archive = [
        models.ServerArchive(
            server=row, change="rebuild", pay_type="postpaid", start_time=start, end_time=end, **spec(place)
        )
        for place, (start, end) in enumerate(zip(starts, starts[1:], strict=False))
    ]
    return row, archive


def servers(name: str, rebuilt: list[datetime.datetime]) -> Pair:
    """What servers cost on a day, and what is payable of it."""
    rows = [server(size, rebuilt) for size in range(1, RESOURCES + 1)]

    def ours() -> list[tuple[Decimal, Decimal]]:
        rated = [seams.meter_server(row, archive, RATES, seams.Rule.PORTAL) for row, archive in rows]
        return [(each.original, each.payable) for each in rated if each]

    def by_hand() -> list[tuple[Decimal, Decimal]]:
        return [before.meter_server(row, archive, DAY, PRICES) for row, archive in rows]

    return pair(name, ours, by_hand)


def disks() -> Pair:
    """What is payable of disks: all that the old function says."""
    starts = [at(-24 * 9), at(7, 11), at(13, 25), at(19, 34)]

    def disk(place: int) -> models.Disk:
        start = starts[place % len(starts)]
        return models.Disk(size_gib=10 * place, pay_type="postpaid", creation_time=start, start_time=start)

    rows = [disk(place) for place in range(1, RESOURCES + 1)]

    def ours() -> list[Decimal]:
        rated = [seams.meter_disk(row, [], RATES, seams.Rule.PORTAL) for row in rows]
        return [each.payable for each in rated if each]

    def by_hand() -> list[Decimal]:
        return [before.meter_disk(row, DAY, PRICES) for row in rows]

    return pair("disks", ours, by_hand)


def pair(name: str, ours: Callable[[], Any], by_hand: Callable[[], Any]) -> Pair:
    return Pair(f"the portal's seam, {RESOURCES} {name}", ours, by_hand, 2, lambda a, b: bool(a == b))


def pairs() -> list[Pair]:
    return [
        servers("servers", []),
        servers("servers with a change", [at(12, 25)]),
        servers("servers with 3 changes", [at(7, 11), at(13, 25), at(19, 34)]),
        disks(),
    ]
