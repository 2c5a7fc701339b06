"""Which tests may notice a removal, the likeliest first: by the words that both are made of."""

from __future__ import annotations

import inspect
import linecache
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import CodeType

import pytest

from .places import AUDIT, LIMITS, PERMISSIONS, SCOPES, Removal

ABOUT = {
    SCOPES: "stranger other another elsewhere foreign neighbour own clinic",
    PERMISSIONS: "may role reader refuse whom only nobody policy table door caregiver",
    LIMITS: "tries many limit most fifth guess evaluate budget",
    AUDIT: "audit record event trace leave written look note",
}
WORD = re.compile(r"[a-z]+")
SLOW = {
    "test_bystanders", "test_matrix", "test_abuse", "test_wall_alone", "test_scripts",
    "test_whole_product",
}  # fmt: skip
"""Each of these does everything: it notices much, and takes its time."""


@dataclass(slots=True)
class Choice:
    most: int
    noticed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a test has noticed what was taken from a module."""

    def among(self, items: Sequence[pytest.Item], removal: Removal) -> list[pytest.Item]:
        scores = {item: self._score(item, removal) for item in items}
        able = sorted((item for item in items if scores[item]), key=lambda i: -scores[i])
        quick = [item for item in able if not asks_everything(item)][: self.most]
        slow = [item for item in able if asks_everything(item)][: self.most // 2]
        return sorted(quick + slow, key=commits)

    def _score(self, item: pytest.Item, removal: Removal) -> int:
        file, function, change = removal.key
        module, own, name = _stem(file), _source(item), _stems(item.name)
        stem = _stems(item.path.stem)
        subject = [module, *function.split(".")] if removal.line else [change.partition(":")[0]]
        exact = {each.strip("'") for each in subject[-2 if removal.line else 0 :]} - {module}
        if removal.tests and not item.nodeid.startswith(removal.tests):
            return 0
        return (
            12 * _is_about(item.name, subject[-1].strip("'"))
            + 6 * any(re.search(rf"\b{re.escape(each)}\b", own) for each in exact)
            + 5 * min(3, self.noticed[file, item.nodeid])
            + 3 * min(3, len(_stems(*subject) & (name | stem)))
            + 3 * _imports(str(item.path), module)
            + 3 * min(2, len(_stems(ABOUT[removal.kind]) & (name | stem)))
            + (item.path.parent.name in file)
        )


def _is_about(name: str, key: str) -> bool:
    """Whether this is the line of a table of tests that is about this line of a table."""
    line = name.partition("[")[2].removesuffix("]")
    return line == key or line.startswith(f"{key}-") or line.endswith(f"-{key}")


def commits(item: pytest.Item) -> bool:
    """Such a test empties the tables, also of what migrations put there: it comes last."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


def asks_everything(item: pytest.Item) -> bool:
    return item.path.stem in SLOW


def _stem(file: str) -> str:
    return file.removesuffix(".py").rpartition("/")[2]


@cache
def _stems(*texts: str) -> frozenset[str]:
    """The beginnings of the words: a test `records` what `_record` is about."""
    words = (word for text in texts for word in WORD.findall(text.lower()))
    return frozenset(word[:5] for word in words if len(word) > 2 and word != "test")


@cache
def _source(item: pytest.Item) -> str:
    function = inspect.unwrap(getattr(item, "function", _source))
    lines = [line for _, _, line in _code_lines(function.__code__) if line]
    return "".join(linecache.getlines(function.__code__.co_filename)[min(lines) - 1 : max(lines)])


def _code_lines(code: CodeType) -> Iterator[tuple[int, int, int | None]]:
    yield from code.co_lines()
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _code_lines(each)


@cache
def _imports(path: str, module: str) -> bool:
    return any(module in line for line in linecache.getlines(path) if "import" in line)
