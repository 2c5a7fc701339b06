"""When to ask again: the check-in schedule, and the rechecks that a finding calls for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from .course import PatientFacts, ProcedureFacts
from .findings import Present
from .protocol import Protocol

Ask = Literal["usual_pain", "full", "glucose", "outcome", "recheck"]

MORNING, AFTERNOON, EVENING, BEDTIME = time(9), time(16), time(18), time(21)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
REMIND_AFTER = (timedelta(hours=2), timedelta(hours=6))
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
    """One check-in to ask for: when, and which questions."""

    at: datetime
    ask: Ask


def check_ins(
    procedure: ProcedureFacts, patient: PatientFacts, zone: tzinfo, protocol: Protocol
) -> list[Due]:
    """Every check-in of a procedure in local time, oldest first."""
    if procedure.ended_at is None:
        return []
    ended_at = procedure.ended_at.astimezone(zone)
    dues = {*_first_day(procedure, ended_at), *_daily(ended_at, protocol, procedure)}
    dues |= {*_outcomes(ended_at, protocol)}
    if patient.diabetes and procedure.steroid:
        dues |= {*_glucose(ended_at)}
    after = (due for due in dues if due.at.astimezone(UTC) > ended_at.astimezone(UTC))
    return sorted(after, key=lambda due: (due.at.astimezone(UTC), due.ask))


def _first_day(procedure: ProcedureFacts, ended_at: datetime) -> Iterator[Due]:
    if procedure.kind == "diagnostic":
        for minutes in DIAGNOSTIC_MINUTES:
            yield Due(_later(ended_at, timedelta(minutes=minutes)), "usual_pain")
        return
    for hours in (2, 6):
        yield Due(_later(ended_at, timedelta(hours=hours)), "full")
    yield Due(_on(ended_at, 0, BEDTIME), "full")


def _daily(ended_at: datetime, protocol: Protocol, procedure: ProcedureFacts) -> Iterator[Due]:
    days = protocol.for_kind(procedure.kind).active_h // 24
    for day in range(1, days + 1):
        yield Due(_on(ended_at, day, MORNING), "full")
        if day <= TWICE_A_DAY_UNTIL:
            yield Due(_on(ended_at, day, EVENING), "full")


def _glucose(ended_at: datetime) -> Iterator[Due]:
    for day in range(GLUCOSE_DAYS + 1):
        yield Due(_on(ended_at, day, MORNING), "glucose")
        yield Due(_on(ended_at, day, AFTERNOON), "glucose")


def _outcomes(ended_at: datetime, protocol: Protocol) -> Iterator[Due]:
    weekly = (7 * week for week in range(WEEKLY_FROM, WEEKLY_UNTIL + 1))
    for day in sorted({*weekly, *MONTHLY_DAYS}):
        if day <= protocol.outcome_d:
            yield Due(_on(ended_at, day, MORNING), "outcome")


def _later(moment: datetime, wait: timedelta) -> datetime:
    return (moment.astimezone(UTC) + wait).astimezone(moment.tzinfo)


def _on(ended_at: datetime, days: int, at: time) -> datetime:
    day: date = ended_at.date() + timedelta(days=days)
    return datetime.combine(day, at, tzinfo=ended_at.tzinfo)


def reminders(due: Due) -> list[datetime]:
    """When to remind of a check-in that was missed, moved out of the quiet hours."""
    return [after_quiet_hours(_later(due.at, wait)) for wait in REMIND_AFTER]


def after_quiet_hours(moment: datetime) -> datetime:
    """The same local moment, or 08:00 after the quiet hours from 21:00 to 08:00."""
    local = moment.timetz().replace(tzinfo=None)
    if QUIET_UNTIL <= local < QUIET_FROM:
        return moment
    day = moment.date() + timedelta(days=1 if local >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=moment.tzinfo)


def recheck_at(finding: Present, procedure: ProcedureFacts, protocol: Protocol) -> datetime | None:
    """When a finding asks to be looked at again; None when it does not."""
    if finding.observed_at is None or procedure.ended_at is None:
        return None
    if finding.rule == "NE-EARLY":
        return procedure.ended_at.astimezone(UTC) + timedelta(hours=protocol.weak_h)
    wait = RECHECKS.get(finding.rule)
    return None if wait is None else finding.observed_at.astimezone(UTC) + wait
