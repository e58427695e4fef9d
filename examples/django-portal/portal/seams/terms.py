"""How the portal's words and amounts are said to Counterfoil."""

from decimal import Decimal, Inexact, localcontext
from fractions import Fraction
from typing import Any

import counterfoil
from counterfoil import Money, Spec
from django.conf import settings

from ..models import PayType
from ..models.terms import Owned

MODES = {PayType.PREPAID.value: "pre_paid", PayType.POSTPAID.value: "post_paid", PayType.QUOTA.value: "quota"}


def money(amount: Decimal) -> Money:
    """An amount of the portal's currency."""
    return Money(amount, settings.PORTAL_CURRENCY)


def amount(text: str) -> Decimal:
    """An amount that somebody wrote: a decimal of whole cents, as text."""
    return counterfoil.money.check(amount=text, rounding="portal").amount


def shown(exact: Decimal | Fraction) -> str:
    """An exact value as people read it: as a decimal, `48.875`, or as a fraction where it is none, `1/3`."""
    whole, parts = exact.as_integer_ratio()
    with localcontext() as context:
        context.traps[Inexact] = True
        try:
            return str(Decimal(whole) / parts)
        except Inexact:
            return f"{whole}/{parts}"


def owner(row: Owned) -> dict[str, str]:
    return {"kind": row.owner_type, "id": row.owner_id}


def server_spec(row: Any) -> Spec:
    return Spec.server(cpu=row.vcpus, ram=row.ram_gib, disk=row.disk_gib, public_ip=row.public_ip)


def disk_spec(row: Any) -> Spec:
    return Spec.disk(row.size_gib)


def bucket_spec(row: Any) -> Spec:
    return Spec.bucket(row.storage_bytes)


SPECS = {"server": server_spec, "disk": disk_spec, "bucket": bucket_spec}
