"""A run without any mistake: which test calls what, and what every process will need."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from .mutations import Mutant
from .trial import QUIETLY, SURVIVED, fork


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


def measure(
    files: Collection[str], tests: Sequence[str], options: Sequence[str], told: Path
) -> Baseline:
    """Run all the tests in a child, without a mistake."""

    def run() -> int:
        watch = Watch({str(Path(file).absolute()): file for file in files})
        sys.settrace(watch)
        code = pytest.main([*QUIETLY, *options, *tests], plugins=[watch])
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
