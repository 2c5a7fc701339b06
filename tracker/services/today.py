"""What a patient finds on the phone today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.clinical.wording import Advice
from tracker.models import Alert, Clinic, IceSession, Patient, Procedure
from tracker.models.alert import AlertState, AlertTier
from tracker.services import advising, asked, ice_sessions, on_call, procedures
from tracker.services.triage_queue import unseen_past_target, was_seen

CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class Today:
    now: datetime
    patient: Patient
    clinic: Clinic
    procedure: Procedure | None
    day: int | None
    """Days since the procedure on the patient's calendar; 0 is the day itself."""
    due: list[str]
    """What is asked today and not answered: check_in, glucose, recheck, follow_up."""
    told_today: bool
    advice: Advice | None
    advised_at: datetime | None
    alerts: list[Alert]
    nobody_has_seen: str
    """What to do about alerts that passed their target unseen; empty where none did."""
    after_hours: str
    """The clinic's own words, where an alert waits and nobody is there to see it."""
    ice: IceSession | None


def today_of(*, patient: Patient, now: datetime) -> Today:
    procedure = procedures.procedure_of(patient)
    standing = advising.standing_advice(patient)
    last_check_in_at = standing[0].observed_at if standing else None
    waiting = patient.alerts.exclude(state=AlertState.RESOLVED).select_related("clinic")
    alerts = list(waiting.order_by("-tier", "raised_at"))
    told_today = _is_today(patient, last_check_in_at, now)
    return Today(
        now=now,
        patient=patient,
        clinic=patient.clinic,
        procedure=procedure,
        day=_day(patient, procedure, now),
        due=_due(procedure, told_today, now),
        told_today=told_today,
        advice=standing[1] if standing else None,
        advised_at=last_check_in_at,
        alerts=alerts,
        nobody_has_seen=_nobody_has_seen(patient, alerts, now),
        after_hours=_after_hours(patient.clinic, alerts, now),
        ice=ice_sessions.latest_session(patient),
    )


def open_calls(*, patient: Patient) -> list[Alert]:
    """Alerts that asked for a call or more, and that staff have not closed."""
    still_open = patient.alerts.exclude(state=AlertState.RESOLVED)
    return list(still_open.filter(tier__gte=AlertTier.CALL_TODAY))


def _nobody_has_seen(patient: Patient, alerts: list[Alert], now: datetime) -> str:
    if any(unseen_past_target(alert, now=now) for alert in alerts):
        return advising.NOBODY_HAS_SEEN[patient.language]
    return ""


def _after_hours(clinic: Clinic, alerts: list[Alert], now: datetime) -> str:
    """Out of hours a call waits for the morning, and where nobody is on call so does all."""
    waits = [each for each in alerts if each.tier >= AlertTier.CALL_TODAY and not was_seen(each)]
    if any(alert.exhausted_at for alert in waits) or (waits and not on_call.is_open(clinic, now)):
        return clinic.after_hours_text
    return ""


def _day(patient: Patient, procedure: Procedure | None, now: datetime) -> int | None:
    if procedure is None or procedure.ended_at is None:
        return None
    zone = ZoneInfo(patient.timezone)
    return (now.astimezone(zone).date() - procedure.ended_at.astimezone(zone).date()).days


def _due(procedure: Procedure | None, told_today: bool, now: datetime) -> list[str]:
    if procedure is None or procedure.ended_at is None:
        # Before the block each day is welcome as a baseline.
        return [] if told_today else [CHECK_IN]
    return [str(kind).lower() for kind in asked.asked_today(procedure=procedure, now=now)]


def _is_today(patient: Patient, moment: datetime | None, now: datetime) -> bool:
    """Whether a moment lies on the patient's own calendar day."""
    if moment is None:
        return False
    zone = ZoneInfo(patient.timezone)
    return moment.astimezone(zone).date() == now.astimezone(zone).date()
