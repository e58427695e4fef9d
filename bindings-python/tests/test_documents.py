"""What the pages say that Python answers, it answers."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
#: A page, and the least number of examples in it: a page whose examples are no longer found is noticed.
PAGES = [("bindings-python/README.md", 15), ("docs/python-migration.md", 10)]


@pytest.mark.parametrize(("page", "least"), PAGES)
def test_the_examples_of_a_page_run(page: str, least: int) -> None:
    result = doctest.testfile(str(ROOT / page), module_relative=False, optionflags=FLAGS, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted >= least
