"""The pairs of ranges: ours, and plain Python with `ipaddress`, on the same facts with the same answers."""

from __future__ import annotations

from counterfoil import Range, Ranges, merge_ranges
from python_baseline import ipam as plain

from python.billing import Pair


def mini_split() -> Pair:
    """A /16 cut into few pieces of which some are /24, as text."""
    ours, theirs = Range("10.0.0.0/16"), plain.read("10.0.0.0/16")
    return Pair(
        "mini_split of a /16, as text",
        lambda: ours.mini_split(24).texts(),
        lambda: [str(piece) for piece in plain.mini_split(theirs, 24)],
        20,
        lambda a, b: bool(a == b),
    )


def split() -> Pair:
    """A /16 cut flat into 256, as text."""
    ours, theirs = Range("10.0.0.0/16"), plain.read("10.0.0.0/16")
    return Pair(
        "split of a /16 into 256, as text",
        lambda: ours.split(24).texts(),
        lambda: [str(piece) for piece in plain.split(theirs, 24)],
        20,
        lambda a, b: bool(a == b),
    )


def merge() -> Pair:
    """256 ranges in no order, given as a list of objects, as one."""
    ours = sorted(Range("10.0.0.0/16").split(24), key=hash)
    theirs = [plain.read(str(piece)) for piece in ours]
    return Pair(
        "merge of 256",
        lambda: merge_ranges(ours, 16),
        lambda: plain.merge(theirs, 16),
        20,
        lambda a, b: str(a) == str(b),
    )


def merge_of_kept() -> Pair:
    """The same where ours are kept in Rust."""
    pair = merge()
    ours = Ranges(sorted(Range("10.0.0.0/16").split(24), key=hash))
    return pair._replace(name="merge of 256, kept", ours=lambda: ours.merge(16))


def plan() -> Pair:
    """A plan of 256 entries, given as a list of objects."""
    ours, theirs = Range("10.0.0.0/16"), plain.read("10.0.0.0/16")
    entries = list(ours.split(24))
    plain_entries = list(plain.split(theirs, 24))
    return Pair(
        "plan of 256",
        lambda: ours.check_plan(entries),
        lambda: plain.check_plan(theirs, plain_entries),
        20,
        lambda a, b: a.texts() == [str(entry) for entry in b],
    )


def plan_of_kept() -> Pair:
    """The same where the entries are kept in Rust."""
    of = Range("10.0.0.0/16")
    entries = Ranges(list(of.split(24)))
    return plan()._replace(name="plan of 256, kept", ours=lambda: of.check_plan(entries))


def pairs() -> list[Pair]:
    return [mini_split(), split(), merge(), merge_of_kept(), plan(), plan_of_kept()]
