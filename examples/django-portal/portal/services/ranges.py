"""Cutting and joining ranges. A dry run goes the same way, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from .. import seams
from ..models import LabelledRange, RangeRecord
from ..models.terms import new_id
from .transactions import in_transaction


class Violated(Exception):
    """A plan or a merge that can not be carried out, with all that is wrong with it."""

    def __init__(self, violations: Sequence[Any]) -> None:
        super().__init__(violations[0].error.message)
        self.violations = violations


@dataclass(frozen=True)
class How:
    """Who does it, and whether it is only looked at."""

    made_by: str
    remark: str = ""
    dry_run: bool = False


@dataclass(frozen=True)
class IntoLength:
    """A row is cut into all its pieces of a length."""

    prefix_len: int

    def pieces(self, row: LabelledRange) -> Sequence[Any]:
        return seams.split_plan(row, self.prefix_len).pieces


@dataclass(frozen=True)
class IntoFew:
    """A row is cut into some pieces of a length, and few others."""

    prefix_len: int
    diff: int | None = None

    def pieces(self, row: LabelledRange) -> Sequence[Any]:
        return seams.mini_split(row, self.prefix_len, self.diff).pieces


@dataclass(frozen=True)
class IntoPlan:
    """A row is cut as somebody wrote it down."""

    entries: Sequence[str]

    def pieces(self, row: LabelledRange) -> Sequence[Any]:
        answer = seams.split_to_plan(row, self.entries)
        if answer.plan is None:
            raise Violated(answer.violations)
        return answer.plan.pieces


def split(model: type[LabelledRange], id: str, into: IntoLength | IntoFew | IntoPlan, how: How) -> Any | None:
    """Cuts a row, and tells the record of it; none where nothing changes."""

    def work() -> Any | None:
        row = _locked(model, how).get(pk=id)
        pieces = [(new_id(), piece) for piece in into.pieces(row)]
        record = seams.record_of_split(row, pieces, how.remark)
        if record is not None and not how.dry_run:
            row.delete()
            _write(model, record, how)
        return record

    return in_transaction(work)


def merge(model: type[LabelledRange], ids: Sequence[str], prefix_len: int, how: How) -> Any | None:
    """Joins rows, and tells the record of it; none where nothing changes."""

    def work() -> Any | None:
        rows = list(_locked(model, how).filter(pk__in=ids))
        answer = seams.merge([*rows, *_around(model, rows)], ids, prefix_len)
        if answer.merged is None:
            raise Violated(answer.violations)
        if answer.merged.unchanged is not None:
            return None
        record = seams.record_of_merge(rows, (new_id(), answer.merged.range), how.remark)
        if record is not None and not how.dry_run:
            model.objects.filter(pk__in=[row.pk for row in rows]).delete()
            _write(model, record, how)
        return record

    return in_transaction(work)


def _locked(model: type[LabelledRange], how: How) -> Any:
    """A dry run keeps nobody waiting."""
    return model.objects.all() if how.dry_run else model.objects.select_for_update()


def _around(model: type[LabelledRange], rows: Sequence[LabelledRange]) -> Sequence[LabelledRange]:
    """Other rows between the first and the last one's ends."""
    if not rows:
        return []
    start, end = min(row.start for row in rows), max(row.end for row in rows)
    others = model.objects.filter(Q(start__lte=end) & Q(end__gte=start))
    return list(others.exclude(pk__in=[row.pk for row in rows]))


def _write(model: type[LabelledRange], record: Any, how: How) -> None:
    for after in record.after:
        model.objects.create(
            id=after.id,
            start=model.stored(after.range.first),
            end=model.stored(after.range.last),
            prefix_len=after.range.prefix_len,
            status=after.status,
            asn=after.asn,
            owner=after.owner or "",
        )
    RangeRecord.objects.create(
        kind=record.action,
        before=[told(row) for row in record.before],
        after=[told(row) for row in record.after],
        owner=record.owner or "",
        remark=record.remark,
        made_by=how.made_by,
    )


def told(row: Any) -> dict[str, Any]:
    """A row of a record, as JSON."""
    return {"id": row.id, "range": str(row.range), "status": row.status, "asn": row.asn, "owner": row.owner}
