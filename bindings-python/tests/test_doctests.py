"""The examples in the docstrings of what is written in Rust, which pytest does not find by itself."""

from __future__ import annotations

import doctest
from collections.abc import Iterator

import pytest

from counterfoil import _native

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def documented() -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    for name in sorted(vars(_native)):
        # What is written in Rust says no module that `doctest` would look into.
        if not name.startswith("__"):
            yield from (
                test for test in finder.find(getattr(_native, name), name, module=False, globs={}) if test.examples
            )


@pytest.mark.parametrize("example", list(documented()), ids=lambda example: str(example.name))
def test_an_example_says_what_happens(example: doctest.DocTest) -> None:
    told: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS).run(example, out=told.append)
    assert not told, "".join(told)


def test_every_class_and_function_is_documented() -> None:
    public = [value for name, value in vars(_native).items() if not name.startswith("_")]
    assert public and [value for value in public if not value.__doc__] == []
