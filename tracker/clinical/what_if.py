"""What a changed number would have done: alerts gained, lost and moved in time, rule by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import recorded
from .course import PatientFacts, ProcedureFacts
from .protocol import Protocol
from .recorded import Entry
from .replay import Raised, fold

BEGINS = ("open", "escalate")
"""The events with which a rule begins to speak for its sign."""


@dataclass(slots=True)
class RecordedCourse:
    """What happened to one patient, as it was recorded; `name` is whatever finds it again."""

    name: str
    patient: PatientFacts
    procedure: ProcedureFacts
    entries: Sequence[Entry]


def recorded_course(content: Mapping[str, Any]) -> RecordedCourse:
    """A course as a file holds it, in the format of the labelled vignettes."""
    procedure = recorded.procedure(content)
    return RecordedCourse(
        str(content.get("id")),
        recorded.patient(content),
        procedure,
        recorded.entries(content, procedure),
    )


@dataclass(slots=True, frozen=True)
class Moved:
    """The same rule in the same course, at another moment."""

    before: Raised
    after: Raised

    @property
    def by(self) -> timedelta:
        """How much later the changed numbers raise it; negative is earlier."""
        return self.after.at - self.before.at


@dataclass(slots=True)
class RuleChange:
    """What the change does to one rule; each alert stands with the name of its course."""

    rule: str
    gained: list[tuple[str, Raised]] = field(default_factory=list)
    lost: list[tuple[str, Raised]] = field(default_factory=list)
    moved: list[tuple[str, Moved]] = field(default_factory=list)
    same: int = 0

    @property
    def changes(self) -> bool:
        return bool(self.gained or self.lost or self.moved)


@dataclass(slots=True)
class WhatIf:
    """What a change would have done to the courses that were looked at."""

    courses: int = 0
    rules: dict[str, RuleChange] = field(default_factory=dict)

    @property
    def changed(self) -> list[RuleChange]:
        """The rules that say something else, in the order of their names."""
        return [self.rules[rule] for rule in sorted(self.rules) if self.rules[rule].changes]

    def add(self, course: str, before: Iterable[Raised], after: Iterable[Raised]) -> None:
        """Count one course, given what was raised under either protocol."""
        self.courses += 1
        old, new = _by_sign(before), _by_sign(after)
        for rule, sign in dict.fromkeys([*old, *new]):
            change = self.rules.setdefault(rule, RuleChange(rule))
            _compare(change, course, old[rule, sign], new[rule, sign])


def what_if(
    courses: Iterable[RecordedCourse],
    present: Protocol,
    changed: Protocol,
    *,
    until: datetime | None = None,
) -> WhatIf:
    """Let each course happen twice, under the present and under the changed numbers.

    Without `until` time passes at the recorded ticks only.
    """
    result = WhatIf()
    for course in courses:
        result.add(
            course.name, raised(course, present, until=until), raised(course, changed, until=until)
        )
    return result


def raised(
    course: RecordedCourse, protocol: Protocol, *, until: datetime | None = None
) -> list[Raised]:
    """Every event of every alert that a protocol raises in a course."""
    return fold(course.patient, course.procedure, course.entries, protocol, until=until).raised


def _by_sign(events: Iterable[Raised]) -> dict[tuple[str, str], list[Raised]]:
    found: dict[tuple[str, str], list[Raised]] = defaultdict(list)
    for event in events:
        if event.event in BEGINS:
            found[event.rule, event.sign].append(event)
    return found


def _compare(change: RuleChange, course: str, old: list[Raised], new: list[Raised]) -> None:
    """Match what is raised at the same moment first; the rest moved, or came, or went."""
    times = {each.at for each in old} & {each.at for each in new}
    change.same += len(times)
    old = [each for each in old if each.at not in times]
    new = [each for each in new if each.at not in times]
    both = min(len(old), len(new))
    change.moved += [(course, Moved(*pair)) for pair in zip(old, new, strict=False)]
    change.lost += [(course, each) for each in old[both:]]
    change.gained += [(course, each) for each in new[both:]]
