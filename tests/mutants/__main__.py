"""Mutation testing: `python -m tests.mutants tracker/clinical --tests tests/clinical`.

Each small mistake in the product ought to make a test fail. Works in a copy of the tree, and puts
each mistake only into the memory of one process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from . import explained
from .baseline import Baseline, measure, warm
from .mutations import Mutant, mutants
from .trial import BROKEN, KILLED, SURVIVED, attempt, end, fork

PATIENCE = 2
"""A mutant's tests are ended when they took so many times as long as the whole suite."""
STEP = 50


def main() -> int:
    asked = _arguments()
    with _a_copy_of(Path.cwd()) as folder:
        found = [mutant for file in _modules(asked) for mutant in mutants(file)]
        found = [m for m in found if not asked.only or any(o in m.file for o in asked.only)]
        options = [*(f"--deselect={test}" for test in asked.without), *_bare(asked)]
        print(f"{len(found)} mutants; running {' '.join(asked.tests)} as they are", flush=True)
        files = {mutant.file for mutant in found}
        baseline = measure(files, asked.tests, options, folder / "baseline.json")
        if baseline.failed or not baseline.calls:
            print("Tests fail without any mutant:", *(baseline.failed or ["there are none"]))
            return 2
        print(f"{len(baseline.calls)} tests, {baseline.seconds:.0f} s", flush=True)
        warm(baseline)
        outcomes = _try_all(found, baseline, options, asked.jobs)
    return _report(found, outcomes, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, help="modules and folders to mutate")
    parser.add_argument("--tests", nargs="+", required=True, help="what must notice")
    parser.add_argument("--skip", nargs="*", default=[], help="parts of paths to leave out")
    parser.add_argument(
        "--only", nargs="*", default=[], help="only files whose path has one of these"
    )
    parser.add_argument("--bare", action="store_true", help="without Django and tests/conftest.py")
    parser.add_argument("--without", nargs="*", default=[], help="tests to leave out")
    parser.add_argument("--explained", type=Path, help="the file of explained survivors")
    parser.add_argument("--write", action="store_true", help="add new survivors to that file")
    parser.add_argument("--least", type=float, default=95, help="per cent that must be killed")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def _bare(asked: argparse.Namespace) -> list[str]:
    if not asked.bare:
        return []
    options = ["-p", "no:django", "-o", "addopts=", f"--confcutdir={asked.tests[0]}"]
    return [*options, "-W", "ignore::pytest.PytestConfigWarning"]


def _modules(asked: argparse.Namespace) -> Iterator[Path]:
    for path in asked.paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if not any(part in str(file) for part in asked.skip):
                yield file


@contextmanager
def _a_copy_of(tree: Path) -> Iterator[Path]:
    """Work in a copy: the tree may change meanwhile, and nothing here can change it."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name).resolve()
        shutil.copytree(tree, folder / "tree", ignore=shutil.ignore_patterns(".*", "var", "*.pyc"))
        sys.pycache_prefix = str(folder / "pyc")
        os.environ.setdefault("EXAMPLES", "15")
        os.chdir(folder / "tree")
        try:
            yield folder
        finally:
            os.chdir(tree)


def _try_all(
    found: Sequence[Mutant], baseline: Baseline, options: Sequence[str], jobs: int
) -> list[int]:
    """What became of each mutant, in their order, however the processes took turns."""
    outcomes = [BROKEN] * len(found)
    seconds = 5 + PATIENCE * baseline.seconds
    started, running, waiting = time.monotonic(), dict[int, int](), list(range(len(found)))[::-1]
    try:
        while running or waiting:
            while waiting and len(running) < jobs:
                n = waiting.pop()
                tests = baseline.tests_for(found[n])
                try_it = partial(attempt, found[n], tests, options)
                running[fork(try_it, seconds=seconds)] = n
            pid, status = os.wait()
            n = running.pop(pid)
            end(pid)
            # A mutant that never ends was noticed too: its time was over.
            outcomes[n] = KILLED if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            if outcomes[n] != KILLED:
                print(f"  {_said(outcomes[n])}: {found[n]}", flush=True)
            _progress(len(found), len(found) - len(waiting) - len(running), started)
    finally:
        for pid in running:
            end(pid)
    return outcomes


def _said(outcome: int) -> str:
    return "survived" if outcome == SURVIVED else "could not be tried"


def _progress(total: int, done: int, started: float) -> None:
    if done % STEP == 0 or done == total:
        minutes, seconds = divmod(int(time.monotonic() - started), 60)
        print(f"{done:6} of {total}   {minutes}:{seconds:02}", flush=True)


def _report(found: Sequence[Mutant], outcomes: Sequence[int], asked: argparse.Namespace) -> int:
    survivors = [m for m, outcome in zip(found, outcomes, strict=True) if outcome == SURVIVED]
    reasons = explained.read(asked.explained)
    open_ones = [m for m in survivors if not reasons.get(m.key)]
    tried, surviving = {m.file for m in found}, {m.key for m in survivors}
    stale = [key for key in reasons if key[0] in tried and key not in surviving]
    killed = outcomes.count(KILLED)
    share = 100 * killed / max(1, len(found))
    print(f"\n{len(found)} mutants: {killed} killed, {len(survivors)} survived: {share:.1f} %")
    print(f"{len(survivors) - len(open_ones)} survivors are explained in {asked.explained}")
    for mutant in open_ones:
        print(f"  not explained: {mutant}")
    for key in stale:
        print("  explained, and yet killed or gone:", " · ".join(key))
    if asked.write and asked.explained:
        explained.append(asked.explained, [m for m in open_ones if m.key not in reasons])
    return int(share < asked.least or bool(open_ones or stale) or BROKEN in outcomes)


if __name__ == "__main__":
    sys.exit(main())
