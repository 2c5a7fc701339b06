"""What the passing of time makes true, and when it will."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .course import Course
from .findings import Present, Tier
from .judgement import in_order
from .protocol import Protocol
from .signs import TIMED_SIGNS
from .signs.timed import Due, Standing

NOTHING_OPEN: Mapping[str, Tier] = {}
NEVER: Mapping[str, datetime] = {}


def assess_time(
    course: Course,
    now: datetime,
    protocol: Protocol,
    *,
    open_signs: Mapping[str, Tier] = NOTHING_OPEN,
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
    open_signs: Mapping[str, Tier] = NOTHING_OPEN,
    handled_at: Mapping[str, datetime] = NEVER,
) -> datetime | None:
    """The moment at which time makes the next rule true; it may have passed already."""
    dues = _dues(course, protocol, Standing(open_signs, handled_at))
    coming = [due.at for due in dues if _still_followed(course, now, protocol, due)]
    return min(coming, default=None)


def _dues(course: Course, protocol: Protocol, standing: Standing) -> list[Due]:
    protocol = protocol.for_kind(course.procedure.kind)
    dues = (due for sign in TIMED_SIGNS for due in sign.dues(course, protocol, standing))
    return [
        due
        for due in dues
        if due.finding.tier > standing.open_signs.get(due.finding.sign, Tier.INFO)
    ]
