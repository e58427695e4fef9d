"""Admin pages: everything can be looked at, and what money has moved can not be edited."""

from typing import Any

from counterfoil import CounterfoilError
from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
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


class Editable(admin.ModelAdmin):
    """What may be edited. Only what was changed on the page is written: the rest of the row may be newer than the page."""

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        if change:
            obj.save(update_fields=self.changed_fields(obj, form))
        else:
            obj.save()

    def changed_fields(self, obj: Model, form: forms.ModelForm) -> list[str]:
        return [field.name for field in obj._meta.concrete_fields if field.name in form.changed_data]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The key of a row that is there is what others know it by: another key would be another row."""
        return [*self.readonly_fields, *([obj._meta.pk.name] if obj else [])]


class Kept(Editable):
    """What may be edited, and not deleted: what was charged depends on it."""

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
class PriceListAdmin(Kept):
    """A price list by which something was charged stays as it was: new prices are a new list, from another day."""

    list_display = ["revision", "effective_from", "vm_cpu", "vm_ram", "disk_size", "obj_size", "prepaid_discount"]

    def has_change_permission(self, request: HttpRequest, obj: models.PriceList | None = None) -> bool:
        used = obj is not None and models.Reading.objects.filter(price_list=obj.revision).exists()
        return not used and super().has_change_permission(request, obj)


@admin.register(models.AppService)
class AppServiceAdmin(Kept):
    list_display = ["id", "name", "app_id", "category"]


class ResourceAdmin(Kept):
    """A resource that is gone has a `deleted_time`."""

    list_filter = ["pay_type", "unit"]
    search_fields = ["name", "owner_id"]


@admin.register(models.Server)
class ServerAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "vcpus", "ram_gib", "disk_gib", "public_ip", "pay_type", "start_time"]
    inlines = [inline(models.ServerArchive, can_delete=False)]


@admin.register(models.Disk)
class DiskAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "size_gib", "pay_type", "start_time"]
    inlines = [inline(models.DiskArchive, can_delete=False)]


@admin.register(models.Bucket)
class BucketAdmin(ResourceAdmin):
    list_display = ["name", "owner_id", "storage_bytes", "creation_time"]
    inlines = [inline(models.BucketSample, ReadOnlyInline)]


@admin.register(models.Account)
class AccountAdmin(ReadOnly):
    list_display = ["owner_type", "owner_id", "balance"]


@admin.register(models.Coupon)
class CouponAdmin(Kept):
    """A coupon begins with its face value; from then on, payments and refunds alone move its balance."""

    list_display = ["id", "owner_id", "face_value", "balance", "status", "unit", "expiration_time"]
    readonly_fields = ["balance"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Coupon | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["face_value"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: models.Coupon, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.balance = obj.face_value
        super().save_model(request, obj, form, change)


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

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Who may change statements may pay them. Nobody edits one, so this is all that the permission is good for."""
        return request.user.has_perm("portal.change_statement")

    @admin.action(description="Pay the selected statements", permissions=["settle"])
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
    """A new range as people write it, `10.0.0.1-10.0.0.200/24` or `10.0.0.0/24`, checked beside all others."""

    range = forms.CharField(max_length=120)

    class Meta:
        fields = ["status", "asn", "owner", "remark"]

    def clean_range(self) -> str:
        row, text = self.instance, self.cleaned_data["range"]
        try:
            typed = seams.range_of(text)
            if typed.first.version != row.version:
                raise forms.ValidationError(f"this is IPv{typed.first.version}, and belongs to another table")
            row.start, row.end, row.prefix_len = row.stored(typed.first), row.stored(typed.last), typed.prefix_len
            # Locked, where the database can: the page is one transaction.
            others = type(row).objects.select_for_update().filter(start__lte=row.end, end__gte=row.start)
            overlaps = seams.check_range(row, others).overlaps
        except CounterfoilError as error:
            raise forms.ValidationError(f"{error} ({error.code})") from error
        if overlaps:
            raise forms.ValidationError([f"{other.interval} is there already" for other in overlaps])
        return text


class RemarkForm(forms.ModelForm):
    class Meta:
        fields = ["remark"]


@admin.register(models.IPv4Range, models.IPv6Range)
class RangeAdmin(Editable):
    list_display = ["text", "status", "asn", "owner", "remark"]
    list_filter = ["status"]

    def get_readonly_fields(self, request: HttpRequest, obj: models.LabelledRange | None = None) -> list[str]:
        """What splits and merges do with a row they record: of one that is there, the page changes the remark alone."""
        return [*super().get_readonly_fields(request, obj), *(["text", "status", "asn", "owner"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        return super().get_form(request, obj, change, **{**kwargs, "form": RemarkForm if obj else RangeForm})

    def get_fields(self, request: HttpRequest, obj: models.LabelledRange | None = None) -> list[str]:
        return ["text" if obj else "range", "status", "asn", "owner", "remark"]


@admin.register(models.RangeRecord)
class RangeRecordAdmin(ReadOnly):
    list_display = ["made_at", "kind", "owner", "remark", "made_by"]
    list_filter = ["kind"]


@admin.register(models.Cluster)
class ClusterAdmin(Editable):
    inlines = [inline(models.Node)]


@admin.register(models.Product)
class ProductAdmin(Editable):
    list_display = ["id", "cpu", "memory", "gpu"]
