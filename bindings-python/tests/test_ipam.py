"""Ranges: what is taken and refused, what they show, and the same as `ipaddress` and a slow model say."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
    summarize_address_range,
)
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import counterfoil
from counterfoil import (
    Conflict,
    CounterfoilError,
    InvalidInput,
    LookupTable,
    Match,
    OutOfRange,
    Range,
    Ranges,
    RangeSet,
    aggregate,
    merge_ranges,
)
from counterfoil._native import to_json

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benches"))

from python_baseline import ipam as plain  # noqa: E402


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(CounterfoilError) as caught:
        call()
    return caught.value.code


def family(width: int) -> Any:
    return st.integers(0, 2**width - 1)


def labelled(width: int) -> st.SearchStrategy[plain.Labelled]:
    """Any range with any label that its ends share, mostly small ones, and those at the ends of the family."""
    address: Any = IPv4Address if width == 32 else IPv6Address

    def of(first: int, size: int, shorter: int) -> plain.Labelled:
        last = min(first + size, 2**width - 1)
        tightest = width - (first ^ last).bit_length()
        return plain.Labelled(address(first), address(last), max(0, tightest - shorter))

    firsts = st.one_of(family(width), st.integers(0, 300), st.integers(2**width - 300, 2**width - 1))
    return st.builds(of, firsts, st.one_of(st.integers(0, 2000), family(width)), st.integers(0, width))


RANGES = st.one_of(labelled(32), labelled(128))


@given(RANGES)
def test_a_range_is_what_ipaddress_says(model: plain.Labelled) -> None:
    for made in (Range(str(model)), Range(model.first, model.last, model.length)):
        assert str(made) == str(model)
        assert (made.first, made.last, made.prefix_len) == tuple(model)
        assert made.size == int(model.last) - int(model.first) + 1
        assert made.network == ip_network((int(model.first), model.length), strict=False) or model.first.version == 6
        assert made.prefixes() == tuple(summarize_address_range(model.first, model.last))  # type: ignore[type-var]
        assert made.family == f"ipv{model.first.version}"
        assert pickle.loads(pickle.dumps(made)) == made == copy.deepcopy(made)
        assert model.first in made and made.contains(model.last) and made in made and made.overlaps(model.first)


@given(RANGES, RANGES)
def test_order_and_hash_are_those_of_the_core(one: plain.Labelled, other: plain.Labelled) -> None:
    def key(of: plain.Labelled) -> tuple[int, int, int, int]:
        return of.first.version, int(of.first), int(of.last), of.length

    a, b = Range(str(one)), Range(str(other))
    assert (a == b, a < b, a >= b) == (key(one) == key(other), key(one) < key(other), key(one) >= key(other))
    assert a != b or hash(a) == hash(b)
    assert a != str(one) and a != None  # noqa: E711


@given(RANGES, st.data())
def test_splits_are_those_of_plain_python(model: plain.Labelled, data: st.DataObject) -> None:
    length = data.draw(st.integers(model.length, min(model.length + 12, model.first.max_prefixlen)))
    pieces = [str(piece) for piece, _ in zip(plain.split(model, length), range(5000), strict=False)]
    split = Range(str(model)).split(length)
    assert split[:5000].texts() == pieces
    if split.piece_count <= 5000:
        assert len(split) == len(pieces) and [str(piece) for piece in split] == pieces
        assert [str(piece) for piece in reversed(split)] == pieces[::-1]
        assert split.size == Range(str(model)).size and bool(split)
        start, stop = data.draw(st.integers(-9, 9)), data.draw(st.integers(-9, 9))
        step = data.draw(st.sampled_from([-3, -1, 1, 2]))
        assert split[start:stop].texts() == pieces[start:stop]
        assert split[start:stop:step].texts() == pieces[start:stop:step]
        assert Range(str(model)).split(length, 2, 5).texts() == pieces[2:7]
        listed = Ranges(pieces)
        assert listed == split and hash(listed) == hash(split)
        assert all(piece in split for piece in pieces)
        again = pickle.loads(pickle.dumps(split[1:]))
        assert again == split[1:] and repr(again) == repr(split[1:])


@given(RANGES, st.data())
def test_mini_splits_are_those_of_plain_python(model: plain.Labelled, data: st.DataObject) -> None:
    if model.length == model.first.max_prefixlen:
        assert code(lambda: Range(str(model)).mini_split(model.length)) == "ipam.not_longer"
        return
    length = data.draw(st.integers(model.length + 1, model.first.max_prefixlen))
    diff = data.draw(st.integers(1, 8))
    pieces = [str(piece) for piece in plain.mini_split(model, length, diff)]
    assert Range(str(model)).mini_split(length, diff).texts() == pieces
    # What a mini split cuts is a plan, and merges to the range again.
    made = Range(str(model))
    if len(pieces) <= 1024:
        assert made.check_plan(pieces).texts() == pieces
        assert made.check_plan(made.mini_split(length, diff)).texts() == pieces
    assert merge_ranges(pieces, made.prefix_len) == made


@given(st.lists(labelled(32), min_size=1, max_size=6), st.integers(0, 32))
def test_merges_of_anything_are_those_of_plain_python(models: list[plain.Labelled], length: int) -> None:
    texts = [str(model) for model in models]
    try:
        expected = str(plain.merge(models, length))
    except ValueError:
        assert code(lambda: merge_ranges(texts, length)).startswith("ipam.merge_")
    else:
        assert str(merge_ranges(texts, length)) == expected


@given(RANGES, st.data())
def test_merging_what_was_cut_in_any_order(model: plain.Labelled, data: st.DataObject) -> None:
    length = min(model.length + 4, model.first.max_prefixlen)
    pieces = data.draw(st.permutations(Range(str(model)).split(length)))
    assert str(merge_ranges(pieces, model.length)) == str(
        plain.merge([plain.read(str(p)) for p in pieces], model.length)
    )
    assert Ranges(pieces).merge(model.length) == Range(str(model))
    tightest = merge_ranges(pieces)
    assert tightest.prefix_len == min(Range(str(model)).tightest_length, length)
    assert (tightest.first, tightest.last) == (model.first, model.last)


@given(labelled(32), st.data())
def test_plans_that_are_wrong_are_refused_as_plain_python_refuses(model: plain.Labelled, data: st.DataObject) -> None:
    length = min(model.length + data.draw(st.integers(0, 5)), 32)
    entries = [plain.read(str(piece)) for piece in Range(str(model)).split(length)]
    place = data.draw(st.integers(0, len(entries) - 1))
    wrong = data.draw(labelled(32))
    entries[place] = data.draw(st.sampled_from([wrong, entries[place], entries[place]._replace(last=wrong.last)]))
    # A reversed entry is written with both ends, as a caller may.
    texts = [f"{entry.first}-{entry.last}/{entry.length}" for entry in entries]
    try:
        plain.check_plan(model, entries)
    except ValueError:
        violations = Range(str(model)).plan_violations(texts)
        assert violations and all(isinstance(each, CounterfoilError) for each in violations)
        assert code(lambda: Range(str(model)).check_plan(texts)) == violations[0].code
    else:
        assert Range(str(model)).plan_violations(texts) == ()
        assert [str(entry) for entry in entries] == Range(str(model)).check_plan(texts).texts()


def sets(ranges: list[tuple[int, int]]) -> tuple[set[int], RangeSet]:
    model = {address for first, last in ranges for address in range(first, last + 1)}
    texts = [f"10.0.{first // 256}.{first % 256}-10.0.{last // 256}.{last % 256}" for first, last in ranges]
    return model, RangeSet(texts)


SMALL = st.lists(st.tuples(st.integers(0, 999), st.integers(0, 60)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)


def members(of: RangeSet) -> set[int]:
    base = int(IPv4Address("10.0.0.0"))
    return {address - base for each in of.ranges() for address in range(int(each.first), int(each.last) + 1)}


@given(SMALL, SMALL)
def test_sets_are_sets_of_addresses(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    (a, one), (b, other) = sets(left), sets(right)
    assert members(one) == a and one.size == len(a) and bool(one) == bool(a)
    assert members(one | other) == a | b == members(one.union(other.ranges()))
    assert members(one & other) == a & b == members(one.intersection(other))
    assert members(one - other) == a - b == members(one.difference(list(other.ranges())))
    assert members(one ^ other) == a ^ b
    assert (one <= other, one < other, one == other) == (a <= b, a < b, a == b)
    assert (one.issubset(other), one.issuperset(other), one.isdisjoint(other)) == (a <= b, a >= b, a.isdisjoint(b))
    assert one != other or hash(one) == hash(other)
    again = pickle.loads(pickle.dumps(one))
    assert again == one and again.family == one.family and copy.deepcopy(one) == one
    networks = [network for each in one.ranges() for network in each.prefixes()]
    assert list(one.prefixes()) == list(collapse_addresses(networks))  # type: ignore[type-var]
    assert aggregate(one).texts() == [str(network) for network in one.prefixes()] == one.cidrs().texts()
    assert one.prefix_count == len(networks)
    asked = [f"10.0.{address // 256}.{address % 256}" for address in range(0, 1100, 7)]
    assert one.contains_each(asked) == [address in a for address in range(0, 1100, 7)]
    if a:
        assert ~~one == one and (~one).size == 2**32 - len(a) and (~one).isdisjoint(one)


@given(st.dictionaries(st.tuples(family(32), st.integers(0, 32)), st.integers(), max_size=12), st.lists(family(32)))
def test_lookups_find_the_longest(prefixes: dict[tuple[int, int], int], addresses: list[int]) -> None:
    networks = {IPv4Network(prefix, strict=False): value for prefix, value in prefixes.items()}
    table = LookupTable(networks)
    asked = [IPv4Address(address) for address in addresses] + [network[0] for network in networks]

    def found(address: IPv4Address) -> list[tuple[IPv4Network, int]]:
        inside = [(network, value) for network, value in networks.items() if address in network]
        return sorted(inside, key=lambda each: -each[0].prefixlen)

    model = [found(address) for address in asked]
    assert table.get_each(asked) == [each[0][1] if each else None for each in model]
    assert table.get_each(map(str, asked), default="no") == [each[0][1] if each else "no" for each in model]
    assert [table.get(str(address)) for address in asked] == [each[0][1] if each else None for each in model]
    assert [[(m.network, m.value) for m in table.matches(address)] for address in asked] == model
    assert [address in table for address in asked] == [bool(each) for each in model]
    assert len(table) == len(networks) and dict(table.items()) == networks
    assert pickle.loads(pickle.dumps(table)) == table and hash(table) == hash(LookupTable(networks.items()))
    members = table.to_dict()["table"]
    assert {each["prefix"]: each["value"] for each in members} == {str(key): each for key, each in networks.items()}
    texts = LookupTable([(each["prefix"], str(each["value"])) for each in members])
    answer = counterfoil.ipam.lookup(**texts.to_dict(), addresses=list(map(str, asked)))
    assert [found and found.value for found in answer.matches] == texts.get_each(asked)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("10.0.0.0-10.0.0.9", "10.0.0.0-10.0.0.9/28"),
        ("10.0.0.0-10.0.0.255/24", "10.0.0.0/24"),
        ("10.0.0.1", "10.0.0.1/32"),
        (IPv4Address("10.0.0.1"), "10.0.0.1/32"),
        (IPv6Address("2001:db8::1"), "2001:db8::1/128"),
        (IPv6Address("::ffff:10.0.0.1"), "::ffff:10.0.0.1/128"),
        (IPv6Network("::ffff:10.0.0.0/104"), "::ffff:10.0.0.0/104"),
        (IPv4Network("10.0.0.0/8"), "10.0.0.0/8"),
        (IPv4Network("0.0.0.0/0"), "0.0.0.0/0"),
        (IPv6Network("::/0"), "::/0"),
        (IPv4Interface("10.0.0.0/24"), "10.0.0.0/24"),
        (Range("10.0.0.1-10.0.0.9/24"), "10.0.0.1-10.0.0.9/24"),
    ],
)
def test_what_is_taken(value: Any, text: str) -> None:
    assert str(Range(value)) == text
    # A list of them, a set, a merge, and a call over the wire take the same.
    assert Ranges([value]).texts() == [text] == Ranges(iter([value])).texts()
    assert str(merge_ranges((value,))) == text
    assert RangeSet(value) == RangeSet([Range(value)])
    assert to_json({"range": Range(value)}) == f'{{"range":"{text}"}}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.0.0.9/24", "ipam.host_bits"),
        (IPv4Interface("10.0.0.9/24"), "ipam.host_bits"),
        (IPv6Interface("2001:db8::1/64"), "ipam.host_bits"),
        (IPv6Address("fe80::1%eth0"), "ipam.address"),
        ("010.0.0.0/8", "ipam.address"),
        ("2001:DB8::/32", "ipam.not_canonical"),
        ("10.0.0.0/33", "ipam.length"),
        ("10.0.0.9-10.0.0.1", "ipam.reversed"),
        ("10.0.0.1-10.0.1.1/24", "ipam.not_one_network"),
        ("10.0.0.0/8/8", "ipam.format"),
        (" 10.0.0.0/8", "ipam.address"),
        ("10.0.0.0-::1", "ipam.mixed_families"),
        ("", "ipam.format"),
        ("\udc80", "wire.bad_input"),
        (None, "wire.bad_input"),
        (True, "wire.bad_input"),
        (167772160, "wire.bad_input"),
        (1.5, "wire.bad_input"),
        (b"10.0.0.0/8", "wire.bad_input"),
        (["10.0.0.0/8"], "wire.bad_input"),
        (object(), "wire.bad_input"),
    ],
)
def test_what_is_refused(value: Any, expected: str) -> None:
    assert code(lambda: Range(value)) == expected
    assert code(lambda: Ranges([value])) == expected
    assert code(lambda: merge_ranges([value])) == expected
    assert code(lambda: Range("::/0" if ":" in str(value) else "10.0.0.0/8").contains(value)) == expected
    assert code(lambda: RangeSet([value])) == expected
    assert code(lambda: LookupTable([(value, 1)])) == expected


@pytest.mark.parametrize("wrong", [None, True, False, 1.0, float("nan"), "24", "", [24], object(), 24j])
def test_a_length_that_is_no_int(wrong: Any) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: Range("10.0.0.0/16").split(wrong),
        lambda: Range("10.0.0.0/16").mini_split(wrong),
    ]
    if wrong is not None:
        calls.append(lambda: merge_ranges(["10.0.0.0/16"], wrong))
        calls.append(lambda: Range("10.0.0.0", "10.0.0.9", wrong))
    for call in calls:
        assert code(call) == "wire.bad_input"


@pytest.mark.parametrize("wrong", [-1, 33, 255, 256, 2**64, 2**128, -(2**200), pytest.param(10**5000, id="10^5000")])
def test_a_length_that_the_family_does_not_have(wrong: int) -> None:
    for call in (
        lambda: Range("10.0.0.0/16").split(wrong),
        lambda: Range("10.0.0.0/16").mini_split(wrong),
        lambda: merge_ranges(["10.0.0.0/16"], wrong),
        lambda: Range("10.0.0.0", "10.0.0.9", wrong),
    ):
        assert code(call) == "ipam.length"


def test_errors_are_of_their_category() -> None:
    with pytest.raises(InvalidInput):
        Range("10.0.0.9/24")
    with pytest.raises(OutOfRange):
        Range("10.0.0.0/8").split(33)
    with pytest.raises(Conflict) as caught:
        Ranges(["10.0.0.0/8", "::/0"])
    assert caught.value.code == "ipam.mixed_families"
    with pytest.raises(InvalidInput) as wrong:
        Ranges(["10.0.0.0/8", 5])
    assert wrong.value.details["at"] == "ranges[1]"


def test_families_never_mix() -> None:
    four, six = Range("10.0.0.0/8"), Range("::/0")
    for call in (
        lambda: four.contains(six),
        lambda: ip_address("::1") in four,
        lambda: four.overlaps("::1"),
        lambda: Range("10.0.0.1", "::1"),
        lambda: RangeSet([four]) | RangeSet([six]),
        lambda: RangeSet([four]) <= RangeSet([six]),
        lambda: RangeSet([four], family="ipv6"),
        lambda: RangeSet([four]).union([six]),
        lambda: LookupTable([(four, 1), (six, 2)]),
        lambda: LookupTable([(four, 1)]).get("::1"),
        lambda: LookupTable([(four, 1)]).get_each(["10.0.0.1", "::1"]),
        lambda: four.check_plan(six.split(1)),
        lambda: merge_ranges([four, six]),
    ):
        assert code(call) == "ipam.mixed_families"
    assert four != six and four < six and sorted([six, four]) == [four, six]
    assert RangeSet([four]) != RangeSet([six])


def test_a_list_is_a_list() -> None:
    for wrong in ("10.0.0.0/8", IPv4Network("10.0.0.0/8"), Range("10.0.0.0/8"), 5, None, 1.5):
        for call in (
            lambda wrong=wrong: Ranges(wrong),
            lambda wrong=wrong: merge_ranges(wrong),
            lambda wrong=wrong: aggregate(wrong),
            lambda wrong=wrong: Range("10.0.0.0/8").check_plan(wrong),
            lambda wrong=wrong: LookupTable(wrong),
        ):
            assert code(call) == "wire.bad_input"

    def breaks() -> Any:
        yield "10.0.0.0/8"
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        Ranges(breaks())


def test_huge_splits_cost_nothing() -> None:
    pieces = Range("::/0").split(128)
    assert pieces.piece_count == pieces.size == 2**128
    assert str(pieces[2**127]) == "8000::/128" and str(pieces[-1]) == "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"
    assert "::7" in pieces and "::/127" not in pieces and Range("::/0").split(64)[2**63 :].piece_count == 2**63
    with pytest.raises(OverflowError):
        len(pieces)
    assert code(pieces.texts) == "ipam.too_many_pieces"
    assert code(lambda: merge_ranges(pieces)) == "ipam.too_many_pieces"
    assert RangeSet(pieces).size == 2**128
    assert pickle.loads(pickle.dumps(Range("::/0").split(64))) == Range("::/0").split(64)
    assert pieces.index("::7") == 7 and pieces.count("::7") == 1 and pieces.count("::/127") == 0
    assert isinstance(pieces, Sequence) and Ranges(["10.0.0.0/8", "10.0.0.0/8"]).count("10.0.0.0/8") == 2
    with pytest.raises(ValueError):
        pieces.index("10.0.0.0/8")
    for place in (4, -5, 2**200, -(2**200)):
        with pytest.raises(IndexError):
            Range("10.0.0.0/16").split(18)[place]
    with pytest.raises(TypeError):
        pieces[1.5]  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        iter(Range("10.0.0.0/8"))  # type: ignore[call-overload]


def test_limits_of_a_split() -> None:
    of = Range("10.0.0.0/8")
    assert code(lambda: of.split(24, limits="portal")) == "ipam.too_many_pieces"
    assert code(lambda: Range("10.0.0.0-10.0.0.255/16").split(25, limits="portal")) == "ipam.too_much_longer"
    assert code(lambda: of.split(24, most_pieces=65_535)) == "ipam.too_many_pieces"
    assert len(of.split(24, most_pieces=65_536)) == 65_536
    assert code(lambda: of.split(24, most_longer_by=15)) == "ipam.too_much_longer"
    assert code(lambda: of.split(24, limits="mine")) == "ipam.unknown_word"
    assert code(lambda: of.split(4)) == "ipam.shorter_than_label"
    assert code(lambda: of.split(24, -1)) == "wire.bad_input" == code(lambda: of.split(24, 0, True))
    assert list(of.split(24, 70_000)) == [] and of.split(24, 65_535, 9).texts() == ["10.255.255.0/24"]


def test_plans_tell_all_that_is_wrong() -> None:
    wrong = Range("10.0.0.0/24").plan_violations(
        ["9.0.0.9-9.0.0.1/33", "10.0.0.0-10.0.0.200/25", "10.0.0.200-10.0.1.0/7"]
    )
    assert [each.code for each in wrong] == [
        "ipam.plan_start",
        "ipam.plan_end",
        "ipam.plan_length",
        "ipam.plan_reversed",
        "ipam.plan_not_contiguous",
        "ipam.plan_shorter",
        "ipam.plan_not_contiguous",
        "ipam.plan_not_one_network",
    ]
    assert wrong[3].details["index"] == "0" and "方案" in wrong[0].message("zh")
    assert code(lambda: Range("10.0.0.0/24").check_plan([])) == "ipam.empty_plan"
    pieces = Range("10.0.0.0/16").split(26)
    assert len(Range("10.0.0.0/16").check_plan(pieces)) == 1024
    assert code(lambda: Range("10.0.0.0/16").check_plan(pieces, limit=1023)) == "ipam.plan_too_long"
    assert code(lambda: Range("10.0.0.0/16").check_plan(pieces, limit=1.0)) == "money.float"


def test_empty_sets_have_the_family_of_what_they_meet() -> None:
    empty = RangeSet([])
    assert empty == RangeSet([], family="ipv6") == RangeSet() and hash(empty) == hash(RangeSet([], family="ipv4"))
    assert empty.family is None and RangeSet([], family="ipv6").family == "ipv6"
    assert (empty | RangeSet(["::/0"])).family == "ipv6" and RangeSet(["::/0"]) - empty == RangeSet(["::/0"])
    assert RangeSet(["10.0.0.0/8"]).difference([]) == RangeSet(["10.0.0.0/8"])
    assert "10.0.0.1" not in empty and empty.prefixes() == () and not empty and empty <= empty
    assert code(empty.complement) == "wire.bad_input"
    assert RangeSet([], family="ipv6").complement().size == 2**128
    assert code(lambda: RangeSet([], family="ipv5")) == "ipam.unknown_word"
    assert code(lambda: RangeSet(["10.0.0.1-10.0.0.254"]).cidrs(13)) == "ipam.too_many_prefixes"
    with pytest.raises(TypeError):
        RangeSet(["10.0.0.0/8"]) | ["10.0.0.0/8"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "wrap", [str, str.encode, lambda text: bytearray(text.encode()), lambda text: memoryview(text.encode())]
)
def test_blocks_of_text(wrap: Callable[[str], Any]) -> None:
    text = "# all\n10.0.0.0/8\r\n\n 11.0.0.0-11.0.0.255 # lab\n10.0.0.1\n"
    assert RangeSet.read(wrap(text), family="ipv4").ranges().texts() == ["10.0.0.0-11.0.0.255/7"]
    with pytest.raises(CounterfoilError) as caught:
        RangeSet.read(wrap(text + "010.0.0.0/8\n"), family="ipv4")
    assert caught.value.code == "ipam.address" and caught.value.__notes__ == ["in line 6 of the block"]
    assert RangeSet.read(wrap("10.0.0.9/24"), family="ipv4", reading="lenient").size == 256
    assert code(lambda: RangeSet.read(wrap("::/0"), family="ipv4")) == "ipam.mixed_families"


def test_a_block_that_is_no_text() -> None:
    for wrong in (5, None, ["10.0.0.0/8"], 1.5):
        assert code(lambda wrong=wrong: RangeSet.read(wrong, family="ipv4")) == "wire.bad_input"
    assert code(lambda: RangeSet.read("10.0.0.0/8", family="ipv4", reading="my own")) == "ipam.unknown_word"


def test_values_are_what_they_show() -> None:
    made: list[Any] = [
        Range("10.0.0.0/8"),
        Range("10.0.0.0/16").mini_split(24),
        Range("10.0.0.0/16").split(24),
        RangeSet(["10.0.0.0/8"]),
        LookupTable([("10.0.0.0/8", [1])]),
        Match("10.0.0.0/8", "<b>"),
    ]
    for value in made:
        assert value == copy.copy(value) == copy.deepcopy(value) and hash(value) == hash(copy.copy(value))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(value, protocol)) == value
        assert type(value).__name__ in repr(value) and str(value) and value != object() and value != "10.0.0.0/8"
        with pytest.raises(AttributeError):
            value.something = 1
        if hasattr(value, "to_dict"):
            assert value.to_dict()
        if hasattr(value, "_repr_html_"):
            assert value._repr_html_().startswith("<table>")
    assert eval(repr(Range("10.0.0.0/8"))) == Range("10.0.0.0/8")
    assert "&lt;b&gt;" in LookupTable([("10.0.0.0/8", "<b>")])._repr_html_()
    assert "the first 100 of 256" in Range("10.0.0.0/16").split(24)._repr_html_()
    assert Range("10.0.0.0/16").split(24).to_dict()["count"] == 256
    assert code(lambda: LookupTable([("10.0.0.0-10.0.0.9", 1)])) == "ipam.not_a_network"
    assert code(lambda: LookupTable([("10.0.0.0/8", 1), ("10.0.0.0/8", 2)])) == "ipam.duplicate_range"


def test_handles_go_over_the_wire() -> None:
    pieces = Range("10.0.0.0/16").split(18)
    assert to_json({"ranges": pieces, "set": RangeSet(pieces)}) == (
        '{"ranges":["10.0.0.0/18","10.0.64.0/18","10.0.128.0/18","10.0.192.0/18"],"set":["10.0.0.0/16"]}'
    )
    assert to_json({"of": IPv6Address("::ffff:10.0.0.1")}) == '{"of":"::ffff:10.0.0.1"}'


def test_threads() -> None:
    table = LookupTable({"10.0.0.0/8": "a", "10.1.0.0/16": "b"})
    pieces, parts = Range("10.0.0.0/16").split(24), RangeSet(["10.0.0.0/9", "10.200.0.0/16"])
    wrong: list[Any] = []

    def work() -> None:
        for _ in range(200):
            seen = (
                table.get("10.1.2.3"),
                len(pieces.texts()),
                parts.size,
                merge_ranges(pieces),
                (parts | parts) == parts,
            )
            if seen != ("b", 256, 2**23 + 2**16, Range("10.0.0.0/16"), True):
                wrong.append(seen)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_example_of_the_design() -> None:
    assert [str(piece) for piece in Range("10.0.0.0/16").mini_split(24)] == [
        *(f"10.0.{third}.0/24" for third in range(8)),
        *(f"10.0.{first}.0/{length}" for first, length in [(8, 21), (16, 20), (32, 19), (64, 18), (128, 17)]),
    ]


def test_the_pairs_of_the_bench_answer_the_same() -> None:
    from python import ipam

    for pair in ipam.pairs():
        assert pair.same(pair.ours(), pair.plain()), pair.name


settings.register_profile("counterfoil", deadline=None, derandomize=True)
settings.load_profile("counterfoil")
assert counterfoil.__doc__
