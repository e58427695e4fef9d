"""Cutting and joining labelled ranges (R-I3 … R-I5, R-I8, R-I9, R-I12)."""

from collections.abc import Iterable, Sequence
from typing import Any

import counterfoil
from counterfoil import Range

from ..models import LabelledRange


def range_of(text: str) -> Range:
    """A range as somebody wrote it: `10.0.0.0/24`, or `10.0.0.1-10.0.0.200/24`."""
    return Range(text)


def split_plan(row: LabelledRange, prefix_len: int) -> counterfoil.ipam.Split:
    """The pieces of a length, by the portal's limits: at most 256, and in IPv4 at most 8 longer."""
    return counterfoil.ipam.portal_split(
        id=row.id, range=row.text, status=row.status, length=prefix_len, limits="portal"
    )


def mini_split(row: LabelledRange, prefix_len: int, diff: int | None = None) -> counterfoil.ipam.MiniSplit:
    """Some pieces of a length, and few others."""
    return counterfoil.ipam.mini_split(range=row.text, length=prefix_len, diff=diff)


def split_to_plan(row: LabelledRange, entries: Sequence[str]) -> counterfoil.ipam.CheckedPlan:
    """A plan that somebody wrote, and all that is wrong with it."""
    return counterfoil.ipam.check_plan(range=row.text, entries=list(entries))


def merge(rows: Iterable[LabelledRange], ids: Sequence[str], prefix_len: int) -> counterfoil.ipam.Merge:
    """What rows become when they are merged, and all that is wrong with it. Rows around them are looked at, too."""
    return counterfoil.ipam.merge(rows=[_row(row) for row in rows], ids=list(ids), length=prefix_len)


def check_range(row: LabelledRange, others: Iterable[LabelledRange]) -> counterfoil.ipam.Check:
    """The rows that a range overlaps."""
    occupied = [{"id": other.id, "interval": f"{other.first}-{other.last}"} for other in others]
    return counterfoil.ipam.check_row(range=row.text, id=row.id, rows=occupied)


def record_of_split(
    row: LabelledRange, pieces: Sequence[tuple[str, Range]], remark: str
) -> counterfoil.ipam.RangeRecord | None:
    """The record of a row that is cut into pieces with new ids; none where nothing changes."""
    return counterfoil.ipam.split_row(
        row=_row(row), pieces=[{"id": id, "range": piece} for id, piece in pieces], remark=remark
    )


def record_of_merge(
    rows: Iterable[LabelledRange], into: tuple[str, Range], remark: str
) -> counterfoil.ipam.RangeRecord | None:
    """The record of rows that become one; none where nothing changes."""
    id, merged = into
    return counterfoil.ipam.merge_rows(
        rows=[_row(row) for row in rows], into={"id": id, "range": merged}, remark=remark
    )


def _row(row: LabelledRange) -> dict[str, Any]:
    return {"id": row.id, "range": row.text, "status": row.status, "asn": row.asn, "owner": row.owner or None}
