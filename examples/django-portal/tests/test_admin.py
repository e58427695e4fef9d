"""The admin pages, on a portal that was seeded."""

import io

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse

from portal.models import IPv4Range, Payment, Statement


@pytest.fixture
def seeded(db, settings):
    settings.DEBUG = True
    call_command("seed", stdout=io.StringIO())
    call_command("meter_day", stdout=io.StringIO())


@pytest.fixture
def staff(client, seeded):
    client.login(username="admin", password="admin")
    return client


def pages() -> list[str]:
    return [model._meta.model_name for model in admin.site._registry if model._meta.app_label == "portal"]


def test_every_page_opens(staff):
    for page in pages():
        listed = staff.get(reverse(f"admin:portal_{page}_changelist"))
        assert listed.status_code == 200, page
        for row in listed.context["cl"].result_list[:1]:
            assert staff.get(reverse(f"admin:portal_{page}_change", args=[row.pk])).status_code == 200, page
    assert len(pages()) == 16


def test_what_has_happened_can_not_be_edited(staff):
    for page in ["account", "reading", "statement", "payment", "refund", "rangerecord"]:
        assert staff.get(reverse(f"admin:portal_{page}_add")).status_code == 403


def test_selected_statements_are_paid(staff):
    unpaid = Statement.objects.filter(status="unpaid")
    chosen = {"action": "settle", "_selected_action": list(unpaid.values_list("pk", flat=True))}
    assert chosen["_selected_action"]
    for told in [": paid", "statement.already_paid"]:
        answer = staff.post(reverse("admin:portal_statement_changelist"), chosen, follow=True)
        assert told in answer.content.decode()
    assert not unpaid.exists()
    assert Payment.objects.count() == len(chosen["_selected_action"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("10.0.9.0/24", "is there already"),
        ("10.1.0.9/24", "ipam.host_bits"),
        ("10.1.0.0-10.1.1.9/24", "ipam.not_one_network"),
        ("2001:db8:1::/64", "belongs to another table"),
    ],
)
def test_a_range_that_is_entered_is_checked(staff, text, told):
    answer = staff.post(reverse("admin:portal_ipv4range_add"), {"range": text, "status": "wait"})
    assert told in answer.content.decode()
    assert not IPv4Range.objects.filter(remark="entered").exists()


def test_a_range_is_entered_and_changed(staff):
    form = {"range": "10.1.0.0/24", "status": "wait", "remark": "entered"}
    staff.post(reverse("admin:portal_ipv4range_add"), form)
    row = IPv4Range.objects.get(remark="entered")
    assert row.text == "10.1.0.0-10.1.0.255/24"
    page = reverse("admin:portal_ipv4range_change", args=[row.pk])
    assert "10.1.0.0-10.1.0.255/24" in staff.get(page).content.decode()
    staff.post(page, {**form, "range": "10.1.0.0-10.1.0.99/24", "status": "assigned", "remark": "for the lab"})
    row.refresh_from_db()
    assert (row.text, row.status, row.remark) == ("10.1.0.0-10.1.0.255/24", "wait", "for the lab")


def test_a_portal_is_seeded_once_and_only_for_trying_out(seeded, settings):
    with pytest.raises(CommandError, match="there is a portal already"):
        call_command("seed")
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("seed")


def test_no_other_site_frames_the_pages(staff):
    assert staff.get(reverse("admin:index"))["X-Frame-Options"] == "DENY"


def test_a_weak_password_is_refused(staff):
    form = {"username": "eve", "password1": "12345678", "password2": "12345678"}
    assert staff.post(reverse("admin:auth_user_add"), form).status_code == 200
    assert not get_user_model().objects.filter(username="eve").exists()
