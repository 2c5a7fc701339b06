"""What only the passing of time can show: silence, and an urgent question left unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..course import Course, Reading
from ..findings import Present, Tier, because
from ..protocol import Protocol


@dataclass(slots=True)
class Standing:
    """What stands at this moment: the tier of each open sign, and when staff last closed one."""

    open_signs: Mapping[str, Tier]
    handled_at: Mapping[str, datetime]


@dataclass(slots=True)
class Due:
    """A finding that becomes true at a known moment unless something happens before."""

    at: datetime
    finding: Present


def silence(course: Course, protocol: Protocol, standing: Standing) -> list[Due]:
    """No check-in for 24 hours in the first days, or 48 hours until follow-up ends."""
    ended_at = course.procedure.ended_at
    if ended_at is None:
        return []
    heard_at = max(
        [ended_at, standing.handled_at.get("silence", ended_at)]
        + [reading.recorded_at for reading in course.readings]
    )
    allowed_h = _silence_allowed(course.hours_at(heard_at), protocol)
    if allowed_h is None:
        return []
    high_risk = course.patient.high_risk or _something_open(standing)
    tier = Tier.CALL_TODAY if high_risk else Tier.WATCH
    at = heard_at.astimezone(UTC) + timedelta(hours=allowed_h)
    return [Due(at, Present(tier, because("silent", hours=allowed_h), limit=f"{allowed_h} h"))]


def _silence_allowed(heard_h: float, protocol: Protocol) -> int | None:
    if heard_h + protocol.silent_early_h <= protocol.silent_early_until_h:
        return protocol.silent_early_h
    if heard_h + protocol.silent_late_h <= protocol.active_h:
        return protocol.silent_late_h
    return None


def _something_open(standing: Standing) -> bool:
    return any(
        tier >= Tier.CALL_TODAY for sign, tier in standing.open_signs.items() if sign != "silence"
    )


def unanswered_question(course: Course, protocol: Protocol, standing: Standing) -> list[Due]:
    """An urgent question that nobody answered for 15 minutes."""
    handled_at = standing.handled_at.get("question")
    wait = timedelta(minutes=protocol.question_min)
    return [
        Due(asked.recorded_at.astimezone(UTC) + wait, _unanswered(asked, protocol))
        for asked in course.readings
        if handled_at is None or asked.recorded_at.astimezone(UTC) + wait > handled_at
        if any(not _answered(course, asked, pointer) for pointer in asked.questions)
    ]


def _unanswered(asked: Reading, protocol: Protocol) -> Present:
    reason = because("unanswered", minutes=protocol.question_min)
    return Present(Tier.CALL_TODAY, reason, limit=f"{protocol.question_min} min", reading=asked.id)


def _answered(course: Course, asked: Reading, pointer: str) -> bool:
    item = pointer.strip("/").replace("/", ".")
    return any(
        reading.recorded_at >= asked.recorded_at and item in reading.items()
        for reading in course.readings
        if reading is not asked
    )
