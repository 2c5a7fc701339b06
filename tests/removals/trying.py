"""A pytest plugin: everything is imported once, and each removal is tried in a fork of that."""

from __future__ import annotations

import ast
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.trial import KILLED, SURVIVED

from . import forks, live
from .places import Removal


@dataclass(slots=True)
class Calls:
    """What the tests do by themselves: how long each takes, and which places it comes to."""

    seconds: dict[str, float] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Rest:
    """What follows the last test of a fork: what belongs to the session stays as it is."""

    session: pytest.Session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


@dataclass(slots=True)
class Trying:
    find: Callable[[], list[Removal]]
    report: Callable[[Removal, int, str], None]
    jobs: int
    folder: Path
    kept: Path | None = None
    calls: Calls = field(default_factory=Calls)
    noticed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a test has noticed something that was taken from a module."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or not session.items:
            raise session.Failed("the tests cannot be collected")
        removals = self.find()
        first = next(item for item in session.items if item.get_closest_marker("django_db"))
        list(_run([first]))
        template = forks.migrated()
        self._learn(session.items, removals, template)

        def attempt(n: int) -> int:
            removals[n].put()
            for item, passed in _run(self._noticing(removals[n], session.items)):
                if not passed:
                    self._says(n).write_text(item.nodeid)
                    return KILLED
            return SURVIVED

        def told(n: int, outcome: int) -> None:
            by = self._says(n).read_text() if self._says(n).exists() else ""
            self.noticed[removals[n].key[0], by] += 1
            self.report(removals[n], outcome, by)

        forks.each(len(removals), attempt, told, template=template, jobs=self.jobs)
        return True

    def _says(self, n: int) -> Path:
        return self.folder / f"noticed-{n}"

    def _learn(
        self, items: Sequence[pytest.Item], removals: Sequence[Removal], template: str
    ) -> None:
        if self.kept and self.kept.exists():
            self.calls = Calls(**json.loads(self.kept.read_text()))
        else:
            self._watch(items, removals, template)
        if self.kept:
            self.kept.write_text(json.dumps(asdict(self.calls)))
        seconds = sum(self.calls.seconds.values())
        print(f"{len(self.calls.seconds)} tests, {seconds:.0f} s", flush=True)
        for test in self.calls.failed:
            print(f"  fails by itself, and can notice nothing: {test}", flush=True)

    def _watch(
        self, items: Sequence[pytest.Item], removals: Sequence[Removal], template: str
    ) -> None:
        """Run all the tests with nothing taken away, and learn which come to which places."""
        files = list(dict.fromkeys(item.path for item in items))
        parts = {path: n % self.jobs for n, path in enumerate(files)}

        def watch(n: int) -> int:
            part = _watched([item for item in items if parts[item.path] == n], removals)
            (self.folder / f"calls-{n}").write_text(json.dumps(asdict(part)))
            return SURVIVED

        def told(n: int, outcome: int) -> None:
            part = Calls(**json.loads((self.folder / f"calls-{n}").read_text()))
            self.calls.seconds |= part.seconds
            self.calls.places |= part.places
            self.calls.failed += part.failed

        forks.each(self.jobs, watch, told, template=template, jobs=self.jobs)

    def _noticing(self, removal: Removal, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """The tests that may notice, beginning with the quick, and those that noticed before."""

        def order(item: pytest.Item) -> tuple[bool, float]:
            before = self.noticed[removal.key[0], item.nodeid]
            return _commits(item), self.calls.seconds.get(item.nodeid, 0) / (1 + 20 * before)

        able = [
            item
            for item in items
            if item.nodeid not in self.calls.failed
            and (
                removal.place in self.calls.places.get(item.nodeid, [removal.place])
                if removal.place
                else item.nodeid.startswith(removal.tests)
            )
        ]
        return sorted(able, key=order)


def _watched(items: Sequence[pytest.Item], removals: Sequence[Removal]) -> Calls:
    called, calls = set[str](), Calls()
    lines = defaultdict[str, set[int]](set)
    for removal in removals:
        if removal.place:
            lines[removal.key[0]].add(removal.line)
    for file, those in lines.items():
        live.note_calls(ast.parse(Path(file).read_text(encoding="utf-8")), file, those, called)
    began = time.perf_counter()
    for item, passed in _run(items):
        calls.seconds[item.nodeid] = time.perf_counter() - began
        calls.places[item.nodeid] = sorted(called)
        calls.failed += [] if passed else [item.nodeid]
        called.clear()
        began = time.perf_counter()
    return calls


def _commits(item: pytest.Item) -> bool:
    """Such a test empties the tables, also of what migrations put there: it comes last."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


def _run(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, bool]]:
    if not items:
        return
    for item, after in zip(items, [*items[1:], Rest(items[0].session)], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=after)  # type: ignore[arg-type]
        yield item, not any(each.failed for each in reports)
