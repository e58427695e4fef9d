"""Admin pages: everything can be looked at, and what money has moved can not be edited."""

from typing import Any

from counterfoil import CounterfoilError
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import models, seams
from .services import statements


class ReadOnly(admin.ModelAdmin):
    """What has happened: it is read, and corrected by something that happens later."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def inline(of: type, base: type = admin.TabularInline, **options: object) -> type:
    return type(f"{of.__name__}Inline", (base,), {"model": of, "extra": 0, **options})


@admin.register(models.PriceList)
class PriceListAdmin(admin.ModelAdmin):
    list_display = ["revision", "effective_from", "vm_cpu", "vm_ram", "disk_size", "obj_size", "prepaid_discount"]


@admin.register(models.AppService)
class AppServiceAdmin(admin.ModelAdmin):
    list_display = ["id", "name", "app_id", "category"]


class ResourceAdmin(admin.ModelAdmin):
    list_filter = ["pay_type", "unit"]
    search_fields = ["name", "owner_id"]


@admin.register(models.Server)
class ServerAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "vcpus", "ram_gib", "disk_gib", "public_ip", "pay_type", "start_time"]
    inlines = [inline(models.ServerArchive)]


@admin.register(models.Disk)
class DiskAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "size_gib", "pay_type", "start_time"]
    inlines = [inline(models.DiskArchive)]


@admin.register(models.Bucket)
class BucketAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "storage_bytes", "creation_time"]


@admin.register(models.Account)
class AccountAdmin(ReadOnly):
    list_display = ["owner_type", "owner_id", "balance"]


@admin.register(models.Coupon)
class CouponAdmin(admin.ModelAdmin):
    list_display = ["id", "owner_id", "face_value", "balance", "status", "unit", "expiration_time"]
    readonly_fields = ["balance"]


@admin.register(models.Reading)
class ReadingAdmin(ReadOnly):
    list_display = ["date", "kind", "resource_id", "owner_id", "original_amount", "payable_amount", "exact_payable"]
    list_filter = ["date", "kind"]


@admin.register(models.Statement)
class StatementAdmin(ReadOnly):
    list_display = ["order_id", "owner_id", "kind", "sequence", "original_amount", "payable_amount", "status"]
    list_filter = ["date", "kind", "status"]
    inlines = [inline(models.StatementLine, ReadOnlyInline)]
    actions = ["settle"]

    @admin.action(description="Pay the selected statements")
    def settle(self, request: HttpRequest, chosen: QuerySet[models.Statement]) -> None:
        for statement in chosen:
            try:
                statements.settle(statement, timezone.now())
            except CounterfoilError as error:
                self.message_user(request, f"{statement}: {error} ({error.code})", messages.ERROR)
            else:
                self.message_user(request, f"{statement}: paid", messages.SUCCESS)


@admin.register(models.Payment)
class PaymentAdmin(ReadOnly):
    list_display = ["order_id", "app_id", "owner_id", "amount", "method", "paid_at"]
    inlines = [inline(models.PaymentLeg, ReadOnlyInline)]


@admin.register(models.Refund)
class RefundAdmin(ReadOnly):
    list_display = ["refund_id", "app_id", "payment", "amount", "state", "refunded_at"]
    inlines = [inline(models.RefundLeg, ReadOnlyInline)]


class RangeForm(forms.ModelForm):
    """A range as people write it, `10.0.0.1-10.0.0.200/24` or `10.0.0.0/24`, checked beside all others."""

    range = forms.CharField(max_length=120)

    class Meta:
        fields = ["status", "asn", "owner", "remark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["range"].initial = self.instance.text

    def clean_range(self) -> str:
        row, text = self.instance, self.cleaned_data["range"]
        try:
            typed = seams.range_of(text)
            if typed.first.version != row.version:
                raise forms.ValidationError(f"this is IPv{typed.first.version}, and belongs to another table")
            row.start, row.end, row.prefix_len = row.stored(typed.first), row.stored(typed.last), typed.prefix_len
            others = type(row).objects.filter(start__lte=row.end, end__gte=row.start)
            overlaps = seams.check_range(row, others).overlaps
        except CounterfoilError as error:
            raise forms.ValidationError(f"{error} ({error.code})") from error
        if overlaps:
            raise forms.ValidationError([f"{other.interval} is there already" for other in overlaps])
        return text


@admin.register(models.IPv4Range, models.IPv6Range)
class RangeAdmin(admin.ModelAdmin):
    form = RangeForm
    list_display = ["text", "status", "asn", "owner", "remark"]
    list_filter = ["status"]


@admin.register(models.RangeRecord)
class RangeRecordAdmin(ReadOnly):
    list_display = ["made_at", "kind", "owner", "remark", "made_by"]
    list_filter = ["kind"]


@admin.register(models.Cluster)
class ClusterAdmin(admin.ModelAdmin):
    inlines = [inline(models.Node)]


@admin.register(models.Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["id", "cpu", "memory", "gpu"]
