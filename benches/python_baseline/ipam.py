"""Ranges in plain Python with `ipaddress`: cut flat, cut into few pieces, merged, and held against a plan.

As a portal writes it: named tuples, integers where the addresses are counted with, and `ValueError` where something is
wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address


class Labelled(NamedTuple):
    """Addresses from a first to a last, and the length of the one network that both are in."""

    first: Address
    last: Address
    length: int

    def __str__(self) -> str:
        hosts = (1 << (self.first.max_prefixlen - self.length)) - 1
        first, last = int(self.first), int(self.last)
        if first & hosts == 0 and last == first | hosts:
            return f"{self.first}/{self.length}"
        return f"{self.first}-{self.last}/{self.length}"


def read(text: str) -> Labelled:
    """Reads `10.0.0.0/24` or `10.0.0.1-10.0.0.200/24`."""
    ends, _, length = text.partition("/")
    first, dash, last = ends.partition("-")
    if not dash:
        network = ip_network(text)
        return Labelled(network[0], network[-1], network.prefixlen)
    return Labelled(ip_address(first), ip_address(last), int(length))


def split(of: Labelled, length: int) -> Iterator[Labelled]:
    """The pieces of a length, the first and the last clipped."""
    width = of.first.max_prefixlen
    if not of.length <= length <= width:
        raise ValueError(f"{of} can not be cut into /{length}")
    address, hosts = type(of.first), (1 << (width - length)) - 1
    first, last = int(of.first), int(of.last)
    while first <= last:
        end = min(first | hosts, last)
        yield Labelled(address(first), address(end), length)
        first = end + 1


def _cut(of: Labelled, length: int, diff: int) -> tuple[list[Labelled], list[Labelled]]:
    rest: list[Labelled] = []
    for bits in range(of.length + 1, length - diff + 1):
        of, *back = split(of, bits)
        rest = back + rest
    return list(split(of, length)), rest


def mini_split(of: Labelled, length: int, diff: int = 3) -> list[Labelled]:
    """Few pieces, of which some have the length: the first ones are cut flat, and the rest is halved."""
    if length <= of.length:
        raise ValueError(f"{of} has no pieces of /{length}")
    flat, rest = _cut(of, length, diff)
    if len(flat) < 1 << (diff - 1) and rest:
        more, halves = _cut(rest[0], length, max(diff - 1, 1))
        flat, rest = flat + more, halves + rest[1:]
    return flat + rest


def merge(ranges: list[Labelled], length: int) -> Labelled:
    """Ranges that follow each other, in any order, as one of a length."""
    if not ranges:
        raise ValueError("there is nothing to merge")
    ranges = sorted(ranges, key=lambda each: int(each.first))
    shift = ranges[0].first.max_prefixlen - length
    before = None
    for each in ranges:
        if each.length < length:
            raise ValueError(f"{each} is larger than /{length}")
        if before is not None and int(before.last) + 1 != int(each.first):
            raise ValueError(f"{each} does not follow {before}")
        before = each
    first, last = ranges[0].first, ranges[-1].last
    if int(first) >> shift != int(last) >> shift:
        raise ValueError(f"{first} and {last} are not in one /{length}")
    return Labelled(first, last, length)


def check_plan(of: Labelled, entries: list[Labelled]) -> list[Labelled]:
    """The entries, if they tile the range: without gaps, none with a shorter label, each in one network."""
    if not entries or len(entries) > 1024:
        raise ValueError("a plan has 1 to 1024 entries")
    if entries[0].first != of.first or entries[-1].last != of.last:
        raise ValueError(f"the plan does not begin and end with {of}")
    width = of.first.max_prefixlen
    before = None
    for entry in entries:
        if not of.length <= entry.length <= width:
            raise ValueError(f"{entry} has a wrong length")
        first, last = int(entry.first), int(entry.last)
        if first > last:
            raise ValueError(f"{entry} is reversed")
        if before is not None and before + 1 != first:
            raise ValueError(f"{entry} does not follow the entry before it")
        if first >> (width - entry.length) != last >> (width - entry.length):
            raise ValueError(f"{entry} is not in one network")
        before = last
    return entries
