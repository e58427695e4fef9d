"""Snapshots: the same as the operations by their names, and safe to share."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import counterfoil
from counterfoil import CounterfoilError, Snapshot, evaluate, placement
from counterfoil._native import to_json

VECTORS = Path(__file__).resolve().parents[2] / "tests" / "vectors" / "data" / "placement"


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(CounterfoilError) as caught:
        call()
    return caught.value.code


def told(answer: Any) -> Any:
    """An answer as the wire writes it, without the members that say nothing."""

    def without_none(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without_none(of) for name, of in value.items() if of is not None}
        return [without_none(of) for of in value] if isinstance(value, list) else value

    written = (
        answer if isinstance(answer, (dict, list)) and not answer else json.loads(to_json({"answer": answer}))["answer"]
    )
    return without_none(written)


def vectors() -> list[Any]:
    """Every vector of the questions that a snapshot answers."""
    found = []
    for name in ("check", "count", "free", "what_if"):
        for vector in json.loads((VECTORS / f"{name}.json").read_text())["vectors"]:
            if vector["op"] == f"placement.{name}" and isinstance(vector["input"].get("inventory"), dict):
                found.append(pytest.param(name, vector["input"], vector["expect"], id=vector["id"]))
    return found


@pytest.mark.parametrize(("name", "call", "expected"), vectors())
def test_a_snapshot_answers_the_vectors(name: str, call: dict[str, Any], expected: dict[str, Any]) -> None:
    call = dict(call)
    try:
        snapshot = Snapshot(**call.pop("inventory"))
        answer = getattr(snapshot, name)(**call)
    except CounterfoilError as error:
        assert error.code == expected["error"]["code"]
    except TypeError:
        # A member that there is not is no keyword either; over the wire it is an input that is not understood.
        assert expected["error"]["code"] == "wire.bad_input"
    else:
        assert told(answer) == told(expected["ok"])


NAMES = st.sampled_from(["w1", "w2", "w3"])
CORES = st.integers(0, 12)


@given(st.dictionaries(NAMES, CORES, max_size=3), st.lists(st.tuples(NAMES, CORES), max_size=4), CORES)
def test_cores_are_counted_node_by_node(has: dict[str, int], runs: list[tuple[str, int]], asked: int) -> None:
    runs = [(node, cores) for node, cores in runs if node in has]
    nodes = [{"name": node, "resources": {"cpu": str(cores)}} for node, cores in has.items()]
    running = [
        {"id": str(place), "node": node, "parts": [{"resource": "cpu", "amount": str(cores)}]}
        for place, (node, cores) in enumerate(runs)
        if cores
    ]
    product = {"id": "p", "parts": [{"resource": "cpu", "amount": str(asked)}] if asked else []}
    snapshot = Snapshot(nodes, running=running)
    free = {node: cores - sum(used for on, used in runs if on == node) for node, cores in has.items()}
    assert {row["node"]: row["free"]["cpu"] for row in told(snapshot.free())} == {
        n: str(left) for n, left in free.items()
    }
    if asked:
        counts = {node: left // asked for node, left in free.items() if left >= asked}
        (counted,) = told(snapshot.count([product]))
        assert counted["count"] == sum(counts.values())
        assert {row["node"]: row["count"] for row in counted["nodes"]} == counts
        assert snapshot.check([product]).greyed == (() if counts else ("p",))
        # What if all of it stopped, and what is then: the same.
        changes = [{"stop": item["id"]} for item in running]
        supposed = told(snapshot.what_if(changes, [product]))
        empty = snapshot.apply(changes)
        assert supposed["products"][0]["after"] == told(empty.count([product]))[0]["count"]
        assert supposed["products"][0]["before"] == counted["count"] == told(snapshot.count([product]))[0]["count"]
        assert empty == Snapshot(nodes) and (empty == snapshot) == (not running)
    assert len(snapshot) == len(has) and snapshot.nodes == sorted(has) and snapshot.running_count == len(running)


NODES = [{"name": "w1", "resources": {"cpu": "4", "memory": "8Gi"}}, {"name": "w2", "resources": {"cpu": None}}]
RUNNING = [{"id": "a", "node": "w1", "parts": [{"resource": "cpu", "amount": "2400m"}]}]
PRODUCTS = [{"id": "2-core", "parts": [{"resource": "cpu", "amount": "2"}]}]


def test_the_answer_is_that_of_the_operation() -> None:
    inventory = {"nodes": NODES, "running": RUNNING}
    snapshot = Snapshot(NODES, running=RUNNING)

    def operation(name: str, **more: Any) -> Any:
        return told(json.loads(evaluate(f"placement.{name}", json.dumps({"inventory": inventory, **more})))["ok"])

    assert told(snapshot.check(PRODUCTS)) == operation("check", products=PRODUCTS)
    rules = {"where_unknown": "available"}
    for detail in ("verdicts", "reasons", "nearest"):
        assert told(snapshot.check(PRODUCTS, detail=detail, telling="first_check")) == operation(
            "check", products=PRODUCTS, detail=detail, telling="first_check"
        )
    assert told(snapshot.count(PRODUCTS)) == operation("count", products=PRODUCTS)
    assert told(snapshot.free()) == operation("free")
    changes = [{"stop": "a"}, {"remove_node": "w2"}]
    assert told(snapshot.what_if(changes, PRODUCTS)) == operation("what_if", products=PRODUCTS, changes=changes)
    answer = json.loads(
        evaluate("placement.check", json.dumps({"inventory": inventory, "products": PRODUCTS, "rules": rules}))
    )
    if "error" in answer:
        assert code(lambda: snapshot.check(PRODUCTS, rules=rules)) == answer["error"]["code"]
    else:
        assert told(snapshot.check(PRODUCTS, rules=rules)) == told(answer["ok"])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: Snapshot([{"name": "w", "resources": {"cpu": 4}}]), "money.not_text"),
        (lambda: Snapshot([{"name": "w", "resources": {"cpu": 4.0}}]), "money.float"),
        (lambda: Snapshot([{"name": "w", "resources": {"cpu": "4e"}}]), "placement.unknown_suffix"),
        (lambda: Snapshot([{"name": "w"}]), "wire.bad_input"),
        (lambda: Snapshot([{"name": "w", "resources": {}, "colour": "red"}]), "wire.bad_input"),
        (lambda: Snapshot([{"name": "w", "resources": {}}] * 2), "placement.duplicate_node"),
        (lambda: Snapshot([], running=RUNNING), "placement.unknown_node"),
        (lambda: Snapshot(None), "wire.bad_input"),
        (lambda: Snapshot("[]"), "wire.bad_input"),
        (lambda: Snapshot(5), "wire.bad_input"),
        (lambda: Snapshot([object()]), "wire.bad_input"),
        (lambda: Snapshot.from_json("{"), "wire.bad_input"),
        (lambda: Snapshot.from_json(5), "wire.bad_input"),
        (lambda: Snapshot(NODES).check([{"id": "p"}]), "wire.bad_input"),
        (lambda: Snapshot(NODES).check(None), "wire.bad_input"),
        (lambda: Snapshot(NODES).check(PRODUCTS, detail="everything"), "placement.unknown_word"),
        (lambda: Snapshot(NODES).apply([{"stop": "nobody"}]), "placement.unknown_item"),
        (lambda: Snapshot(NODES).apply([{"halt": "nobody"}]), "wire.bad_input"),
        (lambda: Snapshot(NODES).what_if([{"remove_node": "w9"}], PRODUCTS), "placement.unknown_node"),
    ],
)
def test_what_is_refused(call: Callable[[], Any], expected: str) -> None:
    assert code(call) == expected


def test_a_snapshot_never_changes() -> None:
    snapshot = Snapshot(NODES, running=RUNNING)
    before = snapshot.free()
    # The first change is made before the second is wrong: none of them stays.
    changes = [{"stop": "a"}, {"stop": "a"}]
    assert code(lambda: snapshot.apply(changes)) == "placement.unknown_item"
    assert code(lambda: snapshot.what_if(changes, PRODUCTS)) == "placement.unknown_item"
    after = snapshot.apply([{"stop": "a"}])
    assert snapshot.free() == before != after.free()
    assert snapshot == Snapshot(NODES, running=RUNNING) != after and snapshot == snapshot
    with pytest.raises(AttributeError):
        snapshot.something = 1  # type: ignore[attr-defined]


def test_it_is_made_again_of_its_members_and_they_are_those_of_a_call() -> None:
    added = {"add_node": {"name": "w3", "resources": {"cpu": "2"}}}
    snapshot = (
        Snapshot(NODES, running=RUNNING, sharing="named").apply([{"stop": "a"}, added]).apply([{"remove_node": "w1"}])
    )
    members = snapshot.to_dict()
    assert members["changes"] == [{"stop": "a"}, added, {"remove_node": "w1"}]
    assert Snapshot(**members["inventory"]).apply(members["changes"]) == snapshot
    answer = counterfoil.placement.what_if(**members, products=PRODUCTS)
    assert answer.products[0].after == snapshot.count(PRODUCTS)[0].count == 1 != answer.products[0].before


def test_values_are_what_they_show() -> None:
    snapshot = Snapshot(NODES, running=RUNNING).apply([{"add_node": {"name": "<w>", "resources": {"cpu": "1"}}}])
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(snapshot, protocol))
        assert again == snapshot and hash(again) == hash(snapshot) and again.free() == snapshot.free()
    assert copy.copy(snapshot) == snapshot == copy.deepcopy(snapshot)
    assert repr(snapshot) == "<Snapshot of 3 nodes, with 1 running>" and snapshot != 5
    assert "&lt;w&gt;" in snapshot._repr_html_() and "cpu ?" in snapshot._repr_html_()
    assert Decimal(told(snapshot.free())[1]["free"]["cpu"].rstrip("m")) == 1600


def test_threads_ask_one_snapshot() -> None:
    snapshot = Snapshot(NODES, running=RUNNING)
    expected = (snapshot.free(), snapshot.check(PRODUCTS), snapshot.what_if([{"stop": "a"}], PRODUCTS))
    wrong: list[Any] = []

    def work() -> None:
        for _ in range(100):
            seen = (snapshot.free(), snapshot.check(PRODUCTS), snapshot.what_if([{"stop": "a"}], PRODUCTS))
            if seen != expected or snapshot != snapshot.apply([]):
                wrong.append(seen)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


settings.register_profile("counterfoil", deadline=None, derandomize=True)
settings.load_profile("counterfoil")


def test_one_of_several_has_its_own_members_and_none_for_those_of_another_record() -> None:
    taints = [{"key": "gpu", "value": "only", "effect": "NoSchedule"}]
    nodes = [
        {"name": "w", "taints": taints, "resources": {"cpu": "4"}},
        {"name": "c", "cordoned": True, "resources": {}},
    ]
    one = [{"id": "p", "parts": [{"resource": "cpu", "amount": "1"}]}]
    (grey,) = Snapshot(nodes).check(one, telling="every").products
    assert type(grey) is placement.Grey and isinstance(grey, placement.Verdict)
    assert (grey.stage, grey.nodes) == ("dynamic", None) and "nodes" not in grey.to_dict()
    assert grey.why is not None
    reasons = {count.reason.is_: count.reason for count in grey.why.reasons}
    taint, cordoned = reasons["taint"], reasons["cordoned"]
    assert isinstance(taint, placement.RefusalTaint) and isinstance(cordoned, placement.Refusal)
    assert taint.to_dict() == {"is_": "taint", "key": "gpu", "value": "only"}
    assert repr(cordoned) == "RefusalCordoned(is_='cordoned')" and not hasattr(cordoned, "key")
    for answer in (grey, taint, cordoned):
        assert pickle.loads(pickle.dumps(answer)) == answer == copy.copy(answer) and len({answer, answer}) == 1
    assert taint != cordoned
    match taint:
        case placement.RefusalTaint(_, key, value):
            assert (key, value) == ("gpu", "only")
    (sellable,) = Snapshot([{"name": "w", "resources": {"cpu": "4"}}]).check(one).products
    assert repr(sellable) == "Sellable(id='p', nodes=1)" and (sellable.stage, sellable.why) == (None, None)


def test_the_words_of_a_closed_set_can_be_listed() -> None:
    assert get_args(placement.Stage) == ("stock", "quota", "label", "taint", "dynamic")
    assert get_args(counterfoil.wallet.OwnerKind) == ("user", "group")


def test_what_was_found_about_a_group_can_be_passed_again() -> None:
    inventory: Any = {"nodes": [{"name": "w", "resources": {"cpu": "4"}}]}
    parts = [{"resource": "cpu", "amount": "3"}]

    def group(name: str, replicas: int) -> Any:
        return {"name": name, "items": [{"product": {"id": name, "parts": parts}, "replicas": replicas}]}

    groups = [group("one", 1), group("two", 2)]
    answers = placement.place(inventory=inventory, groups=groups)
    assert [type(answer) for answer in answers] == [placement.Placed, placement.Impossible]
    assert [answer.gave_up for answer in answers] == [None, None]
    found = placement.verify(inventory=inventory, groups=groups, answers=answers)
    assert [(each.group, each.is_, each.why) for each in found] == [
        ("one", "verified", None),
        ("two", "verified", None),
    ]
