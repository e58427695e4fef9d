"""The vectors: the same files, the same number, the same answers as in Rust."""

from __future__ import annotations

import copy
import json
import pickle
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typed_calls import function_of, has_float, is_same, keywords, refusal, written

import counterfoil
from counterfoil import CounterfoilError

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


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_by_python_values(path: Path) -> None:
    """By the function of each operation: its answer, written as JSON again, is the answer; an error is raised."""
    for vector in load(path):
        function, arguments = function_of(vector["op"]), keywords(vector["input"])
        if refused := refusal(function, arguments):
            # Python says so, and the core by its name.
            with pytest.raises(TypeError, match=refused):
                function(**arguments)
            function = partial(counterfoil.call, vector["op"])
            assert vector["expect"].keys() == {"error"}, (vector["id"], refused)
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
