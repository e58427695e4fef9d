"""Parts of the examples that are worth a test of their own."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

SPARK = Path(__file__).parents[2] / "examples" / "spark-metering"


@pytest.fixture
def folder() -> dict[str, Any]:
    return runpy.run_path(str(SPARK / "folder.py"))


def test_a_run_removes_what_an_earlier_one_left_and_nothing_else(tmp_path: Path, folder: dict[str, Any]) -> None:
    theirs = [tmp_path / "rated" / "thesis.txt", tmp_path / "cluster" / "notes.txt"]
    for file in theirs:
        file.parent.mkdir()
        file.touch()
    first = folder["fresh"](tmp_path)
    (first / "rated").mkdir()
    assert folder["fresh"](tmp_path) == first
    assert [file.name for file in first.iterdir()] == [folder["MARKER"]]
    assert all(file.exists() for file in theirs)


def test_a_folder_of_somebody_else_s_is_refused(tmp_path: Path, folder: dict[str, Any]) -> None:
    theirs = tmp_path / folder["NAME"] / "thesis.txt"
    theirs.parent.mkdir()
    theirs.touch()
    with pytest.raises(SystemExit, match="was not made by this program"):
        folder["fresh"](tmp_path)
    assert theirs.exists()
