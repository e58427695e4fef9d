"""Answers the cases of `cargo xtask conformance`: by JSON text, and by the function of each operation.

    conformance.py CASES ANSWERS VERDICTS PART PARTS

To each case of its part, a line of each file: the bytes of the answer by text; and `same`, where the function gave the
same value or the same error, `different: …`, or what of the case a typed program can not pass, if it was refused so.
"""

from __future__ import annotations

import json
import re
import sys
from functools import partial
from itertools import islice
from typing import Any

from typed_calls import function_of, is_same, keywords, refusal, taken_by, written

import counterfoil
from counterfoil import CounterfoilError

OPERATIONS = frozenset(counterfoil.operations())
#: What Python can not pass, or has no way to write, and the code with which its border refuses it.
REFUSED_AS = {
    "a float": "money.float",
    "half of a surrogate pair": "wire.bad_input",
    "an integer beyond 128 bits": "money.too_many_digits",
    "values nested too deep": "wire.bad_input",
}
UNKNOWN = "wire.unknown_operation"
#: As the border of the package has it.
DEEPEST = 64
#: What Python shows each time that it has done so many cases.
STEP = 500


class NotPassed(Exception):
    """A case that no typed program could pass, and the codes with which text is then answered; no codes for any error."""

    def __init__(self, reason: str, *codes: str | None) -> None:
        super().__init__(reason)
        self.reason, self.codes = reason, codes


class Call:
    """The members of a call as Python reads them, and what of them its border refuses."""

    def __init__(self, text: str) -> None:
        self.refused: set[str] = set()
        self.unreadable: set[str] = set()
        try:
            value = json.loads(
                text,
                parse_float=self.float,
                parse_int=self.integer,
                parse_constant=self.constant,
                object_pairs_hook=self.members,
            )
        except RecursionError:
            raise NotPassed("more depth than Python reads", "wire.bad_input") from None
        except ValueError:
            raise NotPassed("no JSON", "wire.bad_input") from None
        if not isinstance(value, dict):
            raise NotPassed("no object", "wire.bad_input")
        if self.unreadable:
            raise NotPassed(min(self.unreadable))
        self.value = value
        self.look_into(value, 0)

    def float(self, text: str) -> float:
        self.refused.add("a float")
        return float(text)

    def integer(self, text: str) -> int:
        if text == "-0":  # an `int` has no sign of zero
            self.unreadable.add("a zero with a sign")
        return int(text)

    def constant(self, text: str) -> None:
        raise ValueError(f"`{text}` is a number of Python only")

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            self.unreadable.add("a member twice")
        return members

    def look_into(self, value: Any, depth: int) -> None:
        if depth > DEEPEST:
            self.refused.add("values nested too deep")
        elif isinstance(value, dict):
            for name, member in value.items():
                self.look_into(name, depth)
                self.look_into(member, depth + 1)
        elif isinstance(value, list):
            for item in value:
                self.look_into(item, depth + 1)
        elif isinstance(value, str):
            if re.search("[\ud800-\udfff]", value):
                self.refused.add("half of a surrogate pair")
        elif type(value) is int and value.bit_length() > 128 and value != 2**128:
            self.refused.add("an integer beyond 128 bits")


def code_of(answer: dict[str, Any]) -> str | None:
    code: str | None = answer.get("error", {}).get("code")
    return code


def verdict(operation: str, text: str, answer: dict[str, Any]) -> str:
    """What the function of an operation makes of a call, beside the answer to the same as text."""
    code = code_of(answer)
    try:
        if code == "wire.too_long":  # by spaces, which values have not
            raise NotPassed("more bytes than an input may have", code)
        if operation not in OPERATIONS:
            # `operations` lists them, with whatever answer.
            raise NotPassed("no operation with a function", code if operation == "operations" else UNKNOWN)
        return by_function(operation, Call(text), answer)
    except NotPassed as not_passed:
        is_refused = code in not_passed.codes if not_passed.codes else code is not None
        return not_passed.reason if is_refused else f"different: {not_passed.reason}, but the answer is {code}"


def by_function(operation: str, call: Call, answer: dict[str, Any]) -> str:
    function, arguments = function_of(operation), keywords(call.value)
    unfit = refusal(function, arguments)
    if unfit is not None:
        try:
            function(**arguments)
        except TypeError as error:
            if unfit not in str(error):
                return f"different: {unfit}, but {error!r}"
        if any(arguments[name] is None for name in arguments.keys() - taken_by(function)):
            raise NotPassed("an unknown member that is null")  # what is `None`, `call` leaves out
        function = partial(counterfoil.call, operation)
    try:
        told: Any = function(**arguments)
    except CounterfoilError as error:
        return verdict_on_error(error, unfit, call, answer)
    if call.refused:
        return f"different: {min(call.refused)}, but Python answers {told!a}"
    told = written(told)
    if "ok" in answer and is_same(told, answer["ok"]):
        return "same" if unfit is None else f"different: {unfit}, but an answer"
    return f"different: {json.dumps(told)}"


def verdict_on_error(error: CounterfoilError, unfit: str | None, call: Call, answer: dict[str, Any]) -> str:
    code = code_of(answer)
    if call.refused:
        is_refused = code is not None and error.code in {REFUSED_AS[reason] for reason in call.refused}
        return min(call.refused) if is_refused else f"different: {error!a}"
    if error.code != code:
        return f"different: {error!a}"
    # What has another shape is told with a place in the text of JSON.
    if code != "wire.bad_input" and error.details != answer["error"]["details"]:
        return f"different: {json.dumps(error.details)}"
    match unfit:
        case None:
            return "same"
        case "missing":
            return "a member missing"
        case _:
            return "an unknown member"


def answered(operation: str, text: str) -> tuple[str, str]:
    """The answer by text, and the verdict on the function."""
    try:
        answer = counterfoil.evaluate(operation, text)
    except Exception as error:
        return f"raised {error!a}", "different: no answer by text"
    try:
        return answer, verdict(operation, text, json.loads(answer))
    except Exception as error:
        return answer, f"different: raised {error!a}"


def main(cases: str, answers: str, verdicts: str, part: str, parts: str) -> None:
    with open(cases, "rb") as lines, open(answers, "wb") as told, open(verdicts, "wb") as judged:
        done = 0
        for line in islice(lines, int(part), None, int(parts)):
            case = json.loads(line)
            answer, word = answered(case["op"], case["input"])
            told.write(answer.encode() + b"\n")
            judged.write(word.encode("ascii", "backslashreplace").replace(b"\n", b" ") + b"\n")
            done += 1
            if done == STEP:
                print(done, flush=True)
                done = 0
    print(done, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
