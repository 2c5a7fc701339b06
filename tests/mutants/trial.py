"""Tries one mistake: a child process imports the product with it and runs the tests.

Nothing on disk is touched. The parent has read everything but the product and its tests, so that a
fork has a Python that is warm and a product that is not yet imported.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import pytest

from .mutations import Mutant

QUIETLY = ("-q", "--tb=no", "-p", "no:cacheprovider", "--no-header", "--no-summary")
SURVIVED, KILLED, BROKEN = 0, 1, 3
FIRST = 25
"""So many tests are tried before the others are even collected."""
MEMORY = 4 << 30
DAY, SLOWER = 86_400, 10


@dataclass(slots=True)
class Chosen:
    """A pytest plugin that runs these tests in this order, and no others."""

    tests: Sequence[str]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        place = {test: n for n, test in enumerate(self.tests)}
        items[:] = sorted(
            (item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid]
        )


def attempt(mutant: Mutant, tests: Sequence[str], options: Sequence[str]) -> int:
    """In a child: whether a test fails when the product is imported with this mistake."""
    mutant.swap()
    sys.meta_path.insert(0, Mistaken(mutant.file, compile(mutant.tree, mutant.file, "exec")))
    for some in (tests[:FIRST], tests[FIRST:]):
        files = list(dict.fromkeys(test.partition("::")[0] for test in some))
        code = (
            pytest.main(["-x", *QUIETLY, *options, *files], plugins=[Chosen(some)]) if some else 0
        )
        if code == pytest.ExitCode.USAGE_ERROR:
            return BROKEN
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return KILLED
    return SURVIVED


@dataclass(slots=True)
class Mistaken:
    """Finds one module of the product, and gives it other code than its file holds."""

    file: str
    code: CodeType

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        at = Path(self.file)
        package = at.name == "__init__.py"
        if name != ".".join(at.parent.parts if package else at.with_suffix("").parts):
            return None
        loader = _Loader(name, str(at.absolute()))
        loader.code = self.code
        inside = [str(at.parent.absolute())] if package else None
        spec: ModuleSpec | None = spec_from_file_location(
            name, at.absolute(), loader=loader, submodule_search_locations=inside
        )
        return spec


class _Loader(SourceFileLoader):
    code: CodeType

    def get_code(self, fullname: str) -> CodeType:
        return self.code


def fork(run: Callable[[], int], *, seconds: float = DAY) -> int:
    """Run something in a child whose exit code is its answer; nothing in here is kept."""
    pid = os.fork()
    if pid:
        return pid
    with suppress(BaseException):
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        # Its own work counts, so that a machine with other work decides the same.
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        signal.alarm(int(seconds) * SLOWER)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _forget_the_product()
        hypothesis.settings.register_profile(
            "mutants",
            derandomize=True,
            database=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        )
        hypothesis.settings.load_profile("mutants")
        os._exit(run())
    os._exit(BROKEN)


def _forget_the_product() -> None:
    """Ours was imported from the tree; the child reads the copy, beginning with the tests."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.path[:] = [os.getcwd(), *sys.path]


def end(pid: int) -> None:
    """End a child with all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
