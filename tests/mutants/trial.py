"""Tries one mistake: a child process imports the product with it and runs the tests.

Nothing on disk is touched. The parent has read everything but the product and its tests, so that a
fork has a Python that is warm and a product that is not yet imported.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import hypothesis
import pytest

from .mutations import Mutant

QUIETLY = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "--no-header", "--no-summary")
SURVIVED, KILLED, BROKEN = 0, 1, 3
FIRST = 25
"""So many tests are tried before the others are even collected."""
MEMORY = 4 << 30
DAY, SLOWER = 86_400, 10


@dataclass(slots=True)
class Baseline:
    """What a run without any mistake shows: which test calls which function of the product."""

    calls: dict[str, list[str]] = field(default_factory=dict)
    on_import: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    seconds: float = 0

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that can notice a mistake, those that call little else first."""
        called = function(mutant.file, mutant.called_at)
        if mutant.called_at and called not in self.on_import:
            noticing = [test for test, calls in self.calls.items() if called in calls]
            return sorted(noticing, key=lambda test: len(self.calls[test]))
        near = {test for test, calls in self.calls.items() if _calls_into(mutant.file, calls)}
        return sorted(self.calls, key=lambda test: (test not in near, len(self.calls[test])))


def function(file: str, line: int) -> str:
    return f"{file}:{line}"


def _calls_into(file: str, calls: Collection[str]) -> bool:
    return any(call.rpartition(":")[0] == file for call in calls)


@dataclass(slots=True)
class Watch:
    """A pytest plugin that notes the calls of each test."""

    files: Mapping[str, str]
    """The modules to watch: where each was read from, and its name in the repository."""
    seen: set[str] = field(default_factory=set)
    baseline: Baseline = field(default_factory=Baseline)

    def __call__(self, frame: FrameType, _event: str, _arg: Any) -> None:
        code = frame.f_code
        if code.co_filename in self.files and code.co_name != "<module>":
            self.seen.add(function(self.files[code.co_filename], code.co_firstlineno))

    def pytest_collection_finish(self) -> None:
        self.baseline.on_import = sorted(self.seen)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.seen.clear()
        result = yield
        self.baseline.calls[item.nodeid] = sorted(self.seen)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.baseline.failed.append(report.nodeid)


@dataclass(slots=True)
class Chosen:
    """A pytest plugin that runs these tests in this order, and no others."""

    tests: Sequence[str]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        place = {test: n for n, test in enumerate(self.tests)}
        items[:] = sorted(
            (item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid]
        )


def measure(
    files: Collection[str], tests: Sequence[str], options: Sequence[str], told: Path
) -> Baseline:
    """Run all the tests in a child, without a mistake."""

    def run() -> int:
        watch = Watch({str(Path(file).absolute()): file for file in files})
        sys.settrace(watch)
        code = pytest.main([*QUIETLY[1:], *options, *tests], plugins=[watch])
        sys.settrace(None)
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            watch.baseline.failed.append(f"pytest ended with {code!r}")
        ours = {Path(name).parts[0].removesuffix(".py") for name in os.listdir()}
        read = [name for name in sys.modules if name.partition(".")[0] not in ours]
        watch.baseline.modules = read
        watch.baseline.seconds = time.process_time()
        told.write_text(json.dumps({name: getattr(watch.baseline, name) for name in FIELDS}))
        return SURVIVED

    sys.dont_write_bytecode = False
    os.waitpid(fork(run), 0)
    sys.dont_write_bytecode = True
    return Baseline(**json.loads(told.read_text()))


FIELDS = ("calls", "on_import", "modules", "failed", "seconds")


def warm(baseline: Baseline) -> None:
    """Import what every child would import, the product and its tests left out."""
    for name in baseline.modules:
        with suppress(Exception):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def attempt(mutant: Mutant, tests: Sequence[str], options: Sequence[str]) -> int:
    """In a child: whether a test fails when the product is imported with this mistake."""
    mutant.swap()
    sys.meta_path.insert(0, Mistaken(mutant.file, compile(mutant.tree, mutant.file, "exec")))
    for some in (tests[:FIRST], tests[FIRST:]):
        files = list(dict.fromkeys(test.partition("::")[0] for test in some))
        code = pytest.main([*QUIETLY, *options, *files], plugins=[Chosen(some)]) if some else 0
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
