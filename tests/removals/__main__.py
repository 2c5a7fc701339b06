"""Take one wall away at a time, and see a test fail: `python -m tests.removals`.

A wall is what narrows a query, refuses a role or a phone, counts tries, or writes into the audit.
Works in a copy of the tree, and takes away only in the memory of one process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = "AFTERBLOCK_REMOVALS_IN"


def main() -> int:
    asked = _arguments()
    if HERE in os.environ:
        from .report import run

        return run(asked, Path(os.environ[HERE]))
    with tempfile.TemporaryDirectory(prefix="removals-") as name:
        tree = Path(name) / "tree"
        shutil.copytree(Path.cwd(), tree, ignore=shutil.ignore_patterns(".*", "var", "*.pyc"))
        command = [sys.executable, "-m", "tests.removals", *sys.argv[1:]]
        return subprocess.run(command, cwd=tree, env={**os.environ, HERE: name}).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.removals", description=__doc__)
    parser.add_argument("--kinds", nargs="*", default=[], help="scopes permissions limits audit")
    parser.add_argument(
        "--only", nargs="*", default=[], help="only those whose line has one of these"
    )
    parser.add_argument(
        "--tests", nargs="*", default=[], help="other tests than all that may notice"
    )
    parser.add_argument("--most", type=int, default=200, help="so many tests look at each")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="say what would be taken away")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
