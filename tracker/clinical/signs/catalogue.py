"""What a line of the catalogue is, and how a rule is asked about a reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..course import Course, Moment
from ..findings import Finding, Present, Unknown
from ..protocol import Protocol
from .looking import answer, evidence
from .timed import Due, Standing

ALWAYS_H = float("inf")
Look = Callable[[Moment, Protocol], Finding]
Expect = Callable[[Course, Protocol, Standing], list[Due]]


@dataclass(slots=True, frozen=True)
class WarningSign:
    """One rule: its id, the sign that it belongs to, and the function that looks.

    A rule looks only at readings in which one of its `items` was answered. `looks_back_h` is how
    many hours of earlier readings it takes in; `may_set` names the clinic's settings in it.
    """

    rule: str
    sign: str
    title: str
    look_at: Look
    items: tuple[str, ...]
    sources: tuple[str, ...]
    may_set: tuple[str, ...] = ()
    looks_back_h: float = 0
    needs: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", frozenset(self.items))

    @property
    def code(self) -> str:
        """The rule and its sign; the rule alone may serve two signs."""
        return f"{self.rule}/{self.sign}"

    def look(self, moment: Moment, protocol: Protocol) -> Finding:
        """What this rule finds in a reading: Unknown when none of its items was answered."""
        if self.needs.isdisjoint(moment.reading.items()):
            return Unknown(self.items[0])
        finding = self.look_at(moment, protocol)
        if isinstance(finding, Present):
            self.sign_off(finding, moment)
        return finding

    def sign_off(self, finding: Present, moment: Moment) -> None:
        """Put the rule's name, the reading and the answers it looked at on the finding."""
        reading = moment.reading
        finding.rule, finding.sign, finding.source = self.rule, self.sign, self.sources[0]
        finding.reading, finding.observed_at = reading.id, reading.observed_at
        own = [evidence(reading, item) for item in self.items if answer(reading, item) is not None]
        finding.inputs = own + [more for more in finding.also if more not in own]


@dataclass(slots=True, frozen=True)
class TimedSign:
    """One rule that time makes true: what it expects, and when."""

    rule: str
    sign: str
    title: str
    expect: Expect
    sources: tuple[str, ...]
    may_set: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return f"{self.rule}/{self.sign}"

    def dues(self, course: Course, protocol: Protocol, standing: Standing) -> list[Due]:
        """The findings to come, each with its moment and this rule's name on it."""
        dues = self.expect(course, protocol, standing)
        for due in dues:
            finding = due.finding
            finding.rule, finding.sign, finding.source = self.rule, self.sign, self.sources[0]
            finding.observed_at = due.at
        return dues
