"""Where the figures that the portal computed itself agree with Counterfoil's, and where they are wrong."""

import ipaddress
from decimal import Decimal

import counterfoil
import pytest
from django.utils import timezone

from portal import before, models, seams

from . import make
from .make import LONG_AGO, at

PORTAL, HISTORY = seams.Rule.PORTAL, seams.Rule.HISTORY


def test_an_ordinary_day_agrees(prices, rates):
    server = make.server(start_time=at(12), vcpus=4, ram_gib=8)
    archive = [make.server_was(server, "rebuild", LONG_AGO, at(12))]
    old = before.meter_server(server, archive, make.day(), prices)
    for rule in (PORTAL, HISTORY):
        rated = seams.meter_server(server, archive, rates, rule)
        assert (rated.original, rated.payable) == old


def test_binary_hours_cost_a_cent(prices, rates):
    """D-U1: 50 GiB for 23 hours are 48.875. In binary they are a little less, and no tie any more."""
    wrong = []
    for size in range(50, 1001, 50):
        for hour in range(24):
            disk = make.disk(size, at(hour))
            exact = seams.meter_disk(disk, [], rates, PORTAL).payable
            old = before.meter_disk(disk, make.day(), prices)
            assert abs(old - exact) <= Decimal("0.01")
            if old != exact:
                wrong.append((size, 24 - hour, old, exact))
    assert (50, 23, Decimal("48.87"), Decimal("48.88")) in wrong
    assert len(wrong) == 25  # of 480: five in a hundred


def test_hours_before_a_rebuild_were_forgotten(prices, rates):
    """D-U2: rebuilt at six, paid ahead from eighteen."""
    server = make.server(pay_type="prepaid", start_time=at(18), vcpus=2)
    archive = [
        make.server_was(server, "rebuild", LONG_AGO, at(6)),
        make.server_was(server, "post2pre", at(6), at(18), vcpus=2),
    ]
    _, old = before.meter_server(server, archive, make.day(), prices)
    assert seams.meter_server(server, archive, rates, PORTAL).payable == old == Decimal("82.99")
    assert seams.meter_server(server, archive, rates, HISTORY).payable == Decimal("124.09")


def test_the_expansion_of_a_disk_was_ignored(prices, rates):
    """D-U4: 100 GiB until ten, 200 GiB from then on; the first ten hours cost nothing."""
    disk = make.disk(200, at(10), creation_time=LONG_AGO)
    archive = [models.DiskArchive(disk=disk, change="expansion", start_time=LONG_AGO, end_time=at(10), size_gib=100)]
    old = before.meter_disk(disk, make.day(), prices)
    assert seams.meter_disk(disk, archive, rates, PORTAL).payable == old == Decimal("119.00")
    assert seams.meter_disk(disk, archive, rates, HISTORY).payable == Decimal("161.50")


def test_a_percentage_in_binary_moves_half_a_cent(prices):
    """D-P1: 66 % of 213.25 are 140.745, to the even cent 140.74."""
    prices.disk_size = Decimal("213.25")
    quote = seams.price_order(prices, "disk", {"size": "1 GiB"}, "prepaid", None, 1, make.NOW)
    assert quote.payable.amount == Decimal("140.74")
    assert before.price_prepaid(Decimal("213.25"), 66) == Decimal("140.75")


@pytest.mark.parametrize(
    ("paid", "old", "new"),
    [
        (["10.00"] * 3, ["3.33"] * 3, ["3.34", "3.33", "3.33"]),
        (["2.50"] * 8, ["1.25"] * 8, ["1.25"] * 8),
        (["10.00"] * 6, ["1.67"] * 6, ["1.67"] * 4 + ["1.66"] * 2),
    ],
)
def test_a_refund_lost_or_made_cents(unit, paid, old, new):
    """D-W1: 10.00 come back as 9.99 in three parts, and as 10.02 in six. Nothing here is lost, nor made."""
    sources = [Decimal(amount) for amount in paid]
    assert before.split_refund(sources, Decimal("10.00")) == [Decimal(amount) for amount in old]
    payment = make.payment("o-1", str(sum(sources)), paid_at=make.NOW)
    payment.save()
    for position, amount in enumerate(sources):
        coupon = make.coupon(f"c{position}", "0.00", timezone.now())
        payment.legs.create(
            position=position, source="coupon", coupon=coupon, amount=amount, before=amount, after=Decimal(0)
        )
    answer = seams.refund(make.refund(payment, "r-1", "10.00"), payment, [], None, make.NOW)
    returned = [leg.amount.amount for leg in answer.legs]
    assert sum(returned) == Decimal("10.00")
    assert sorted(returned, reverse=True) == [Decimal(amount) for amount in new]


def test_asking_for_a_negative_amount(ada, unit):
    """D-W4: a negative amount could always be paid."""
    assert before.has_enough(Decimal("-5.00"), Decimal("0.00"))
    with pytest.raises(counterfoil.CounterfoilError) as refused:
        seams.plan_payment(make.payment("o-1", "-5.00"), unit.app_id, ada, [], None, make.NOW)
    assert refused.value.code == "wallet.negative_amount"


def test_pieces_were_the_same(unit):
    row = make.network("10.0.0.0/20", status="wait")
    old = before.mini_split(row.start, row.end, 20, 22)
    pieces = [(piece.first, piece.last, piece.prefix_len) for piece in seams.mini_split(row, 22, diff=1).pieces]
    assert pieces == [(ipaddress.ip_address(start), ipaddress.ip_address(end), length) for start, end, length in old]
