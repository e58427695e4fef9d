"""The command that meters a day: what it writes, what it tells, and what it does when it is run again."""

import datetime
import io
import sys
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.models import Account, Bucket, Payment, Reading, Statement

from . import make
from .make import ADA, LONG_AGO, MIDNIGHT, at

pytestmark = pytest.mark.usefixtures("prices", "unit")


def meter(*options: str) -> str:
    out = io.StringIO()
    call_command("meter_day", "2024-02-20", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def resources(ada):
    make.server(name="all day").save()
    converted = make.server(name="converted", pay_type="prepaid", start_time=at(0, 18))
    converted.save()
    make.server_was(converted, "post2pre", LONG_AGO, at(0, 18)).save()
    make.disk(50, at(1)).save()
    Bucket.objects.create(
        name="b", owner_id=ADA, unit_id="oss", storage_bytes=2**30, creation_time=LONG_AGO, start_time=LONG_AGO
    )
    make.server(name="of the next day", creation_time=at(24), start_time=at(24)).save()
    make.server(name="gone the day before", deleted_time=MIDNIGHT).save()


@pytest.mark.usefixtures("resources")
def test_a_day_is_metered_and_stated():
    assert meter() == "2024-02-20: 4 new readings, 0 changed, 0 unchanged, 0 gone\n2024-02-20: 3 statements written\n"
    stated = {row.order_id: row.payable_amount for row in Statement.objects.all()}
    assert stated == {
        "2024-02-20/UTC/user/7/vm/server/0": Decimal("166.46"),  # 164.40 + 2.06
        "2024-02-20/UTC/user/7/vm/disk/0": Decimal("48.88"),
        "2024-02-20/UTC/user/7/oss/bucket/0": Decimal("1.26"),
    }
    reading = Reading.objects.get(kind="disk")
    assert (reading.exact_payable, reading.price_list) == ("48.875", "2024-01")


@pytest.mark.usefixtures("resources")
def test_run_again_it_changes_nothing():
    meter("--pay")
    rows = [list(model.objects.order_by("pk").values()) for model in (Reading, Statement, Payment, Account)]
    assert meter("--pay") == (
        "2024-02-20: 0 new readings, 0 changed, 4 unchanged, 0 gone\n"
        "2024-02-20: 0 statements written\n2024-02-20: 0 statements paid\n"
    )
    assert rows == [list(model.objects.order_by("pk").values()) for model in (Reading, Statement, Payment, Account)]


@pytest.mark.usefixtures("resources")
def test_what_has_been_used_is_paid_below_zero():
    assert meter("--pay").endswith("3 statements paid\n")
    assert Account.objects.get().balance == Decimal("100.00") - Decimal("166.46") - Decimal("48.88") - Decimal("1.26")
    assert not Statement.objects.exclude(status="paid").exists()


def test_a_day_of_nothing_payable_is_settled_at_once(ada):
    make.server(pay_type="quota").save()
    meter("--pay")
    assert Statement.objects.get().status == "paid"
    assert not Payment.objects.exists()
    ada.refresh_from_db()
    assert ada.balance == Decimal("100.00")


def test_rows_that_contradict_each_other_cost_no_other_its_reading(capsys):
    broken = make.server(start_time=at(12))
    broken.save()
    make.server_was(broken, "rebuild", LONG_AGO, at(6)).save()
    make.server_was(broken, "rebuild", at(5), at(12)).save()
    make.server().save()
    with pytest.raises(CommandError, match="1 faults"):
        meter("--rule", "history")
    assert f"server {broken.id}: metering.overlapping_spans" in capsys.readouterr().err
    assert Reading.objects.count() == 1


def test_the_rule_can_be_chosen():
    make.disk(200, at(10), creation_time=LONG_AGO).save()
    grown = make.disk(200, at(10), creation_time=LONG_AGO)
    grown.save()
    grown.archive.create(change="expansion", start_time=LONG_AGO, end_time=at(10), size_gib=100)
    meter()
    assert {row.payable_amount for row in Reading.objects.all()} == {Decimal("119.00")}
    assert "1 changed, 1 unchanged" in meter("--rule", "history", "--again")
    assert Reading.objects.get(resource_id=grown.id).payable_amount == Decimal("161.50")


def test_more_than_one_batch(monkeypatch):
    monkeypatch.setattr("portal.services.metering.BATCH", 3)
    for _ in range(10):
        make.server().save()
    assert "10 new readings" in meter()


def test_what_turns_out_not_to_have_been_there_is_given_back(ada):
    server = make.server()
    server.save()
    meter("--pay")
    server.deleted_time = MIDNIGHT
    server.save()
    assert f"server {server.id}: 164.40 stands, and would be gone with --again" in meter("--pay")
    assert meter("--pay", "--again") == (
        "2024-02-20: 0 new readings, 0 changed, 0 unchanged, 1 gone\n"
        "2024-02-20: 1 statements written\n2024-02-20: 1 statements paid\n"
    )
    ada.refresh_from_db()
    assert ada.balance == Decimal("100.00")
    assert [row.payable_amount for row in Statement.objects.all()] == [Decimal("164.40"), Decimal("-164.40")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_bar_is_for_terminals_only(monkeypatch):
    make.server().save()
    for stream, shown in [(io.StringIO(), False), (Terminal(), True)]:
        monkeypatch.setattr(sys, "stderr", stream)
        meter()
        assert ("server: 100%" in stream.getvalue()) is shown


def test_the_price_list_is_that_of_the_day(prices):
    later = datetime.datetime(2024, 2, 20, 12, tzinfo=make.UTC)
    type(prices).objects.create(revision="2024-02b", effective_from=later, disk_size=Decimal(9))
    make.disk(10, MIDNIGHT).save()
    meter()
    assert Reading.objects.get().payable_amount == Decimal("10.20")
