"""Labelled ranges: a first and a last address, both included, and a prefix length that they share."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.db import models

from .terms import id_field


class LabelledRange(models.Model):
    class Status(models.TextChoices):
        WAIT = "wait"
        RESERVED = "reserved"
        ASSIGNED = "assigned"

    id = id_field()
    prefix_len = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.WAIT)
    asn = models.BigIntegerField(null=True, blank=True)
    owner = models.CharField(max_length=100, blank=True, default="")
    remark = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        abstract = True
        ordering = ["start"]

    def __str__(self) -> str:
        return self.text

    #: The ends as they are kept, and how an address is kept: an integer, or sixteen bytes.
    start: Any
    end: Any
    stored: Callable[[Any], Any]
    version: int

    @property
    def text(self) -> str:
        """`10.0.0.1-10.0.0.200/24`."""
        return f"{self.first}-{self.last}/{self.prefix_len}"

    @property
    def first(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        return ipaddress.ip_address(self.start)

    @property
    def last(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        return ipaddress.ip_address(self.end)


class IPv4Range(LabelledRange):
    """Addresses are whole numbers."""

    version = 4

    start = models.BigIntegerField()
    end = models.BigIntegerField()

    @staticmethod
    def stored(address: ipaddress.IPv4Address) -> int:
        return int(address)

    class Meta(LabelledRange.Meta):
        constraints = [models.CheckConstraint(check=models.Q(start__lte=models.F("end")), name="v4_start_before_end")]


class IPv6Range(LabelledRange):
    """Addresses are their sixteen bytes: no database has an integer of 128 bits."""

    version = 6

    start = models.BinaryField(max_length=16)
    end = models.BinaryField(max_length=16)

    @staticmethod
    def stored(address: ipaddress.IPv6Address) -> bytes:
        return address.packed

    @property
    def first(self) -> ipaddress.IPv6Address:
        return ipaddress.IPv6Address(bytes(self.start))

    @property
    def last(self) -> ipaddress.IPv6Address:
        return ipaddress.IPv6Address(bytes(self.end))


class RangeRecord(models.Model):
    """What was done to a row, with the rows before and after."""

    kind = models.CharField(max_length=16)
    before = models.JSONField()
    after = models.JSONField()
    owner = models.CharField(max_length=100, blank=True, default="")
    remark = models.CharField(max_length=255, blank=True, default="")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d %H:%M}"
