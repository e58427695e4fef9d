"""The portal's own tables. Nothing of Counterfoil is in them: they are what such portals have."""

from .billing import Reading, Statement, StatementLine
from .clusters import Cluster, Node, Product
from .money import Account, Coupon, Payment, PaymentLeg, Refund, RefundLeg
from .ranges import IPv4Range, IPv6Range, LabelledRange, RangeRecord
from .resources import Bucket, BucketSample, Disk, DiskArchive, Server, ServerArchive
from .terms import AppService, OwnerType, PayType, PriceList

__all__ = [
    "Account",
    "AppService",
    "Bucket",
    "BucketSample",
    "Cluster",
    "Coupon",
    "Disk",
    "DiskArchive",
    "IPv4Range",
    "IPv6Range",
    "LabelledRange",
    "Node",
    "OwnerType",
    "PayType",
    "Payment",
    "PaymentLeg",
    "PriceList",
    "Product",
    "RangeRecord",
    "Reading",
    "Refund",
    "RefundLeg",
    "Server",
    "ServerArchive",
    "Statement",
    "StatementLine",
]
