"""Finds what can be taken away, and tells what became of each."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

from tests.mutants import explained
from tests.mutants.trial import BROKEN, KILLED, QUIETLY, SURVIVED

from .choosing import Choice
from .places import KINDS, Removal, in_file
from .tables import in_tables
from .trying import Trying

LAYERS = ("access.py", "phone_cookie.py", "services", "api", "admin", "pages", "accounts")
TESTS = (
    "accounts", "admin", "api", "audit", "delivery", "isolation", "pages", "security", "services",
)  # fmt: skip
EXPLAINED = Path("tests/removals/explained.toml")
# It compares the tables with a page that is written from them.
PAGE = "tests/accounts/test_policy.py::test_the_page_of_permissions_is_what_the_table_says"
OPTIONS = ("-m", "not browser and not journey and not faults", "--deselect", PAGE)
SAID = {SURVIVED: "survived", KILLED: "seen", BROKEN: "could not be tried"}


def run(asked: argparse.Namespace, folder: Path) -> int:
    tests = asked.tests or [f"tests/{each}" for each in TESTS]
    outcomes, noticed_by = dict[Removal, int](), dict[Removal, str]()

    def told(removal: Removal, outcome: int, by: str) -> None:
        outcomes[removal], noticed_by[removal] = outcome, by
        print(f"{SAID[outcome]}: {removal}" + (f"  ← {by}" if by else ""), flush=True)

    hypothesis.settings.register_profile("removals", derandomize=True, database=None)
    hypothesis.settings.load_profile("removals")
    trying = Trying(lambda: _found(asked), told, Choice(asked.most), asked.jobs, folder)
    code = pytest.main([*QUIETLY, *OPTIONS, *tests], plugins=[trying])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return 2
    for removal, by in noticed_by.items():
        if by and by in trying.unsound:
            outcomes[removal] = BROKEN
            print(f"seen only by what fails by itself, {by}: {removal}")
    return _summary(outcomes)


def _found(asked: argparse.Namespace) -> list[Removal]:
    found = [each for file in _modules() for each in in_file(file)] + list(in_tables())
    found = [each for each in found if not asked.kinds or each.kind in asked.kinds]
    found = [each for each in found if not asked.only or any(o in str(each) for o in asked.only)]
    found.sort(key=lambda each: KINDS.index(each.kind))
    for kind in KINDS:
        print(f"{kind}: {sum(each.kind == kind for each in found)}", flush=True)
    if asked.list:
        print(*found, sep="\n", flush=True)
        return []
    return found


def _modules() -> list[Path]:
    paths = [Path("tracker") / layer for layer in LAYERS]
    return [
        file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
    ]


def _summary(outcomes: dict[Removal, int]) -> int:
    reasons = explained.read(EXPLAINED)
    survivors = [each for each, outcome in outcomes.items() if outcome == SURVIVED]
    for kind in KINDS:
        made = Counter(SAID[outcome] for each, outcome in outcomes.items() if each.kind == kind)
        told = ", ".join(f"{made[said]} {said}" for said in SAID.values() if made[said])
        print(f"{kind}: {made.total()} tried, {told or 'none'}")
    open_ones = [each for each in survivors if not reasons.get(each.key)]
    tried, surviving = {each.key for each in outcomes}, {each.key for each in survivors}
    stale = [key for key in reasons if key in tried - surviving]
    print(f"{len(survivors) - len(open_ones)} survivors are explained in {EXPLAINED}")
    for each in open_ones:
        print(f"  not explained: {each.kind}: {each}")
    for key in stale:
        print("  explained, and yet seen:", " · ".join(key))
    return int(bool(open_ones or stale) or BROKEN in outcomes.values())
