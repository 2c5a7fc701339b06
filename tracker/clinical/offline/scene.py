"""What the server knows of one patient when it renders, and how a rule's line is written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..course import Course
from ..findings import Tier
from ..protocol import Protocol
from ..quantities import PairedLimit
from ..reading import Reading
from ..signs.looking import named
from .conditions import Condition, apart_h, every, holds, within_h


@dataclass(slots=True)
class Line:
    """One way in which a rule fires: when, how high, and the sentence that says why.

    `facts` are known now; `{value}`, `{hours}`, `{limit}` and `{symptoms}` the phone puts in.
    `symptoms` are the items that it lists, after those of `also`.
    """

    tier: Tier
    when: Condition
    phrase: str
    facts: dict[str, object] = field(default_factory=dict)
    symptoms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    limit: PairedLimit | None = None


@dataclass(slots=True)
class Scene:
    """A protocol and a course so far; what was seen in it becomes windows of hours."""

    protocol: Protocol
    course: Course

    def past(self) -> list[tuple[float, Reading]]:
        """Readings since the procedure, newest first."""
        pairs = zip(self.course.hours, self.course.readings, strict=True)
        return [(hours, reading) for hours, reading in pairs if hours >= 0][::-1]

    def seen(self, condition: Condition) -> list[tuple[float, Reading]]:
        return [(h, reading) for h, reading in self.past() if holds(condition, reading, h)]

    def lately(self, condition: Condition, hours: float) -> list[Condition]:
        """One window while the newest such reading is recent; none if there is no such reading."""
        return [within_h(h, hours) for h, _ in self.seen(condition)[:1]]

    def long_ago(self, condition: Condition, hours: float) -> list[Condition]:
        """One window from so many hours after the oldest such reading."""
        return [apart_h(h, hours) for h, _ in self.seen(condition)[-1:]]

    def pair(
        self, one: tuple[str, Condition], others: dict[str, Condition], hours: float
    ) -> list[tuple[Condition, tuple[str, ...], tuple[str, ...]]]:
        """Two things of which this check-in says one and it, or a recent one, the other.

        Each way comes with the items that the check-in itself says and those seen before it.
        """
        item, mine = one
        theirs = {"at_least": 1, "of": list(others.values())}
        ways: list[tuple[Condition, tuple[str, ...], tuple[str, ...]]] = [
            (every(mine, theirs), (item, *others), ())
        ]
        for h, reading in self.seen(theirs)[:1]:
            told = next(name for name, each in others.items() if holds(each, reading, h))
            ways.append((every(mine, within_h(h, hours)), (item,), (named(reading, told),)))
        for h, reading in self.seen(mine)[:1]:
            recent = within_h(h, hours)
            ways.append((every(theirs, recent), tuple(others), (named(reading, item),)))
        return ways
