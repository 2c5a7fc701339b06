"""What a check-in changes when it arrives, be it in time or late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from .course import Course, Reading
from .findings import Present, Tier
from .judgement import Assessment, assess, in_order
from .protocol import Protocol
from .signs import WARNING_SIGNS, WarningSign


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
    if not later_times and len(course.submission(own)) == len(arrived):
        return Judged(assessment, [], assessment.findings)
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
    return standing is None or finding.tier > standing.tier


def _highest(news: list[Present]) -> list[Present]:
    """Per sign the highest, the later of two; what is merely expected stands beside it."""
    best: dict[tuple[str, bool], Present] = {}
    for finding in news:
        key = finding.sign, finding.tier == Tier.INFO
        standing = best.get(key)
        if standing is None or finding.tier >= standing.tier:
            best[key] = finding
    return in_order(best.values())


def affected_by(course: Course, observed_at: datetime, protocol: Protocol) -> list[datetime]:
    """The submissions to judge because of a reading observed then: its own, then later ones."""
    arrived = [moment.reading for moment in course.submission(observed_at)]
    arrived_h = course.hours_at(observed_at)
    later = [r for r, h in zip(course.readings, course.hours, strict=True) if h > arrived_h]
    if not later:
        return [observed_at]
    answered = {item for reading in arrived for item in reading.items()}
    rules = [rule for rule in WARNING_SIGNS if not rule.needs.isdisjoint(answered)]
    touched = [reading for reading in later if _touches(course, rules, arrived_h, reading)]
    return list(dict.fromkeys([observed_at, *(reading.observed_at for reading in touched)]))


def _touches(course: Course, rules: list[WarningSign], arrived_h: float, reading: Reading) -> bool:
    # From before the procedure it can only set the baseline, which every later rule may use.
    is_baseline, answered = arrived_h < 0, reading.items()
    later_by_h = course.hours_at(reading.observed_at) - arrived_h
    return any(
        (is_baseline or rule.looks_back_h >= later_by_h) and not rule.needs.isdisjoint(answered)
        for rule in rules
    )
