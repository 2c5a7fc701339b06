"""A pytest plugin: everything is imported once, and each removal is tried in a fork of that."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.trial import KILLED, SURVIVED

from . import forks, live
from .choosing import Choice, asks_everything, commits
from .places import Removal

SOME = 16


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
    choice: Choice
    jobs: int
    folder: Path
    unsound: Sequence[str] = ()
    """Tests that noticed something, and fail by themselves as well."""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed or not session.items:
            raise session.Failed("the tests cannot be collected")
        removals, noticed = self.find(), dict[str, None]()
        list(_run(_some(session.items)))
        template = forks.migrated()

        live.imported()  # what is frozen is found no more
        gc.freeze()

        def attempt(n: int) -> Callable[[], int]:
            tests = self.choice.among(session.items, removals[n])
            return partial(self._attempt, removals[n], tests, self.folder / f"noticed-{n}")

        def told(n: int, outcome: int) -> None:
            note = self.folder / f"noticed-{n}"
            by = note.read_text() if note.exists() else ""
            self.choice.noticed[removals[n].key[0], by] += 1
            noticed[by] = None
            self.report(removals[n], outcome, by)

        forks.each(len(removals), attempt, told, template=template, jobs=self.jobs)
        self._alone([item for item in session.items if item.nodeid in noticed], template)
        return True

    def _alone(self, tests: Sequence[pytest.Item], template: str) -> None:
        """Whoever noticed something must pass when nothing is gone."""

        note = self.folder / "by themselves"

        def run() -> int:
            failed = [
                item.nodeid for item, passed in _run(sorted(tests, key=commits)) if not passed
            ]
            note.write_text("\n".join(failed))
            return SURVIVED

        def told(_: int, outcome: int) -> None:
            self.unsound = note.read_text().split("\n")

        forks.each(1, lambda _: run, told, template=template, jobs=1)

    def _attempt(self, removal: Removal, tests: Sequence[pytest.Item], note: Path) -> int:
        removal.put()
        spoilt = 0
        for item, passed in _run(tests):
            spoilt = forks.SPOILT if commits(item) else spoilt
            if not passed:
                note.write_text(item.nodeid)
                return KILLED | spoilt
        return SURVIVED | spoilt


def _some(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """A few of every folder: what they read and compile, each fork has then read and compiled."""
    rest = [
        item
        for item in items
        if item.get_closest_marker("django_db") and not commits(item) and not asks_everything(item)
    ]
    return rest[:: 1 + len(rest) // SOME]


def _run(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, bool]]:
    if not items:
        return
    for item, after in zip(items, [*items[1:], Rest(items[0].session)], strict=True):
        reports = runtestprotocol(item, log=False, nextitem=after)  # type: ignore[arg-type]
        yield item, not any(each.failed for each in reports)
