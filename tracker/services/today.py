"""What a patient finds on the phone today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from tracker.clinical.findings import Tier
from tracker.clinical.wording import Advice
from tracker.models import (
    Alert,
    AnswerToAdvice,
    CallbackRequest,
    CheckIn,
    Clinic,
    IceSession,
    Message,
    Patient,
    Procedure,
)
from tracker.models.alert import AlertState, AlertTier
from tracker.models.answer_to_advice import Did
from tracker.models.callback_request import CallbackState
from tracker.services import (
    advising,
    answers_to_advice,
    asked,
    callback_requests,
    ice_sessions,
    on_call,
    procedures,
)
from tracker.services.triage_queue import unseen_past_target, was_seen

CHECK_IN = "check_in"
URGENT = {Tier.CALL_TODAY.wire, Tier.EMERGENCY.wire}


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
    """What stands: until the next check-in, an answer, or until staff have resolved it."""
    advised_at: datetime | None
    answered: AnswerToAdvice | None
    """What the patient last did about what they were told."""
    may_answer: bool
    """Whether an alert waits that asks them to call."""
    alerts: list[Alert]
    nobody_has_seen: str
    """What to do about alerts that passed their target unseen; empty where none did."""
    after_hours: str
    """The clinic's own words, where an alert waits and nobody is there to see it."""
    ice: IceSession | None
    callbacks: list[CallbackRequest]
    """Those that wait, and what came of one today."""
    unread: list[Message]


def today_of(*, patient: Patient, now: datetime) -> Today:
    procedure = procedures.procedure_of(patient)
    standing = advising.standing_advice(patient)
    last_check_in_at = standing[0].observed_at if standing else None
    waiting = patient.alerts.exclude(state=AlertState.RESOLVED).select_related("clinic")
    alerts = list(waiting.order_by("-tier", "raised_at"))
    told_today = _is_today(patient, last_check_in_at, now)
    answered = _answered(patient, standing[0]) if standing else None
    return Today(
        now=now,
        patient=patient,
        clinic=patient.clinic,
        procedure=procedure,
        day=_day(patient, procedure, now),
        due=_due(procedure, told_today, now),
        told_today=told_today,
        advice=standing[1] if standing and _stands(*standing, answered) else None,
        advised_at=last_check_in_at,
        answered=answered,
        may_answer=any(each.tier >= AlertTier.CALL_TODAY for each in alerts),
        alerts=alerts,
        nobody_has_seen=_nobody_has_seen(patient, alerts, now),
        after_hours=_after_hours(patient, alerts, answered, now),
        ice=ice_sessions.latest_session(patient),
        callbacks=_callbacks(patient, now),
        unread=list(patient.messages.filter(read_at__isnull=True).order_by("sent_at", "pk")),
    )


def open_calls(*, patient: Patient) -> list[Alert]:
    """Alerts that asked for a call or more, and that staff have not closed."""
    still_open = patient.alerts.exclude(state=AlertState.RESOLVED)
    return list(still_open.filter(tier__gte=AlertTier.CALL_TODAY))


def _nobody_has_seen(patient: Patient, alerts: list[Alert], now: datetime) -> str:
    if any(unseen_past_target(alert, now=now) for alert in alerts):
        return advising.NOBODY_HAS_SEEN[patient.language]
    return ""


def _after_hours(
    patient: Patient, alerts: list[Alert], answered: AnswerToAdvice | None, now: datetime
) -> str:
    """Out of hours a call waits for the morning, and where nobody is on call so does all."""
    clinic, words = patient.clinic, patient.clinic.after_hours_in(patient.language)
    calls = [each for each in alerts if each.tier >= AlertTier.CALL_TODAY]
    if calls and answered is not None and answered.did == Did.CANNOT_REACH:
        return words
    waits = [each for each in calls if not was_seen(each)]
    if any(alert.exhausted_at for alert in waits) or (waits and not on_call.is_open(clinic, now)):
        return words
    return ""


def _answered(patient: Patient, check_in: CheckIn) -> AnswerToAdvice | None:
    return answers_to_advice.latest(patient=patient, since=check_in.recorded_at)


def _stands(check_in: CheckIn, advice: Advice, answered: AnswerToAdvice | None) -> bool:
    if advice.tier not in URGENT:
        return True
    if answered is not None:
        return False
    about = Alert.objects.filter(events__check_in=check_in, tier__gte=AlertTier.CALL_TODAY)
    states = list(about.values_list("state", "resolved_at"))
    # What joined an alert that had been resolved before was advised anew.
    settled = [at is not None and at >= check_in.recorded_at for _, at in states]
    return not (settled and all(settled))


def _callbacks(patient: Patient, now: datetime) -> list[CallbackRequest]:
    rows = patient.callback_requests.select_related("owner").exclude(state=CallbackState.WITHDRAWN)
    latest = rows.filter(
        Q(state__in=callback_requests.OPEN) | Q(done_at__gte=now - timedelta(days=1))
    )
    found = latest.order_by("-requested_at")
    return [each for each in found if each.done_at is None or _is_today(patient, each.done_at, now)]


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
