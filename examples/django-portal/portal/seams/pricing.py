"""What something would cost (R-P5): one engine for the inquiry and the bill, so both agree to the cent (R-P15).

By operations: no handle knows the percentage of what is paid ahead, or a renewal until an instant.
"""

import datetime

import counterfoil
from counterfoil import Spec

from ..models import PriceList
from .metering import rate_card
from .terms import MODES


def price_order(
    prices: PriceList,
    kind: str,
    spec: Spec,
    pay_type: str,
    term: dict[str, int] | None,
    count: int,
    now: datetime.datetime,
) -> counterfoil.pricing.Quote:
    """What a new order costs. Without a term it is for one day; what is paid ahead is discounted."""
    return counterfoil.pricing.portal_order(
        card=rate_card(prices),
        kind=kind,
        spec=spec,
        prepaid_percent=prices.prepaid_discount,
        pay=MODES[pay_type],
        term=term,
        count=count,
        now=now,
        explain="text",
    )


def price_renewal(
    prices: PriceList,
    kind: str,
    spec: Spec,
    expiry: datetime.datetime,
    term: dict[str, int] | None,
    until: datetime.datetime | None,
    now: datetime.datetime,
) -> counterfoil.pricing.Quote:
    """What a renewal costs, by a term or until an instant; it is always paid ahead."""
    return counterfoil.pricing.portal_renewal(
        card=rate_card(prices),
        kind=kind,
        spec=spec,
        prepaid_percent=prices.prepaid_discount,
        expiry=expiry,
        term=term,
        until=until,
        now=now,
        explain="text",
    )
