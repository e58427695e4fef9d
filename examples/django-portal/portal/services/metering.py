"""The readings of a day."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from counterfoil import CounterfoilError
from django.db.models import Prefetch, Q, QuerySet
from tqdm import tqdm

from .. import seams
from ..models import Bucket, Disk, DiskArchive, PriceList, Reading, Server, ServerArchive
from ..models.billing import Kind
from .transactions import in_transaction

#: So many resources are read and written together.
BATCH = 500


@dataclass
class Metered:
    """What became of the resources of a day."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    faults: list[tuple[str, str, CounterfoilError]] = field(default_factory=list)  # kind, resource, why


@dataclass(frozen=True)
class _Day:
    date: datetime.date
    day: Any  # as Counterfoil has it
    card: Any
    rule: seams.Rule


def price_list_at(instant: datetime.datetime) -> PriceList:
    """The price list in force: of a day that is metered, where it begins."""
    return PriceList.objects.filter(effective_from__lte=instant).latest("effective_from")


def meter_day(date: datetime.date, rule: seams.Rule) -> Metered:
    """Meters every resource that was there on a day, and keeps what it cost.

    A resource whose rows contradict each other is told, and costs no other its reading. Metering a day again writes
    what has changed and nothing else.
    """
    day = seams.billing_day(date)
    of = _Day(date, day, seams.rate_card(price_list_at(day.start)), rule)
    metered = Metered()
    for kind, rows in _resources(day):
        progress = tqdm(total=rows.count(), desc=kind.value, unit="row", disable=None)  # `None`: only on a terminal
        with progress:
            for batch in _batches(rows):
                _keep(kind, batch, of, metered)
                progress.update(len(batch))
        metered.gone += _forget(kind, rows, date)
    return metered


def _resources(day: Any) -> Iterator[tuple[Kind, QuerySet]]:
    """Everything that was there during a part of the day, with the rows of that day's changes."""
    there = Q(creation_time__lt=day.end) & (Q(deleted_time=None) | Q(deleted_time__gt=day.start))

    def archive(model: type[DiskArchive] | type[ServerArchive]) -> Prefetch:
        return Prefetch("archive", queryset=model.objects.filter(end_time__gt=day.start))

    yield Kind.SERVER, Server.objects.filter(there).prefetch_related(archive(ServerArchive))
    yield Kind.DISK, Disk.objects.filter(there).prefetch_related(archive(DiskArchive))
    yield Kind.BUCKET, Bucket.objects.filter(there)


def _batches(rows: QuerySet) -> Iterator[list[Any]]:
    """A batch after another by id: a server's cursor would keep a transaction open for as long as the day takes."""
    rows, last = rows.order_by("id"), ""
    while batch := list(rows.filter(id__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].id


def _meter(kind: Kind, row: Any, of: _Day) -> Any | None:
    match kind:
        case Kind.SERVER:
            return seams.meter_server(row, row.archive.all(), of.day, of.card, of.rule)
        case Kind.DISK:
            return seams.meter_disk(row, row.archive.all(), of.day, of.card, of.rule)
        case Kind.BUCKET:
            return seams.meter_bucket(row, of.day, of.card)


def _readings(kind: Kind, batch: Iterable[Any], of: _Day, metered: Metered) -> Iterator[Reading]:
    for row in batch:
        try:
            rated = _meter(kind, row, of)
        except CounterfoilError as fault:
            metered.faults.append((kind.value, row.id, fault))
            continue
        if rated is None:
            continue
        yield Reading(
            kind=kind,
            resource_id=row.id,
            date=of.date,
            owner_type=row.owner_type,
            owner_id=row.owner_id,
            unit_id=row.unit_id,
            original_amount=rated.original.amount,
            payable_amount=rated.payable.amount,
            exact_payable=seams.shown(rated.payable.exact),
            price_list=rated.revision,
        )


def _keep(kind: Kind, batch: list[Any], of: _Day, metered: Metered) -> None:
    """Writes the readings of a batch that are new or have changed."""
    readings = list(_readings(kind, batch, of, metered))

    def write() -> tuple[int, int]:
        ids = [reading.resource_id for reading in readings]
        rows = Reading.objects.select_for_update().filter(kind=kind, date=of.date, resource_id__in=ids)
        known = {row.resource_id: row for row in rows}
        new = [reading for reading in readings if reading.resource_id not in known]
        changed = []
        for reading in readings:
            before = known.get(reading.resource_id)
            if before and _figures(before) != _figures(reading):
                reading.pk = before.pk
                changed.append(reading)
        Reading.objects.bulk_create(new)
        Reading.objects.bulk_update(changed, FIGURES)
        return len(new), len(changed)

    new, changed = in_transaction(write)
    metered.new += new
    metered.changed += changed
    metered.unchanged += len(readings) - new - changed


def _forget(kind: Kind, rows: QuerySet, date: datetime.date) -> int:
    """Deletes readings of what turned out not to have been there: a statement corrects what was charged for it."""
    gone = Reading.objects.filter(kind=kind, date=date).exclude(resource_id__in=rows.values("id"))
    return gone.delete()[0]


FIGURES = ["original_amount", "payable_amount", "exact_payable", "price_list"]


def _figures(reading: Reading) -> list[Any]:
    return [getattr(reading, name) for name in FIGURES]
