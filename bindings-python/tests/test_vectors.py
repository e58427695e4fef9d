"""The vectors: the same files, the same number, the same answers as in Rust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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
    """The answer in Python values, written as JSON again, is the answer; an error is raised with its code and facts."""
    for vector in load(path):
        match vector["expect"]:
            case {"ok": expected}:
                answer = counterfoil.call(vector["op"], **vector["input"])
                assert counterfoil.plain(answer) == expected, vector["id"]
            case {"error": expected}:
                with pytest.raises(CounterfoilError) as caught:
                    counterfoil.call(vector["op"], **vector["input"])
                # Where a number of JSON is a Python float, its text is that of Python.
                assert caught.value.code == expected["code"], vector["id"]
