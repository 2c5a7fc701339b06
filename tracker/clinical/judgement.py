"""What the whole catalogue says about one submission."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .course import Course, Moment
from .findings import Present, Tier
from .protocol import RULE_SET_VERSION, Protocol
from .signs import TIMED_SIGNS, WARNING_SIGNS


@dataclass(slots=True)
class Assessment:
    """The judgement of one submission: every rule that fired, and per sign the one that counts.

    `hours` are elapsed hours since the end of the procedure.
    """

    observed_at: datetime
    hours: float
    findings: list[Present] = field(default_factory=list)
    fired: list[Present] = field(default_factory=list)
    rule_set: str = RULE_SET_VERSION

    @property
    def baseline_only(self) -> bool:
        """Whether it was observed before the procedure ended, so that no rule looks at it."""
        return self.hours < 0

    @property
    def tier(self) -> Tier:
        return max((finding.tier for finding in self.findings), default=Tier.INFO)

    def of(self, sign: str) -> Present | None:
        """The finding that counts for a sign."""
        return next((finding for finding in self.findings if finding.sign == sign), None)

    def as_json(self) -> dict[str, Any]:
        """The record of the judgement: version, and rule, inputs, limit and result of each."""
        counts = {id(finding) for finding in self.findings}
        return {
            "rule_set": self.rule_set,
            "observed_at": self.observed_at.isoformat(),
            "hours": round(self.hours, 4),
            "tier": self.tier.wire,
            "fired": [{**f.as_json(), "counts": id(f) in counts} for f in self.fired],
        }


def assess(course: Course, observed_at: datetime, protocol: Protocol) -> Assessment:
    """Judge the submission of one observed time by everything up to that time."""
    assessment = Assessment(observed_at, course.hours_at(observed_at))
    if assessment.baseline_only:
        return assessment
    protocol = protocol.for_kind(course.procedure.kind)
    best: dict[str, Present] = {}
    for moment in course.submission(observed_at):
        for finding in _fired(moment, protocol):
            assessment.fired.append(finding)
            if _counts(finding, best.get(finding.sign)):
                best[finding.sign] = finding
    assessment.findings = in_order(best.values())
    return assessment


def cannot_wait(course: Course, observed_at: datetime, protocol: Protocol) -> list[Present]:
    """The emergencies in answers from before the procedure: they need help whatever the cause.

    They open no alert of the procedure; the patient still hears whom to call.
    """
    at_once = replace(course.procedure, ended_at=observed_at)
    said = [reading for reading in course.readings if reading.observed_at == observed_at]
    judged = assess(Course(course.patient, at_once, said), observed_at, protocol)
    return [finding for finding in judged.findings if finding.tier == Tier.EMERGENCY]


def _fired(moment: Moment, protocol: Protocol) -> Iterable[Present]:
    answered = moment.reading.items()
    for rule in WARNING_SIGNS:
        if not rule.needs.isdisjoint(answered):
            finding = rule.look_at(moment, protocol)
            if isinstance(finding, Present):
                rule.sign_off(finding, moment)
                yield finding


_CODES = (*(sign.code for sign in WARNING_SIGNS), *(sign.code for sign in TIMED_SIGNS))
_RANK = {code: rank for rank, code in enumerate(_CODES)}


def _rank(finding: Present) -> int:
    return _RANK[f"{finding.rule}/{finding.sign}"]


def _counts(finding: Present, best: Present | None) -> bool:
    """Whether this finding stands for its sign: higher tier first, then the catalogue's order."""
    if best is None or finding.tier != best.tier:
        return best is None or finding.tier > best.tier
    if _rank(finding) != _rank(best):
        return _rank(finding) < _rank(best)
    new, old = finding.measure, best.measure
    if new is None or old is None or new.unit != old.unit:
        return True
    return new.value >= old.value


def in_order(findings: Iterable[Present]) -> list[Present]:
    """Findings as people should read them: highest tier first, then the catalogue's order."""
    return sorted(findings, key=lambda finding: (-finding.tier, _rank(finding)))
