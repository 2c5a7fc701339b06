"""How the pain went since the procedure, against the patient's own pain before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.clinical.outcomes import Relief, Score
from tracker.clinical.protocol import Protocol
from tracker.models import Alert, IceSession, Patient, Procedure, Therapy
from tracker.services import courses, procedures

MOST = 400
"""Check-ins drawn, the newest first: more than half a year of two a day."""


@dataclass(frozen=True, slots=True)
class Told:
    """Both pains of one check-in, 0 to 10; None where it was not asked or not answered."""

    at: datetime
    usual: int | None
    site: int | None


@dataclass(slots=True)
class Day:
    """One day on the patient's calendar; nothing in it means that nothing was told."""

    on: date
    number: int
    told: list[Told] = field(default_factory=list)
    ice: int = 0
    alerts: list[Alert] = field(default_factory=list)
    therapies: list[Therapy] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Progress:
    procedure: Procedure
    began: datetime
    """The end of the procedure: hours count from here."""
    now: datetime
    protocol: Protocol
    baseline: int | None
    """Usual pain before, as the rules take it: without a number from enrolment, the last told."""
    told: list[Told]
    ice: list[IceSession]
    alerts: list[Alert]
    therapies: list[Therapy]
    days: list[Day]
    """The newest first; days without anything are left out."""

    @property
    def latest(self) -> int | None:
        return next((each.usual for each in reversed(self.told) if each.usual is not None), None)

    @property
    def relief(self) -> int | None:
        """How much less the usual pain is now than before, in percent; below 0 it is more."""
        if not self.baseline or self.latest is None:
            return None
        score = Score("", 0, self.latest)
        return round(Relief(self.baseline, [score]).percent(score))


def progress_of(*, patient: Patient, now: datetime) -> Progress | None:
    """The course of the procedure that is followed; None before there is one that was done."""
    procedure = procedures.procedure_of(patient)
    if procedure is None or procedure.ended_at is None or procedure.ended_at > now:
        return None
    told = _told(procedure)
    ice = list(procedure.ice_sessions.order_by("started_at"))
    alerts = list(procedure.alerts.order_by("opened_at"))
    therapies = list(procedure.therapies.order_by("done_at"))
    progress = Progress(
        procedure=procedure,
        began=procedure.ended_at,
        now=now,
        protocol=courses.protocol_of(procedure),
        baseline=courses.baseline_pain_of(procedure),
        told=told,
        ice=ice,
        alerts=alerts,
        therapies=therapies,
        days=[],
    )
    progress.days.extend(_days(progress, ZoneInfo(patient.timezone)))
    return progress


def _told(procedure: Procedure) -> list[Told]:
    rows = procedure.check_ins.filter(corrected_by__isnull=True, answers__has_key="pain")
    newest = rows.order_by("-observed_at", "-pk").values_list("observed_at", "answers__pain")
    found = [Told(at, pain.get("usual"), pain.get("site")) for at, pain in newest[:MOST]]
    return found[::-1]


def _days(progress: Progress, zone: ZoneInfo) -> list[Day]:
    first = progress.began.astimezone(zone).date()
    days: dict[date, Day] = {}

    def day(at: datetime) -> Day:
        on = at.astimezone(zone).date()
        return days.setdefault(on, Day(on, (on - first).days))

    for told in progress.told:
        day(told.at).told.append(told)
    for session in progress.ice:
        day(session.started_at).ice += 1
    for alert in progress.alerts:
        day(alert.opened_at).alerts.append(alert)
    for therapy in progress.therapies:
        day(therapy.done_at).therapies.append(therapy)
    return sorted(days.values(), key=lambda each: each.on, reverse=True)
