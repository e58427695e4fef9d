"""The vectors: the same files, the same number, the same answers as in Rust."""

from __future__ import annotations

import copy
import importlib
import inspect
import json
import keyword
import pickle
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import counterfoil
from counterfoil import CounterfoilError
from counterfoil._native import to_json

VECTORS = Path(__file__).resolve().parents[2] / "tests" / "vectors"
FILES = sorted((VECTORS / "data").glob("*/*.json"))


def load(path: Path) -> list[dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content) == {"$schema", "vectors"}
    vectors: list[dict[str, Any]] = content["vectors"]
    for vector in vectors:
        assert set(vector) == {"id", "title", "rule", "op", "input", "expect"}, vector["id"]
        assert len(vector["expect"]) == 1 and set(vector["expect"]) <= {"ok", "error"}, vector["id"]
    return vectors


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_as_many_as_in_rust() -> None:
    """`tests/vectors/count` is held by the runner of Rust as well."""
    count = sum(len(load(path)) for path in FILES)
    assert count == int((VECTORS / "count").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_by_json_text(path: Path) -> None:
    for vector in load(path):
        answer = json.loads(counterfoil.evaluate(vector["op"], json.dumps(vector["input"])))
        match vector["expect"]:
            case {"ok": expected}:
                assert answer == {"ok": expected}, vector["id"]
            case {"error": expected}:
                told = {name: answer["error"][name] for name in ("code", "details")}
                assert told == expected, vector["id"]


def written(answer: Any) -> Any:
    """An answer in Python values as JSON again."""
    return json.loads(to_json({"answer": [answer]}))["answer"][0]


def has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    return any(map(has_float, value)) if isinstance(value, list) else isinstance(value, float)


def is_same(told: Any, expected: Any) -> bool:
    """Whether they are the same, where a member that is null may be missing, `3/5` is `0.6`, and `"256"` an `int`."""
    if isinstance(told, dict) and isinstance(expected, dict):
        told, given = ({name: value for name, value in of.items() if value is not None} for of in (told, expected))
        return told.keys() == given.keys() and all(is_same(told[name], given[name]) for name in told)
    if isinstance(told, list) and isinstance(expected, list):
        return len(told) == len(expected) and all(map(is_same, told, expected))
    if isinstance(told, str) and isinstance(expected, str) and told != expected:
        return "/" in told and Fraction(told) == Fraction(expected)
    if type(told) is int and isinstance(expected, str):
        return str(told) == expected
    return bool(told == expected) and type(told) is type(expected)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_by_python_values(path: Path) -> None:
    """By the function of each operation: its answer, written as JSON again, is the answer; an error is raised."""
    for vector in load(path):
        context, _, verb = vector["op"].partition(".")
        function = getattr(importlib.import_module(f"counterfoil.{context}"), verb)
        arguments = {name + "_" * keyword.iskeyword(name): value for name, value in vector["input"].items()}
        taken = inspect.signature(function).parameters
        if missing := arguments.keys() - taken.keys():
            # No typed program could have passed it: Python says so, and the core by its name.
            with pytest.raises(TypeError, match="unexpected keyword"):
                function(**arguments)
            function = partial(counterfoil.call, vector["op"])
            assert vector["expect"].keys() == {"error"}, (vector["id"], missing)
        elif any(name not in arguments and each.default is each.empty for name, each in taken.items()):
            with pytest.raises(TypeError, match="missing"):
                function(**arguments)
            function = partial(counterfoil.call, vector["op"])
            assert vector["expect"].keys() == {"error"}, vector["id"]
        match vector["expect"]:
            case {"ok": expected}:
                answer = function(**arguments)
                assert is_same(written(answer), expected), vector["id"]
                assert pickle.loads(pickle.dumps(answer)) == answer == copy.deepcopy(answer), vector["id"]
                hash(answer), repr(answer), str(answer)
            case {"error": expected}:
                with pytest.raises(CounterfoilError) as caught:
                    function(**arguments)
                if has_float(vector["input"]):  # refused where it enters Python's border, whatever belongs there
                    assert caught.value.code == "money.float", vector["id"]
                    continue
                assert caught.value.code == expected["code"], vector["id"]
                if expected["code"] != "wire.bad_input":  # which tells a place in the text of JSON
                    assert caught.value.details == expected["details"], vector["id"]
