"""When to ask again: the check-in schedule, and the rechecks that a finding calls for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from .course import Course, PatientFacts, ProcedureFacts
from .findings import Present
from .judgement import assess
from .protocol import Protocol
from .signs import sign_items
from .wall_clock import Hours, after_quiet_hours, later, next_quiet, on

Ask = Literal["usual_pain", "full", "glucose", "outcome", "recheck"]

MORNING, MIDDAY, AFTERNOON, EVENING, BEDTIME = time(9), time(13), time(16), time(18), time(20)
SOON = timedelta(hours=1)
"""What is asked again within this time is not asked now."""
DIAGNOSTIC_MINUTES = (15, 30, 45, 60, 120, 180, 240, 300, 360, 420, 480)
GLUCOSE_DAYS = 7
TWICE_A_DAY_UNTIL = 3
WEEKLY_FROM, WEEKLY_UNTIL = 3, 12
MONTHLY_DAYS = (30, 60, 90, 180)
RECHECKS = {
    "FV-LOW": timedelta(hours=4),
    "FV-NOTEMP": timedelta(hours=1),
    "GL-HI": timedelta(0),
    "GL-HIGH": timedelta(hours=2),
    "GL-VHIGH": timedelta(hours=2),
    "GL-240": timedelta(hours=4),
    "GL-LOW1": timedelta(minutes=15),
    "GL-LOW2": timedelta(minutes=15),
    "GL-VLOW": timedelta(minutes=15),
}


@dataclass(slots=True, frozen=True)
class Due:
    """One check-in to ask for: when (in UTC), and which questions."""

    at: datetime
    ask: Ask


def check_ins(
    procedure: ProcedureFacts, patient: PatientFacts, hours: Hours, protocol: Protocol
) -> list[Due]:
    """Every check-in of a procedure at the patient's own hours, oldest first."""
    if procedure.ended_at is None:
        return []
    ended_at = procedure.ended_at.astimezone(hours.zone)
    dues = [*_daily(ended_at, hours, protocol, procedure), *_outcomes(ended_at, hours, protocol)]
    if procedure.kind == "diagnostic":
        dues += _diary(ended_at, hours)
    else:
        dues += _first_day(ended_at, hours)
    if patient.diabetes and procedure.steroid:
        dues += _glucose(ended_at, hours)
    # In UTC: an hour that comes twice would be the same moment on the patient's clock.
    since = ended_at.astimezone(UTC)
    moments = {(after_quiet_hours(due.at, hours).astimezone(UTC), due.ask) for due in dues}
    return _spaced([Due(at, ask) for at, ask in sorted(moments) if at > since])


def _diary(ended_at: datetime, hours: Hours) -> Iterator[Due]:
    # A diary of the first hours does not wait for the morning: what the night takes is left out.
    for minutes in DIAGNOSTIC_MINUTES:
        at = later(ended_at, timedelta(minutes=minutes))
        if not hours.are_quiet(at):
            yield Due(at, "usual_pain")


def _first_day(ended_at: datetime, hours: Hours) -> Iterator[Due]:
    for wait in (2, 6):
        yield Due(later(ended_at, timedelta(hours=wait)), "full")
    night = next_quiet(ended_at, hours)
    if night is None:
        yield Due(_on(ended_at, 0, BEDTIME), "full")
    elif not hours.are_quiet(ended_at):
        yield Due(later(night, -SOON), "full")


def _daily(
    ended_at: datetime, hours: Hours, protocol: Protocol, procedure: ProcedureFacts
) -> Iterator[Due]:
    # Twice a day means both ends of it, whichever of them the patient chose.
    second = EVENING if hours.check_in < MIDDAY else MORNING
    for day in range(1, protocol.for_kind(procedure.kind).active_h // 24 + 1):
        yield Due(_on(ended_at, day, hours.check_in), "full")
        if day <= TWICE_A_DAY_UNTIL:
            yield Due(_on(ended_at, day, second), "full")


def _glucose(ended_at: datetime, hours: Hours) -> Iterator[Due]:
    # Fasting is before breakfast: when the night is over.
    for day in range(GLUCOSE_DAYS + 1):
        yield Due(_on(ended_at, day, hours.quiet_until), "glucose")
        yield Due(_on(ended_at, day, AFTERNOON), "glucose")


def _outcomes(ended_at: datetime, hours: Hours, protocol: Protocol) -> Iterator[Due]:
    weekly = (7 * week for week in range(WEEKLY_FROM, WEEKLY_UNTIL + 1))
    for day in sorted({*weekly, *MONTHLY_DAYS}):
        if day <= protocol.outcome_d:
            yield Due(_on(ended_at, day, hours.check_in), "outcome")


def _on(ended_at: datetime, days: int, at: time) -> datetime:
    assert ended_at.tzinfo is not None
    return on(ended_at.date() + timedelta(days=days), at, ended_at.tzinfo)


def _spaced(dues: Sequence[Due]) -> list[Due]:
    following = next_of_each(dues)
    return [
        due
        for due in dues
        if due.ask == "usual_pain" or (then := following[due]) is None or then.at - due.at > SOON
    ]


def next_of_each(dues: Sequence[Due]) -> dict[Due, Due | None]:
    """For each check-in, when the same is asked again."""
    last: dict[Ask, Due] = {}
    following: dict[Due, Due | None] = {}
    for due in reversed(dues):
        following[due] = last.get(due.ask)
        last[due.ask] = due
    return following


def recheck_at(finding: Present, procedure: ProcedureFacts, protocol: Protocol) -> datetime | None:
    """When a finding asks to be looked at again; None when it does not."""
    if finding.observed_at is None or procedure.ended_at is None:
        return None
    if finding.rule == "NE-EARLY":
        return procedure.ended_at.astimezone(UTC) + timedelta(hours=protocol.weak_h)
    wait = RECHECKS.get(finding.rule)
    return None if wait is None else finding.observed_at.astimezone(UTC) + wait


def rechecks(course: Course, now: datetime, protocol: Protocol) -> list[Due]:
    """What must be looked at again and was not yet, oldest first."""
    since = now - timedelta(hours=protocol.weak_h)
    open_at = {
        at
        for observed_at in course.observed_times()
        if observed_at >= since
        for finding in assess(course, observed_at, protocol).findings
        if (at := recheck_at(finding, course.procedure, protocol))
        and not _looked_again(course, finding.sign, observed_at)
    }
    return [Due(at, "recheck") for at in sorted(open_at)]


def _looked_again(course: Course, sign: str, since: datetime) -> bool:
    asked = set(sign_items(sign))
    return any(r.observed_at > since and r.items() & asked for r in course.readings)
