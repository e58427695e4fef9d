"""The admin pages that edit: each is posted, and writes what was changed on it and nothing else."""

import datetime
import io
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse

from portal import models
from portal.admin import CouponAdmin, ServerAdmin
from portal.services import payments

from . import make
from .make import NOW, UTC

PAGES = [
    "pricelist",
    "appservice",
    "server",
    "disk",
    "bucket",
    "coupon",
    "ipv4range",
    "ipv6range",
    "cluster",
    "product",
]


@pytest.fixture
def staff(client, db, settings):
    settings.DEBUG = True
    call_command("seed", stdout=io.StringIO())
    client.login(username="admin", password="admin")
    return client


def filled(page) -> dict[str, str]:
    """What the browser sends when nothing was changed."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for bound in form:
            widget = getattr(bound.field.widget, "widget", bound.field.widget)  # without its links to other pages
            parts = widget.get_context(bound.html_name, bound.value(), {})["widget"]
            for part in parts.get("subwidgets", [parts]):
                value = part["value"]
                if "optgroups" in part:
                    chosen = [
                        option["value"] for _, group, _ in part["optgroups"] for option in group if option["selected"]
                    ]
                    value = str(chosen[0]) if chosen else ""
                if part.get("type") != "checkbox":
                    sent[part["name"]] = "" if value is None else value
                elif bound.value():
                    sent[part["name"]] = "on"
    return sent


def rows() -> dict:
    edited = [
        models.Account,
        models.Reading,
        *(getattr(models, name) for name in models.__all__ if name.endswith(("Archive"))),
    ]
    return {model: list(model.objects.order_by("pk").values()) for model in edited}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_opened_and_sent_unchanged(staff, page):
    model = {made._meta.model_name: made for made in vars(models).values() if hasattr(made, "_meta")}[page]
    before = list(model.objects.order_by("pk").values()), rows()
    for row in model.objects.all()[:2]:
        address = reverse(f"admin:portal_{page}_change", args=[row.pk])
        answer = staff.post(address, filled(staff.get(address)))
        assert answer.status_code == 302, answer.context["errors"]
    assert before == (list(model.objects.order_by("pk").values()), rows())


NEW = {
    "pricelist": {"revision": "2030-01", "effective_from_0": "2030-01-01", "effective_from_1": "00:00:00"},
    "appservice": {"id": "new", "name": "New", "app_id": "new"},
    "server": {"name": "n", "owner_id": "1", "unit": "vm", "vcpus": "1", "ram_gib": "2"},
    "disk": {"name": "n", "owner_id": "1", "unit": "vm", "size_gib": "10"},
    "bucket": {"name": "n", "owner_id": "1", "unit": "oss"},
    "coupon": {"owner_type": "user", "owner_id": "1", "face_value": "10.00", "status": "available", "unit": "vm"},
    "ipv4range": {"range": "192.0.2.0/24"},
    "ipv6range": {"range": "2001:db8:9::/64"},
    "cluster": {"name": "south"},
    "product": {"id": "new", "cpu": "1", "memory": "1Gi"},
}


@pytest.mark.parametrize("page", PAGES)
def test_a_row_is_added(staff, page):
    model = {made._meta.model_name: made for made in vars(models).values() if hasattr(made, "_meta")}[page]
    before = set(model.objects.values_list("pk", flat=True))
    address = reverse(f"admin:portal_{page}_add")
    empty = filled(staff.get(address))
    times = {
        name: "2030-01-01" if name.endswith("_0") else "00:00:00"
        for name in empty
        if name.endswith(("_time_0", "_time_1"))
    }
    times |= {
        name: "" for name in times if name.startswith("deleted_") or (page != "coupon" and name.startswith("exp"))
    }
    answer = staff.post(address, {**empty, **times, **NEW[page]})
    assert answer.status_code == 302, answer.context["errors"]
    [added] = model.objects.exclude(pk__in=before)
    if page == "coupon":
        assert added.balance == added.face_value == Decimal("10.00")


@pytest.fixture
def meanwhile(monkeypatch):
    """What another transaction does after a page was read, and before it is written."""

    def does(page, work):
        save = page.save_model

        def later(self, *args):
            work()
            return save(self, *args)

        monkeypatch.setattr(page, "save_model", later)

    return does


def test_what_was_paid_with_a_coupon_meanwhile_is_gone_from_it(staff, meanwhile):
    coupon = make.coupon("A", "30.00", datetime.datetime(2031, 1, 1, tzinfo=UTC))
    address = reverse("admin:portal_coupon_change", args=["A"])
    meanwhile(CouponAdmin, lambda: payments.pay(make.payment("o-1", "10.00"), NOW))
    sent = {**filled(staff.get(address)), "expiration_time_0": "2032-02-01", "face_value": "900.00"}
    assert staff.post(address, sent).status_code == 302
    coupon.refresh_from_db()
    assert (coupon.balance, coupon.face_value, coupon.expiration_time.year) == (
        Decimal("20.00"),
        Decimal("100.00"),
        2032,
    )


def test_what_was_done_to_a_server_meanwhile_stays(staff, meanwhile):
    server = models.Server.objects.get(name="steady")
    address = reverse("admin:portal_server_change", args=[server.pk])
    meanwhile(ServerAdmin, lambda: models.Server.objects.filter(pk=server.pk).update(vcpus=16))
    assert staff.post(address, {**filled(staff.get(address)), "name": "renamed"}).status_code == 302
    server.refresh_from_db()
    assert (server.name, server.vcpus) == ("renamed", 16)


@pytest.mark.parametrize(
    "page", ["pricelist", "appservice", "server", "disk", "bucket", "coupon", "account", "payment"]
)
def test_what_charges_depend_on_is_not_deleted(staff, page):
    model = {made._meta.model_name: made for made in vars(models).values() if hasattr(made, "_meta")}[page]
    call_command("meter_day", "--pay", stdout=io.StringIO())
    row = model.objects.first()
    assert staff.post(reverse(f"admin:portal_{page}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    staff.post(
        reverse(f"admin:portal_{page}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
    )
    assert model.objects.filter(pk=row.pk).exists()


def test_a_price_list_that_was_charged_by_stays_as_it_was(staff):
    prices = models.PriceList.objects.get()
    address = reverse("admin:portal_pricelist_change", args=[prices.pk])
    sent = {**filled(staff.get(address)), "vm_cpu": "9.00000"}
    call_command("meter_day", stdout=io.StringIO())
    assert staff.post(address, sent).status_code == 403
    assert models.PriceList.objects.get().vm_cpu == prices.vm_cpu


@pytest.mark.parametrize(("permission", "status"), [("view_statement", "unpaid"), ("change_statement", "paid")])
def test_who_may_only_look_at_statements_pays_none(client, staff, permission, status):
    call_command("meter_day", stdout=io.StringIO())
    clerk = get_user_model().objects.create_user("clerk", password="clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename=permission))
    client.login(username="clerk", password="clerk")
    statement = models.Statement.objects.first()
    client.post(reverse("admin:portal_statement_changelist"), {"action": "settle", "_selected_action": [statement.pk]})
    statement.refresh_from_db()
    assert statement.status == status
