"""How a figure is taken, and what is promised of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `at_most` or `at_least` is the promise, where there is one."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def kept(self) -> bool:
        if self.at_most is not None and self.value > self.at_most:
            return False
        return self.at_least is None or self.value >= self.at_least

    @property
    def goal(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds of processor time of one call, in the best of several rounds."""

    median: float
    p99: float


def timed(tasks: Mapping[str, Callable[[], object]], *, calls: int = 200) -> dict[str, Timing]:
    """Time tasks in turns, so that a busy moment of the machine meets all of them."""
    found: dict[str, list[Timing]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            found[name].append(_round(task, calls))
    return {
        name: Timing(min(t.median for t in timings), min(t.p99 for t in timings))
        for name, timings in found.items()
    }


def _round(task: Callable[[], object], calls: int) -> Timing:
    took = []
    for _ in range(calls):
        # Not the clock on the wall, which other work on the machine moves on.
        start = time.thread_time_ns()
        task()
        took.append((time.thread_time_ns() - start) / 1000)
    return Timing(statistics.median(took), sorted(took)[int(calls * 0.99) - 1])
