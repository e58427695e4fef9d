"""Calls by the function of each operation, and whether their answers are those of JSON text.

What the vectors and the cases of `cargo xtask conformance` share.
"""

from __future__ import annotations

import importlib
import inspect
import json
import keyword
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from counterfoil._native import to_json


@cache
def function_of(operation: str) -> Callable[..., Any]:
    """The function of an operation: `pricing.rate` of the module `counterfoil.pricing`."""
    context, _, verb = operation.partition(".")
    function: Callable[..., Any] = getattr(importlib.import_module(f"counterfoil.{context}"), verb)
    return function


@cache
def taken_by(function: Callable[..., Any]) -> dict[str, bool]:
    """The names that a function takes, and whether each is needed."""
    parameters = inspect.signature(function).parameters
    return {name: each.default is each.empty for name, each in parameters.items()}


def keywords(members: dict[str, Any]) -> dict[str, Any]:
    """Members as arguments: `for` is no name in Python, and becomes `for_`."""
    return {name + "_" * keyword.iskeyword(name): value for name, value in members.items()}


def refusal(function: Callable[..., Any], arguments: dict[str, Any]) -> str | None:
    """What Python says where arguments are not those of a function: no typed program could have passed them."""
    taken = taken_by(function)
    if arguments.keys() - taken.keys():
        return "unexpected keyword"
    if any(needed and name not in arguments for name, needed in taken.items()):
        return "missing"
    return None


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
