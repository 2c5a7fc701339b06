"""What `make security` says at the end: each figure that a test has counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from tests.conftest import NOW
from tests.isolation.conftest import role, the_application  # noqa: F401

Figures = Callable[..., None]


@pytest.fixture
def at_now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def figures(record_property: Callable[[str, Any], None]) -> Figures:
    """Tell what was counted: `figures("matrix", decisions=12)`. Sums are made at the end."""

    def tell(part: str, **counted: int) -> None:
        record_property("figures", (part, counted))

    return tell


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told: dict[str, dict[str, int]] = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figures":
                _add(told, *value)
    if not told:
        return
    terminalreporter.section("security, in figures")
    for part in sorted(told):
        counted = ", ".join(f"{number:,} {what}" for what, number in told[part].items())
        terminalreporter.line(f"{part}: {counted}".replace("_", " "))


def _add(told: dict[str, dict[str, int]], part: str, counted: dict[str, int]) -> None:
    sums = told.setdefault(part, {})
    for what, number in counted.items():
        sums[what] = sums.get(what, 0) + number
