"""The folder that a run writes into: one of its own, so that nothing of anybody else's is ever removed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

NAME = "spark-metering-run"
#: The file that says who made the folder.
MARKER = ".made-by-spark-metering"


def fresh(given: Path) -> Path:
    """An empty folder of this program in the one that was given. What an earlier run left is removed, and nothing else."""
    folder = given.resolve() / NAME
    if folder.exists() and not (folder / MARKER).is_file():
        sys.exit(f"{folder} was not made by this program (there is no {MARKER} in it): name another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    return folder
