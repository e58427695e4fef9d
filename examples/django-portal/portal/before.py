"""What the portal computed itself before, in the style in which such code is written: kept to compare, used nowhere.

`tests/test_before.py` shows where these figures agree with Counterfoil's, and where they are wrong.
"""

from decimal import Decimal
from typing import Any

CENT = Decimal("0.01")


def hours_between(start: Any, end: Any) -> float:
    return max((end - start).total_seconds(), 0) / 3600


def meter_server(server: Any, archive: list[Any], day: Any, prices: Any) -> tuple[Decimal, Decimal]:
    """What a server costs on a day, and what of it is payable now."""
    hours = {"own": 0.0, "rebuild": 0.0, "post2pre": 0.0}
    amounts = {"own": Decimal(0), "rebuild": Decimal(0), "post2pre": Decimal(0)}

    def add(kind: str, row: Any, part: float) -> None:
        hours[kind] += part
        price = (
            prices.vm_base
            + prices.vm_cpu * row.vcpus
            + prices.vm_ram * row.ram_gib
            + prices.vm_disk * row.disk_gib
            + prices.vm_pub_ip * int(row.public_ip)
        )
        amounts[kind] += price * Decimal.from_float(part)

    end = min(server.deleted_time or day.end, day.end)
    add("own", server, hours_between(max(server.start_time, day.start), end))
    for row in archive:
        if row.change == "post2pre" and server.pay_type != "prepaid":
            continue
        add(row.change, row, hours_between(max(row.start_time, day.start), min(row.end_time, day.end)))
    original = sum(amounts.values()).quantize(CENT)
    if server.pay_type == "prepaid":  # and the hours before a rebuild on the day of the conversion are forgotten
        return original, amounts["post2pre"].quantize(CENT)
    return original, Decimal("0.00") if server.pay_type == "quota" else original


def meter_disk(disk: Any, day: Any, prices: Any) -> Decimal:
    """What a disk costs on a day."""
    hours = hours_between(max(disk.start_time, day.start), day.end)
    return (Decimal.from_float(disk.size_gib * hours / 24) * prices.disk_size).quantize(CENT)


def price_prepaid(original: Decimal, percent: int) -> Decimal:
    """What is paid ahead: the percentage is a binary float before it becomes a decimal."""
    return (original * Decimal.from_float(percent / 100)).quantize(CENT)


def split_refund(paid: list[Decimal], amount: Decimal) -> list[Decimal]:
    """What comes back to each source: each is rounded by itself."""
    total = sum(paid)
    return [(amount * part / total).quantize(CENT) for part in paid]


def has_enough(amount: Decimal, balance: Decimal) -> bool:
    return balance - amount >= min(balance, Decimal(0))


def mini_split(start: int, end: int, length: int, new: int) -> list[tuple[int, int, int]]:
    """Pieces of a range of IPv4: halved from the left, then one after another, address by address."""
    pieces: list[tuple[int, int, int]] = []
    first = (start, end, length)
    while first[2] < new:
        halves, begin = [], first[0]
        for address in range(first[0], first[1] + 1):
            if address >> (31 - first[2]) != begin >> (31 - first[2]):
                halves.append((begin, address - 1, first[2] + 1))
                begin = address
        halves.append((begin, first[1], first[2] + 1))
        first, rest = halves[0], halves[1:]
        pieces = rest + pieces
    return [first, *pieces]
