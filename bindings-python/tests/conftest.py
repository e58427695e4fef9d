"""What the tests share: facts of one small portal."""

from __future__ import annotations

import pytest

from counterfoil import Coupon, History, Owner, Period, RateCard, Span, Spec, Wallet

CARD = """
revision = "2024-02"
currency = "CNY"

[[rates]]
kind = "server"
part = "base"
price = "0.01"
per = "count"
every = "hour"

[[rates]]
kind = "server"
part = "cpu"
price = "0.066"
per = "core"
every = "hour"

[[rates]]
kind = "server"
part = "ram"
price = "0.012"
per = "GiB"
every = "hour"

[[rates]]
kind = "server"
part = "disk"
price = "0.001"
per = "GiB"
every = "hour"

[[rates]]
kind = "server"
part = "public_ip"
price = "0.1"
per = "count"
every = "hour"

[[rates]]
kind = "disk"
part = "size"
price = "1.02"
per = "GiB"
every = "day"
"""

ROUNDING = "half_even 0.01 total"


@pytest.fixture
def card() -> RateCard:
    return RateCard.from_toml(CARD)


@pytest.fixture
def day() -> Period:
    return Period.day("2024-02-20", "UTC")


@pytest.fixture
def history() -> History:
    """A server that grew twice, and was converted to pre-paid."""
    small = Spec.server(cpu=1, ram=2, disk=50, public_ip=True)
    large = Spec.server(cpu=4, ram=8, disk=50, public_ip=True)
    return History(
        [
            Span.post_paid("2024-02-19T12:00:00Z", "2024-02-20T06:00:00Z", small),
            Span.post_paid("2024-02-20T06:00:00Z", "2024-02-20T18:00:00Z", large),
            Span.pre_paid("2024-02-20T18:00:00Z", None, large),
        ]
    )


def coupon(identity: str, balance: str, expiration: str) -> Coupon:
    return Coupon(
        id=identity,
        face_value="100.00 CNY",
        balance=balance,
        status="available",
        category="server",
        unit="vm",
        effective="2025-03-01T00:00:00Z",
        expiration=expiration,
        created="2025-02-20T08:00:00Z",
        owner=Owner.user("zhang"),
    )


@pytest.fixture
def wallet() -> Wallet:
    coupons = [coupon("C1", "100.00 CNY", "2025-06-01T00:00:00Z"), coupon("C2", "20.00 CNY", "2025-04-01T00:00:00Z")]
    return Wallet(payer=Owner.user("zhang"), balance="50.00 CNY", coupons=coupons)
