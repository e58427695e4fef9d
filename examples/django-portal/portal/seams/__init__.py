"""The seams: one short function for each thing that the portal computed itself before.

Each takes the portal's own rows, calls Counterfoil, and hands back its answer. Nothing here reads a clock, touches the
database or decides anything; the services around it do what they always did. `portal.before` has functions that stood
here once.
"""

from .metering import Rates, Rule, billing_day, meter_bucket, meter_disk, meter_server, rate_card, rates_of
from .placement import accommodation, why_not
from .pricing import price_order, price_renewal
from .ranges import (
    check_range,
    merge,
    mini_split,
    range_of,
    record_of_merge,
    record_of_split,
    split_plan,
    split_to_plan,
)
from .statements import pay, refund_of_correction, settle, state
from .terms import amount, money, shown
from .wallet import coupon_of, plan_payment, refund, usable_funds

__all__ = [
    "Rates",
    "Rule",
    "accommodation",
    "amount",
    "billing_day",
    "check_range",
    "coupon_of",
    "merge",
    "meter_bucket",
    "meter_disk",
    "meter_server",
    "mini_split",
    "money",
    "pay",
    "plan_payment",
    "price_order",
    "price_renewal",
    "range_of",
    "rate_card",
    "rates_of",
    "record_of_merge",
    "record_of_split",
    "refund",
    "refund_of_correction",
    "settle",
    "shown",
    "split_plan",
    "split_to_plan",
    "state",
    "usable_funds",
    "why_not",
]
