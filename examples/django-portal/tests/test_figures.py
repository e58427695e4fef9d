"""The figures of `docs/rules`, through the portal's own rows: what must come out exactly."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from portal import models, seams
from portal.seams.terms import bucket_spec, disk_spec, server_spec

from . import make
from .make import ADA, LONG_AGO, at

BOTH = pytest.mark.parametrize("rule", list(seams.Rule))


@BOTH
def test_a_server_pays_for_the_minutes_before_it_was_paid_ahead(rates, rule):
    server = make.server(pay_type="prepaid", start_time=at(0, 18))
    before = make.server_was(server, "post2pre", LONG_AGO, at(0, 18))
    rated = seams.meter_server(server, [before], rates, rule)
    assert (rated.payable_exact, rated.payable) == (Fraction("2.055"), Decimal("2.06"))  # R-U4
    assert rated.original == Decimal("164.40")


@BOTH
@pytest.mark.parametrize(
    ("size", "start", "payable"),
    [(50, at(1), "48.88"), (10, at(13), "4.68"), (200, at(17, 39), "53.98")],
)
def test_disks_that_end_in_half_a_cent(rates, rule, size, start, payable):
    rated = seams.meter_disk(make.disk(size, start), [], rates, rule)
    assert rated.payable == Decimal(payable)


@pytest.mark.parametrize(("price", "payable"), [("2.605", "2.66"), ("0.935", "1.00")])
def test_a_bucket_and_its_fee(prices, unit, price, payable):
    prices.obj_size = Decimal(price)
    bucket = models.Bucket(owner_id=ADA, unit=unit, storage_bytes=2**30, creation_time=LONG_AGO, start_time=LONG_AGO)
    rated = seams.meter_bucket(bucket, seams.rates_of(prices, make.day()))
    assert rated.payable == Decimal(payable)


def test_eight_months_of_a_server_paid_ahead(prices):
    prices.vm_base, prices.vm_ram, prices.vm_cpu, prices.vm_pub_ip = map(Decimal, ["3.90", "3.97", "1.46", "3.50"])
    prices.prepaid_discount = Decimal(90)
    spec = {**server_spec(make.server(vcpus=100, disk_gib=0)), "ram": "1000 MiB"}
    quote = seams.price_order(prices, "server", spec, "prepaid", {"months": 8}, 1, make.NOW)
    assert quote.payable.amount == Decimal("815323.72")  # R-P5


def test_a_disk_for_sixty_days(prices):
    spec = disk_spec(make.disk(100, LONG_AGO))
    quote = seams.price_order(prices, "disk", spec, "prepaid", {"days": 60}, 1, make.NOW)
    assert quote.payable.amount == Decimal("4039.20")


def test_a_disk_renewed_until_noon(prices):
    expiry = datetime.datetime(2024, 3, 1, tzinfo=make.UTC)
    until = datetime.datetime(2024, 3, 20, 12, tzinfo=make.UTC)
    quote = seams.price_renewal(prices, "disk", disk_spec(make.disk(100, LONG_AGO)), expiry, None, until, make.NOW)
    assert quote.payable.amount == Decimal("1312.74")


def test_the_inquiry_of_a_bucket_agrees_with_its_bill(prices, unit):
    bucket = models.Bucket(owner_id=ADA, unit=unit, storage_bytes=2**30, creation_time=LONG_AGO, start_time=LONG_AGO)
    rated = seams.meter_bucket(bucket, seams.rates_of(prices, make.day()))
    quote = seams.price_order(prices, "bucket", bucket_spec(bucket), "postpaid", {"days": 1}, 1, make.NOW)
    assert quote.payable.amount == rated.payable == Decimal("1.26")  # D-P2: and not 24 times that


def test_a_quote_says_why(prices):
    spec = disk_spec(make.disk(100, LONG_AGO))
    quote = seams.price_order(prices, "disk", spec, "prepaid", {"days": 60}, 1, make.NOW)
    assert "6000 GiB·day" in quote.text
