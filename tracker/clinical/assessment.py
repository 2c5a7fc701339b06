"""What the whole catalogue says about one submission, and what time will say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .course import Course, Moment, Reading
from .findings import Present, Tier
from .protocol import RULE_SET_VERSION, Protocol
from .signs import TIMED_SIGNS, WARNING_SIGNS, WarningSign, sign_items
from .signs.looking import answer
from .signs.timed import Due, Standing

NOBODY: Mapping[str, Tier] = {}
NEVER: Mapping[str, datetime] = {}


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


@dataclass(slots=True)
class Judged:
    """What an arrival led to: its own judgement, the later ones it changed, and what to triage."""

    assessment: Assessment
    later: list[Assessment]
    news: list[Present]


def judge(course: Course, arrived: Collection[str], protocol: Protocol) -> Judged:
    """Judge readings of one observed time that have just arrived, wherever they fall.

    A late reading may complete a later one. What the later submissions said without it is known
    already, so only what they say beyond that is news. Per sign the highest tier is news.
    """
    observed_at = next(r.observed_at for r in course.readings if r.id in arrived)
    own, *later_times = affected_by(course, observed_at, protocol)
    assessment = assess(course, own, protocol)
    before = course.without(arrived)
    known = assess(before, own, protocol)
    news = [f for f in assessment.findings if f.reading in arrived or _beyond(f, known)]
    later = [assess(course, at, protocol) for at in later_times]
    for changed in later:
        known = assess(before, changed.observed_at, protocol)
        news += [finding for finding in changed.findings if _beyond(finding, known)]
    return Judged(assessment, later, _highest(news))


def _beyond(finding: Present, known: Assessment) -> bool:
    standing = known.of(finding.sign)
    return finding.tier > Tier.INFO and (standing is None or finding.tier > standing.tier)


def _highest(news: list[Present]) -> list[Present]:
    best: dict[str, Present] = {}
    for finding in news:
        standing = best.get(finding.sign)
        if standing is None or finding.tier >= standing.tier:
            best[finding.sign] = finding
    return in_order(best.values())


def affected_by(course: Course, observed_at: datetime, protocol: Protocol) -> list[datetime]:
    """The submissions to judge because of a reading observed then: its own, then later ones."""
    arrived = [moment.reading for moment in course.submission(observed_at)]
    arrived_h = course.hours_at(observed_at)
    later = [r for r, h in zip(course.readings, course.hours, strict=True) if h > arrived_h]
    if not later:
        return [observed_at]
    answered = {item for reading in arrived for item in reading.items()}
    rules = [r for r in WARNING_SIGNS if r.looks_back_h and not r.needs.isdisjoint(answered)]
    if arrived_h < 0:
        # Before the procedure it can only set the baseline, which every later rule may use.
        rules = [r for r in WARNING_SIGNS if not r.needs.isdisjoint(answered)]
    touched = [reading for reading in later if _touches(course, rules, arrived_h, reading)]
    return list(dict.fromkeys([observed_at, *(reading.observed_at for reading in touched)]))


def _touches(course: Course, rules: list[WarningSign], arrived_h: float, reading: Reading) -> bool:
    later_by_h = course.hours_at(reading.observed_at) - arrived_h
    answered = reading.items()
    return any(
        (arrived_h < 0 or rule.looks_back_h >= later_by_h) and not rule.needs.isdisjoint(answered)
        for rule in rules
    )


def is_clear(course: Course, sign: str, observed_at: datetime, protocol: Protocol) -> bool:
    """Whether a submission is a clear recheck: the sign was asked about and no rule of it fires.

    What is merely expected fires as well, so it is not clear. Silence is never clear.
    """
    if course.hours_at(observed_at) < 0 or not _rechecked(course, sign, observed_at):
        return False
    return assess(course, observed_at, protocol).of(sign) is None


def _rechecked(course: Course, sign: str, observed_at: datetime) -> bool:
    moments = course.submission(observed_at)
    answered = {item for moment in moments for item in moment.reading.items()}
    items = sign_items(sign)
    if answered.isdisjoint(items):
        return False
    reported = (
        item
        for item in items
        if any(_yes(answer_to(r, item)) for r in course.readings if r.observed_at <= observed_at)
    )
    return answered.issuperset(reported)


def answer_to(reading: Reading, item: str) -> object:
    """What a reading says about an item; None when it was not answered."""
    return answer(reading, item) if item in reading.items() else None


def _yes(said: object) -> bool:
    return said is not None and said is not False and said != 0 and said != "none"


def cleared_at(course: Course, sign: str, since: datetime, protocol: Protocol) -> datetime | None:
    """When a clear recheck was observed, at or after that time; None when there was none."""
    if sign == "silence":
        heard = (reading.recorded_at for reading in course.readings)
        return next((recorded_at for recorded_at in heard if recorded_at >= since), None)
    for observed_at in course.observed_times():
        if observed_at >= since and is_clear(course, sign, observed_at, protocol):
            return observed_at
    return None


def ground_of(course: Course, sign: str, protocol: Protocol) -> Tier | None:
    """The highest tier that a sign reaches anywhere in the course, for judging a correction."""
    assessed = (assess(course, at, protocol).of(sign) for at in course.observed_times())
    tiers = [finding.tier for finding in assessed if finding is not None]
    return max(tiers, default=None)


def assess_time(
    course: Course,
    now: datetime,
    protocol: Protocol,
    *,
    open_signs: Mapping[str, Tier] = NOBODY,
    handled_at: Mapping[str, datetime] = NEVER,
) -> list[Present]:
    """What the passing of time has made true by now and does not stand open already."""
    if course.hours_at(now) < 0:
        return []
    dues = _dues(course, protocol, Standing(open_signs, handled_at))
    best: dict[str, Present] = {}
    for due in dues:
        if due.at <= now and _still_followed(course, now, protocol, due):
            best.setdefault(due.finding.sign, due.finding)
    return in_order(best.values())


def _still_followed(course: Course, now: datetime, protocol: Protocol, due: Due) -> bool:
    return due.finding.sign != "silence" or course.hours_at(now) <= protocol.active_h


def next_assessment_at(
    course: Course,
    now: datetime,
    protocol: Protocol,
    *,
    open_signs: Mapping[str, Tier] = NOBODY,
    handled_at: Mapping[str, datetime] = NEVER,
) -> datetime | None:
    """The moment at which time makes the next rule true; it may have passed already."""
    dues = _dues(course, protocol, Standing(open_signs, handled_at))
    coming = [due.at for due in dues if due.at > now or _still_followed(course, now, protocol, due)]
    return min(coming, default=None)


def _dues(course: Course, protocol: Protocol, standing: Standing) -> list[Due]:
    protocol = protocol.for_kind(course.procedure.kind)
    dues = (due for sign in TIMED_SIGNS for due in sign.dues(course, protocol, standing))
    return [
        due
        for due in dues
        if due.finding.tier > standing.open_signs.get(due.finding.sign, Tier.INFO)
    ]
