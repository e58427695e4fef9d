"""A day that is metered later, or again: what was charged moves only where somebody asks for it."""

import datetime
import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from portal import seams
from portal.models import Account, AppService, Bucket, BucketSample, Payment, PriceList, Reading, Statement
from portal.services import metering, payments, statements

from . import make
from .make import ADA, LONG_AGO, UTC, at
from .test_metering import meter

pytestmark = pytest.mark.usefixtures("prices", "unit")


def bucket(**other) -> Bucket:
    row = {"name": "b", "owner_id": ADA, "unit_id": "oss", "storage_bytes": 2**30}
    return Bucket.objects.create(**row, creation_time=LONG_AGO, start_time=LONG_AGO, **other)


def payable() -> set[Decimal]:
    return {row.payable_amount for row in Reading.objects.all()}


@pytest.mark.parametrize("rule", ["portal", "history"])
@pytest.mark.parametrize("options", [[], ["--again"]])
@pytest.mark.parametrize("metered_before", [True, False])
def test_what_changes_on_the_next_day_changes_nothing_of_this_one(rule, options, metered_before):
    server, disk, box = make.server(), make.disk(100, LONG_AGO), bucket()
    converted = make.server(name="converted")
    for row in (server, disk, converted):
        row.save()
    meter("--rule", rule) if metered_before else BucketSample.objects.create(
        bucket=box, date=make.DATE, storage_bytes=2**30
    )
    make.server_was(server, "rebuild", LONG_AGO, at(30)).save()
    server.start_time, server.vcpus = at(30), 8
    disk.archive.create(change="expansion", start_time=LONG_AGO, end_time=at(24), size_gib=100)
    disk.start_time, disk.size_gib = at(24), 200
    make.server_was(converted, "post2pre", LONG_AGO, at(30)).save()
    converted.start_time, converted.pay_type = at(30), "prepaid"
    box.storage_bytes = 2**40
    for row in (server, disk, converted, box):
        row.save()
    told = meter("--rule", rule, *options)
    assert ("4 unchanged" if metered_before else "4 new") in told
    assert "--again" not in told
    assert payable() == {Decimal("164.40"), Decimal("102.00"), Decimal("1.26")}
    assert not Statement.objects.filter(sequence__gt=0).exists()


def test_two_changes_later_show_the_first_row_of_that_night():
    server = make.server()
    server.save()
    make.server_was(server, "rebuild", LONG_AGO, at(30)).save()
    make.server_was(server, "rebuild", at(30), at(40), vcpus=9).save()
    server.start_time = at(40)
    server.save()
    meter()
    assert payable() == {Decimal("164.40")}


def test_a_reading_that_is_there_stays_until_it_is_asked_for(ada):
    disk = make.disk(100, LONG_AGO)
    disk.save()
    meter("--pay")
    disk.size_gib = 50
    disk.save()
    assert f"disk {disk.id}: 102.00 stands, and would be 51.00 with --again" in meter("--pay")
    assert payable() == {Decimal("102.00")}
    assert "1 changed" in meter("--pay", "--again")
    assert [row.payable_amount for row in Statement.objects.all()] == [Decimal("102.00"), Decimal("-51.00")]
    ada.refresh_from_db()
    assert ada.balance == Decimal("49.00")


def test_a_day_that_was_broken_off_is_completed():
    make.server().save()
    metering.meter_day(make.DATE, seams.Rule.PORTAL)
    make.server(owner_id="bob").save()
    assert "1 new readings, 0 changed, 1 unchanged" in meter()
    assert Statement.objects.count() == 2


@pytest.mark.parametrize("options", [[], ["--again"]])
def test_a_reading_stays_with_whom_it_was_made_for(options):
    """The rows know today's owner alone: a server that was handed over must not take its old days along."""
    server = make.server()
    server.save()
    meter()
    server.owner_id, server.unit_id = "bob", "oss"
    server.save()
    meter(*options)
    assert list(Reading.objects.values_list("owner_id", "unit_id")) == [(ADA, "vm")]
    assert Statement.objects.count() == 1


def test_a_fault_says_which_reading_stands(capsys):
    server = make.server(start_time=at(12))
    server.save()
    meter("--rule", "history")
    standing = payable()
    make.server_was(server, "rebuild", LONG_AGO, at(6)).save()
    make.server_was(server, "rebuild", at(5), at(12)).save()
    with pytest.raises(CommandError):
        meter("--rule", "history", "--again")
    assert f"its reading of {standing.pop()} stands" in capsys.readouterr().err
    Reading.objects.all().delete()
    with pytest.raises(CommandError):
        meter("--rule", "history")
    assert "it has no reading" in capsys.readouterr().err


def squat(owner: str) -> str:
    """Another payment is where that of a statement belongs: made by hand, since the interface lets nobody."""
    order = f"2024-02-20/UTC/user/{owner}/vm/server/0"
    Account.objects.create(owner_id="mallory", balance=Decimal("1.00"))
    payments.pay(make.payment(order, "0.01", owner_id="mallory", app_id=settings.STATEMENT_APPLICATION), make.NOW)
    return order


def test_a_statement_that_can_not_be_paid_hinders_no_other(ada, capsys):
    for owner in ["bob", ADA, "zed"]:
        make.server(owner_id=owner).save()
    broken = make.server(owner_id="eve", start_time=at(12))
    broken.save()
    make.server_was(broken, "rebuild", LONG_AGO, at(6)).save()
    make.server_was(broken, "rebuild", at(5), at(12)).save()
    order = squat("bob")
    with pytest.raises(CommandError, match="2 faults"):
        meter("--rule", "history", "--pay")
    told = capsys.readouterr().err
    assert f"{order}: wallet.payment_conflict" in told
    assert f"server {broken.id}: metering.overlapping_spans" in told
    status = dict(Statement.objects.values_list("owner_id", "status"))
    assert status == {"bob": "unpaid", ADA: "paid", "zed": "paid"}


def test_what_can_not_be_stated_hinders_no_other(monkeypatch, capsys):
    make.server(owner_id="bob").save()
    make.server(owner_id="zed").save()
    state = seams.state

    def faulty(day, stated, readings):
        if "bob" in {row.owner_id for row in readings}:
            seams.amount("no amount")
        return state(day, stated, readings)

    monkeypatch.setattr(seams, "state", faulty)
    with pytest.raises(CommandError, match="1 faults"):
        meter("--pay")
    assert "user bob: money.not_a_decimal" in capsys.readouterr().err
    assert list(Statement.objects.values_list("owner_id", "status")) == [("zed", "paid")]


def test_what_its_owner_paid_meanwhile_is_paid(ada, monkeypatch):
    make.server().save()
    meter()
    settle = statements.settle
    monkeypatch.setattr(statements, "settle", lambda row, now: [settle(row, now), settle(row, now)][1])
    assert "0 statements paid, 1 meanwhile" in meter("--pay")
    assert Payment.objects.count() == 1


def test_a_statement_of_any_application_s_unit_is_paid():
    AppService.objects.create(id="notes", name="Notebooks", app_id="notebooks", category="other")
    make.server(unit_id="notes").save()
    assert "1 statements paid" in meter("--pay")


@pytest.fixture
def in_new_york(settings, monkeypatch):
    """20:00 on 21 February there, and already the 22nd by UTC."""
    settings.TIME_ZONE = "America/New_York"
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2024, 2, 22, 1, tzinfo=UTC))


@pytest.mark.usefixtures("in_new_york")
def test_yesterday_is_that_of_the_portal():
    make.server().save()
    out = io.StringIO()
    call_command("meter_day", stdout=out)
    assert out.getvalue().startswith("2024-02-20: 1 new")


@pytest.mark.usefixtures("in_new_york")
@pytest.mark.parametrize("date", ["2024-02-21", "2024-02-22", "2031-01-01"])
def test_a_day_that_has_not_ended_is_not_billed(date):
    make.server().save()
    with pytest.raises(CommandError, match="has not ended"):
        call_command("meter_day", date, "--pay")
    assert not Reading.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
def test_a_seeded_portal_has_its_yesterday_in_any_zone(settings, zone):
    settings.DEBUG, settings.TIME_ZONE = True, zone
    PriceList.objects.all().delete()
    AppService.objects.all().delete()
    out = io.StringIO()
    call_command("seed", stdout=out)
    call_command("meter_day", stdout=out)
    assert f"Yesterday was {timezone.localdate() - datetime.timedelta(days=1)}" in out.getvalue()
    grown = Reading.objects.get(kind="disk", exact_payable="48.875")
    assert grown.payable_amount == Decimal("48.88")
    assert Reading.objects.get(payable_amount="2.06")


def test_without_a_price_list_the_command_says_so():
    PriceList.objects.all().delete()
    with pytest.raises(CommandError, match="no price list is in force on 2024-02-20"):
        meter()


def test_a_price_list_that_is_no_rate_card_is_told():
    PriceList.objects.update(revision="")
    with pytest.raises(CommandError, match="the price list in force on 2024-02-20 can not be used: pricing.bad_card"):
        meter()
    assert not Reading.objects.exists()
