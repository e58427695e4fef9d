"""The readings of a day."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from counterfoil import CounterfoilError, Rated
from django.db.models import Prefetch, Q, QuerySet
from tqdm import tqdm

from .. import seams
from ..models import Bucket, BucketSample, Disk, DiskArchive, PriceList, Reading, Server, ServerArchive
from ..models.billing import Kind
from .as_of import as_of
from .transactions import in_transaction

#: So many resources are read and written together.
BATCH = 500


class UnusablePriceList(Exception):
    """A price list that is no rate card."""


@dataclass(frozen=True)
class Fault:
    """A resource that can not be metered, and what is payable by the reading that it has from before."""

    kind: str
    resource: str
    error: CounterfoilError
    stands: Decimal | None


@dataclass(frozen=True)
class Difference:
    """A reading as it is, and as the rows would make it now; none where the resource was not there."""

    kind: str
    resource: str
    payable: Decimal
    now: Decimal | None


@dataclass
class Metered:
    """What became of the resources of a day."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    faults: list[Fault] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class _Day:
    date: datetime.date
    day: Any  # as Counterfoil has it
    rates: seams.Rates
    rule: seams.Rule
    again: bool


def price_list_at(instant: datetime.datetime) -> PriceList:
    """The price list in force: of a day that is metered, where it begins."""
    return PriceList.objects.filter(effective_from__lte=instant).latest("effective_from")


def meter_day(date: datetime.date, rule: seams.Rule, *, again: bool = False) -> Metered:
    """Meters every resource that was there on a day, and keeps what it cost.

    A resource whose rows contradict each other is told, and costs no other its reading. A reading that is there stays:
    where the rows would make another one of it now, that is told. Only `again` writes it.
    """
    day = seams.billing_day(date)
    of = _Day(date, day, _rates_of(price_list_at(day.start), day), rule, again)
    metered = Metered()
    for kind, rows in _resources(day):
        progress = tqdm(total=rows.count(), desc=kind.value, unit="row", disable=None)  # `None`: only on a terminal
        with progress:
            for batch in _batches(rows):
                _keep(kind, batch, of, metered)
                progress.update(len(batch))
        _forget(kind, rows, of, metered)
    return metered


def _rates_of(prices: PriceList, day: Any) -> seams.Rates:
    try:
        return seams.rates_of(prices, day)
    except CounterfoilError as fault:
        raise UnusablePriceList(f"{fault.code}: {fault}") from fault


def _resources(day: Any) -> Iterator[tuple[Kind, QuerySet]]:
    """Everything that was there during a part of the day, with the rows of that day's changes and of later ones."""
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


def _meter(kind: Kind, row: Any, of: _Day) -> Rated | None:
    if kind is Kind.BUCKET:
        return seams.meter_bucket(row, of.rates)
    archive: Sequence[Any] = list(row.archive.all())
    if of.rule is seams.Rule.PORTAL:
        row, archive = as_of(row, archive, of.day.end)
    meter = seams.meter_server if kind is Kind.SERVER else seams.meter_disk
    return meter(row, archive, of.rates, of.rule)


def _sample(batch: Iterable[Bucket], date: datetime.date) -> None:
    """Gives each bucket the size that counts for a day: that of its sample, which is made now where there is none."""
    made = [BucketSample(bucket=row, date=date, storage_bytes=row.storage_bytes) for row in batch]
    BucketSample.objects.bulk_create(made, ignore_conflicts=True)
    samples = BucketSample.objects.filter(date=date, bucket__in=batch).values_list("bucket_id", "storage_bytes")
    sizes = dict(samples)
    for row in batch:
        row.storage_bytes = sizes[row.id]


def _rated(kind: Kind, batch: Iterable[Any], of: _Day) -> tuple[list[dict[str, Any]], list[tuple[str, Any]]]:
    """What the readings of a batch are to hold, and the resources that can not be metered."""
    readings, faults = [], []
    for row in batch:
        try:
            rated = _meter(kind, row, of)
        except CounterfoilError as fault:
            faults.append((row.id, fault))
            continue
        if rated is None:
            continue
        reading = {
            "kind": kind,
            "resource_id": row.id,
            "date": of.date,
            "owner_type": row.owner_type,
            "owner_id": row.owner_id,
            "unit_id": row.unit_id,
            "original_amount": rated.original,
            "payable_amount": rated.payable,
            "exact_payable": seams.shown(rated.payable_exact),
            "price_list": rated.tariff.revision,
        }
        readings.append(reading)
    return readings, faults


def _keep(kind: Kind, batch: list[Any], of: _Day, metered: Metered) -> None:
    """Writes the readings of a batch that are new, and with `again` those that have changed."""
    if kind is Kind.BUCKET:
        in_transaction(lambda: _sample(batch, of.date))
    readings, faults = _rated(kind, batch, of)

    def write() -> tuple[int, list[Difference], dict[str, Reading]]:
        ids = [row.id for row in batch]
        rows = Reading.objects.select_for_update().filter(kind=kind, date=of.date, resource_id__in=ids)
        known = {row.resource_id: row for row in rows}
        # Rows are made here: done again, they must not keep the numbers of a try that failed.
        new = [Reading(**reading) for reading in readings if reading["resource_id"] not in known]
        differences = []
        for reading in readings:
            row = known.get(reading["resource_id"])
            if row and any(getattr(row, name) != reading[name] for name in FIGURES):
                payable = row.payable_amount, reading["payable_amount"]
                differences.append(Difference(kind.value, row.resource_id, *payable))
                if of.again:
                    Reading.objects.filter(pk=row.pk).update(**{name: reading[name] for name in FIGURES})
        Reading.objects.bulk_create(new)
        return len(new), differences, known

    new, differences, known = in_transaction(write)
    metered.new += new
    metered.unchanged += len(readings) - new - len(differences)
    if of.again:
        metered.changed += len(differences)
    else:
        metered.differences += differences
    for id, error in faults:
        metered.faults.append(Fault(kind.value, id, error, known[id].payable_amount if id in known else None))


def _forget(kind: Kind, rows: QuerySet, of: _Day, metered: Metered) -> None:
    """With `again`, deletes readings of what turned out not to have been there: a statement corrects the charge."""
    gone = Reading.objects.filter(kind=kind, date=of.date).exclude(resource_id__in=rows.values("id"))
    if of.again:
        metered.gone += in_transaction(lambda: gone.delete()[0])
    else:
        metered.differences += [Difference(kind.value, row.resource_id, row.payable_amount, None) for row in gone]


#: What `again` corrects. Not the owner and the service unit: the rows have no history of these, so that a resource which
#: was handed over later would take its old days along. A reading stays with whom it was first made for.
FIGURES = ["original_amount", "payable_amount", "exact_payable", "price_list"]
