"""What the front end calls, and what it is told."""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from portal.api import errors
from portal.models import Account, Cluster, IPv4Range, Node, Payment, Product, Statement
from portal.services import statements

from . import make
from .test_statements import state

JSON = {"format": "json"}


def order(**other) -> dict:
    return {"app_id": "portal", "service_id": "vm", "order_id": "o-1", "amount": "45.50", **other}


def test_an_inquiry(as_ada, prices):
    query = {"kind": "disk", "pay_type": "prepaid", "size_gib": 100, "days": 60}
    answer = as_ada.get("/api/inquiry", query).json()
    assert (answer["original"], answer["payable"], answer["currency"]) == ("6120.00", "4039.20", "CNY")
    assert "6000 GiB·day" in answer["why"]


@pytest.mark.parametrize("query", [{"kind": "disk"}, {"kind": "server", "vcpus": 1}, {"kind": "boat"}])
def test_an_inquiry_that_leaves_something_out(as_ada, prices, query):
    assert as_ada.get("/api/inquiry", {"pay_type": "prepaid", **query}).status_code == 400


def test_without_an_account_nothing_is_told(client, as_ada):
    for path in ["/api/inquiry", "/api/funds", "/api/clusters/north/accommodation"]:
        assert client.get(path).status_code == 403
    for path in ["/api/refunds", "/api/ipv4/merge", "/api/ipv4/1/split"]:
        assert as_ada.post(path, {}, **JSON).status_code == 403


def test_funds(as_ada):
    make.coupon("A", "30.00", timezone.now() + datetime.timedelta(days=1))
    assert as_ada.get("/api/funds", {"service_id": "vm"}).json() == {"balance": "100.00", "usable": "130.00"}
    assert as_ada.get("/api/funds", {"service_id": "oss"}).json()["usable"] == "100.00"
    assert as_ada.get("/api/funds", {"service_id": "gone"}).status_code == 404


def test_a_payment_and_the_same_again(as_ada):
    first = as_ada.post("/api/payments", order(), **JSON)
    assert first.status_code == 200
    assert first.json()["legs"] == [
        {"source": "balance", "coupon": None, "amount": "45.50", "before": "100.00", "after": "54.50"}
    ]
    assert as_ada.post("/api/payments", order(), **JSON).json() == first.json()
    other = as_ada.post("/api/payments", order(amount="45.51"), **JSON)
    assert (other.status_code, other.json()["code"]) == (409, "wallet.payment_conflict")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (45.5, "money.float"),
        (45, "money.not_text"),
        ("45.505", "money.not_a_multiple"),
        ("1e3", "money.not_a_decimal"),
        ("NaN", "money.not_a_decimal"),
        ("", "money.not_a_decimal"),
        ("-1.00", "wallet.negative_amount"),
    ],
)
def test_an_amount_is_text_of_whole_cents(as_ada, amount, code):
    answer = as_ada.post("/api/payments", order(amount=amount), **JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("en", "7.50"), ("zh-hans", "请充值")])
def test_too_little_is_told_in_the_language_of_the_caller(as_ada, language, words):
    answer = as_ada.post("/api/payments", order(amount="107.50"), HTTP_ACCEPT_LANGUAGE=language, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "wallet.funds_not_enough")
    assert words in answer.json()["message"]
    assert answer.json()["details"]["missing"] == "7.50"


def test_a_refund(as_ada, as_staff):
    as_ada.post("/api/payments", order(), **JSON)
    asked = {"app_id": "portal", "order_id": "o-1", "refund_id": "r-1", "amount": "20.00"}
    for _ in range(2):
        answer = as_staff.post("/api/refunds", asked, **JSON)
        assert answer.json()["legs"] == [{"source": "balance", "coupon": None, "amount": "20.00"}]
    assert Account.objects.get().balance == Decimal("74.50")
    more = as_staff.post("/api/refunds", {**asked, "refund_id": "r-2", "amount": "25.51"}, **JSON)
    assert (more.status_code, more.json()["code"]) == (409, "wallet.refund_above_rest")
    assert as_staff.post("/api/refunds", {**asked, "order_id": "gone"}, **JSON).status_code == 404


def test_a_statement_is_paid_by_its_owner_alone(as_ada, as_staff):
    [statement] = state("2.06")
    path = f"/api/statements/{statement.id}/pay"
    assert as_staff.post(path).status_code == 404
    assert as_ada.post(path).json() == {"order_id": statement.order_id, "status": "paid"}
    again = as_ada.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "statement.already_paid")
    assert Statement.objects.get().status == "paid"


def test_nobody_takes_the_order_of_a_statement(as_ada):
    """Its id can be guessed, before it is stated even: so payments of statements are of an application of their own."""
    Account.objects.create(owner_id="bob", balance=Decimal("50.00"))
    order_id = "2024-02-20/UTC/user/bob/vm/server/0"
    assert as_ada.post("/api/payments", order(order_id=order_id), **JSON).status_code == 200
    for app_id in ["portal.statements", "Portal.Statements", " portal.statements "]:
        answer = as_ada.post("/api/payments", order(order_id=order_id, app_id=app_id), **JSON)
        assert (answer.status_code, list(answer.json())) == (400, ["app_id"])
    [statement] = state("2.06", owner_id="bob")
    assert statement.order_id == order_id
    assert statements.settle(statement, make.NOW).status == "paid"
    assert Account.objects.get(owner_id="bob").balance == Decimal("47.94")


def test_who_has_the_name_of_another_has_nothing_of_that_one(as_ada):
    [statement] = state("2.06")
    get_user_model().objects.all().delete()
    get_user_model().objects.create_user("ada", password="other", pk=8)
    as_ada.login(username="ada", password="other")
    assert as_ada.get("/api/funds", {"service_id": "vm"}).json()["balance"] == "0.00"
    assert as_ada.post(f"/api/statements/{statement.id}/pay").status_code == 404


def test_a_long_name_is_no_matter_and_to_ask_makes_no_account(client, unit):
    client.force_login(get_user_model().objects.create_user("a" * 140 + "@example"))
    assert client.get("/api/funds", {"service_id": "vm"}).json() == {"balance": "0.00", "usable": "0.00"}
    assert not Account.objects.exists()


def test_amounts_have_their_cents(as_ada):
    told = [as_ada.post("/api/payments", order(amount="45.5"), **JSON).json() for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["amount"] == told[0]["legs"][0]["amount"] == "45.50"


def test_nothing_is_not_paid(as_ada):
    assert as_ada.post("/api/payments", order(amount="0.00"), **JSON).json().keys() == {"amount"}
    assert not Payment.objects.exists()


def test_the_statements_of_the_caller(as_ada):
    state("9.99", owner_id="bob")
    [mine] = state("2.06")
    [told] = as_ada.get("/api/statements").json()
    assert (told["id"], told["order_id"], told["payable"], told["status"]) == (mine.id, mine.order_id, "2.06", "unpaid")
    assert as_ada.get("/api/statements", {"date": "2024-02-21"}).json() == []
    assert as_ada.get("/api/statements", {"date": "yesterday"}).status_code == 400


def test_a_split_and_its_dry_run(as_staff):
    row = make.network("10.0.0.0/16", status="wait")
    asked = {"prefix_len": 24, "mini": True, "dry_run": True}
    looked = as_staff.post(f"/api/ipv4/{row.id}/split", asked, **JSON).json()
    assert (looked["dry_run"], len(looked["after"]), IPv4Range.objects.count()) == (True, 13, 1)
    done = as_staff.post(f"/api/ipv4/{row.id}/split", {**asked, "dry_run": False}, **JSON).json()
    assert [piece["range"] for piece in done["after"]] == [piece["range"] for piece in looked["after"]]
    assert {piece["id"] for piece in done["after"]} == {row.id for row in IPv4Range.objects.all()}
    assert as_staff.post(f"/api/ipv4/{row.id}/split", asked, **JSON).status_code == 404


def test_a_split_by_a_plan_or_a_length(as_staff):
    row = make.network("10.0.0.0/24", status="wait")
    plan = {"plan": ["10.0.0.0/24"]}
    for asked in [
        {},
        {"prefix_len": 25, **plan},
        {"mini": True, **plan},
        {"diff": 2, **plan},
        {"prefix_len": 25, "diff": 2},
    ]:
        assert as_staff.post(f"/api/ipv4/{row.id}/split", asked, **JSON).status_code == 400
    answer = as_staff.post(f"/api/ipv4/{row.id}/split", {"plan": ["10.0.0.0/24"]}, **JSON).json()
    assert (answer["unchanged"], answer["after"]) == (True, [])
    no_text = as_staff.post(f"/api/ipv4/{row.id}/split", {"plan": ["10.0.0.0/024"]}, **JSON)
    assert (no_text.status_code, no_text.json()["code"]) == (400, "ipam.length")


def test_a_merge_tells_all_that_is_wrong(as_staff):
    ids = [make.network(text, status="wait").id for text in ("159.0.0.0/24", "159.0.2.0/24")]
    answer = as_staff.post("/api/ipv4/merge", {"ids": ids, "prefix_len": 23}, **JSON)
    assert answer.status_code == 409
    codes = [violation["code"] for violation in answer.json()["violations"]]
    assert codes == ["ipam.merge_not_contiguous", "ipam.merge_supernet"]


def test_the_status_of_a_merge_that_can_not_be(as_staff):
    """By the category of what is wrong, as with an error that comes alone."""
    row = make.network("159.0.0.0/24", status="wait")
    for ids, prefix_len, status, code in [
        ([row.id, "gone"], 23, 404, "ipam.merge_not_found"),
        ([], 23, 400, "ipam.empty_merge"),
        ([row.id], 25, 400, "ipam.merge_shorter"),
    ]:
        answer = as_staff.post("/api/ipv4/merge", {"ids": ids, "prefix_len": prefix_len}, **JSON)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    twice = as_staff.post("/api/ipv4/merge", {"ids": [row.id, row.id], "prefix_len": 23}, **JSON)
    assert (twice.status_code, list(twice.json())) == (400, ["ids"])


def test_the_categories_of_violations_are_those_of_the_list():
    """All codes of plans and merges stand in `docs/errors.md`."""
    listed = (Path(__file__).parents[3] / "docs" / "errors.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(ipam\.(?:empty_)?(?:merge|plan)\w*)` \| (\w+) ", listed, re.MULTILINE)
    assert {code: category for code, category in found if category != "conflict"} == errors.VIOLATIONS


def test_a_merge(as_staff):
    ids = [make.network(text, status="wait").id for text in ("2001:db8::/65", "2001:db8:0:0:8000::/65")]
    answer = as_staff.post("/api/ipv6/merge", {"ids": ids, "prefix_len": 64}, **JSON).json()
    assert [row["range"] for row in answer["after"]] == ["2001:db8::/64"]


@pytest.fixture
def north(db):
    cluster = Cluster.objects.create(name="north")
    Node.objects.create(cluster=cluster, name="control", role="control", free_cpu="3150m", free_memory="15.30Gi")
    Node.objects.create(cluster=cluster, name="worker", free_cpu="1600m", free_memory="10.11Gi", labels=["zone=a"])
    for id, cpu in [("p1", "2"), ("p2", "1600m"), ("p3", "1601m")]:
        Product.objects.create(id=id, cpu=cpu, memory="512Mi")


@pytest.mark.usefixtures("north")
def test_what_can_not_be_bought_now_and_why(as_ada):
    answer = as_ada.get("/api/clusters/north/accommodation").json()
    assert answer["undeployable"] == ["p1", "p3"]  # R-A1: a control node takes nothing
    assert answer["why"]["p3"] == "0/2 nodes are available: 1 node(s) were not workers, 1 Insufficient cpu."
    labelled = as_ada.get("/api/clusters/north/accommodation", {"labels": "zone=b"}).json()
    assert labelled["undeployable"] == ["p1", "p2", "p3"]
    assert as_ada.get("/api/clusters/south/accommodation").status_code == 404
    no_label = as_ada.get("/api/clusters/north/accommodation", {"labels": "zone"})
    assert (no_label.status_code, no_label.json()["code"]) == (400, "placement.bad_label")
