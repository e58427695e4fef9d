"""Ranges: cut and joined so that every address stays where it was, and a dry run that writes nothing."""

import counterfoil
import pytest

from portal.models import IPv4Range, IPv6Range, RangeRecord
from portal.services import ranges
from portal.services.ranges import How, IntoFew, IntoLength, IntoPlan

from . import make

pytestmark = pytest.mark.django_db
DO, LOOK = How("root", "for the lab"), How("root", dry_run=True)
EIGHT_AND_FIVE = ["10.0.0.0/24", "10.0.7.0/24", "10.0.8.0/21", "10.0.16.0/20", "10.0.128.0/17"]


def rows(model: type = IPv4Range) -> list[tuple[str, str, str]]:
    return [(row.text, row.status, row.owner) for row in model.objects.all()]


def texts(record) -> list[str]:
    return [str(row.range) for row in record.after]


def test_a_row_is_cut_into_pieces_of_a_length():
    row = make.labelled("10.0.0.1", "10.0.0.200", 24, status="reserved", owner="physics", asn=64500)
    ranges.split(IPv4Range, row.id, IntoLength(26), DO)
    assert rows() == [
        ("10.0.0.1-10.0.0.63/26", "reserved", "physics"),
        ("10.0.0.64-10.0.0.127/26", "reserved", "physics"),
        ("10.0.0.128-10.0.0.191/26", "reserved", "physics"),
        ("10.0.0.192-10.0.0.200/26", "reserved", "physics"),
    ]  # R-I3
    assert {row.asn for row in IPv4Range.objects.all()} == {64500}
    record = RangeRecord.objects.get()
    assert (record.kind, record.owner, record.remark, record.made_by) == ("split", "physics", "for the lab", "root")
    assert (record.before[0]["id"], len(record.after)) == (row.id, 4)


def test_few_pieces_with_some_of_a_length():
    row = make.network("10.0.0.0/16", status="wait")
    record = ranges.split(IPv4Range, row.id, IntoFew(24), DO)
    assert len(texts(record)) == IPv4Range.objects.count() == 13  # R-I5
    assert set(EIGHT_AND_FIVE) < set(texts(record))


def test_pieces_of_ipv6():
    row = make.network("2001:db8::/64", status="wait")
    ranges.split(IPv6Range, row.id, IntoLength(66), DO)
    assert [text.split("-")[0] for text, _, _ in rows(IPv6Range)] == [
        "2001:db8::",
        "2001:db8:0:0:4000::",
        "2001:db8:0:0:8000::",
        "2001:db8:0:0:c000::",
    ]


def test_a_plan_that_somebody_wrote():
    row = make.network("10.0.0.0/24", status="wait")
    ranges.split(IPv4Range, row.id, IntoPlan(["10.0.0.0/25", "10.0.0.128/26", "10.0.0.192/26"]), DO)
    assert len(rows()) == 3


def test_all_that_is_wrong_with_a_plan_is_told_and_nothing_is_written():
    row = make.network("10.0.0.0/24", status="wait")
    with pytest.raises(ranges.Violated) as refused:
        ranges.split(IPv4Range, row.id, IntoPlan(["10.0.0.0/25", "10.0.0.192-10.0.0.255/23"]), DO)
    codes = [violation.error.code for violation in refused.value.violations]
    assert codes == ["ipam.plan_shorter", "ipam.plan_not_contiguous"]
    assert rows() == [("10.0.0.0-10.0.0.255/24", "wait", "")]


@pytest.mark.parametrize(
    ("text", "status", "into", "code"),
    [
        ("10.0.0.0/24", "assigned", IntoLength(26), "ipam.split_status"),
        ("10.0.0.0/24", "wait", IntoLength(23), "ipam.shorter_than_label"),
        ("10.0.0.0/16", "wait", IntoLength(25), "ipam.too_much_longer"),
        ("10.0.0.0/24", "assigned", IntoFew(26), "ipam.illegal_change"),
        ("10.0.0.0/24", "wait", IntoFew(26, diff=11), "ipam.mini_split_diff"),
    ],
)
@pytest.mark.parametrize("how", [DO, LOOK])
def test_what_may_not_be_cut(text, status, into, code, how):
    """A dry run says the same as the run would."""
    row = make.network(text, status=status, owner="physics")
    before = rows()
    with pytest.raises(counterfoil.CounterfoilError) as refused:
        ranges.split(IPv4Range, row.id, into, how)
    assert refused.value.code == code
    assert rows() == before


def test_a_dry_run_says_what_it_would_do_and_writes_nothing():
    row = make.network("10.0.0.0/16", status="wait")
    would = ranges.split(IPv4Range, row.id, IntoFew(24), LOOK)
    assert rows() == [("10.0.0.0-10.0.255.255/16", "wait", "")]
    assert not RangeRecord.objects.exists()
    assert texts(would) == texts(ranges.split(IPv4Range, row.id, IntoFew(24), DO))


def test_cutting_into_its_own_length_changes_nothing():
    row = make.network("10.0.0.0/24", status="wait")
    assert ranges.split(IPv4Range, row.id, IntoLength(24), DO) is None
    assert IPv4Range.objects.get().id == row.id  # D-I3: the row stays
    assert not RangeRecord.objects.exists()


@pytest.mark.parametrize("how", [LOOK, DO])
def test_rows_are_joined(how):
    ids = [make.network(text, status="reserved", owner="physics").id for text in ("159.0.1.0/24", "159.0.2.0/24")]
    record = ranges.merge(IPv4Range, ids, 22, how)
    assert texts(record) == ["159.0.1.0-159.0.2.255/22"]  # R-I8: the network need not be full
    if how is DO:
        assert rows() == [("159.0.1.0-159.0.2.255/22", "reserved", "physics")]
        assert RangeRecord.objects.get().kind == "merge"
    else:
        assert len(rows()) == 2
        assert not RangeRecord.objects.exists()


def test_all_that_is_wrong_with_a_merge_is_told():
    first = make.network("159.0.0.0/24", status="wait", asn=1)
    last = make.network("159.0.2.0/24", status="reserved", asn=2, owner="physics")
    with pytest.raises(ranges.Violated) as refused:
        ranges.merge(IPv4Range, [first.id, last.id], 22, DO)
    codes = [violation.error.code for violation in refused.value.violations]
    assert codes == ["ipam.merge_asn", "ipam.merge_status_differs", "ipam.merge_not_contiguous"]
    assert len(rows()) == 2


def test_rows_that_are_not_there_are_not_joined():
    row = make.network("159.0.0.0/24", status="wait")
    with pytest.raises(ranges.Violated) as refused:
        ranges.merge(IPv4Range, [row.id, "gone"], 23, DO)
    assert [violation.error.code for violation in refused.value.violations] == ["ipam.merge_not_found"]


def test_another_row_in_between_is_seen():
    ids = [make.network(text, status="wait").id for text in ("159.0.0.0/24", "159.0.1.0/24")]
    make.labelled("159.0.1.7", "159.0.1.9", 24, status="assigned")
    with pytest.raises(ranges.Violated) as refused:
        ranges.merge(IPv4Range, ids, 23, DO)
    assert [violation.error.code for violation in refused.value.violations] == ["ipam.overlap"]


def test_what_was_cut_can_be_joined_again():
    row = make.network("2001:db8::/64", status="wait")
    ranges.split(IPv6Range, row.id, IntoFew(67, diff=2), DO)
    assert IPv6Range.objects.count() > 2
    ranges.merge(IPv6Range, [piece.id for piece in IPv6Range.objects.all()], 64, DO)
    assert rows(IPv6Range) == [("2001:db8::-2001:db8::ffff:ffff:ffff:ffff/64", "wait", "")]
